// The authors' affinities as this project keeps them.
#pragma once

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::tests {

/// Of 16k images, orders 1 to 5, under the authors' names of the tasks.
inline affinity::AffinityTable published() {
  return affinity::read_affinity(TASKONOMY_SOURCE_DIR "/share/published/taskonomy-16k.csv").table;
}

}  // namespace taskonomy::tests
