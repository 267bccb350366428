#include "core/analysis/statistics.hpp"

#include <algorithm>

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
  const CrossFitOptions halves{std::min<std::size_t>(how.bootstrap.replicates, CrossFitOptions{}.replicates),
                               how.bootstrap.level, how.bootstrap.seed};
  if (how.judge == Judge::paper)
    result.judgement = judge_as_paper(table, options);
  else if (losses.empty())
    result.judgement = judge_as_paper(table, options, "a table has no test images to halve");
  else
    result.judgement = judge_by_halves(table, losses, options, halves);
  result.significance = significance_by_budget(result.judgement, options, how.random_taxonomies,
                                               how.bootstrap.seed, result.notes);
  if (losses.empty()) {
    result.notes.emplace_back(
        "intervals, inclusion probabilities, paired tests and consistency need the losses of a run; this is "
        "a bare table");
    return result;
  }
  const auto scenes = blocks_of(losses.front().images, Block::scene).count;
  if (how.bootstrap.block == Block::image && scenes < losses.front().images.size()) {
    result.notes.push_back("the " + std::to_string(losses.front().images.size()) +
                           " test images are views of " + std::to_string(scenes) +
                           " scenes; views of one scene are alike, and scenes as blocks (--block scene) give "
                           "wider, safer intervals");
  }
  result.bootstrap = bootstrap(losses, options, how.bootstrap);
  for (const auto& target : losses) {
    result.consistency.push_back(consistency_of(target.target, affinity::play(target)));
    result.best.push_back(test_best(target, how.judge, how.bootstrap.block, how.bootstrap.seed));
  }
  result.pairs = pair_tests(losses, how.bootstrap.block);
  return result;
}

}  // namespace taskonomy::analysis
