// Room layout: the box around the room, as seen from the camera.
//
//   label       float32 [9], whitened: centre (m; x right, y down, z forward), Euler angles sxyz of the
//               rotation camera_from_box (rad), full extents (m) along the box's axes right, ahead, up
//               A box is the same box after a turn by 90 degrees with two extents swapped. The label names
//               the axes by what the image shows, so that each box has one label.
//   input       the plain image
//   prediction  float32 [9], whitened
//   loss        mean (prediction - label)^2
//   mask        one per image: false where a number is not finite or an extent is not above 0
//   metrics     corner_error: distance between predicted and true corners, m, mean over the eight;
//               rotation_error: angle between the two rotations, degrees
//   drawing     the box over the photograph, or with 60 degrees of view where the camera is not known: floor
//               orange, ceiling blue, the edges between them white
//   parameters  mean, deviation (nine numbers each; measured on the run's training split): of the
//                 label before whitening: label = (value - mean) / deviation. Give them to compare
//                 losses between runs on different data.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Room layout"
#include <bit>
#include <cmath>

#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/pose.hpp>
#include <taskonomy/sdk/toolbox/room_axes.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::vector_task_info("room_layout", "Room layout", "geometric", 9);
  info.modalities.emplace_back("room_layout");
  return info;
}

class RoomLayout final : public sdk::VectorTask,
                         public sdk::Illustrate,
                         public sdk::MeasuredWhitening,
                         public sdk::Components {
 public:
  explicit RoomLayout(const sdk::TaskContext& context)
      : VectorTask(describe(), context.side,
                   {{"corner_error", "m", false}, {"rotation_error", "degrees", false}}),
        MeasuredWhitening(context.params),
        whitening_(context.params, {-0.031, -0.214, 1.109, 1.744, -0.006, -0.002, 3.486, 4.017, 2.655},
                   {0.733, 0.258, 0.645, 0.172, 0.442, 0.112, 1.091, 1.125, 0.136}) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor box = sdk::require_numbers(sample, "room_layout", {9});
    const bool known =
        torch::isfinite(box).all().item<bool>() && box.slice(0, 6, 9).gt(0.0).all().item<bool>();
    return sdk::vector_example(whitening_.whiten(known ? sdk::canonical_layout(box) : box), known);
  }

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor&,
                                       const sdk::Sample& sample) const override {
    return {.ground = sdk::Ground::photograph,
            .marks = edges_of(values, sdk::Lens(sample, side())),
            .key = {{sdk::kOrange, "floor"}, {sdk::kBlue, "ceiling"}, {sdk::kWhite, "corner of two walls"}}};
  }
  [[nodiscard]] const sdk::Whitening& whitening() const noexcept override { return whitening_; }
  [[nodiscard]] const std::vector<sdk::Component>& components() const noexcept override {
    return components_;
  }
  [[nodiscard]] torch::Tensor in_units(const torch::Tensor& prediction) const override {
    torch::Tensor box = whitening_.restore(prediction.to(torch::kFloat32));
    box.slice(0, 3, 6).rad2deg_();
    return box;
  }

 private:
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override {
    const torch::Tensor guess = whitening_.restore(prediction), truth = whitening_.restore(target);
    const torch::Tensor metres = (sdk::box_corners(guess) - sdk::box_corners(truth)).norm(2, -1).mean(1);
    const auto rotation = [](const torch::Tensor& box) {
      return sdk::rotation_from_euler(box.slice(1, 3, 6));
    };
    return torch::stack({metres, sdk::rotation_angle(rotation(guess), rotation(truth)).rad2deg()}, 1);
  }

  /// The twelve edges of a box.
  [[nodiscard]] std::vector<sdk::Mark> edges_of(const torch::Tensor& values, const sdk::Lens& lens) const {
    constexpr unsigned kUp = 4;  // the bit of a corner's number that says whether it is at the ceiling
    const torch::Tensor corners = sdk::box_corners(whitening_.restore(values));
    std::vector<sdk::Mark> edges;
    for (unsigned from = 0; from < 8; ++from) {
      for (unsigned to = from + 1; to < 8; ++to) {
        if (std::popcount(from ^ to) != 1) continue;  // an edge joins corners that differ along one axis
        const sdk::Colour colour = (from ^ to) == kUp  ? sdk::kWhite
                                   : (from & kUp) != 0 ? sdk::kBlue
                                                       : sdk::kOrange;
        lens.add(edges, corners[from], corners[to], colour);
      }
    }
    return edges;
  }

  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override {
    return sdk::draw_marks(edges_of(values, sdk::Lens({}, side())), side());
  }

  sdk::Whitening whitening_;
  std::vector<sdk::Component> components_{
      {"centre_x", "m"},         {"centre_y", "m"},         {"centre_z", "m"},
      {"rotation_x", "degrees"}, {"rotation_y", "degrees"}, {"rotation_z", "degrees"},
      {"extent_right", "m"},     {"extent_ahead", "m"},     {"extent_up", "m"}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(RoomLayout, "room_layout", "The box around the room")
