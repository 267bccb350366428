#include "core/analysis/cross_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "core/analysis/resampling.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/taxonomy/exchange.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

namespace {

using affinity::AffinityRow;
using affinity::AffinityTable;
using affinity::LossTable;
using taxonomy::Taxonomy;

constexpr std::size_t kPairsAtOnce = 32;  // pairs of drawn halves whose win matrices are in memory together

/// Mean Gain and Quality over all targets, then over those that borrow, and the objective: the intervals of a
/// JudgedBudget. relative_to_last() makes `reached` of the objective.
using Figures = std::array<double, 5>;
constexpr std::size_t kReached = 4;
constexpr Figures kUnknownFigures{affinity::kUnknown, affinity::kUnknown, affinity::kUnknown,
                                  affinity::kUnknown, affinity::kUnknown};

Figures figures_of(const Taxonomy& taxonomy, const taxonomy::Options& options) {
  Taxonomy borrowed;
  for (const auto& row : taxonomy.transfers)
    if (!row.is_self()) borrowed.transfers.push_back(row);
  const Means all = means_of(taxonomy), of_borrowers = means_of(borrowed);
  return {all.gain, all.quality, of_borrowers.gain, of_borrowers.quality,
          taxonomy::objective_of(taxonomy.transfers, options)};
}

/// Objectives of ascending budgets as shares of the last one's; NaN where that one is unknown.
void relative_to_last(std::vector<Figures>& figures) {
  if (figures.empty()) return;
  const double full = figures.back()[kReached];
  for (auto& one : figures) one[kReached] = full > 0.0 ? one[kReached] / full : full == 0.0 ? 1.0 : full;
}

double mean_of(double a, double b) { return 0.5 * (a + b); }

// ---- tables of halves

/// How often each scene counts: [scenes].
using SceneCounts = std::vector<float>;

/// Step III on the images of one half, each as often as `counts` says of its scene; rows as in the whole table.
std::vector<AffinityTable> tables_of(const std::vector<LossTable>& losses, const Halves& halves,
                                     const std::vector<SceneCounts>& counts) {
  std::vector<AffinityTable> tables(counts.size());
  for (std::size_t t = 0; t < losses.size(); ++t) {
    const auto& scene = halves.scene_of_image[t];
    ImageWeights weights(scene.size(), counts.size());
    for (std::size_t n = 0; n < scene.size(); ++n)
      for (std::size_t c = 0; c < counts.size(); ++c)
        weights(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(c)) = counts[c][scene[n]];
    const auto played = play_resampled(losses[t], weights);
    for (std::size_t c = 0; c < counts.size(); ++c) {
      const auto rows = affinity::affinity_of(losses[t].target, played[c]);
      tables[c].rows.insert(tables[c].rows.end(), rows.begin(), rows.end());
    }
  }
  return tables;
}

/// Each scene of one half once.
SceneCounts once_each(const Halves& halves, char half) {
  SceneCounts counts(halves.scenes, 0.0F);
  for (std::size_t s = 0; s < halves.scenes; ++s) counts[s] = halves.half[s] == half ? 1.0F : 0.0F;
  return counts;
}

/// The usable images' scenes of every table, each once.
std::vector<std::vector<std::size_t>> usable_scenes(const std::vector<LossTable>& losses,
                                                    const Halves& halves) {
  std::vector<std::vector<std::size_t>> result;
  for (std::size_t t = 0; t < losses.size(); ++t) {
    std::set<std::size_t> scenes;
    for (const auto n : losses[t].usable_images()) scenes.insert(halves.scene_of_image[t][n]);
    result.emplace_back(scenes.begin(), scenes.end());
  }
  return result;
}

/// As many scenes of one half as it has, with replacement, so that every table keeps a usable image.
SceneCounts draw_scenes(const Halves& halves, char half, const std::vector<std::vector<std::size_t>>& usable,
                        Draws& draws) {
  std::vector<std::size_t> scenes;
  for (std::size_t s = 0; s < halves.scenes; ++s)
    if (halves.half[s] == half) scenes.push_back(s);
  for (;;) {
    SceneCounts counts(halves.scenes, 0.0F);
    for (std::size_t k = 0; k < scenes.size(); ++k) counts[scenes[draws.below(scenes.size())]] += 1.0F;
    const bool sound = std::all_of(usable.begin(), usable.end(), [&](const auto& of_table) {
      return std::any_of(of_table.begin(), of_table.end(), [&](std::size_t s) { return counts[s] > 0.0F; });
    });
    if (sound) return counts;
  }
}

// ---- the choice of one half

/// What tells the rows of one order of a target: the number of sources that they are made of.
std::map<std::pair<std::string, std::size_t>, std::size_t> shortlist_lengths(const AffinityTable& table) {
  std::map<std::pair<std::string, std::size_t>, std::set<std::string>> sources;
  for (const auto& row : table.rows)
    if (row.sources.size() > 1)
      sources[{row.target, row.sources.size()}].insert(row.sources.begin(), row.sources.end());
  std::map<std::pair<std::string, std::size_t>, std::size_t> lengths;
  for (const auto& [key, names] : sources) lengths[key] = names.size();
  return lengths;
}

/// First-order sources of each target, best first; ties by name.
std::map<std::string, std::vector<std::string>> rank_sources(const AffinityTable& table) {
  std::map<std::string, std::vector<const AffinityRow*>> rows;
  for (const auto& row : table.rows)
    if (row.sources.size() == 1 && !row.is_self()) rows[row.target].push_back(&row);
  std::map<std::string, std::vector<std::string>> ranked;
  for (auto& [target, of_target] : rows) {
    std::sort(of_target.begin(), of_target.end(), [](const auto* a, const auto* b) {
      return a->affinity != b->affinity ? a->affinity > b->affinity : a->sources < b->sources;
    });
    for (const auto* row : of_target) ranked[target].push_back(row->sources.front());
  }
  return ranked;
}

/// Indices of the rows that a run on these images alone would have trained: all of first order, and higher orders of
/// sources that lead its own ranking.
std::vector<std::size_t> shortlisted_rows(const AffinityTable& table) {
  const auto lengths = shortlist_lengths(table);
  const auto ranked = rank_sources(table);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const bool kept = row.sources.size() < 2 || [&] {
      const auto found = ranked.find(row.target);
      if (found == ranked.end()) return true;
      const auto length = std::min(lengths.at({row.target, row.sources.size()}), found->second.size());
      const auto end = found->second.begin() + static_cast<std::ptrdiff_t>(length);
      return std::all_of(row.sources.begin(), row.sources.end(), [&](const std::string& source) {
        return std::find(found->second.begin(), end, source) != end;
      });
    }();
    if (kept) rows.push_back(i);
  }
  return rows;
}

