#include "core/analysis/source_check.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/tournament/tournament.hpp"

namespace taskonomy::analysis {

SourceCheck check_source(const losses::LossTable& losses) {
  if (!losses.find(losses.target)) {
    throw base::Error("target \"" + losses.target + "\": its own network has no losses on the test images");
  }
  losses::LossTable part{losses.target, losses.images, {}, {}};
  for (const std::string& name :
       {losses.target, std::string(losses::kConstant), std::string(losses::kRandom)}) {
    if (const auto row = losses.find(name)) part.add(name, losses.loss[*row]);
  }
  const auto tournament = tournament::play(part);
  const auto share = [&](const char* reference) {
    return tournament::win_rates_against(tournament, reference).front();  // self is the first row
  };
  return {losses.target, share(losses::kConstant), share(losses::kRandom), tournament.images};
}

}  // namespace taskonomy::analysis
