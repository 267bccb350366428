// Writes an affinity table like one that a large run would leave, to measure the solver on:
// taxonomy_instance [targets 200] [transfers 40000] [seed 1] [kind like-published|uniform] > table.csv
//
// like-published: tasks are points of a latent space; a transfer is the better the nearer its sources, joined
// transfers are those of the method's orders 2 to 9 over each target's best sources, strengths are
// exponentials that sum to 1 per target (step III on tournaments of known strengths). uniform: single
// transfers with independent uniform affinities, the hard case: nothing repeats.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace {

using taskonomy::affinity::AffinityTable;
using Sources = std::vector<std::size_t>;

/// The same on every machine, unlike std's distributions.
double uniform(std::mt19937_64& engine) { return static_cast<double>(engine() >> 11) * 0x1p-53; }

double normal(std::mt19937_64& engine) {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(engine)));
  return radius * std::cos(2.0 * 3.141592653589793 * uniform(engine));
}

std::string name_of(std::size_t task) { return "task" + std::to_string(1000 + task).substr(1); }

/// Combinations of k of the first n.
void combine(std::size_t n, std::size_t k, std::size_t first, Sources& now, std::vector<Sources>& all) {
  if (now.size() == k) return all.push_back(now);
  for (std::size_t i = first; i < n; ++i) {
    now.push_back(i);
    combine(n, k, i + 1, now, all);
    now.pop_back();
  }
}

/// Places, among a target's best sources, of its joined transfers: orders 2 to 4 in combinations, 5 to 9
/// nested.
std::vector<Sources> joined_places() {
  std::vector<Sources> all;
  Sources now;
  combine(5, 2, 0, now, all);
  combine(5, 3, 0, now, all);
  combine(6, 4, 0, now, all);
  for (std::size_t k = 5; k <= 9; ++k) {
    Sources nested(k);
    std::iota(nested.begin(), nested.end(), 0);
    all.push_back(nested);
  }
  return all;
}

/// log strength of every single transfer to a target: nearer is stronger, itself strongest.
std::vector<double> single_strengths(const std::vector<std::vector<double>>& places, std::size_t target,
                                     std::size_t sources, std::mt19937_64& engine) {
  std::vector<double> strengths;
  for (std::size_t s = 0; s < sources; ++s) {
    double square = 0.0;
    for (std::size_t d = 0; d < places[s].size(); ++d) {
      square += (places[s][d] - places[target][d]) * (places[s][d] - places[target][d]);
    }
    strengths.push_back(s == target ? 2.4 : -std::sqrt(square) + 0.5 * normal(engine));
  }
  return strengths;
}

void add_target(AffinityTable& table, std::size_t target, const std::vector<double>& singles,
                const std::vector<Sources>& joined, std::mt19937_64& engine) {
  Sources order;
  for (std::size_t s = 0; s < singles.size(); ++s) {
    if (s != target) order.push_back(s);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return singles[a] > singles[b]; });
  const std::size_t first = table.rows.size();
  for (std::size_t s = 0; s < singles.size(); ++s) {
    table.rows.push_back({{name_of(s)}, name_of(target), std::exp(singles[s])});
  }
  for (const auto& places : joined) {
    std::vector<std::string> names;
    double rest = 0.0;
    for (const auto place : places) {
      names.push_back(name_of(order[place]));
      if (place != places.front()) rest += singles[order[place]];
    }
    const double k = static_cast<double>(places.size());
    const double strength = 0.9 * singles[order[places.front()]] + 0.1 * rest / (k - 1.0) +
                            0.35 * std::log(k) + 0.08 * normal(engine);
    table.rows.push_back({names, name_of(target), std::exp(strength)});
  }
  double sum = 0.0;
  for (std::size_t i = first; i < table.rows.size(); ++i) sum += table.rows[i].affinity;
  for (std::size_t i = first; i < table.rows.size(); ++i) table.rows[i].affinity /= sum;
}

AffinityTable like_published(std::size_t targets, std::size_t per_target, std::mt19937_64& engine) {
  constexpr std::size_t kDimensions = 6;
  const auto joined = joined_places();
  std::vector<std::vector<double>> places(targets, std::vector<double>(kDimensions));
  for (auto& place : places) {
    for (auto& coordinate : place) coordinate = normal(engine);
  }
  const std::size_t sources =
      std::min(targets, std::max<std::size_t>(per_target, joined.size() + 10) - joined.size());
  AffinityTable table;
  for (std::size_t t = 0; t < targets; ++t) {
    add_target(table, t, single_strengths(places, t, sources, engine), joined, engine);
  }
  return table;
}

AffinityTable uniform_table(std::size_t targets, std::size_t per_target, std::mt19937_64& engine) {
  AffinityTable table;
  for (std::size_t t = 0; t < targets; ++t) {
    for (std::size_t s = 0; s < per_target; ++s) {
      table.rows.push_back({{name_of(s)}, name_of(t), uniform(engine)});
    }
  }
  return table;
}

}  // namespace

int main(int count, char** arguments) {
  const auto number = [&](int place, unsigned long otherwise) {
    return count > place ? std::strtoul(arguments[place], nullptr, 10) : otherwise;
  };
  const std::size_t targets = number(1, 200);
  const std::size_t transfers = number(2, 40000);
  std::mt19937_64 engine(number(3, 1));
  const std::string kind = count > 4 ? arguments[4] : "like-published";
  if (targets < 10 || transfers / targets < 10 || targets > 1000 ||
      (kind != "like-published" && kind != "uniform")) {
    std::cerr << "usage: taxonomy_instance [targets 10..1000] [transfers] [seed] [like-published|uniform]\n";
    return 2;
  }
  const auto table = kind == "uniform" ? uniform_table(targets, transfers / targets, engine)
                                       : like_published(targets, transfers / targets, engine);
  std::cout << taskonomy::affinity::to_csv(table);
}
