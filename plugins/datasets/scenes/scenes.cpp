// Rendered rooms: procedural, furnished, ray-cast; every label is exact because the world is known.
//
//   layout      no files: rooms are made by rules when they are asked for. The same seed gives the same
//               pixels in any order, from any thread or process; a room depends on the run's seed and its
//               own name alone.
//   scenes      rooms, "bedroom-00000", "living_room-00001", ...: kind and number, the kinds in rotation. A
//               room is split as a whole.
//   views       single, fixated_pair, fixated_triplet, nonfixated_pair, matching_pair (even indices
//               positive, odd ones negative); views_per_room samples of each kind in every room
//   modalities  rgb, depth_zbuffer, depth_euclidean, normal, principal_curvature, reshading,
//               segment_semantic, instance, class_object, class_scene, intrinsics, pose, room_layout,
//               vanishing_points; match of matching pairs. Units and axes are those of
//               <taskonomy/sdk/sample.hpp>; share/doc/scenes.md says what is particular here.
//   parameters  rooms (500; 1..99999): number of rooms. Training wants hundreds; a look at the pipeline
//                 takes a few dozen.
//               views_per_room (8; 1..1000): samples of each view kind in a room. Views of one room are
//                 more alike than rooms are.
//               kinds (all eight): room kinds in rotation: bedroom, living_room, kitchen, bathroom,
//                 dining_room, office, corridor, storage
//               samples (4; 1..64): colour rays per pixel. More rays mean less noise and more time. Labels
//                 do not depend on it.
//               shadow_rays (2; 1..16): per colour ray, towards lamps and windows
//               ao_rays (1; 0..16): per pixel, for ambient occlusion
//               look ("plain"): "varied" for networks that are to see photographs later: worn and printed
//                 finishes, any light, any camera, held as people hold theirs. Geometry is that of the same
//                 rooms; labels are as exact.
//   failure     An unknown kind or a number out of range is an error that names the parameter.
//   source      our own; the 16 object classes are those of Taskonomy's semantic segmentation (Zamir et
//               al., CVPR 2018)
#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <taskonomy/sdk/plugin.hpp>

#include "world.hpp"

namespace {

using namespace taskonomy;

scenes::WorldOptions options_of(const sdk::DatasetContext& context) {
  sdk::Params& params = context.params;
  scenes::WorldOptions options;
  options.seed = context.seed;
  options.rooms = params.integer("rooms", options.rooms, 1, 99999);
  options.views_per_room = params.integer("views_per_room", options.views_per_room, 1, 1000);
  options.render.side = static_cast<int>(context.side);
  options.render.samples = static_cast<int>(params.integer("samples", options.render.samples, 1, 64));
  options.render.shadow_rays =
      static_cast<int>(params.integer("shadow_rays", options.render.shadow_rays, 1, 16));
  options.render.ao_rays = static_cast<int>(params.integer("ao_rays", options.render.ao_rays, 0, 16));
  options.render.look = params.choice("look", "plain", {"plain", "varied"}) == "varied" ? scenes::Look::varied
                                                                                        : scenes::Look::plain;
  const std::vector<std::string>& names = scenes::room_kind_names();
  for (const std::string& name : params.texts("kinds", names)) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      std::string known;
      for (const std::string& n : names) known += (known.empty() ? "" : ", ") + n;
      throw std::invalid_argument("dataset \"scenes\": kinds: no room kind \"" + name +
                                  "\"; there are: " + known);
    }
    options.kinds.push_back(static_cast<scenes::RoomKind>(found - names.begin()));
  }
  return options;
}

scenes::Views views_of_kind(sdk::ViewKind kind) {
  switch (kind) {
    case sdk::ViewKind::single:
      return scenes::Views::single;
    case sdk::ViewKind::fixated_pair:
      return scenes::Views::fixated_pair;
    case sdk::ViewKind::fixated_triplet:
      return scenes::Views::fixated_triplet;
    case sdk::ViewKind::nonfixated_pair:
      return scenes::Views::nonfixated_pair;
    case sdk::ViewKind::matching_pair:
      return scenes::Views::matching_pair;
  }
  return scenes::Views::single;
}

/// [V, shape...] from one contiguous container per view.
template <typename Container>
torch::Tensor stacked(const std::vector<scenes::View>& views, Container scenes::View::*member,
                      std::vector<std::int64_t> shape, torch::Dtype dtype) {
  shape.insert(shape.begin(), static_cast<std::int64_t>(views.size()));
  torch::Tensor out = torch::empty(shape, dtype);
  auto* to = static_cast<char*>(out.data_ptr());
  for (const scenes::View& view : views) {
    const auto& from = view.*member;
    const std::size_t bytes = from.size() * sizeof(from[0]);
    std::memcpy(to, from.data(), bytes);
    to += bytes;
  }
  return out;
}

