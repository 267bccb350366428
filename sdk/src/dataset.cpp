#include <taskonomy/sdk/dataset.hpp>

#include <system_error>

#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

std::string state_of(const std::vector<std::filesystem::path>& files) {
  std::string state;
  for (const auto& file : files) {
    std::error_code gone;
    const auto size = std::filesystem::file_size(file, gone);
    const auto time = std::filesystem::last_write_time(file, gone);
    state += file.filename().string() + " ";
    state += gone ? "missing" : std::to_string(size) + " " + std::to_string(time.time_since_epoch().count());
    state += "\n";
  }
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
