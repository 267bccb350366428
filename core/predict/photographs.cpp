#include "core/predict/photographs.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <istream>
#include <map>
#include <set>
#include <string_view>

#include <taskonomy/sdk/image.hpp>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"

namespace taskonomy::predict {

namespace fs = std::filesystem;

namespace {

/// Endings of images that are not read: in a folder they are left out by name, not passed over.
constexpr std::array<std::string_view, 11> kOtherImages{".gif",  ".webp", ".heic", ".heif", ".avif", ".tif",
                                                        ".tiff", ".bmp",  ".jp2",  ".jxl",  ".dng"};

bool is_photograph(const fs::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg" ||
         std::find(kOtherImages.begin(), kOtherImages.end(), ending) != kOtherImages.end();
}

/// What a file that is neither PNG nor JPEG is by its first bytes: "a GIF". "" for what nobody takes for a photograph.
std::string other_kind_of(const fs::path& file) {
  std::array<char, 16> bytes{};
  std::ifstream(file, std::ios::binary).read(bytes.data(), bytes.size());
  const std::string_view begin(bytes.data(), bytes.size()), brand = begin.substr(8, 4);
  if (begin.starts_with("GIF8")) return "a GIF";
  if (begin.starts_with("RIFF") && brand == "WEBP") return "a WebP image";
  if (begin.substr(4, 4) == "ftyp") return brand == "avif" ? "an AVIF image" : "a HEIC image or a video";
  if (begin.starts_with("II*") || begin.starts_with("MM")) return "a TIFF or raw image";
  if (begin.starts_with("BM")) return "a BMP image";
  if (begin.starts_with("%PDF")) return "a PDF document";
  return "";
}

std::vector<fs::path> photographs_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
    if (is_photograph(entry->path())) files.push_back(entry->path());
  if (failed) throw base::Error(folder.string() + ": cannot be read: " + failed.message());
  if (files.empty())
    throw base::Error(
        folder.string() +
        ": holds no photograph (a .png, .jpg or .jpeg file; those of folders in it are not looked for)");
  std::sort(files.begin(), files.end());
  return files;
}

/// The names that a file may have, from the shortest on: with its ending, its folder, the folder of that, ...
std::vector<std::string> names_of(const fs::path& file) {
  std::vector<std::string> names{file.stem().string(), file.filename().string()};
  for (fs::path folder = fs::absolute(file).lexically_normal().parent_path(); folder.has_filename();
       folder = folder.parent_path())
    names.push_back(folder.filename().string() + "-" + names.back());
  return names;
}

/// Gives each file the shortest of its names that no other file has. Throws Error for files that share all.
std::vector<Given> with_ids(const std::vector<fs::path>& files) {
  std::vector<std::vector<std::string>> names;
  for (const auto& file : files) names.push_back(names_of(file));
  std::map<std::pair<std::size_t, std::string>, std::size_t> counts;  // of the k-th names
  for (const auto& of_file : names)
    for (std::size_t k = 0; k < of_file.size(); ++k) ++counts[{k, of_file[k]}];
  std::vector<Given> given;
  std::map<std::string, fs::path> taken;
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::size_t k = 0;
    while (k + 1 < names[i].size() && counts.at({k, names[i][k]}) > 1) ++k;
    const std::string& id = names[i][k];
    if (const auto [found, first] = taken.emplace(id, files[i]); !first)
      throw base::Error(
          files[i].string() + " and " + found->second.string() +
          ": their predictions would have one name; predict them into folders of their own (--out)");
    given.push_back({id, {files[i]}});
  }
  return given;
}

/// The rows of a CSV file as pairs or triplets.
void read_view_sets(const fs::path& file, std::size_t views, std::vector<Given>& sets) {
  std::size_t line = 0;
  for (const auto& text : base::split(base::read_file(file), '\n')) {
    ++line;
    auto cells = base::split(base::trim(text), ',');
    if (base::trim(text).empty() || base::trim(cells.front()) == "id") continue;  // of the head
    const bool named = cells.size() == views + 1;
    if (cells.size() != views && !named)
      throw base::Error(file.string() + ": line " + std::to_string(line) + " has " +
                        std::to_string(cells.size()) + " columns; expected " + std::to_string(views) +
                        " paths, and perhaps an id before them");
    Given given;
    if (named) given.id = base::trim(cells.front());
    for (std::size_t i = named ? 1 : 0; i < cells.size(); ++i)
      given.files.push_back(file.parent_path() / base::trim(cells[i]));
    sets.push_back(std::move(given));
  }
}

}  // namespace

std::vector<Given> photographs_of(const std::vector<std::string>& given, std::istream& input) {
  std::vector<fs::path> files;
  const auto add = [&](const fs::path& path) {
    std::error_code failed;
    if (fs::is_directory(path, failed)) {
      const auto inside = photographs_in(path);
      files.insert(files.end(), inside.begin(), inside.end());
    } else if (fs::exists(path, failed)) {
      files.push_back(path);
    } else {
      throw base::Error(path.string() + ": there is no such file or folder");
    }
  };
  for (const auto& text : given) {
    if (text != "-") {
      add(text);
      continue;
    }
    for (std::string line; std::getline(input, line);)
      if (!base::trim(line).empty()) add(base::trim(line));
  }
  std::set<fs::path> seen;  // a file that was given twice is predicted once
  std::erase_if(files, [&](const fs::path& file) {
    return !seen.insert(fs::absolute(file).lexically_normal()).second;
  });
  return with_ids(files);
}

std::vector<Given> view_sets_of(const std::vector<std::string>& given, std::size_t views) {
  std::vector<Given> sets;
  for (const auto& text : given) {
    const auto parts = base::split(text, ',');
    if (parts.size() == 1) {
      read_view_sets(text, views, sets);
      continue;
    }
    if (parts.size() != views)
      throw base::Error("--pairs: \"" + text + "\" names " + std::to_string(parts.size()) +
                        " photographs; expected " + std::to_string(views));
    sets.push_back({"", {parts.begin(), parts.end()}});
  }
  std::set<std::string> ids;
  for (auto& set : sets) {
    if (set.id.empty()) {
      std::vector<std::string> stems;
      for (const auto& file : set.files) stems.push_back(file.stem().string());
      set.id = base::join(stems, "+");
    }
    if (!ids.insert(set.id).second)
      throw base::Error("--pairs: two of them are called \"" + set.id + "\"; give them ids in a CSV file");
  }
  return sets;
}

Photograph read_photograph(const fs::path& file, std::int64_t side) {
  torch::Tensor image;
  try {
    image = sdk::read_image(file);
  } catch (const std::exception& error) {
    const std::string other = other_kind_of(file);
    throw base::Error(other.empty()
                          ? std::string(error.what())
                          : file.string() + ": " + other + "; PNG and JPEG are read: save it as one of them");
  }
  if (image.scalar_type() == torch::kInt32)  // 16 bits a channel
    image = image.to(torch::kFloat32).div_(257.0).round_().to(torch::kUInt8);
  if (image.size(0) == 1) image = image.expand({3, -1, -1}).contiguous();
  Photograph photograph;
  photograph.height = image.size(1);
  photograph.width = image.size(2);
  photograph.square = sdk::centre_square(photograph.height, photograph.width);
  photograph.image = sdk::resize_area(image, photograph.square, side);
  return photograph;
}

}  // namespace taskonomy::predict
