#include "folders.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "json_file.hpp"

namespace taskonomy_dataset {

namespace {

namespace fs = std::filesystem;

/// What files may end in. Of two files of one view the earlier ending counts.
constexpr std::array<const char*, 13> kEndings = {".png",  ".PNG",  ".Png",  ".jpg",  ".JPG", ".Jpg", ".jpeg",
                                                  ".JPEG", ".Jpeg", ".json", ".JSON", ".npy", ".NPY"};

/// Endings of images that are not read, in lower case.
constexpr std::array<const char*, 11> kOtherImages = {".bmp",  ".webp", ".tif", ".tiff", ".heic", ".heif",
                                                      ".avif", ".gif",  ".jp2", ".ppm",  ".exr"};

/// Place in kEndings; their number for a file of another kind.
std::size_t rank_of(const fs::path& file) {
  const std::string ending = file.extension().string();
  return static_cast<std::size_t>(std::find(kEndings.begin(), kEndings.end(), ending) - kEndings.begin());
}

bool is_read(const fs::path& file) { return rank_of(file) < kEndings.size(); }

/// Whether the file is an image that is not read, as its ending says.
bool is_other_image(const fs::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return std::find(kOtherImages.begin(), kOtherImages.end(), ending) != kOtherImages.end();
}

/// "point_1_view_0" of "point_1_view_0_domain_rgb.jpg", or "" for a file of another kind.
std::string view_of(const fs::path& file, const std::string& name) {
  const std::string stem = file.stem().string(), tail = "_domain_" + name;
  if (!is_read(file) || stem.size() <= tail.size() ||
      stem.compare(stem.size() - tail.size(), tail.size(), tail) != 0)
    return "";
  return stem.substr(0, stem.size() - tail.size());
}

/// What lies in a folder, in no order; nothing where there is no such folder. Throws std::runtime_error naming a
/// folder that cannot be looked into.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    entries.push_back(entry->path());
  const bool none = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  if (error && !none)
    fail(folder.string(), "cannot read the folder: " + error.message() +
                              (error == std::errc::permission_denied ? " (check its permissions)" : ""));
  return entries;
}

using Buildings = std::map<std::string, std::string>;

/// What the file calls a split, and what we call it.
constexpr std::array<std::array<const char*, 2>, 3> kWords = {
    {{"train", "train"}, {"val", "transfer"}, {"test", "test"}}};

void add(const std::filesystem::path& file, Buildings& buildings, const std::string& building,
         const char* split) {
  if (!buildings.emplace(building, split).second)
    fail(file.string(), "building \"" + building + "\" is in two splits");
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) {
    const auto first = cell.find_first_not_of(" \t\r\""), last = cell.find_last_not_of(" \t\r\"");
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

Buildings from_csv(const std::filesystem::path& file, const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || cells_of(line) != std::vector<std::string>{"id", "train", "val", "test"})
    fail(file.string(), "expected a first line id,train,val,test");
  Buildings buildings;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.empty() || cells.front().empty()) continue;
    if (cells.size() != 4) fail(file.string(), "a line without four columns: " + line.substr(0, 80));
    for (std::size_t i = 0; i < kWords.size(); ++i)
      if (cells[i + 1] == "1") add(file, buildings, cells.front(), kWords[i][1]);
  }
  return buildings;
}

Buildings from_json(const std::filesystem::path& file, const std::string& text, const std::string& size) {
  nlohmann::json splits = parse_json(text, file.string());
  if (!splits.is_object()) fail(file.string(), "not a JSON object");
  if (!splits.contains("train")) {
    std::string sizes;
    for (const auto& [name, content] : splits.items()) sizes += (sizes.empty() ? "" : ", ") + name;
    if (!splits.contains(size)) fail(file.string(), "no split_size \"" + size + "\"; there are: " + sizes);
    splits = nlohmann::json(splits.at(size));
  }
  Buildings buildings;
  try {
    for (const auto& [theirs, ours] : kWords)
      for (const auto& building : splits.value(theirs, nlohmann::json::array()))
        add(file, buildings, building.get<std::string>(), ours);
  } catch (const nlohmann::json::exception& error) {
    fail(file.string(), error.what());
  }
  return buildings;
}

}  // namespace

void Folders::Unused::add(const fs::path& file) {
  ++count;
  if (first.empty() || file < first) first = file;
}

