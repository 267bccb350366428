#include "core/report/pictures.hpp"

#include "core/base/files.hpp"
#include "core/base/text.hpp"

namespace taskonomy::report {

namespace {

namespace fs = std::filesystem;

constexpr const char* kIds = "images.txt";

std::string name_of(std::size_t picture, const char* part) {
  return std::to_string(picture) + "-" + part + ".png";
}

std::string bytes_of(const fs::path& file) {
  return fs::exists(file) ? base::read_file(file) : std::string();
}

}  // namespace

std::vector<fs::path> write_pictures(const fs::path& run, const TaskPictures& pictures) {
  const fs::path folder = fs::path(kPicturesFolder) / pictures.task;
  std::vector<fs::path> made;
  const auto write = [&](const std::string& name, const std::string& bytes) {
    if (bytes.empty()) return;
    made.push_back(folder / name);
    base::write_file(run / made.back(), bytes);
  };
  std::string ids;
  for (std::size_t k = 0; k < pictures.pictures.size(); ++k) {
    const Picture& picture = pictures.pictures[k];
    write(name_of(k, "input"), picture.input);
    write(name_of(k, "target"), picture.target);
    write(name_of(k, "prediction"), picture.prediction);
    ids += picture.image + "\n";
  }
  write(kIds, ids);
  return made;
}

std::vector<TaskPictures> read_pictures(const fs::path& folder, const std::vector<std::string>& tasks) {
  std::vector<TaskPictures> all;
  for (const auto& task : tasks) {
    const auto ids = base::split(bytes_of(folder / task / kIds), '\n');
    TaskPictures pictures{task, {}};
    for (std::size_t k = 0; k < ids.size(); ++k) {
      if (ids[k].empty()) continue;  // behind the last line
      pictures.pictures.push_back({ids[k], bytes_of(folder / task / name_of(k, "input")),
                                   bytes_of(folder / task / name_of(k, "target")),
                                   bytes_of(folder / task / name_of(k, "prediction"))});
    }
    if (!pictures.pictures.empty()) all.push_back(std::move(pictures));
  }
  return all;
}

}  // namespace taskonomy::report
