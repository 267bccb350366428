// metrics.*: what Metrics and PooledMetrics measure. Tournaments use the loss alone, but people read these numbers:
// the names say what they are, no image's value depends on another's, and nothing throws.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>

#include "batch.hpp"
#include "checks.hpp"
#include "second_device.hpp"

namespace taskonomy::sdk::testing {

namespace {

/// The two extensions of a task, one of which may be null.
struct Offered {
  const Metrics* single = nullptr;
  const PooledMetrics* pooled = nullptr;
};

/// Throws NotApplicable where the task offers neither.
Offered offered_by(const Task& task) {
  const Offered offered{extension_of<Metrics>(task), extension_of<PooledMetrics>(task)};
  if (offered.single == nullptr && offered.pooled == nullptr)
    throw NotApplicable{"the task offers neither taskonomy.metrics/1 nor taskonomy.pooled-metrics/1"};
  return offered;
}

/// What both give for a batch; undefined where not offered.
struct Values {
  torch::Tensor single;  ///< [B,K]
  torch::Tensor counts;  ///< [B,M]
  torch::Tensor pooled;  ///< [P]
};

Values values_of(const Subject& subject, const Batch& batch) {
  const torch::NoGradGuard no_grad;
  const Offered offered = offered_by(subject.task());
  Values values;
  if (offered.single != nullptr)
    values.single = offered.single->measure(batch.prediction, batch.target, batch.mask);
  if (offered.pooled == nullptr) return values;
  values.counts = offered.pooled->count(batch.prediction, batch.target, batch.mask);
  values.pooled = offered.pooled->pool(values.counts.to(torch::kFloat64).sum(0));
  return values;
}

/// The lists of both, the pooled ones first, as the host reports them.
std::vector<Metric> listed(const Offered& offered) {
  std::vector<Metric> all;
  if (offered.pooled != nullptr) all = offered.pooled->pooled_metrics();
  if (offered.single != nullptr)
    all.insert(all.end(), offered.single->metrics().begin(), offered.single->metrics().end());
  return all;
}

bool same_lists(const std::vector<Metric>& a, const std::vector<Metric>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Metric& x, const Metric& y) {
    return x.name == y.name && x.unit == y.unit && x.higher_is_better == y.higher_is_better;
  });
}

bool is_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

Finding named_metrics(Subject& subject) {
  const auto all = listed(offered_by(subject.task()));
  Problems problems;
  problems.expect(!all.empty(), "the list of metrics is empty");
  for (std::size_t index = 0; index < all.size(); ++index) {
    const auto& [name, unit, higher] = all[index];
    problems.expect(is_name(name), "the metric \"" + name + "\" is not made of a-z, 0-9, _ and .");
    const bool repeated = std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(index),
                                      [&](const Metric& other) { return other.name == name; });
    problems.expect(!repeated, "two metrics are called \"" + name + "\"");
    constexpr std::size_t kLongest = 24;
    problems.expect(
        unit.size() <= kLongest &&
            std::none_of(unit.begin(), unit.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }),
        "the unit of \"" + name + "\" does not fit the head of a column");
  }
  const auto other = subject.make(subject.side());
  problems.expect(same_lists(all, listed(offered_by(*other))), "another object of the task has another list");
  return problems.finding();
}

/// "[3,2]" of values that should be so.
void expect_rows(Problems& problems, const torch::Tensor& values, torch::Dtype type, std::int64_t images,
                 std::int64_t columns, const std::string& what) {
  const std::string expected = "[" + std::to_string(images) + "," + std::to_string(columns) + "]";
  problems.expect(values.defined() && values.scalar_type() == type && values.dim() == 2 &&
                      values.size(0) == images && values.size(1) == columns,
                  what + " gives " + text_of(values) + " for " + std::to_string(images) +
                      " images, expected " + (type == torch::kFloat32 ? "float " : "double ") + expected);
}

Finding shape_of_metrics(Subject& subject) {
  const Offered offered = offered_by(subject.task());
  Problems problems;
  const torch::NoGradGuard no_grad;
  std::int64_t sums = -1;
  for (const std::int64_t images : {std::int64_t{1}, kImages}) {
    const Batch batch = make_batch(subject, images);
    if (offered.single != nullptr)
      expect_rows(problems, offered.single->measure(batch.prediction, batch.target, batch.mask),
                  torch::kFloat32, images, static_cast<std::int64_t>(offered.single->metrics().size()),
                  "measure");
    if (offered.pooled == nullptr) continue;
    const torch::Tensor counts = offered.pooled->count(batch.prediction, batch.target, batch.mask);
    if (sums < 0 && counts.defined() && counts.dim() == 2) sums = counts.size(1);
    expect_rows(problems, counts, torch::kFloat64, images, sums, "count");
    if (!problems.empty()) continue;
    const torch::Tensor pooled = offered.pooled->pool(counts.sum(0));
    const auto expected = static_cast<std::int64_t>(offered.pooled->pooled_metrics().size());
    problems.expect(pooled.defined() && pooled.scalar_type() == torch::kFloat64 && pooled.dim() == 1 &&
                        pooled.size(0) == expected,
                    "pool gives " + text_of(pooled) + ", expected double [" + std::to_string(expected) + "]");
  }
  return problems.finding();
}

