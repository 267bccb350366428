// Types and shapes of modalities, as sdk/sample.hpp has them.
#pragma once

#include <cstdint>
#include <string>

#include <taskonomy/sdk/sample.hpp>

#include "core/checks/dataset_checks.hpp"

namespace taskonomy::checks {

/// The first modality of a sample, by name, whose type or shape is not that of sample.hpp, or that is not contiguous on
/// the CPU, as a sentence; "" where all are right. Modalities of a dataset's own have no layout to keep.
[[nodiscard]] std::string wrong_layout(const SamplePlace& place, const sdk::Sample& sample,
                                       std::int64_t side);

}  // namespace taskonomy::checks
