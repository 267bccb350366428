#include "core/analysis/run_difference.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/analysis/resampling.hpp"
#include "core/base/text.hpp"

namespace taskonomy::analysis {

namespace {

using affinity::AffinityRow;
using affinity::LossTable;
using taxonomy::Taxonomy;

/// One value per draw.
using Replicates = std::vector<double>;

/// How often each block of test images counts in each draw, for both runs together.
class SharedDraws {
 public:
  SharedDraws(Block block, bool same_images) : block_(block), same_images_(same_images) {}

  /// The numbers of the blocks of these images of one of the runs.
  std::vector<std::size_t> blocks_of(const std::vector<std::string>& images, const char* run) {
    std::vector<std::size_t> blocks;
    for (const auto& image : images) {
      const std::string name = block_ == Block::scene ? scene_of(image) : image;
      blocks.push_back(number_.emplace((same_images_ ? "" : run) + name, number_.size()).first->second);
    }
    return blocks;
  }

  void draw(const BootstrapOptions& how) {
    for (std::size_t r = 0; r < how.replicates; ++r) {
      Draws draws(how.seed, "two runs/" + std::to_string(r));
      std::vector<float> count(number_.size(), 0.0F);
      for (std::size_t b = 0; b < count.size(); ++b) count[draws.below(count.size())] += 1.0F;
      counts_.push_back(std::move(count));
    }
  }
  const std::vector<std::vector<float>>& counts() const { return counts_; }

 private:
  Block block_;
  bool same_images_;
  std::map<std::string, std::size_t> number_;
  std::vector<std::vector<float>> counts_;
};

/// Resampled win rates of one run's transfers; each is computed when it is first asked for.
class ResampledRates {
 public:
  ResampledRates(const std::vector<LossTable>& losses, const char* run, SharedDraws& draws) : draws_(draws) {
    for (const auto& table : losses)
      of_target_[table.target] = {&table, table.usable_images(), draws.blocks_of(table.images, run)};
  }

  /// Of a transfer against a reference; NaN where one of them has no losses.
  const Replicates& of(const AffinityRow& row, const std::string& reference) {
    const auto name = base::join(row.sources, "+");
    const auto [place, fresh] = known_.try_emplace(row.target + '\n' + name + '\n' + reference);
    if (fresh) place->second = rates(row.target, name, reference);
    return place->second;
  }

  /// The mean of one number per image, over images that have one.
  Replicates means(const std::string& target, const std::vector<double>& values) const {
    Replicates all(draws_.counts().size(), affinity::kUnknown);
    const auto found = of_target_.find(target);
    if (found == of_target_.end() || found->second.block_of_image.size() != values.size()) return all;
    for (std::size_t r = 0; r < all.size(); ++r) {
      double sum = 0.0, images = 0.0;
      for (std::size_t n = 0; n < values.size(); ++n) {
        if (std::isnan(values[n])) continue;
        const double count = draws_.counts()[r][found->second.block_of_image[n]];
        sum += count * values[n];
        images += count;
      }
      all[r] = sum / images;
    }
    return all;
  }

 private:
  struct Target {
    const LossTable* losses = nullptr;
    std::vector<std::size_t> usable;
    std::vector<std::size_t> block_of_image;
  };

  Replicates rates(const std::string& target, const std::string& name, const std::string& reference) const {
    Replicates all(draws_.counts().size(), affinity::kUnknown);
    const auto found = of_target_.find(target);
    if (found == of_target_.end()) return all;
    const auto& [losses, usable, block] = found->second;
    const auto own = losses->find(name), other = losses->find(reference);
    if (!own || !other) return all;
    for (std::size_t r = 0; r < all.size(); ++r) {
      double won = 0.0, images = 0.0;
      for (const std::size_t n : usable) {
        const double count = draws_.counts()[r][block[n]];
        const double a = losses->loss[*own][n], b = losses->loss[*other][n];
        won += count * (a < b ? 1.0 : a == b ? 0.5 : 0.0);
        images += count;
      }
      all[r] = won / images;  // NaN where the draw has none of its images
    }
    return all;
  }

  SharedDraws& draws_;
  std::map<std::string, Target> of_target_;
  std::map<std::string, Replicates> known_;
};

Replicates difference(const Replicates& a, const Replicates& b) {
  Replicates result(a.size());
  for (std::size_t r = 0; r < a.size(); ++r) result[r] = b[r] - a[r];
  return result;
}

/// Differences of the targets of one budget, with those of their means.
class Differences {
 public:
  explicit Differences(std::size_t replicates) : sum_(replicates, 0.0) {}
  /// A target's own difference, with its replicates.
  void add(double estimate, const Replicates& replicates) {
    if (std::isnan(estimate)) return;
    estimate_ += estimate;
    ++count_;
    for (std::size_t r = 0; r < sum_.size(); ++r) sum_[r] += replicates[r];
  }
  Interval mean(double level) const {
    if (count_ == 0) return {};
    Replicates means(sum_);
    for (auto& value : means) value /= static_cast<double>(count_);
    return percentile_interval(estimate_ / static_cast<double>(count_), std::move(means), level);
  }

