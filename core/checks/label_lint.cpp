#include "core/checks/label_lint.hpp"

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::checks {

namespace {

constexpr double kSaturatedLabels = 0.9;  // edges are mostly 0, so half would be no sign

std::string of(std::int64_t part, std::int64_t all) {
  return std::to_string(part) + " of " + std::to_string(all) + " samples";
}

}  // namespace

void LabelLint::add(const sdk::Sample& sample) {
  const auto& info = task_.info();
  try {
    const auto example = host::call(info.id, "make_example", [&] {
      const auto seed = base::seed_of(base::seed_of(seed_, "examples/" + info.id), sample.id);
      auto generator = torch::make_generator<torch::CPUGeneratorImpl>(seed);
      return task_.make_example(sample, generator);
    });
    const auto valid = example.mask.defined() ? example.mask : torch::ones({1}, torch::kBool);
    summary_.add(example.target, valid, info.target.low, info.target.high);
  } catch (const base::Error& error) {
    if (left_out_++ == 0) first_left_out_ = sample.id + ": " + error.what();
  }
}

std::vector<Finding> LabelLint::findings() const {
  const std::string subject = "task " + task();
  const std::int64_t all = left_out_ + summary_.tensors;
  std::vector<Finding> found;
  const auto add = [&](Gravity gravity, const std::string& text) {
    found.push_back({gravity, subject, text});
  };
  if (left_out_ > 0) {
    const bool too_many = static_cast<double>(left_out_) > data::kToleratedShare * static_cast<double>(all);
    add(too_many ? Gravity::fault : Gravity::suspicion,
        "no example of " + of(left_out_, all) +
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
    add(Gravity::suspicion, "everything is masked in " + of(summary_.empty, summary_.tensors));
  if (summary_.tensors > 1 && summary_.low == summary_.high)
    add(Gravity::suspicion,
        "every label is the same, " + base::number(summary_.low) + ": there is nothing to learn");
  else if (task_.info().mask == sdk::MaskKind::pixel && summary_.constant * 2 > summary_.tensors)
    add(Gravity::suspicion, "one value throughout in " + of(summary_.constant, summary_.tensors));
  if (task_.info().target.dtype == torch::kFloat32 && task_.info().target.shape.size() == 3 &&
      summary_.saturated_share() > kSaturatedLabels)
    add(Gravity::suspicion,
        base::fixed(100.0 * summary_.saturated_share(), 0) + " % of the values lie at an end of the range " +
            base::number(task_.info().target.low) + " to " + base::number(task_.info().target.high));
  return found;
}

}  // namespace taskonomy::checks
