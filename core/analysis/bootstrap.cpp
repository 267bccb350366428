#include "core/analysis/bootstrap.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/analysis/resampling.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

namespace {

using affinity::AffinityTable;
using affinity::LossTable;
using taxonomy::Taxonomy;

constexpr std::size_t kAtOnce = 64;  // replicates whose win matrices are held in memory together

/// Targets that share each draw: those with the same test images, or all of them where scenes are drawn,
/// which views of every kind show.
struct DrawnTogether {
  std::vector<std::size_t> tables;
  std::vector<std::vector<std::size_t>> block_of_image;  ///< per one of `tables`, [N]
  std::size_t blocks = 0;
};

std::vector<std::vector<std::size_t>> tables_drawn_together(const std::vector<LossTable>& tables,
                                                            Block block) {
  std::map<std::vector<std::string>, std::size_t> known;
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const auto images = block == Block::scene ? std::vector<std::string>{} : tables[t].images;
    const auto [place, fresh] = known.emplace(images, groups.size());
    if (fresh) groups.emplace_back();
    groups[place->second].push_back(t);
  }
  return groups;
}

std::vector<DrawnTogether> draw_groups(const std::vector<LossTable>& tables, Block block) {
  std::vector<DrawnTogether> groups;
  for (auto& members : tables_drawn_together(tables, block)) {
    std::vector<std::string> images;
    for (const auto t : members)
      images.insert(images.end(), tables[t].images.begin(), tables[t].images.end());
    const Blocks blocks = blocks_of(images, block);
    DrawnTogether group{std::move(members), {}, blocks.count};
    auto begin = blocks.of_image.begin();
    for (const auto t : group.tables) {
      const auto end = begin + static_cast<std::ptrdiff_t>(tables[t].images.size());
      group.block_of_image.emplace_back(begin, end);
      begin = end;
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

/// Draws for one replicate how often each block counts, so that every table keeps a usable image.
std::vector<float> draw_blocks(const DrawnTogether& group,
                               const std::vector<std::vector<std::size_t>>& usable, Draws& draws) {
  const auto keeps_one = [&](std::size_t member, const std::vector<float>& count) {
    const auto& images = usable[group.tables[member]];
    return std::any_of(images.begin(), images.end(),
                       [&](std::size_t n) { return count[group.block_of_image[member][n]] > 0.0F; });
  };
  for (;;) {
    std::vector<float> count(group.blocks, 0.0F);
    for (std::size_t b = 0; b < count.size(); ++b) count[draws.below(count.size())] += 1.0F;
    bool sound = true;
    for (std::size_t member = 0; member < group.tables.size(); ++member) sound &= keeps_one(member, count);
    if (sound) return count;
  }
}

/// What is resampled.
struct TestSet {
  const std::vector<LossTable>& tables;
  std::vector<DrawnTogether> groups;
  std::vector<std::vector<std::size_t>> usable;  ///< per table, its images without NaN
};

/// How often each image of a table counts in each of some draws.
ImageWeights weights_of(const std::vector<std::size_t>& block_of_image,
                        const std::vector<std::vector<float>>& counts) {
  ImageWeights weights(block_of_image.size(), counts.size());
  for (std::size_t n = 0; n < block_of_image.size(); ++n)
    for (std::size_t r = 0; r < counts.size(); ++r)
      weights(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(r)) = counts[r][block_of_image[n]];
  return weights;
}

/// Affinity tables of the replicates [begin, end), rows as in the real table. A replicate's draws depend only
/// on the seed and its number.
std::vector<AffinityTable> replicate_tables(const TestSet& what, std::uint64_t seed, std::size_t begin,
                                            std::size_t end) {
  const auto& tables = what.tables;
  std::vector<std::vector<affinity::Tournament>> played(tables.size());
  for (std::size_t g = 0; g < what.groups.size(); ++g) {
    const auto& group = what.groups[g];
    std::vector<std::vector<float>> counts;
    for (std::size_t r = begin; r < end; ++r) {
      Draws draws(seed, "bootstrap/" + std::to_string(g) + "/" + std::to_string(r));
      counts.push_back(draw_blocks(group, what.usable, draws));
    }
    for (std::size_t member = 0; member < group.tables.size(); ++member)
      played[group.tables[member]] =
          play_resampled(tables[group.tables[member]], weights_of(group.block_of_image[member], counts));
  }
  std::vector<AffinityTable> replicates(end - begin);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    for (std::size_t r = 0; r < replicates.size(); ++r) {
      const auto rows = affinity::affinity_of(tables[t].target, played[t][r]);
      replicates[r].rows.insert(replicates[r].rows.end(), rows.begin(), rows.end());
    }
  }
  return replicates;
}

using RowKey = std::pair<std::string, std::vector<std::string>>;  // target, sources
RowKey key_of(const affinity::AffinityRow& row) { return {row.target, row.sources}; }

/// What one budget's optimum was worth in the replicates so far, and what their own optima were.
struct Tally {
  std::vector<double> objective, gain, quality;  ///< of the real optimum
  std::map<std::string, std::size_t> sources;
  std::map<RowKey, std::size_t> transfers;

  void judge(const Taxonomy& same, const taxonomy::Options& options) {
    const auto means = means_of(same);
    objective.push_back(taxonomy::objective_of(same.transfers, options));
    gain.push_back(means.gain);
    quality.push_back(means.quality);
  }
  void count(const Taxonomy& own) {
    for (const auto& source : own.sources) ++sources[source];
    for (const auto& row : own.transfers) ++transfers[key_of(row)];
  }
};

/// The same transfers with the figures of a replicate, whose rows stand where `places` says.
Taxonomy in_replicate(const Taxonomy& real, const AffinityTable& replicate,
                      const std::map<RowKey, std::size_t>& places) {
  Taxonomy same;
  for (const auto& row : real.transfers) same.transfers.push_back(replicate.rows[places.at(key_of(row))]);
  return same;
}

BudgetStability stability_of(const Taxonomy& real, Tally tally, double level) {
  const auto means = means_of(real);
  const auto count = static_cast<double>(tally.objective.size());
  BudgetStability result{real.budget,
                         percentile_interval(real.objective, std::move(tally.objective), level),
                         percentile_interval(means.gain, std::move(tally.gain), level),
                         percentile_interval(means.quality, std::move(tally.quality), level),
                         {},
                         {}};
  const auto share = [&](std::size_t times) { return static_cast<double>(times) / count; };
  const std::set<std::string> chosen(real.sources.begin(), real.sources.end());
  for (const auto& [source, times] : tally.sources)
    result.sources.push_back({source, share(times), chosen.count(source) > 0});
  std::stable_sort(result.sources.begin(), result.sources.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  for (const auto& row : real.transfers) {  // the real optimum has one transfer for each target
    const auto first = static_cast<std::ptrdiff_t>(result.transfers.size());
    for (const auto& [key, times] : tally.transfers) {
      if (key.first == row.target)
        result.transfers.push_back({key.second, key.first, share(times), key == key_of(row)});
    }
    std::stable_sort(result.transfers.begin() + first, result.transfers.end(),
                     [](const auto& a, const auto& b) { return a.probability > b.probability; });
  }
  return result;
}

/// Replicates of the figures of each row: [rows][replicates].
struct RowReplicates {
  std::vector<std::vector<double>> affinity, gain, quality;

  explicit RowReplicates(std::size_t rows) : affinity(rows), gain(rows), quality(rows) {}
  void add(const AffinityTable& replicate) {
    for (std::size_t i = 0; i < replicate.rows.size(); ++i) {
      affinity[i].push_back(replicate.rows[i].affinity);
      gain[i].push_back(replicate.rows[i].gain);
      quality[i].push_back(replicate.rows[i].quality);
    }
  }
};

std::vector<TransferIntervals> intervals_of(const AffinityTable& real, RowReplicates replicates,
                                            double level) {
  std::vector<TransferIntervals> result;
  for (std::size_t i = 0; i < real.rows.size(); ++i) {
    const auto& row = real.rows[i];
    result.push_back({row.sources, row.target,
                      percentile_interval(row.affinity, std::move(replicates.affinity[i]), level),
                      percentile_interval(row.gain, std::move(replicates.gain[i]), level),
                      percentile_interval(row.quality, std::move(replicates.quality[i]), level)});
  }
  return result;
}

}  // namespace

void BootstrapOptions::validate() const {
  if (replicates < 2) throw base::Error("replicates: expected at least 2, got " + std::to_string(replicates));
  if (!(level > 0.0 && level < 1.0))
    throw base::Error("level: expected a share between 0 and 1, got " + base::number(level));
}

Bootstrap bootstrap(const std::vector<LossTable>& tables, const taxonomy::Options& options,
                    const BootstrapOptions& how) {
  how.validate();
  AffinityTable real;
  TestSet test_set{tables, draw_groups(tables, how.block), {}};
  for (const auto& table : tables) {
    const auto rows = affinity::affinity_of(table);
    real.rows.insert(real.rows.end(), rows.begin(), rows.end());
    test_set.usable.push_back(table.usable_images());
  }
  const auto optima = taxonomy::sweep(real, options);
  std::map<RowKey, std::size_t> places;
  for (std::size_t i = 0; i < real.rows.size(); ++i) places[key_of(real.rows[i])] = i;
  RowReplicates rows(real.rows.size());
  std::vector<Tally> tallies(optima.size());
  for (std::size_t begin = 0; begin < how.replicates; begin += kAtOnce) {
    const std::size_t end = std::min(how.replicates, begin + kAtOnce);
    for (const auto& replicate : replicate_tables(test_set, how.seed, begin, end)) {
      rows.add(replicate);
      const auto sweep = taxonomy::sweep(replicate, options);
      for (std::size_t b = 0; b < optima.size(); ++b) {
        tallies[b].judge(in_replicate(optima[b], replicate, places), options);
        if (const auto* own = taxonomy::optimum_at(sweep, optima[b].budget)) tallies[b].count(*own);
      }
    }
  }
  Bootstrap result{how, 0, 0, intervals_of(real, std::move(rows), how.level), {}};
  std::set<std::string> images;
  for (const auto& table : tables) images.insert(table.images.begin(), table.images.end());
  result.images = images.size();
  for (const auto& group : test_set.groups) result.blocks += group.blocks;
  for (std::size_t b = 0; b < optima.size(); ++b)
    result.budgets.push_back(stability_of(optima[b], std::move(tallies[b]), how.level));
  return result;
}

}  // namespace taskonomy::analysis
