// What the supervision budget is spent on: labels, which cost something or nothing.
#pragma once

#include <map>
#include <set>
#include <string>

namespace taskonomy::recipe {

/// What sources ask for.
struct Prices {
  std::map<std::string, double>
      cost;                         ///< of a source's labels, default 1; 0: they are computed from the image
  std::set<std::string> untrained;  ///< sources used as initialised: nothing to label, nothing to train
  std::string unit;                 ///< of the costs, "hours"; "" where they just count

  /// Whether this source has labels to buy.
  [[nodiscard]] bool is_labelled(const std::string& source) const {
    const auto found = cost.find(source);
    return !untrained.contains(source) && (found == cost.end() || found->second > 0.0);
  }
};

}  // namespace taskonomy::recipe
