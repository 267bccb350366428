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

std::string tail_of(const std::string& name) { return "_domain_" + name; }

/// "point_1_view_0" of "point_1_view_0_domain_rgb.jpg", or "" for a file of another kind. `tail` "": the
/// whole stem.
std::string view_of(const fs::path& file, const std::string& tail) {
  const std::string stem = file.stem().string();
  if (tail.empty()) return is_read(file) ? stem : "";
  if (!is_read(file) || stem.size() <= tail.size() ||
      stem.compare(stem.size() - tail.size(), tail.size(), tail) != 0)
    return "";
  return stem.substr(0, stem.size() - tail.size());
}

/// Whether the file may be a photograph, as its ending says.
bool is_photograph(const fs::path& file) {
  constexpr std::size_t kImages = 9;  // of kEndings
  return rank_of(file) < kImages && !file.filename().string().starts_with(".");
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

/// The folders in a folder but hidden ones, by name.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::error_code error;  // what cannot be looked at is none
  auto folders = entries_of(folder);
  std::erase_if(folders, [&](const fs::path& entry) {
    return entry.filename().string().starts_with(".") || !fs::is_directory(entry, error);
  });
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// Whether a folder of this name holds files of a domain.
bool is_domain(const std::string& name) {
  return std::any_of(known_domains().begin(), known_domains().end(), [&](const Domain& domain) {
    return std::find(domain.names.begin(), domain.names.end(), name) != domain.names.end();
  });
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
  const fs::directory_iterator readable(root_, error);
  if (error) throw std::runtime_error(root_.string() + ": cannot read the data folder: " + error.message());
  find_buildings();
  if (buildings_.empty()) find_plain_buildings();
  if (!buildings_.empty()) return;
  std::string text =
      "no images found; expected photographs (.jpg or .png) in it or in its folder rgb, or "
      "BUILDING/rgb/point_P_view_V_domain_rgb.png (or .jpg)";
  for (const std::string& note : notes()) text += "; " + note;
  fail(root_.string(), text);
}

void Folders::find_buildings() {
  std::error_code error;  // what is no folder is none
  for (const fs::path& folder : entries_of(root_)) {
    if (!fs::is_directory(folder, error)) continue;
    std::vector<std::string> views = find_views(folder / "rgb");
    if (views.empty()) continue;
    const std::string building = folder.filename().string();
    buildings_[building] = std::move(views);
    for (const Domain& domain : known_domains()) {
      if (auto place = find_place(folder, domain)) {
        places_[{building, domain.id}] = std::move(*place);
        domains_.insert(domain.id);
      }
    }
  }
}

void Folders::find_plain_buildings() {
  plain_ = true;
  other_images_ = misnamed_ = {};
  const fs::path named = root_.has_filename() ? root_ : root_.parent_path();
  root_is_building_ = add_plain_building(named.filename().string(), root_);
  if (root_is_building_) return;
  for (const fs::path& folder : folders_in(root_))
    (void)add_plain_building(folder.filename().string(), folder);
}

bool Folders::add_plain_building(const std::string& name, const fs::path& folder) {
  std::error_code error;  // what cannot be looked at is none
  fs::path photographs = folder / "rgb";
  if (!fs::is_directory(photographs, error)) photographs = folder;
  std::vector<std::string> views;
  for (const fs::path& file : entries_of(photographs)) {
    if (is_photograph(file)) views.push_back(file.stem().string());
    if (is_other_image(file)) other_images_.add(file);
  }
  if (views.empty()) return false;
  std::sort(views.begin(), views.end());
  views.erase(std::unique(views.begin(), views.end()), views.end());
  places_[{name, "rgb"}] = {photographs, ""};
  domains_.insert("rgb");
  for (const Domain& domain : known_domains()) {
    if (domain.id == "rgb") continue;
    if (auto place = find_plain_place(folder, domain, views)) {
      places_[{name, domain.id}] = std::move(*place);
      domains_.insert(domain.id);
    }
  }
  for (const fs::path& inner : folders_in(folder))
    if (!is_domain(inner.filename().string())) unknown_folders_.push_back(inner.filename().string());
  buildings_[name] = std::move(views);
  return true;
}

std::optional<Folders::Place> Folders::find_plain_place(const fs::path& building, const Domain& domain,
                                                        const std::vector<std::string>& photographs) {
  for (const std::string& folder : domain.names) {
    const auto files = entries_of(building / folder);
    for (const fs::path& file : files)
      if (std::binary_search(photographs.begin(), photographs.end(), view_of(file, "")))
        return Place{building / folder, ""};
    for (const fs::path& file : files) unused_labels_[domain.id].add(file);
  }
  return std::nullopt;
}

std::vector<std::string> Folders::find_views(const fs::path& folder) {
  std::vector<std::string> views;
  for (const fs::path& file : entries_of(folder)) {
    if (std::string view = view_of(file, tail_of("rgb")); !view.empty()) {
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
        if (!view_of(file, tail_of(tail)).empty()) return Place{path, tail_of(tail)};
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
  if (!unknown_folders_.empty()) {
    std::string known;
    for (const Domain& domain : known_domains()) known += (known.empty() ? "" : ", ") + domain.id;
    notes.push_back("the folder \"" + unknown_folders_.front() + "\"" +
                    (unknown_folders_.size() == 1 ? " is"
                                                  : " and " + std::to_string(unknown_folders_.size() - 1) +
                                                        " more beside the photographs are") +
                    " not read; labels lie in folders called " + known);
  }
  return notes;
}

std::string Folders::why_not_offered(const std::string& domain) const {
  const auto unused = unused_labels_.find(domain);
  if (domains_.count(domain) > 0 || unused == unused_labels_.end()) return "";
  return "none of its " + std::to_string(unused->second.count) + " files is a .png, .jpg, .json or .npy " +
         (plain_ ? "with the name of a photograph" : "called point_P_view_V_domain_" + domain) + ", first " +
         unused->second.first.string();
}

fs::path Folders::file(const std::string& building, const std::string& view,
                       const std::string& domain) const {
  const auto place = places_.find({building, domain});
  const fs::path stem = place == places_.end()
                            ? folder(building) / domain / (view + (plain_ ? "" : tail_of(domain)))
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
  std::error_code gone;  // a folder that was taken away holds no files
  for (const auto& entry : fs::directory_iterator(place->second.folder, gone)) {
    const std::string view = view_of(entry.path(), place->second.tail);
    if (view.empty()) continue;
    fs::path& chosen = files[view];
    if (chosen.empty() || rank_of(entry.path()) < rank_of(chosen)) chosen = entry.path();
  }
  return files;
}

std::optional<fs::path> Folders::some_file(const std::string& domain) const {
  for (const auto& [key, place] : places_) {
    if (key.second != domain) continue;
    std::optional<fs::path> first;
    for (const fs::path& file : entries_of(place.folder))
      if (!view_of(file, place.tail).empty() && (!first || file < *first)) first = file;
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
