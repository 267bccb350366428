// The border between learning and numbers: per-image losses of everything that competes for one target (step
// III).
#pragma once

#include <string>
#include <vector>

namespace taskonomy::losses {

/// Losses of K competitors on N test images of one target; lower is better. NaN = image left out for that
/// target.
struct LossTable {
  std::string target;
  std::vector<std::string> images;        ///< N sample ids
  std::vector<std::string> competitors;   ///< K names: "s1", "s1+s2", ...; the target's own name = self
  std::vector<std::vector<double>> loss;  ///< [K][N]

  /// Throws Error naming the target and the competitor when sizes disagree or a name appears twice.
  void validate() const;
};

}  // namespace taskonomy::losses
