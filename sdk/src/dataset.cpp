#include <taskonomy/sdk/dataset.hpp>

#include <algorithm>
#include <system_error>

#include <taskonomy/sdk/dataset_notes.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/shared_photographs.hpp>

namespace taskonomy::sdk {

namespace {

/// "rgb_7.png 81234 1790000000000000000": a file's name, size in bytes and time of modification.
std::string line_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
    return name + " missing";
  if (error) return name + " unreadable";
  const auto time = std::filesystem::last_write_time(file, error);
  if (error) return name + " unreadable";
  return name + " " + std::to_string(size) + " " + std::to_string(time.time_since_epoch().count());
}

}  // namespace

bool offers(const DatasetInfo& dataset, const std::string& modality) {
  return std::find(dataset.modalities.begin(), dataset.modalities.end(), modality) !=
         dataset.modalities.end();
}

// The key functions of the interfaces: they keep their vtables in this one library.
Dataset::~Dataset() = default;
DatasetNotes::~DatasetNotes() = default;
SharedPhotographs::~SharedPhotographs() = default;

std::string Dataset::files_state(const std::string&, const std::string&) const { return ""; }

std::string state_of(const std::vector<std::filesystem::path>& files) {
  std::string state;
  for (const auto& file : files) state += line_of(file) + "\n";
  return state;
}

DatasetInfo any_dataset() {
  DatasetInfo info;
  info.id = "any";
  info.title = "Any dataset";
  info.modalities = known_modalities();
  info.view_kinds = {kViewKinds.begin(), kViewKinds.end()};
  info.class_names = {{"segment_semantic", {"uncertain", "wall", "floor", "chair", "table", "bed", "lamp"}},
                      {"class_object", {"chair", "table", "bed", "lamp", "book"}},
                      {"class_scene", {"bedroom", "kitchen", "bathroom", "office", "corridor", "storage"}}};
  return info;
}

}  // namespace taskonomy::sdk
