#include "core/analysis/source_check.hpp"

#include <algorithm>

#include "core/affinity/tournament.hpp"
#include "core/base/error.hpp"

namespace taskonomy::analysis {

SourceCheck check_source(const affinity::LossTable& losses) {
  if (!losses.find(losses.target)) {
    throw base::Error("target \"" + losses.target + "\": its own network has no losses on the test images");
  }
  affinity::LossTable part{losses.target, losses.images, {}, {}};
  for (const std::string& name :
       {losses.target, std::string(affinity::kConstant), std::string(affinity::kRandom)}) {
    if (const auto row = losses.find(name)) part.add(name, losses.loss[*row]);
  }
  const auto tournament = affinity::play(part);
  const auto share = [&](const char* reference) {
    return affinity::win_rates_against(tournament, reference).front();  // self is the first row
  };
  return {losses.target, share(affinity::kConstant), share(affinity::kRandom), tournament.images};
}

}  // namespace taskonomy::analysis