AffinityTable pick(const AffinityTable& table, const std::vector<std::size_t>& rows) {
  AffinityTable result;
  for (const auto i : rows) result.rows.push_back(table.rows[i]);
  return result;
}

/// Where each transfer stands in tables whose rows have one order.
class RowPlaces {
 public:
  RowPlaces(const AffinityTable& table, const taxonomy::Options& options) : options_(options) {
    for (std::size_t i = 0; i < table.rows.size(); ++i) places_[key_of(table.rows[i])] = i;
  }
  /// The transfers of a taxonomy as other images judge them.
  [[nodiscard]] Figures judged(const Taxonomy& taxonomy, const AffinityTable& by) const {
    Taxonomy same;
    for (const auto& row : taxonomy.transfers) same.transfers.push_back(by.rows[places_.at(key_of(row))]);
    return figures_of(same, options_);
  }

 private:
  using Key = std::pair<std::string, std::vector<std::string>>;
  static Key key_of(const AffinityRow& row) { return {row.target, row.sources}; }
  std::map<Key, std::size_t> places_;
  const taxonomy::Options& options_;
};

/// A choice at each budget; nothing where no taxonomy fits.
using Choices = std::vector<std::optional<Taxonomy>>;

/// The optima of a half's own table.
Choices optima_of(const AffinityTable& half, const taxonomy::Options& options,
                  const std::vector<double>& budgets) {
  const auto sweep = taxonomy::sweep(pick(half, shortlisted_rows(half)), options);
  Choices choices;
  for (const double budget : budgets) {
    const auto* optimum = taxonomy::optimum_at(sweep, budget);
    choices.push_back(optimum ? std::optional(*optimum) : std::nullopt);
  }
  return choices;
}

/// The same by greedy exchange, which the search starts from: nearly always the optimum, and a hundred times faster than
/// its proof. Only the transfers are filled in.
Choices greedy_choices(const AffinityTable& half, const taxonomy::Options& options,
                       const std::vector<double>& budgets) {
  const auto table = pick(half, shortlisted_rows(half));
  const auto problem = taxonomy::make_problem(table, options);
  taxonomy::SourceSet sources(problem.sources.size(), 0);
  Choices choices;
  for (const double budget : budgets) {
    sources = taxonomy::improve(problem, budget, std::move(sources), {});
    auto& choice = choices.emplace_back();
    const auto edges = taxonomy::choose_edges(problem, budget, sources);
    if (!edges) continue;
    choice.emplace();
    for (std::size_t t = 0; t < problem.targets.size(); ++t)
      choice->transfers.push_back(table.rows[problem.edges[t][edges->edge[t]].row]);
  }
  return choices;
}

