// Vanishing points: the directions of the room's three axes.
//
//   label       float32 [9], whitened: three unit directions in camera coordinates (x right, y down, z
//               forward), in this order: right, ahead, up
//               Data sets may call either wall x and point any way along it. The label names the axes by
//               what the image shows: up is the one nearest to the image's vertical, ahead the horizontal
//               one nearest to the viewing direction, pointing away.
//   input       the plain image
//   prediction  float32 [9], whitened; not forced to unit length
//   loss        mean (prediction - label)^2
//   mask        one per image: false where the data set has no three unit directions
//   metrics     angular_error: angle between predicted and true direction, degrees, mean over the axes
//   drawing     over the photograph, at nine places, how edges along the axes look there: right orange, ahead
//               white, up blue. Compare them with the edges of walls and furniture beside them. With 60
//               degrees of view where the camera is not known.
//   parameters  mean, deviation (nine numbers each; measured on the run's training split): of the
//                 label before whitening: label = (value - mean) / deviation. Give them to compare
//                 losses between runs on different data.
//                 A number that never varies has the deviation 0.05.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Vanishing points"
#include <array>
#include <cmath>

#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/room_axes.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::vector_task_info("vanishing_point", "Vanishing points", "geometric", 9);
  info.modalities.emplace_back("vanishing_points");
  return info;
}

class VanishingPoint final : public sdk::VectorTask,
                             public sdk::Illustrate,
                             public sdk::MeasuredWhitening,
                             public sdk::Components {
 public:
  explicit VanishingPoint(const sdk::TaskContext& context)
      : VectorTask(describe(), context.side, {{"angular_error", "degrees", false}}),
        MeasuredWhitening(context.params),
        whitening_(context.params, {0.900, -0.001, 0.005, -0.005, -0.136, 0.879, 0.000, -0.977, -0.152},
                   {0.089, 0.093, 0.417, 0.427, 0.135, 0.091, 0.050, 0.050, 0.149}) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor directions = sdk::require_numbers(sample, "vanishing_points", {3, 3});
    const bool known = (directions.norm(2, 1) - 1.0).abs().lt(1e-2).all().item<bool>();  // false for NaN
    const torch::Tensor named = known ? sdk::canonical_axes(directions).directions : directions;
    return sdk::vector_example(whitening_.whiten(named.flatten()), known);
  }

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor&,
                                       const sdk::Sample& sample) const override {
    return {.ground = sdk::Ground::photograph,
            .marks = strokes_of(values, sdk::Lens(sample, side())),
            .key = {{sdk::kOrange, "right"}, {sdk::kWhite, "ahead"}, {sdk::kBlue, "up"}}};
  }
  [[nodiscard]] const sdk::Whitening& whitening() const noexcept override { return whitening_; }
  [[nodiscard]] const std::vector<sdk::Component>& components() const noexcept override {
    return components_;
  }
  [[nodiscard]] torch::Tensor in_units(const torch::Tensor& prediction) const override {
    return directions_of(prediction.unsqueeze(0)).flatten();
  }

 private:
  /// Whitened numbers [B,9] -> unit directions [B,3,3].
  [[nodiscard]] torch::Tensor directions_of(const torch::Tensor& numbers) const {
    const torch::Tensor rows = whitening_.restore(numbers).unflatten(1, {3, 3});
    return rows / rows.norm(2, 2, true).clamp_min(1e-6);
  }

  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override {
    const torch::Tensor chord = (directions_of(prediction) - directions_of(target)).norm(2, 2);
    return (2.0 * torch::asin((0.5 * chord).clamp_max(1.0))).rad2deg().mean(1, true);
  }

  /// At each of nine places an edge along every axis, as long wherever it is seen.
  [[nodiscard]] std::vector<sdk::Mark> strokes_of(const torch::Tensor& values, const sdk::Lens& lens) const {
    constexpr float kLength = 0.13F;  // share of the picture
    static constexpr std::array kColours{sdk::kOrange, sdk::kWhite, sdk::kBlue};
    const torch::Tensor axes = whitening_.restore(values).reshape({3, 3}).contiguous();
    const auto axis = axes.accessor<float, 2>();
    std::vector<sdk::Mark> strokes;
    const sdk::Point centre = lens.at(0.0F, 0.0F), unit = lens.at(1.0F, 1.0F);
    for (const float down : {0.2F, 0.5F, 0.8F}) {
      for (const float across : {0.2F, 0.5F, 0.8F}) {
        const sdk::Point place{across, down};
        const float x = (across - centre.x) / (unit.x - centre.x);
        const float y = (down - centre.y) / (unit.y - centre.y);
        for (std::int64_t k = 0; k < 3; ++k) {
          // Where the point (x, y, 1) goes when it moves along the axis, in the picture.
          const sdk::Point goal = lens.at(x + axis[k][0] - x * axis[k][2], y + axis[k][1] - y * axis[k][2]);
          const float length = std::hypot(goal.x - place.x, goal.y - place.y);
          if (!(length > 1e-3F)) continue;  // the axis is seen end on
          const float part = std::min(1.0F, kLength / length);
          strokes.push_back(
              {sdk::Mark::Kind::line,
               {place, {place.x + part * (goal.x - place.x), place.y + part * (goal.y - place.y)}},
               kColours[static_cast<std::size_t>(k)]});
        }
      }
    }
    return strokes;
  }

  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override {
    return sdk::draw_marks(strokes_of(values, sdk::Lens({}, side())), side());
  }

  sdk::Whitening whitening_;
  std::vector<sdk::Component> components_{{"right.x", ""}, {"right.y", ""}, {"right.z", ""},
                                          {"ahead.x", ""}, {"ahead.y", ""}, {"ahead.z", ""},
                                          {"up.x", ""},    {"up.y", ""},    {"up.z", ""}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(VanishingPoint, "vanishing_point", "Directions of the room's axes")
