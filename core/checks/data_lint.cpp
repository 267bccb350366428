#include "core/checks/data_lint.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <taskonomy/sdk/toolbox/geometry.hpp>
#include <taskonomy/sdk/toolbox/pose.hpp>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/data/example_writer.hpp"

namespace taskonomy::checks {

namespace {

// Beyond these limits of rooms and streets, a wrong unit is the likelier explanation.
constexpr double kFarthestMedian = 50.0, kNearestMedian = 0.05;  // metres
// Half of what a camera sees of a room lies nearer than 3 m. Millimetres that are read as 1/512 m, the unit of the
// Taskonomy data set, come out 1.95 times too far, which only this can tell from a hall.
constexpr double kFarForRoom = 1.5 * 3.0;  // metres
constexpr double kMillimetresAs512ths = 1000.0 / 512.0;
constexpr double kUnitTolerance = 0.02;               // of a vector's length
constexpr double kNarrowest = 10.0, kWidest = 170.0;  // field of view, degrees
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

/// Intrinsics [1,3,3] of a camera that sees 67 degrees across: near enough to any to tell front from back.
torch::Tensor usual_camera(std::int64_t height, std::int64_t width) {
  const auto h = static_cast<float>(height), w = static_cast<float>(width);
  return torch::tensor({0.75F * w, 0.0F, 0.5F * w, 0.0F, 0.75F * w, 0.5F * h, 0.0F, 0.0F, 1.0F})
      .reshape({1, 3, 3});
}

constexpr double kSaturatedLabels = 0.9;  // a share; labels of edges are mostly 0, so half would say nothing

/// "3 of 12 samples".
std::string of_samples(std::int64_t part, std::int64_t all) {
  return std::to_string(part) + " of " + std::to_string(all) + " samples";
}

}  // namespace

void ValueSummary::add(const torch::Tensor& values, const torch::Tensor& valid_values, double lowest,
                       double highest) {
  ++tensors;
  all += static_cast<double>(values.numel());
  const auto counted =
      values.to(torch::kFloat64).masked_select(valid_values.expand_as(values).to(torch::kBool));
  if (counted.numel() == 0) {
    ++empty;
    return;
  }
  const double least = counted.min().item<double>(), most = counted.max().item<double>();
  if (values.numel() > 1 && least == most) ++constant;
  low = std::min(low, least);
  high = std::max(high, most);
  sum += counted.sum().item<double>();
  valid += static_cast<double>(counted.numel());
  saturated += counted.le(lowest).logical_or(counted.ge(highest)).sum().item<double>();
}

ModalityLint::ModalityLint(std::string modality, std::int64_t classes)
    : modality_(std::move(modality)), classes_(classes) {}

void ModalityLint::note(const std::string& rule, const std::string& sample_id) {
  auto& broken = broken_[rule];
  if (broken.samples++ == 0) broken.first = sample_id;
}

void ModalityLint::add(const torch::Tensor& values, const std::string& sample_id, std::int64_t side,
                       const torch::Tensor& intrinsics) {
  if (modality_ == "rgb") {
    const auto pixels = values.flatten(2);  // [V,3,H*W]
    if (pixels.size(2) > 1 && pixels.amax(2).eq(pixels.amin(2)).all(1).any().item<bool>())
      note("one colour all over (a black view, or a photograph of 1 x 1 pixels)", sample_id);
    summary_.add(values, torch::ones({1}, torch::kBool), 0.0, 255.0);
  } else {
    summary_.add(values, valid_of(modality_, values));
  }
  if (is_depth(modality_)) check_depth(values);
  if (modality_ == "normal" || modality_ == "vanishing_points") check_lengths(values, sample_id);
  if (modality_ == "normal") check_side(values, sample_id, intrinsics);
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

void ModalityLint::check_lengths(const torch::Tensor& values, const std::string& sample_id) {
  const auto length = values.to(torch::kFloat32).norm(2, modality_ == "normal" ? 1 : -1);
  const auto wrong = length.gt(0).logical_and((length - 1.0).abs().gt(kUnitTolerance));
  if (wrong.any().item<bool>()) note("vectors that are not of unit length", sample_id);
}

/// What a camera sees faces it: its normal points against the direction of the ray through its pixel. The sign of z
/// alone would not do, because a wall at the image's side may face forward and still be seen.
void ModalityLint::check_side(const torch::Tensor& normals, const std::string& sample_id,
                              const torch::Tensor& intrinsics) {
  const std::int64_t height = normals.size(2), width = normals.size(3);
  const auto camera = intrinsics.defined() ? intrinsics.to(torch::kFloat32) : usual_camera(height, width);
  const auto along = (normals.to(torch::kFloat32) * sdk::view_directions(camera, height, width)).sum(1);
  const auto known = normals.ne(0).any(1);
  const auto away = along.gt(0).logical_and(known).sum().item<double>();
  if (away > 0.5 * known.sum().item<double>())
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
  if (median > kFarForRoom)
    return text + "that is far for rooms. If the files hold millimetres and are read as 1/512 m, all is " +
           base::fixed(kMillimetresAs512ths, 2) + " times too far: multiplied by 0.512, values would give " +
           base::fixed(median / kMillimetresAs512ths, 1) + " m";
  if (median < kNearestMedian) return text + "were metres divided as if they were millimetres?";
  return "";
}

std::vector<Remark> ModalityLint::remarks() const {
  const std::string subject = "modality " + modality_;
  std::vector<Remark> all;
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
  return all;
}

void LabelLint::add(const sdk::Sample& sample) {
  const auto& info = task_.info();
  try {
    const auto example = data::example_of(task_, sample, seed_);
    const auto valid = example.mask.defined() ? example.mask : torch::ones({1}, torch::kBool);
    summary_.add(example.target, valid, info.target.low, info.target.high);
  } catch (const base::Error& error) {
    if (left_out_++ == 0) first_left_out_ = sample.id + ": " + error.what();
    if (!labels_may_lack_ || data::lacking_label(info, sample).empty()) ++refused_;
  }
}

std::vector<Remark> LabelLint::remarks() const {
  const std::string subject = "task " + task();
  const std::int64_t all = left_out_ + summary_.tensors;
  std::vector<Remark> found;
  const auto add = [&](Gravity gravity, const std::string& text) {
    found.push_back({gravity, subject, text});
  };
  if (left_out_ > 0) {
    const bool too_many = static_cast<double>(refused_) > data::kToleratedShare * static_cast<double>(all);
    add(too_many ? Gravity::fault : Gravity::suspicion,
        "no example of " + of_samples(left_out_, all) +
            (too_many
                 ? ", more than the " + base::number(100.0 * data::kToleratedShare) + " % that a run takes"
                 : "") +
            ", first " + first_left_out_);
  }
  if (summary_.tensors == 0) return found;
  if (summary_.valid == 0.0) {
    add(Gravity::fault, "no sample has a label that counts: everything is masked");
    return found;
  }
  if (summary_.empty > 0)
    add(Gravity::suspicion, "everything is masked in " + of_samples(summary_.empty, summary_.tensors));
  if (summary_.tensors > 1 && summary_.low == summary_.high)
    add(Gravity::suspicion,
        "every label is the same, " + base::number(summary_.low) + ": there is nothing to learn");
  else if (task_.info().mask == sdk::MaskKind::pixel && summary_.constant * 2 > summary_.tensors)
    add(Gravity::suspicion, "one value throughout in " + of_samples(summary_.constant, summary_.tensors));
  if (task_.info().target.dtype == torch::kFloat32 && task_.info().target.shape.size() == 3 &&
      summary_.saturated_share() > kSaturatedLabels)
    add(Gravity::suspicion,
        base::fixed(100.0 * summary_.saturated_share(), 0) + " % of the values lie at an end of the range " +
            base::number(task_.info().target.low) + " to " + base::number(task_.info().target.high));
  return found;
}

}  // namespace taskonomy::checks
