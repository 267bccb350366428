#include "core/analysis/statistics.hpp"

#include "core/affinity/tournament.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

void StatisticsOptions::validate() const {
  bootstrap.validate();
  if (random_taxonomies < 2)
    throw base::Error("random taxonomies: expected at least 2, got " + std::to_string(random_taxonomies));
  if (!(false_discoveries > 0.0 && false_discoveries < 1.0))
    throw base::Error("false discoveries: expected a share between 0 and 1, got " +
                      base::number(false_discoveries));
}

Statistics statistics_of(const affinity::AffinityTable& table, const std::vector<affinity::LossTable>& losses,
                         const taxonomy::Options& options, const StatisticsOptions& how) {
  how.validate();
  Statistics result;
  result.options = how;
  result.significance =
      significance_by_budget(table, options, how.random_taxonomies, how.bootstrap.seed, result.notes);
  result.orders = benefit_of_orders(table);
  if (losses.empty()) {
    result.notes.emplace_back(
        "intervals, inclusion probabilities, paired tests and consistency need the losses of a run; this is "
        "a bare table");
    return result;
  }
  const auto scenes = blocks_of(losses.front().images, Block::scene).count;
  if (how.bootstrap.block == Block::image && scenes < losses.front().images.size()) {
    result.notes.push_back(
        "the " + std::to_string(losses.front().images.size()) + " test images are views of " +
        std::to_string(scenes) +
        " scenes; views of one scene are alike, and scenes as blocks give wider, safer intervals");
  }
  result.bootstrap = bootstrap(losses, options, how.bootstrap);
  for (const auto& target : losses)
    result.consistency.push_back(consistency_of(target.target, affinity::play(target)));
  result.pairs = pair_tests(losses, how.bootstrap.block);
  return result;
}

}  // namespace taskonomy::analysis