/// What choices are worth on the images of `by`; NaN where there is no choice.
std::vector<Figures> judged(const Choices& choices, const RowPlaces& places, const AffinityTable& by) {
  std::vector<Figures> figures;
  for (const auto& choice : choices) figures.push_back(choice ? places.judged(*choice, by) : kUnknownFigures);
  relative_to_last(figures);
  return figures;
}

// ---- intervals

/// Mean squares of the replicates' errors, per budget: replicates without a choice are left out.
class Errors {
 public:
  explicit Errors(std::size_t budgets) : sums_(budgets, Figures{}), counts_(budgets, Figures{}) {}
  void add(std::size_t budget, const Figures& error) {
    for (std::size_t f = 0; f < error.size(); ++f) {
      if (std::isnan(error[f])) continue;
      sums_[budget][f] += error[f] * error[f];
      counts_[budget][f] += 1.0;
    }
  }
  /// NaN where every replicate was left out.
  [[nodiscard]] double mean_square(std::size_t budget, std::size_t figure) const {
    return sums_[budget][figure] / counts_[budget][figure];
  }

 private:
  std::vector<Figures> sums_, counts_;
};

/// What the halves say of a budget, with t(scenes - 2) standard errors to both sides, cut at 0 and 1. (A
/// share of what is reached may itself exceed 1: one half's optimum is not the other's.)
Interval interval_of(double estimate, double square, std::size_t scenes, double level) {
  if (std::isnan(estimate)) return {};
  if (std::isnan(square)) return {estimate};
  // The bootstrap of m scenes has (m - 1) / m of the variance that m scenes have.
  const double per_half = static_cast<double>(scenes / 2);
  const double error = std::sqrt(square * per_half / std::max(1.0, per_half - 1.0));
  const double reach = student_quantile(0.5 + 0.5 * level, static_cast<double>(scenes) - 2.0) * error;
  return {estimate, std::max(0.0, estimate - reach), std::max(estimate, std::min(1.0, estimate + reach))};
}

/// Both halves' tables, and what is asked of every choice.
struct Trial {
  const std::vector<LossTable>& losses;
  const taxonomy::Options& options;
  const Halves& halves;
  const std::vector<double>& budgets;
  const RowPlaces& places;
};

/// Chooses on each half of `drawn` and adds by how much the other drawn half misses the other real half.
void add_errors(const Trial& trial, const AffinityTable* drawn, const std::vector<AffinityTable>& real,
                Errors& errors) {
  std::vector<Figures> error(trial.budgets.size(), Figures{});
  for (std::size_t half = 0; half < 2; ++half) {
    const auto choices = greedy_choices(drawn[half], trial.options, trial.budgets);
    const auto seen = judged(choices, trial.places, drawn[1 - half]);
    const auto truth = judged(choices, trial.places, real[1 - half]);
    for (std::size_t b = 0; b < error.size(); ++b)
      for (std::size_t f = 0; f < error[b].size(); ++f) error[b][f] += 0.5 * (seen[b][f] - truth[b][f]);
  }
  for (std::size_t b = 0; b < error.size(); ++b) errors.add(b, error[b]);
}

Errors resample(const Trial& trial, const std::vector<AffinityTable>& real, const CrossFitOptions& how) {
  const auto usable = usable_scenes(trial.losses, trial.halves);
  std::array<std::vector<std::vector<std::size_t>>, 2> of_half;
  for (const auto& scenes : usable)
    for (const char half : {0, 1}) {
      auto& list = of_half[static_cast<std::size_t>(half)].emplace_back();
      for (const auto s : scenes)
        if (trial.halves.half[s] == half) list.push_back(s);
    }
  Errors errors(trial.budgets.size());
  for (std::size_t begin = 0; begin < how.replicates; begin += kPairsAtOnce) {
    std::vector<SceneCounts> counts;
    for (std::size_t r = begin; r < std::min(how.replicates, begin + kPairsAtOnce); ++r) {
      Draws draws(how.seed, "halves/" + std::to_string(r));
      for (const char half : {0, 1})
        counts.push_back(draw_scenes(trial.halves, half, of_half[static_cast<std::size_t>(half)], draws));
    }
    const auto drawn = tables_of(trial.losses, trial.halves, counts);
    for (std::size_t r = 0; r < drawn.size(); r += 2) add_errors(trial, &drawn[r], real, errors);
  }
  return errors;
}

