// Seconds and peak memory of step IV on one table: solve_bench TABLE sweep|BUDGET [MAX_ORDER...]. Several
// maximum orders: the whole of them.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "core/base/error.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace {

using namespace taskonomy;

struct Tally {
  std::size_t answers = 0;
  std::size_t unproven = 0;
  double slowest = 0.0;

  void add(const taxonomy::Taxonomy& taxonomy) {
    ++answers;
    unproven += taxonomy.status == taxonomy::Status::optimal ? 0 : 1;
    slowest = std::max(slowest, taxonomy.seconds);
  }
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void measure(const affinity::AffinityTable& table, const std::string& budget, std::size_t max_order,
             Tally& tally) {
  taxonomy::Options options;
  options.max_order = max_order;
  const auto tasks = table.tasks();
  if (std::find(tasks.begin(), tasks.end(), "random") != tasks.end()) options.cost["random"] = 0.0;
  if (budget == "sweep") {
    for (const auto& taxonomy : taxonomy::sweep(table, options)) tally.add(taxonomy);
  } else {
    tally.add(taxonomy::solve(table, std::strtod(budget.c_str(), nullptr), options));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "usage: solve_bench TABLE sweep|BUDGET [MAX_ORDER...]\n";
    return 2;
  }
  try {
    const auto table = affinity::read_affinity(arguments[1]).table;
    const auto begin = std::chrono::steady_clock::now();
    Tally tally;
    if (count == 3) measure(table, arguments[2], 0, tally);
    for (int i = 3; i < count; ++i)
      measure(table, arguments[2], std::strtoul(arguments[i], nullptr, 10), tally);
    std::printf(
        "%zu transfers, %s: %zu optima, %zu not proven, %.2f s in all, slowest %.2f s, peak %.0f MiB\n",
        table.rows.size(), arguments[2], tally.answers, tally.unproven, seconds_since(begin), tally.slowest,
        peak_mebibytes());
  } catch (const base::Error& error) {
    std::cerr << "error: " << error.what() << "\n";
    return static_cast<int>(error.code());
  }
}
