// For looking at a task without a dataset: "tasks show", "tasks check", testing.hpp.
#pragma once

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/export.hpp>

namespace taskonomy::sdk {

/// An imaginary dataset "any" that offers every modality of sample.hpp, every kind of views and a few classes
/// of each sort.
[[nodiscard]] TX_API DatasetInfo any_dataset();

}  // namespace taskonomy::sdk
