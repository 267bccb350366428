// The paper's Table 1: did the source networks learn anything? Without that no affinity means much.
#pragma once

#include <string>

#include "core/affinity/loss_table.hpp"

namespace taskonomy::analysis {

/// One row of the table. Shares in [0,1], ties half; NaN when the reference was not measured.
struct SourceCheck {
  std::string task;
  double beats_constant = 0.0;  ///< share of test images on which self beats the best constant guess (`avg`)
  double beats_random = 0.0;    ///< share on which it beats a readout of a random encoder (`rand`)
  std::size_t images = 0;       ///< on how many images, those with a NaN in one of the three left out
};

/// Compares the row of the target itself with kConstant and kRandom. Throws Error when self is missing or no
/// image is left.
[[nodiscard]] SourceCheck check_source(const affinity::LossTable& losses);

}  // namespace taskonomy::analysis
