#include <taskonomy/sdk/dataset.hpp>

#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

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