/// Names of the columns of [B,K] for which `chosen`, bool [K], is true: "rmse, iou".
std::string names_where(const torch::Tensor& chosen, const std::vector<Metric>& metrics) {
  std::string names;
  for (std::int64_t k = 0; k < chosen.numel(); ++k)
    if (chosen[k].item<bool>())
      names += (names.empty() ? "" : ", ") + metrics[static_cast<std::size_t>(k)].name;
  return names;
}

/// No value is infinite; with `some`, each metric has a value for one image at least.
void expect_numbers(Problems& problems, const Subject& subject, const Values& values, bool some,
                    const std::string& of) {
  const Offered offered = offered_by(subject.task());
  const auto look = [&](const torch::Tensor& rows, const std::vector<Metric>& metrics) {
    const auto infinite = names_where(rows.isinf().any(0), metrics),
               none = names_where(rows.isnan().all(0), metrics);
    problems.expect(infinite.empty(), infinite + " of " + of + " is infinite");
    problems.expect(!some || none.empty(), none + " of " + of + " is NaN for every image");
  };
  if (values.single.defined()) look(values.single, offered.single->metrics());
  if (values.pooled.defined()) look(values.pooled.unsqueeze(0), offered.pooled->pooled_metrics());
}

Finding finite_metrics(Subject& subject) {
  Problems problems;
  expect_numbers(problems, subject, values_of(subject, make_batch(subject, kImages)), /*some=*/true,
                 "an ordinary batch");
  return problems.finding();
}

bool alike(const torch::Tensor& a, const torch::Tensor& b) {
  if (!a.defined()) return !b.defined();
  return a.sizes() == b.sizes() &&
         torch::allclose(a.to(torch::kFloat64), b.to(torch::kFloat64), 1e-4, 1e-5, true);
}

/// The values of some images alike in both, as measure() and count() give them.
void expect_same(Problems& problems, const Values& a, const Values& b, const std::string& otherwise) {
  problems.expect(alike(a.single, b.single), otherwise);
  problems.expect(alike(a.counts, b.counts), otherwise + " (count)");
}

Values picked_rows(const Values& values, const std::vector<std::int64_t>& images) {
  const auto index = torch::tensor(images);
  const auto pick = [&](const torch::Tensor& rows) {
    return rows.defined() ? rows.index_select(0, index) : rows;
  };
  return {pick(values.single), pick(values.counts), {}};
}

Finding metrics_of_image_alone(Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  const Values together = values_of(subject, batch);
  expect_same(problems, picked_rows(together, {0}), values_of(subject, picked(batch, {0})),
              "an image has other values alone than as the first of " + std::to_string(kImages));
  expect_same(problems, picked_rows(together, {2, 0, 1}), values_of(subject, picked(batch, {2, 0, 1})),
              "images in another order have other values");
  return problems.finding();
}

Finding metrics_under_mask(Subject& subject) {
  (void)offered_by(subject.task());
  Problems problems;
  const Batch batch = partly_hidden(subject);
  const Values expected = values_of(subject, batch);
  expect_same(problems, expected, values_of(subject, poisoned(batch)),
              "NaN in the target under the mask changes a value");
  Batch changed = batch;
  changed.prediction =
      torch::where(hidden_places(batch, batch.prediction), batch.prediction * -2.0 + 3.0, batch.prediction);
  expect_same(problems, expected, values_of(subject, changed),
              "other predictions under the mask change a value");
  return problems.finding();
}

Finding metrics_of_empty_mask(Subject& subject) {
  (void)offered_by(subject.task());
  require_mask(subject);
  Problems problems;
  Batch batch = make_batch(subject, kImages);
  const Values before = values_of(subject, batch);
  batch.mask[0].fill_(false);
  const Values values = values_of(subject, batch);
  expect_numbers(problems, subject, values, /*some=*/false, "a batch with an empty mask");
  expect_same(problems, picked_rows(before, {1, 2}), picked_rows(values, {1, 2}),
              "an image with an empty mask changes the values of others");
  if (values.counts.defined())
    problems.expect(values.counts[0].eq(0.0).all().item<bool>(),
                    "an image with an empty mask adds to the sums of count");
  batch.mask.fill_(false);
  expect_numbers(problems, subject, values_of(subject, batch), /*some=*/false, "a batch of empty masks");
  return problems.finding();
}

