#include "core/taxonomy/best.hpp"

#include <algorithm>
#include <memory>
#include <queue>

namespace taskonomy::taxonomy {

namespace {

/// A part of all taxonomies: these sources in, those out.
struct Part {
  Restriction restriction;
  double bound = 0.0;  ///< of its best; exact once solved
  std::optional<Found> found;
  std::shared_ptr<const Problem> problem;  ///< restricted; once solved
};

struct LowerBound {
  bool operator()(const Part& a, const Part& b) const { return a.bound < b.bound; }
};

bool contains(const std::vector<std::size_t>& sources, std::size_t source) {
  return std::find(sources.begin(), sources.end(), source) != sources.end();
}

/// Sources of which only one set is the same taxonomy: those that cost something and are not forced.
std::vector<std::size_t> telling_sources(const Problem& problem) {
  std::vector<std::size_t> result;
  for (std::size_t s = 0; s < problem.sources.size(); ++s) {
    if (problem.cost[s] > 0.0) result.push_back(s);
  }
  return result;
}

class Enumeration {
 public:
  Enumeration(Solver& solver, double budget)
      : solver_(solver), budget_(budget), telling_(telling_sources(solver.problem())) {
    parts_.push({{}, solver.ceiling(), std::nullopt, nullptr});
  }

  /// The next best taxonomy; nothing when there are no more.
  std::optional<Taxonomy> next() {
    while (!parts_.empty()) {
      Part part = parts_.top();
      parts_.pop();
      if (!part.found) {
        solve(std::move(part));
        continue;
      }
      if (split(part)) return described(part);
    }
    return std::nullopt;
  }

 private:
  void solve(Part part) {
    const Problem& whole = solver_.problem();
    if (useless(part.restriction)) return;
    auto problem = restricted(whole, part.restriction);
    if (!problem || !within(problem->committed, budget_)) return;
    part.found = solver_.search(*problem, budget_);
    complete_ = complete_ && part.found->complete;
    if (!part.found->best) return;
    part.bound = part.found->best->objective;
    part.problem = std::make_shared<const Problem>(std::move(*problem));
    parts_.push(std::move(part));
  }

  /// Whether a source that is in can be used by no best choice any more: each of its edges has a better one
  /// among those that the sources in allow by themselves. Only where targets do not compete for the budget.
  [[nodiscard]] bool useless(const Restriction& restriction) const {
    const Problem& problem = solver_.problem();
    if (problem.priced_labels) return false;
    SourceSet in(problem.sources.size(), 0);
    for (std::size_t s = 0; s < in.size(); ++s) in[s] = problem.cost[s] <= 0.0 ? 1 : 0;
    for (const auto s : restriction.in) in[s] = 1;
    SourceSet hopeful(problem.sources.size(), 0);
    for (const auto& edges : problem.edges) {
      for (const auto& edge : edges) {
        bool available = true;
        bool gone = false;
        for (const auto s : edge.sources) {
          available = available && in[s];
          gone = gone || contains(restriction.out, s);
        }
        if (gone) continue;
        for (const auto s : edge.sources) hopeful[s] = 1;
        if (available) break;
      }
    }
    return std::any_of(restriction.in.begin(), restriction.in.end(),
                       [&](std::size_t s) { return !hopeful[s]; });
  }

  /// Splits what is left of a solved part, without the set of sources that was found. True when that set is a
  /// taxonomy of its own: all of it is used.
  bool split(const Part& part) {
    const SourceSet now = used(*part.problem, *part.found->best);
    Restriction taken = part.restriction;
    const auto child = [&](const Restriction& restriction) {
      parts_.push({restriction, part.bound, std::nullopt, nullptr});
    };
    bool own = true;
    for (const auto s : part.restriction.in) own = own && now[s];
    for (const auto s : telling_) {
      if (!now[s] || contains(taken.in, s)) continue;
      Restriction without = taken;
      without.out.push_back(s);
      child(without);
      taken.in.push_back(s);
    }
    for (const auto s : telling_) {
      if (contains(taken.in, s) || contains(taken.out, s)) continue;
      Restriction with = taken;
      with.in.push_back(s);
      child(with);
      taken.out.push_back(s);
    }
    return own;
  }

  Taxonomy described(const Part& part) const {
    Found found = *part.found;
    found.complete = complete_;
    return solver_.describe(*part.problem, budget_, found);
  }

  Solver& solver_;
  double budget_;
  std::vector<std::size_t> telling_;
  std::priority_queue<Part, std::vector<Part>, LowerBound> parts_;
  bool complete_ = true;
};

}  // namespace

std::vector<Taxonomy> best_taxonomies(Solver& solver, double budget, std::size_t count) {
  if (count == 0) return {};
  std::vector<Taxonomy> results{solver.at(budget)};  // says what is wrong when there is none
  Enumeration enumeration(solver, budget);
  bool met = false;  // the first again, which among equals may not come first
  while (results.size() < count) {
    auto taxonomy = enumeration.next();
    if (!taxonomy) break;
    const bool again = !met && taxonomy->sources == results.front().sources;
    met = met || again;
    if (!again) results.push_back(std::move(*taxonomy));
  }
  return results;
}

}  // namespace taskonomy::taxonomy
