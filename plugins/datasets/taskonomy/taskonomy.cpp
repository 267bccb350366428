// The Taskonomy data set's folders, any images laid out like them, and plain folders of photographs.
//
//   layout      ROOT/BUILDING/DOMAIN/point_P_view_V_domain_DOMAIN.(png|jpg|jpeg|npy|json), the ending in
//               small or capital letters, domains under their current or older names. Any subset of
//               them may be there; only rgb must be. Photographs are turned as their Exif data say.
//               Images of other kinds are counted and named when a run begins.
//               Where no file is called so: ROOT/rgb/NAME.jpg (or ROOT/NAME.jpg) with its labels in
//               ROOT/DOMAIN/NAME.png, or the same in each sub-folder of ROOT, which is then a building.
//   scenes      buildings. A building is split as a whole. Sample ids are "BUILDING/point_P_view_V", the
//               views of one sample joined by "+"; of a single folder of photographs "NAME", so that
//               statistics take each photograph for a scene.
//   views       single; fixated_pair, fixated_triplet: views with the same point; nonfixated_pair and
//               matching_pair: from nonfixated_matches or point_info files. A kind is offered where some
//               building holds a sample of it.
//   modalities  rgb; the label images of <taskonomy/sdk/toolbox/stored_labels.hpp>; class_object and
//               class_scene from npy files; intrinsics, pose, room_layout and vanishing_points where
//               point_info JSON files have the keys; match of matching pairs
//               Images are cropped to the centred square and resized to the run's side: colours by area,
//               depth by a robust mean, responses and shading by the mean, ids, normals and curvatures by
//               nearest neighbour.
//   parameters  root (required): folder with the buildings
//               classes (18, the data set's own; 2..256): number of ids in segment_semantic, 0 =
//                 uncertain included
//               class_names (none): names of the classes behind 0, instead of `classes`
//               class_object_classes, class_scene_classes (all): numbers of the classes that are kept,
//                 renormalised. The paper keeps 100 applicable objects and 63 indoor places.
//               building_classes (none): names of buildings that are scene classes: class_scene
//                 without npy files
//               depth_units (512; 1 and up): stored depth in a metre. 1000 = millimetres.
//               field_of_view (none; degrees, below 180): of all photographs, across their whole width, where
//                 there are no point_info files: makes normal and reshading possible from depth
//               normal_axes ("right_down_forward"; or "right_up_back"): axes along which normal
//                 images are stored
//               split_file (none: the recipe's shares decide): CSV or JSON of the data set's standard
//                 splits. Buildings it does not name are not used.
//               split_size ("tiny"): which one of a JSON file with several
//   failure     A missing or empty root is an error at once. A photograph that cannot be read is an error
//               of its sample. Any other file that is missing or damaged makes its modality absent, so that
//               only the tasks that need it leave the sample out.
//   source      Zamir et al., "Taskonomy", CVPR 2018; layout of
//               github.com/StanfordVL/taskonomy/tree/master/data
#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/dataset_notes.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/shared_photographs.hpp>
#include <taskonomy/sdk/toolbox/resample.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

#include "folders.hpp"
#include "options.hpp"
#include "point_info.hpp"
#include "view_sets.hpp"

namespace {

using namespace taskonomy;
using namespace taskonomy_dataset;

/// One view while its modalities are read: the photograph and the JSON serve several of them.
struct OpenView {
  std::string building, name;
  torch::Tensor photograph;  ///< uint8 [3,H,W]
  std::optional<PointInfo> info;
};

std::vector<std::string> numbered(std::int64_t count, const std::vector<std::int64_t>& kept) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < count; ++i)
    names.push_back("class " + std::to_string(kept.empty() ? i : kept[static_cast<std::size_t>(i)]));
  return names;
}

/// What the first point_info files of each building hold.
struct PointInfos {
  std::map<std::string, bool> offered;  ///< modality -> whether some file has its keys
  std::size_t looked_at = 0, refused = 0;
  std::string first_refused;  ///< with the reason