/// Benefit of orders, chosen on each half, judged on the other, averaged where both halves have the order.
std::vector<OrderBenefit> orders_by_halves(const std::vector<AffinityTable>& real) {
  std::array<std::vector<OrderBenefit>, 2> of_half;
  for (std::size_t half = 0; half < 2; ++half) {
    const auto rows = shortlisted_rows(real[half]);
    of_half[half] = benefit_of_orders(pick(real[half], rows), pick(real[1 - half], rows));
  }
  std::vector<OrderBenefit> both;
  for (const auto& a : of_half[0]) {
    const auto b = std::find_if(of_half[1].begin(), of_half[1].end(),
                                [&](const OrderBenefit& other) { return other.order == a.order; });
    if (b == of_half[1].end()) continue;
    both.push_back({a.order, std::min(a.targets, b->targets), mean_of(a.gain, b->gain),
                    mean_of(a.quality, b->quality), mean_of(a.gain_up_to, b->gain_up_to),
                    mean_of(a.quality_up_to, b->quality_up_to)});
  }
  return both;
}

std::vector<double> budgets_of_sweep(const AffinityTable& table, const taxonomy::Options& options) {
  std::vector<double> budgets;
  for (const auto& taxonomy : taxonomy::sweep(table, options)) budgets.push_back(taxonomy.budget);
  return budgets;
}

}  // namespace

void CrossFitOptions::validate() const {
  if (replicates < 2) throw base::Error("replicates: expected at least 2, got " + std::to_string(replicates));
  if (!(level > 0.0 && level < 1.0))
    throw base::Error("level: expected a share between 0 and 1, got " + base::number(level));
}

const JudgedBudget* Judgement::at(double budget) const {
  const JudgedBudget* found = nullptr;
  for (const auto& one : budgets)
    if (taxonomy::within(one.budget, budget)) found = &one;
  return found;
}

Judgement judge_as_paper(const AffinityTable& table, const taxonomy::Options& options, std::string reason) {
  Judgement judgement;
  judgement.reason = std::move(reason);
  const auto sweep = taxonomy::sweep(table, options);
  std::vector<Figures> figures;
  for (const auto& taxonomy : sweep) figures.push_back(figures_of(taxonomy, options));
  relative_to_last(figures);
  for (std::size_t b = 0; b < sweep.size(); ++b) {
    const auto& one = figures[b];
    judgement.budgets.push_back({sweep[b].budget, {one[0]}, {one[1]}, {one[2]}, {one[3]}, {one[4]}, {}});
  }
  judgement.orders = benefit_of_orders(table);
  judgement.table = table;
  return judgement;
}

Judgement judge_by_halves(const AffinityTable& table, const std::vector<LossTable>& losses,
                          const taxonomy::Options& options, const CrossFitOptions& how) {
  how.validate();
  const Halves halves = halve(losses, how.seed);
  if (auto reason = too_few_to_halve(losses, halves); !reason.empty())
    return judge_as_paper(table, options, std::move(reason));
  const auto real = tables_of(losses, halves, {once_each(halves, 0), once_each(halves, 1)});
  const auto budgets = budgets_of_sweep(table, options);
  const RowPlaces places(real[0], options);
  const Trial trial{losses, options, halves, budgets, places};
  const std::array<Choices, 2> choices{optima_of(real[0], options, budgets),
                                       optima_of(real[1], options, budgets)};
  const auto of_first = judged(choices[0], places, real[1]), of_second = judged(choices[1], places, real[0]);
  const Errors errors = resample(trial, real, how);
  Judgement judgement{Judge::halves, "", halves.scenes,          !losses.front().scenes_apart,
                      how.level,     {}, orders_by_halves(real), real[0]};
  for (std::size_t b = 0; b < budgets.size(); ++b) {
    const auto interval = [&](std::size_t f) {
      return interval_of(mean_of(of_first[b][f], of_second[b][f]), errors.mean_square(b, f), halves.scenes,
                         how.level);
    };
    judgement.budgets.push_back(
        {budgets[b], interval(0), interval(1), interval(2), interval(3), interval(kReached), {}});
    for (const auto& of_half : choices)
      if (of_half[b]) judgement.budgets.back().chosen.push_back(*of_half[b]);
  }
  for (std::size_t i = 0; i < real[0].rows.size(); ++i) {
    auto& row = judgement.table.rows[i];
    row.affinity = mean_of(row.affinity, real[1].rows[i].affinity);
    row.gain = mean_of(row.gain, real[1].rows[i].gain);
    row.quality = mean_of(row.quality, real[1].rows[i].quality);
  }
  return judgement;
}

}  // namespace taskonomy::analysis