/// The target itself must not score worse than chance: the sign of a metric is easily confused.
Finding direction_of_metrics(Subject& subject) {
  const Offered offered = offered_by(subject.task());
  Batch batch = make_batch(subject, kImages);
  const auto best = best_prediction(subject, batch);
  if (!best) throw NotApplicable{"the record does not tell which prediction equals the target"};
  Problems problems;
  const Values random = values_of(subject, batch);
  batch.prediction = *best;
  const Values perfect = values_of(subject, batch);
  const auto compare = [&](const torch::Tensor& of_random, const torch::Tensor& of_best,
                           const std::vector<Metric>& metrics) {
    for (std::size_t k = 0; k < metrics.size(); ++k) {
      const auto at = static_cast<std::int64_t>(k);
      const double chance = of_random[at].item<double>(), target = of_best[at].item<double>();
      const double gain = metrics[k].higher_is_better ? target - chance : chance - target;
      problems.expect(!(gain < -1e-6), metrics[k].name + " (" +
                                           (metrics[k].higher_is_better ? "higher" : "lower") +
                                           " is better) of the target itself is " + text_of(target) +
                                           ", of a random prediction " + text_of(chance));
    }
  };
  if (random.single.defined())
    compare(random.single.nanmean(0), perfect.single.nanmean(0), offered.single->metrics());
  if (random.pooled.defined()) compare(random.pooled, perfect.pooled, offered.pooled->pooled_metrics());
  return problems.finding();
}

Finding metrics_of_large_predictions(Subject& subject) {
  (void)offered_by(subject.task());
  Problems problems;
  Batch batch = make_batch(subject, kImages);
  for (const double value : {1e4, -1e4}) {
    batch.prediction = torch::full_like(batch.prediction, value);
    expect_numbers(problems, subject, values_of(subject, batch), /*some=*/false,
                   "predictions of " + text_of(value));
  }
  return problems.finding();
}

Finding metrics_in_place(Subject& subject) {
  (void)offered_by(subject.task());
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  const Batch before = picked(batch, {0, 1, 2});  // copies
  (void)values_of(subject, batch);
  problems.expect(same(batch.prediction, before.prediction), "the metrics changed the prediction");
  problems.expect(same(batch.target, before.target), "the metrics changed the target");
  problems.expect(same(batch.mask, before.mask), "the metrics changed the mask");
  return problems.finding();
}

Finding metrics_of_device(Subject& subject) {
  const Offered offered = offered_by(subject.task());
  Problems problems;
  Batch batch = make_batch(subject, kImages);
  const SecondDevice device;
  batch = {device.moved(batch.prediction), device.moved(batch.target), device.moved(batch.mask)};
  device.expect_unmixed(problems, [&] {
    if (offered.single != nullptr) (void)offered.single->measure(batch.prediction, batch.target, batch.mask);
    if (offered.pooled != nullptr) (void)offered.pooled->count(batch.prediction, batch.target, batch.mask);
  });
  return problems.finding();
}

}  // namespace

std::vector<Check> metrics_checks() {
  return {
      make_check("metrics.named", Level::quick,
                 "each metric has a name of a-z, 0-9, _ and . of its own and a short unit, and the list "
                 "stays the same",
                 "fill in Metric::name, unit and higher_is_better once, in the constructor", named_metrics),
      make_check("metrics.shape", Level::quick,
                 "measure gives float32 [B,K], count float64 [B,M], pool float64 [P], for one image and for "
                 "several, "
                 "and nothing throws: in a run the task then has no metrics",
                 "average over all dimensions but the first: mean_per_image() of metrics.hpp; stack what you "
                 "have on "
                 "dimension 1",
                 shape_of_metrics),
      make_check("metrics.finite", Level::quick, "no metric is infinite, and each has a value for some image",
                 "give NaN where an image has no value; look for log(0) and division by 0", finite_metrics),
      make_check("metrics.batch_independent", Level::quick,
                 "an image's values do not depend on the other images of its batch",
                 "reduce over all dimensions but the first; what needs all images is a PooledMetrics",
                 metrics_of_image_alone),
      make_check("metrics.mask_respected", Level::quick,
                 "what lies under the mask, NaN too, reaches no metric",
                 "mean_per_image() and median_per_image() of metrics.hpp take the mask", metrics_under_mask),
      make_check("metrics.empty_mask", Level::quick,
                 "an image with an empty mask has no value, NaN, and changes none of the others",
                 "divide by the number of valid pixels, where that is 0 give NaN", metrics_of_empty_mask),
      make_check("metrics.direction", Level::full,
                 "the target itself scores no worse than a random prediction: higher_is_better is right",
                 "check the sign, and that prediction and target are in the same units",
                 direction_of_metrics),
      make_check("metrics.large_predictions", Level::full, "predictions of +-10000 have no infinite metrics",
                 "clamp before exp(), and what can only be bounded", metrics_of_large_predictions),
      make_check("metrics.nothing_in_place", Level::quick,
                 "the metrics change neither prediction, target nor mask",
                 "avoid operations whose names end in _ on the arguments", metrics_in_place),
      make_check("metrics.device_agnostic", Level::full,
                 "the metrics take tensors of another device; the host brings the values to the CPU",
                 "make new tensors with prediction.options(), keep constants with to(prediction.device())",
                 metrics_of_device),
  };
}

}  // namespace taskonomy::sdk::testing