 private:
  double estimate_ = 0.0;
  std::size_t count_ = 0;
  Replicates sum_;
};

/// The mean of the numbers that there are.
double mean_of(const std::vector<double>& values) {
  double sum = 0.0, count = 0.0;
  for (const double value : values)
    if (!std::isnan(value)) sum += value, ++count;
  return sum / count;
}

/// The row without the rates that the other one lacks.
AffinityRow with_known(AffinityRow row, const AffinityRow& other) {
  if (std::isnan(other.gain)) row.gain = affinity::kUnknown;
  if (std::isnan(other.quality)) row.quality = affinity::kUnknown;
  return row;
}

const AffinityRow* row_of(const Taxonomy& taxonomy, const std::string& target) {
  for (const auto& row : taxonomy.transfers)
    if (row.target == target) return &row;
  return nullptr;
}

std::vector<std::string> targets_of(const Taxonomy& taxonomy) {
  std::vector<std::string> targets;
  for (const auto& row : taxonomy.transfers) targets.push_back(row.target);
  return targets;
}

/// Those of `names` that `others` has, or lacks.
std::vector<std::string> among(const std::vector<std::string>& names, const std::vector<std::string>& others,
                               bool has) {
  std::vector<std::string> result;
  for (const auto& name : names)
    if ((std::find(others.begin(), others.end(), name) != others.end()) == has) result.push_back(name);
  return result;
}

std::vector<double> common_budgets(const ComparedRun& a, const ComparedRun& b) {
  const double first = std::max(a.sweep.front().budget, b.sweep.front().budget);
  std::set<double> all{first};
  for (const auto* run : {&a, &b})
    for (const auto& taxonomy : run->sweep)
      if (taxonomy.budget > first) all.insert(taxonomy.budget);
  const std::vector<double> budgets(all.begin(), all.end());
  if (budgets.size() <= kMostBudgets) return budgets;
  std::vector<double> picked;
  for (std::size_t k = 0; k < kMostBudgets; ++k)
    picked.push_back(budgets[k * (budgets.size() - 1) / (kMostBudgets - 1)]);
  return picked;
}

/// Compares taxonomies target by target.
class Comparer {
 public:
  Comparer(const ComparedRun& a, const ComparedRun& b, bool same_images, const BootstrapOptions& how)
      : of_a_(a),
        of_b_(b),
        how_(how),
        draws_(block_of(a, b), same_images),
        a_(a.losses, "a:", draws_),
        b_(b.losses, "b:", draws_) {
    if (!a.losses.empty() && !b.losses.empty()) draws_.draw(how);
  }

  BudgetDifference at(double budget, const Taxonomy& a, const Taxonomy& b,
                      const std::vector<std::string>& targets) {
    BudgetDifference result{budget, a, b, {}, {}, {}, {}, {}};
    Differences gains(draws_.counts().size()), qualities(draws_.counts().size());
    Taxonomy of_a, of_b;  // of the common targets
    for (const auto& target : targets) {
      TargetDifference one{*row_of(a, target), *row_of(b, target), {}, {}};
      of_a.transfers.push_back(with_known(one.a, one.b));
      of_b.transfers.push_back(with_known(one.b, one.a));
      one.gain = compared(one.b.gain - one.a.gain, one, affinity::kScratch, gains);
      one.quality = compared(one.b.quality - one.a.quality, one, target, qualities);
      result.targets.push_back(std::move(one));
    }
    result.mean_a = means_of(of_a);
    result.mean_b = means_of(of_b);
    result.gain = gains.mean(how_.level);
    result.quality = qualities.mean(how_.level);
    return result;
  }

  std::vector<ValueDifference> values(const std::vector<std::string>& targets) const {
    std::vector<ValueDifference> all;
    for (const auto& target : targets) {
      const auto a = of_a_.values.find(target), b = of_b_.values.find(target);
      if (a == of_a_.values.end() || b == of_b_.values.end()) continue;
      ValueDifference one{target, mean_of(a->second), mean_of(b->second), {}};
      const auto replicates = difference(a_.means(target, a->second), b_.means(target, b->second));
      one.difference = percentile_interval(one.b - one.a, replicates, how_.level);
      all.push_back(std::move(one));
    }
    return all;
  }

 private:
  static Block block_of(const ComparedRun& a, const ComparedRun& b) {
    for (const auto* run : {&a, &b})
      if (run->losses.empty() || default_block(run->losses.front()) == Block::image) return Block::image;
    return Block::scene;
  }

  Interval compared(double estimate, const TargetDifference& rows, const std::string& reference,
                    Differences& all) {
    const auto replicates = difference(a_.of(rows.a, reference), b_.of(rows.b, reference));
    all.add(estimate, replicates);
    return std::isnan(estimate) ? Interval{} : percentile_interval(estimate, replicates, how_.level);
  }

  const ComparedRun &of_a_, &of_b_;
  BootstrapOptions how_;
  SharedDraws draws_;
  ResampledRates a_, b_;
};

}  // namespace

RunDifference run_difference(const ComparedRun& a, const ComparedRun& b, bool same_images,
                             const BootstrapOptions& how) {
  how.validate();
  const auto of_a = targets_of(a.sweep.front()), of_b = targets_of(b.sweep.front());
  RunDifference result{among(of_a, of_b, true),
                       among(of_a, of_b, false),
                       among(of_b, of_a, false),
                       how.level,
                       !a.losses.empty() && !b.losses.empty(),
                       {},
                       {}};
  if (result.targets.empty()) return result;
  Comparer comparer(a, b, same_images, how);
  for (const double budget : common_budgets(a, b))
    result.budgets.push_back(comparer.at(budget, *taxonomy::optimum_at(a.sweep, budget),
                                         *taxonomy::optimum_at(b.sweep, budget), result.targets));
  result.values = comparer.values(result.targets);
  return result;
}

}  // namespace taskonomy::analysis
