#include "core/cluster/settling.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/cluster/shared_files.hpp"

namespace taskonomy::cluster {

void Settling::add(Finished finished, std::string pilot) {
  waiting_.push_back({std::move(finished), std::move(pilot)});
}

std::vector<Finished> Settling::settled() {
  std::vector<Finished> result;
  for (auto one = waiting_.begin(); one != waiting_.end();) {
    if (Clock::now() < one->look) {
      ++one;
      continue;
    }
    auto& report = one->finished.report;
    const std::string unseen = unseen_file(run_, report.id, one->finished.key, one->finished.sums);
    const double waited = seconds_since(one->came);
    if (!unseen.empty() && waited < patience_) {
      constexpr double kFirstPause = 0.05, kLongestPause = 2.0;  // seconds
      const double pause = std::clamp(0.1 * waited, kFirstPause, kLongestPause);
      one->look = Clock::now() + std::chrono::milliseconds(static_cast<int>(1000 * pause));
      ++one;
      continue;
    }
    if (!unseen.empty()) {
      report.ok = false;
      report.error = one->pilot + " wrote " + unseen + ", and this machine does not see it after " +
                     base::duration(patience_) + " (wait longer: --cluster-set settle=SECONDS)";
    }
    result.push_back(std::move(one->finished));
    one = waiting_.erase(one);
  }
  return result;
}

}  // namespace taskonomy::cluster
