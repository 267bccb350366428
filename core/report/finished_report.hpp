// What `taskonomy finish` prints: what each finished network is worth, beside the others of its target.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/finished.hpp"

namespace taskonomy::report {

/// A finished taxonomy.
struct FinishedTaxonomy {
  std::vector<analysis::FinishedTarget> targets;
  std::vector<std::string> labelled;  ///< sources whose labels cost something, of which it borrows
  std::size_t labelled_in_all = 0;    ///< tasks of the run whose labels cost something
  std::vector<std::string> by_own{};  ///< targets that their own networks serve: nothing to finish
  bool tuned = false;                 ///< encoders learned, too
};

/// A sentence for each target ("normal, from reshading: 24.1 degrees, 1.3 [0.9, 1.8] better than the comparison's network, ..."),
/// then a table.
[[nodiscard]] std::string finished_text(const FinishedTaxonomy& taxonomy);

}  // namespace taskonomy::report
