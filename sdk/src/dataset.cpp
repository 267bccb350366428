#include <taskonomy/sdk/dataset.hpp>

#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

DatasetInfo any_dataset() {
  DatasetInfo info;
  info.id = "any";
  info.title = "Any dataset";
  info.modalities = known_modalities();
  info.view_kinds = {ViewKind::single, ViewKind::fixated_pair, ViewKind::fixated_triplet,
                     ViewKind::nonfixated_pair, ViewKind::matching_pair};
  info.class_names = {{"segment_semantic", {"uncertain", "wall", "floor", "chair", "table", "bed", "lamp"}},
                      {"class_object", {"chair", "table", "bed", "lamp", "book"}},
                      {"class_scene", {"bedroom", "kitchen", "bathroom", "office", "corridor", "storage"}}};
  return info;
}

}  // namespace taskonomy::sdk