Folders::Folders(fs::path root) : root_(std::move(root)) {
  std::error_code error;
  const fs::directory_iterator entries(root_, error);
  if (error) throw std::runtime_error(root_.string() + ": cannot read the data folder: " + error.message());
  for (const auto& entry : entries) {
    if (!entry.is_directory(error)) continue;
    std::vector<std::string> views = find_views(entry.path() / "rgb");
    if (views.empty()) continue;
    const std::string building = entry.path().filename().string();
    buildings_[building] = std::move(views);
    for (const Domain& domain : known_domains()) {
      if (auto place = find_place(entry.path(), domain)) {
        places_[{building, domain.id}] = std::move(*place);
        domains_.insert(domain.id);
      }
    }
  }
  if (!buildings_.empty()) return;
  std::string text = "no images found; expected BUILDING/rgb/point_P_view_V_domain_rgb.png (or .jpg) in it";
  for (const std::string& note : notes()) text += "; " + note;
  fail(root_.string(), text);
}

std::vector<std::string> Folders::find_views(const fs::path& folder) {
  std::vector<std::string> views;
  for (const fs::path& file : entries_of(folder)) {
    if (std::string view = view_of(file, "rgb"); !view.empty()) {
      views.push_back(std::move(view));
    } else if (is_other_image(file)) {
      other_images_.add(file);
    } else if (is_read(file)) {
      misnamed_.add(file);
    }
  }
  std::sort(views.begin(), views.end());
  views.erase(std::unique(views.begin(), views.end()), views.end());
  return views;
}

std::optional<Folders::Place> Folders::find_place(const fs::path& building, const Domain& domain) {
  for (const std::string& folder : domain.names) {
    const fs::path path = building / folder;
    const auto files = entries_of(path);
    for (const fs::path& file : files)
      for (const std::string& tail : domain.names)
        if (!view_of(file, tail).empty()) return Place{path, "_domain_" + tail};
    for (const fs::path& file : files) unused_labels_[domain.id].add(file);
  }
  return std::nullopt;
}

std::vector<std::string> Folders::notes() const {
  std::vector<std::string> notes;
  const auto count = [](const Unused& files, const std::string& what) {
    return std::to_string(files.count) + (files.count == 1 ? " file is " : " files are ") + what +
           ", first " + files.first.string();
  };
  if (other_images_.count > 0)
    notes.push_back(count(other_images_, "no PNG or JPEG and not used until converted"));
  if (misnamed_.count > 0)
    notes.push_back(count(misnamed_, "not called point_P_view_V_domain_rgb.png (or .jpg) and not used"));
  return notes;
}

std::string Folders::why_not_offered(const std::string& domain) const {
  const auto unused = unused_labels_.find(domain);
  if (domains_.count(domain) > 0 || unused == unused_labels_.end()) return "";
  return "none of its " + std::to_string(unused->second.count) +
         " files is a .png, .jpg, .json or .npy called " + "point_P_view_V_domain_" + domain + ", first " +
         unused->second.first.string();
}

fs::path Folders::file(const std::string& building, const std::string& view,
                       const std::string& domain) const {
  const auto place = places_.find({building, domain});
  const fs::path stem = place == places_.end() ? root_ / building / domain / (view + "_domain_" + domain)
                                               : place->second.folder / (view + place->second.tail);
  std::error_code error;  // what cannot be looked at says why when it is opened
  for (const char* ending : kEndings)
    if (fs::path candidate = stem.string() + ending; fs::exists(candidate, error) || error) return candidate;
  throw std::runtime_error(stem.string() + ".*: no such file");
}

std::map<std::string, fs::path> Folders::files(const std::string& building, const std::string& domain) const {
  std::map<std::string, fs::path> files;
  const auto place = places_.find({building, domain});
  if (place == places_.end()) return files;
  const std::string name = place->second.tail.substr(std::string("_domain_").size());
  std::error_code gone;  // a folder that was taken away holds no files
  for (const auto& entry : fs::directory_iterator(place->second.folder, gone)) {
    const std::string view = view_of(entry.path(), name);
    if (view.empty()) continue;
    fs::path& chosen = files[view];
    if (chosen.empty() || rank_of(entry.path()) < rank_of(chosen)) chosen = entry.path();
  }
  return files;
}

std::optional<fs::path> Folders::some_file(const std::string& domain) const {
  for (const auto& [key, place] : places_) {
    if (key.second != domain) continue;
    const std::string name = place.tail.substr(std::string("_domain_").size());
    std::optional<fs::path> first;
    for (const fs::path& file : entries_of(place.folder))
      if (!view_of(file, name).empty() && (!first || file < *first)) first = file;
    if (first) return first;
  }
  return std::nullopt;
}

Buildings read_split_file(const std::filesystem::path& file, const std::string& size) {
  const std::string text = read_text(file);
  Buildings buildings = file.extension() == ".json" ? from_json(file, text, size) : from_csv(file, text);
  if (buildings.empty()) fail(file.string(), "names no building");
  return buildings;
}

}  // namespace taskonomy_dataset
