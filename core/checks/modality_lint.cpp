#include "core/checks/modality_lint.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <taskonomy/sdk/toolbox/pose.hpp>

#include "core/base/text.hpp"

namespace taskonomy::checks {

namespace {

// Rooms and streets: beyond these a unit is the likelier explanation.
constexpr double kFarthestMedian = 50.0, kNearestMedian = 0.05;  // metres
constexpr double kUnitTolerance = 0.02;                          // of a vector's length
constexpr double kNarrowest = 10.0, kWidest = 170.0;             // field of view, degrees
constexpr double kSaturatedPixels = 0.5;

bool is_depth(const std::string& modality) {
  return modality == "depth_zbuffer" || modality == "depth_euclidean";
}

/// Where a modality has values, by the conventions of sdk/sample.hpp.
torch::Tensor valid_of(const std::string& modality, const torch::Tensor& values) {
  const auto finite = torch::isfinite(values.to(torch::kFloat32));
  if (is_depth(modality)) return finite.logical_and(values.gt(0));
  if (modality == "normal") return finite.logical_and(values.ne(0).any(1, true));
  if (modality == "segment_semantic" || modality == "instance") return values.ne(0);
  if (modality == "segment_unsup2d" || modality == "segment_unsup25d") return values.ge(0);
  if (modality == "class_object" || modality == "class_scene")
    return finite.logical_and(values.sum(-1, true).gt(0));
  return finite;
}

double median_of(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

}  // namespace

ModalityLint::ModalityLint(std::string modality, std::int64_t classes)
    : modality_(std::move(modality)), classes_(classes) {}

void ModalityLint::note(const std::string& rule, const std::string& sample_id) {
  auto& broken = broken_[rule];
  if (broken.samples++ == 0) broken.first = sample_id;
}

void ModalityLint::add(const torch::Tensor& values, const std::string& sample_id, std::int64_t side) {
  if (modality_ == "rgb") {
    summary_.add(values, torch::ones({1}, torch::kBool), 0.0, 255.0);
  } else {
    summary_.add(values, valid_of(modality_, values));
  }
  if (is_depth(modality_)) check_depth(values);
  if (modality_ == "normal" || modality_ == "vanishing_points") check_vectors(values, sample_id);
  if (modality_ == "intrinsics") check_camera(values, sample_id, side);
  if (modality_ == "class_object" || modality_ == "class_scene") check_shares(values, sample_id);
  if (modality_ == "pose" && !sdk::is_rigid(values.to(torch::kFloat64)).all().item<bool>())
    note("the pose is no rotation and translation", sample_id);
  if (modality_ == "segment_semantic" && classes_ > 0 &&
      values.max().item<double>() >= static_cast<double>(classes_))
    note("a class id beyond the " + std::to_string(classes_) + " that the dataset names", sample_id);
}

void ModalityLint::add_absent(const std::string& sample_id, const std::string& reason) {
  if (absent_++ == 0) first_absent_ = sample_id + ": " + reason;
}

void ModalityLint::check_depth(const torch::Tensor& values) {
  const auto readings = values.masked_select(valid_of(modality_, values));
  if (readings.numel() > 0) medians_.push_back(readings.median().item<double>());
}

void ModalityLint::check_vectors(const torch::Tensor& values, const std::string& sample_id) {
  const auto length = values.to(torch::kFloat32).norm(2, modality_ == "normal" ? 1 : -1);
  const auto wrong = length.gt(0).logical_and((length - 1.0).abs().gt(kUnitTolerance));
  if (wrong.any().item<bool>()) note("vectors that are not of unit length", sample_id);
  if (modality_ != "normal") return;
  const auto away = values.select(1, 2).gt(0).sum().item<double>();
  if (away > 0.5 * length.gt(0).sum().item<double>())
    note("most normals face away from the camera (expected x right, y down, z forward)", sample_id);
}

void ModalityLint::check_camera(const torch::Tensor& values, const std::string& sample_id,
                                std::int64_t side) {
  const auto camera = values.to(torch::kFloat64);
  const double pixels = static_cast<double>(side);
  for (std::int64_t view = 0; view < camera.size(0); ++view)
    for (const int axis : {0, 1}) {
      const double focal = camera[view][axis][axis].item<double>();
      const double centre = camera[view][axis][2].item<double>();
      const double degrees = 2.0 * std::atan2(0.5 * pixels, focal) * 180.0 / M_PI;
      if (!(focal > 0.0) || degrees < kNarrowest || degrees > kWidest)
        return note("an angle of view outside of " + base::number(kNarrowest) + " to " +
                        base::number(kWidest) + " degrees",
                    sample_id);
      if (!(centre >= 0.0 && centre <= pixels))
        return note("the optical axis outside of the image", sample_id);
    }
}

void ModalityLint::check_shares(const torch::Tensor& values, const std::string& sample_id) {
  const auto sums = values.to(torch::kFloat64).sum(-1);
  const auto wrong = sums.ne(0).logical_and((sums - 1.0).abs().gt(0.01));
  if (wrong.any().item<bool>() || values.lt(0).any().item<bool>())
    note("soft labels that are negative or do not sum to 1", sample_id);
  if (classes_ > 0 && values.size(-1) != classes_)
    note("another number of classes than the " + std::to_string(classes_) + " that the dataset names",
         sample_id);
}

std::string ModalityLint::unit_suspicion() const {
  if (medians_.empty()) return "";
  const double median = median_of(medians_);
  const std::string text = "the median depth is " + base::number(median) + " m; ";
  if (median > kFarthestMedian) return text + "were millimetres or 1/512 m read as metres?";
  if (median < kNearestMedian) return text + "were metres divided as if they were millimetres?";
  return "";
}

std::vector<Finding> ModalityLint::findings() const {
  const std::string subject = "modality " + modality_;
  std::vector<Finding> all;
  const auto suspect = [&](const std::string& text) { all.push_back({Gravity::suspicion, subject, text}); };
  if (absent_ > 0)
    suspect("missing in " + std::to_string(absent_) + " of " + std::to_string(absent_ + summary_.tensors) +
            " samples, first " + first_absent_);
  if (const auto text = unit_suspicion(); !text.empty()) suspect(text);
  for (const auto& [rule, broken] : broken_)
    suspect(rule + ", in " + std::to_string(broken.samples) + " of " + std::to_string(summary_.tensors) +
            " samples, first " + broken.first);
  if (summary_.empty > 0)
    suspect("no value at all in " + std::to_string(summary_.empty) + " of " +
            std::to_string(summary_.tensors) + " samples");
  if (summary_.tensors > 1 && summary_.valid > 0.0 && summary_.low == summary_.high && modality_ != "match")
    suspect("the same value everywhere: " + base::number(summary_.low));
  if (modality_ == "rgb" && summary_.saturated_share() > kSaturatedPixels)
    suspect(base::fixed(100.0 * summary_.saturated_share(), 0) + " % of the values are 0 or 255");
  if (modality_ == "rgb" && summary_.constant > 0)
    suspect(std::to_string(summary_.constant) + " images of a single colour value");
  return all;
}

}  // namespace taskonomy::checks