  void add(const PointInfo& info) {
    offered["intrinsics"] |= info.camera || info.field_of_view;
    offered["pose"] |= info.location && info.rotation;
    offered["room_layout"] |= info.room && info.location && info.rotation;
    offered["vanishing_points"] |= info.vanishing_points.has_value();
  }
  void refuse(const std::string& reason) {
    if (refused++ == 0) first_refused = reason;
  }
  /// "20 of the 20 point_info files that were looked at are refused, first FILE: reason".
  [[nodiscard]] std::string refusals() const {
    return std::to_string(refused) + " of the " + std::to_string(looked_at) +
           " point_info files that were looked at are refused, first " + first_refused;
  }
};

class TaskonomyFolders final : public sdk::Dataset, public sdk::DatasetNotes, public sdk::SharedPhotographs {
 public:
  explicit TaskonomyFolders(const sdk::DatasetContext& context)
      : options_(read_options(context)), folders_(options_.root) {
    info_.id = "taskonomy";
    info_.title = "Taskonomy's folder layout";
    info_.reference = "Zamir et al., Taskonomy, CVPR 2018; the images keep their own licence";
    apply_split_file();
    offer_modalities();
    offer_views();
  }

  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }

  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind kind) const override {
    std::vector<sdk::Scene> scenes;
    for (const auto& [building, views] : folders_.buildings()) {
      const auto count = static_cast<std::int64_t>(
          kind == sdk::ViewKind::single ? views.size() : sets(building, kind).size());
      const auto split = splits_.find(building);
      scenes.push_back({building, count, split == splits_.end() ? "" : split->second});
    }
    return scenes;
  }

  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                                   const std::vector<std::string>& modalities) const override {
    if (folders_.buildings().count(scene) == 0) throw std::invalid_argument("no building \"" + scene + "\"");
    const std::vector<ViewSet>& all = sets(scene, kind);
    if (index < 0 || index >= static_cast<std::int64_t>(all.size()))
      throw std::invalid_argument("no sample " + std::to_string(index) + " of this kind in \"" + scene +
                                  "\"");
    const ViewSet& set = all[static_cast<std::size_t>(index)];
    if (!set.damage.empty()) throw std::runtime_error(set.damage);
    // What an id has before its last / is its scene. Of a single folder nobody knows which photographs show
    // one place.
    sdk::Sample sample{folders_.root_is_building() ? "" : scene + "/", {}};
    std::vector<OpenView> views;
    for (const std::string& view : set.views) {
      sample.id += (views.empty() ? "" : "+") + view;
      views.push_back({scene, view, read_photograph(folders_.file(scene, view, "rgb")), std::nullopt});
    }
    for (const std::string& modality : modalities) {
      if (modality == "match" && kind == sdk::ViewKind::matching_pair) {
        sample.data[modality] = torch::full({1}, set.match ? 1.0F : 0.0F);
      } else {
        add(sample, modality, views);
      }
    }
    return sample;
  }

  [[nodiscard]] std::string files_state(const std::string& scene,
                                        const std::string& modality) const override {
    if (folders_.buildings().count(scene) == 0) return "";
    if (modality != "match") return state_of_domain(scene, domain_of(modality));
    const auto matches = matches_folder(folders_, scene);
    return matches ? sdk::state_of(match_files(*matches)) : state_of_domain(scene, "point_info");
  }

  [[nodiscard]] std::vector<std::string> photographs(const std::string& scene, std::int64_t index,
                                                     sdk::ViewKind kind) const override {
    return sets(scene, kind).at(static_cast<std::size_t>(index)).views;
  }

  [[nodiscard]] std::vector<std::string> notes() const override { return folders_.notes(); }

  [[nodiscard]] std::string why_not_offered(const std::string& modality) const override {
    const auto known = point_infos_.offered.find(modality);
    const bool of_point_info = modality == "intrinsics" || modality == "pose" || modality == "room_layout" ||
                               modality == "vanishing_points";
    if (!of_point_info) return folders_.why_not_offered(modality);
    if (point_infos_.looked_at == 0) {
      const std::string why = folders_.why_not_offered("point_info");
      return why.empty() && modality == "intrinsics" ? "there are no point_info files; field_of_view in "
                                                       "[data] gives all photographs one angle of view"
                                                     : why;
    }
    if (known != point_infos_.offered.end() && known->second) return "";
    return point_infos_.refused > 0 ? point_infos_.refusals()
                                    : "no point_info file that was looked at has the keys for it";
  }

 private:
  /// Whose files a modality is read from; "" where it is read from none.
  [[nodiscard]] std::string domain_of(const std::string& modality) const {
    if (modality == "class_scene" && !options_.scene_class_buildings.empty()) return "";
    const bool own =
        sdk::stored_as_image(modality) || modality == "class_object" || modality == "class_scene";
    return own ? modality : "point_info";
  }

  /// The state of a building's files in a domain. That of point_info is found once, because four modalities
  /// and the pairs are read from it.
  [[nodiscard]] std::string state_of_domain(const std::string& building, const std::string& domain) const {
    if (domain.empty()) return "";
    if (domain != "point_info") return found_state(building, domain);
    const std::lock_guard<std::mutex> lock(mutex_);
    auto known = point_info_states_.find(building);
    if (known == point_info_states_.end())
      known = point_info_states_.emplace(building, found_state(building, domain)).first;
    return known->second;
  }

  [[nodiscard]] std::string found_state(const std::string& building, const std::string& domain) const {
    const auto files = folders_.files(building, domain);
    std::string state;
    for (const std::string& view : folders_.buildings().at(building)) {
      const auto file = files.find(view);
      state += file == files.end() ? view + " missing\n" : sdk::state_of({file->second});
    }
    return state;
  }

  void apply_split_file() {
    if (options_.split_file.empty()) return;
    splits_ = read_split_file(options_.split_file, options_.split_size);
    folders_.keep_buildings([&](const std::string& building) { return splits_.count(building) > 0; });
    if (folders_.buildings().empty())
      throw std::invalid_argument(options_.split_file.string() + ": names none of the buildings in " +
                                  options_.root.string());
  }

  void offer_modalities() {
    const auto offer = [&](const std::string& modality) { info_.modalities.push_back(modality); };
    for (const std::string& domain : folders_.domains())
      if (sdk::stored_as_image(domain)) offer(domain);
    if (folders_.domains().count("segment_semantic") > 0)
      info_.class_names["segment_semantic"] = options_.class_names;
    offer_classes("class_object", options_.object_classes_kept);
    if (options_.scene_class_buildings.empty()) {
      offer_classes("class_scene", options_.scene_classes_kept);
    } else {
      offer("class_scene");
      info_.class_names["class_scene"] = options_.scene_class_buildings;
    }
    offer_point_info();
    std::sort(info_.modalities.begin(), info_.modalities.end());
  }

  /// Offers soft labels from npy files; the first file tells how many classes there are.
  void offer_classes(const std::string& modality, const std::vector<std::int64_t>& kept) {
    const auto file = folders_.some_file(modality);
    if (!file) return;
    info_.modalities.push_back(modality);
    info_.class_names[modality] = numbered(read_soft_labels(*file, kept).numel(), kept);
  }

  /// Offers what one of the first files has. Most have it all or nothing, but single ones may lack a key or
  /// be damaged.
  void offer_point_info() {
    if (folders_.domains().count("point_info") == 0) {
      if (options_.field_of_view > 0.0) info_.modalities.emplace_back("intrinsics");
      return;
    }
    constexpr int kLookedAt = 20;
    for (const auto& [building, views] : folders_.buildings()) {
      int looked = 0;
      for (const std::string& view : views) {
        if (++looked > kLookedAt) break;
        ++point_infos_.looked_at;
        try {
          point_infos_.add(read_point_info(folders_.file(building, view, "point_info")));
        } catch (const std::exception& error) {
          point_infos_.refuse(error.what());  // told again when a sample asks for it
        }
      }
    }
    for (const auto& [modality, is] : point_infos_.offered)
      if (is) info_.modalities.push_back(modality);
  }

  void offer_views() {
    using enum sdk::ViewKind;
    info_.view_kinds = {single};
    for (const sdk::ViewKind kind : {fixated_pair, fixated_triplet, nonfixated_pair, matching_pair}) {
      const bool some =
          std::any_of(folders_.buildings().begin(), folders_.buildings().end(),
                      [&](const auto& building) { return !sets(building.first, kind).empty(); });
      if (some) info_.view_kinds.push_back(kind);
      if (some && kind == matching_pair) info_.modalities.emplace_back("match");
    }
  }

  /// The samples of a kind in a building. They are found once, when first asked for.
  const std::vector<ViewSet>& sets(const std::string& building, sdk::ViewKind kind) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto key = std::make_pair(building, kind);
    auto found = sets_.find(key);
    if (found == sets_.end()) found = sets_.emplace(key, find_view_sets(folders_, building, kind)).first;
    return found->second;
  }

  /// Adds one modality of all views to the sample, or why it is absent. Without a photograph there is no
  /// sample.
  void add(sdk::Sample& sample, const std::string& modality, std::vector<OpenView>& views) const {
    if (std::find(info_.modalities.begin(), info_.modalities.end(), modality) == info_.modalities.end() ||
        modality == "match")
      throw std::invalid_argument("offers no modality \"" + modality + "\" here");
    try {
      std::vector<torch::Tensor> read;
      for (OpenView& view : views) read.push_back(one(view, modality));
      sample.data[modality] = torch::stack(read);
    } catch (const std::exception& error) {
      sample.absent[modality] = error.what();
    }
  }

  /// One modality of one view, without its view dimension.
  [[nodiscard]] torch::Tensor one(OpenView& view, const std::string& modality) const {
    if (modality == "rgb") return resized_photograph(view.photograph, options_.labels.side);
    const ImageSize size{view.photograph.size(1), view.photograph.size(2)};
    const auto file = [&](const std::string& domain) {
      return folders_.file(view.building, view.name, domain);
    };
    if (sdk::stored_as_image(modality)) return read_label(modality, file(modality), size, options_.labels);
    if (modality == "class_object")
      return read_classes(file(modality), modality, options_.object_classes_kept);
    if (modality == "class_scene")
      return options_.scene_class_buildings.empty()
                 ? read_classes(file(modality), modality, options_.scene_classes_kept)
                 : class_of_building(view.building);
    if (!view.info) view.info = point_info_of(view);
    if (modality == "pose") return pose_of(*view.info);
    if (modality == "room_layout") return room_layout_of(*view.info);
    if (modality == "vanishing_points") return vanishing_points_of(*view.info);
    return sdk::resize_intrinsics(intrinsics_of(*view.info, size.height, size.width),
                                  sdk::centre_square(size.height, size.width), options_.labels.side);
  }

  /// What the view's file says; where there are no such files, what the recipe says of all photographs.
  [[nodiscard]] PointInfo point_info_of(const OpenView& view) const {
    if (folders_.domains().count("point_info") > 0 || options_.field_of_view == 0.0)
      return read_point_info(folders_.file(view.building, view.name, "point_info"));
    PointInfo info;
    info.name = "[data] field_of_view";
    info.field_of_view = options_.field_of_view;
    return info;
  }

  [[nodiscard]] torch::Tensor read_classes(const std::filesystem::path& file, const std::string& modality,
                                           const std::vector<std::int64_t>& kept) const {
    torch::Tensor labels = read_soft_labels(file, kept);
    const auto classes = static_cast<std::int64_t>(info_.class_names.at(modality).size());
    if (labels.numel() != classes)
      throw std::runtime_error(file.string() + ": " + std::to_string(labels.numel()) +
                               " classes, other files " + std::to_string(classes));
    return labels;
  }

  /// 1 at the class that the building is named after; all 0, no label, for another building.
  [[nodiscard]] torch::Tensor class_of_building(const std::string& building) const {
    const auto& names = options_.scene_class_buildings;
    torch::Tensor labels = torch::zeros({static_cast<std::int64_t>(names.size())});
    if (const auto at = std::find(names.begin(), names.end(), building); at != names.end())
      labels[at - names.begin()] = 1.0F;
    return labels;
  }

  Options options_;
  Folders folders_;
  PointInfos point_infos_;
  std::map<std::string, std::string> splits_;
  sdk::DatasetInfo info_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<std::string, sdk::ViewKind>, std::vector<ViewSet>> sets_;
  mutable std::map<std::string, std::string> point_info_states_;  ///< by building
};

}  // namespace

TASKONOMY_EXPORT_DATASET(TaskonomyFolders, "taskonomy", "Images in the Taskonomy data set's folders")