torch::Tensor modality_of(const std::vector<scenes::View>& views, const std::string& name) {
  using scenes::View;
  const std::int64_t n = views.front().side;
  constexpr auto kFloat = torch::kFloat32;
  if (name == "rgb") return stacked(views, &View::rgb, {3, n, n}, torch::kUInt8);
  if (name == "depth_zbuffer") return stacked(views, &View::depth_zbuffer, {1, n, n}, kFloat);
  if (name == "depth_euclidean") return stacked(views, &View::depth_euclidean, {1, n, n}, kFloat);
  if (name == "normal") return stacked(views, &View::normal, {3, n, n}, kFloat);
  if (name == "principal_curvature") return stacked(views, &View::curvature, {2, n, n}, kFloat);
  if (name == "reshading") return stacked(views, &View::reshading, {1, n, n}, kFloat);
  if (name == "segment_semantic") return stacked(views, &View::semantic, {1, n, n}, torch::kUInt8);
  if (name == "instance") return stacked(views, &View::instance, {1, n, n}, torch::kInt32);
  if (name == "class_object") return stacked(views, &View::class_object, {scenes::kObjectClasses}, kFloat);
  if (name == "class_scene") return stacked(views, &View::class_scene, {scenes::kRoomKinds}, kFloat);
  if (name == "intrinsics") return stacked(views, &View::intrinsics, {3, 3}, kFloat);
  if (name == "pose") return stacked(views, &View::pose, {4, 4}, kFloat);
  if (name == "room_layout") return stacked(views, &View::room_layout, {9}, kFloat);
  if (name == "vanishing_points") return stacked(views, &View::vanishing_points, {3, 3}, kFloat);
  throw std::invalid_argument("dataset \"scenes\" offers no modality \"" + name + "\"");
}

sdk::DatasetInfo describe() {
  sdk::DatasetInfo info;
  info.id = "scenes";
  info.title = "Rendered rooms";
  info.reference = "procedural, part of taskonomy; MIT licence";
  info.modalities = {"rgb",
                     "depth_zbuffer",
                     "depth_euclidean",
                     "normal",
                     "principal_curvature",
                     "reshading",
                     "segment_semantic",
                     "instance",
                     "class_object",
                     "class_scene",
                     "intrinsics",
                     "pose",
                     "room_layout",
                     "vanishing_points",
                     "match"};
  info.view_kinds = {sdk::kViewKinds.begin(), sdk::kViewKinds.end()};
  const std::vector<std::string>& classes = scenes::semantic_class_names();
  info.class_names["segment_semantic"] = classes;
  info.class_names["class_object"] = {classes.begin() + 2, classes.end()};
  info.class_names["class_scene"] = scenes::room_kind_names();
  return info;
}

class Scenes final : public sdk::Dataset {
 public:
  explicit Scenes(const sdk::DatasetContext& context) : info_(describe()), world_(options_of(context)) {}

  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }

  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override {
    std::vector<sdk::Scene> rooms;
    for (std::int64_t room = 0; room < world_.options().rooms; ++room)
      rooms.push_back({world_.room_id(room), world_.options().views_per_room});
    return rooms;
  }

  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                                   const std::vector<std::string>& modalities) const override {
    const bool colour = std::find(modalities.begin(), modalities.end(), "rgb") != modalities.end();
    const scenes::SampleViews rendered =
        world_.sample(world_.room_number(scene), index, views_of_kind(kind), colour);
    sdk::Sample out;
    out.id = scene + "/" + sdk::word_of(kind) + "_" + std::to_string(index);
    for (const std::string& name : modalities) {
      if (name != "match") {
        out.data[name] = modality_of(rendered.views, name);
      } else if (kind == sdk::ViewKind::matching_pair) {
        out.data[name] = torch::full({1}, rendered.match ? 1.0F : 0.0F);
      } else {
        throw std::invalid_argument("dataset \"scenes\": only matching pairs carry \"match\"");
      }
    }
    return out;
  }

 private:
  sdk::DatasetInfo info_;
  scenes::World world_;
};

}  // namespace

TASKONOMY_EXPORT_DATASET(Scenes, "scenes", "Procedural furnished rooms, ray-cast with exact labels")
