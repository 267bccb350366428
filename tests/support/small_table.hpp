// An affinity table that fits a screen, for tests of what is made from one.
#pragma once

#include <string>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::tests {

/// Tasks as a run has them: three targets, `random` as a source only, transfers of one and of two sources.
inline affinity::AffinityTable small_table(const std::string& third = "normal") {
  return {{{{"depth"}, "depth", 0.5, 0.9, 0.5},
           {{third}, "depth", 0.2, 0.8, 0.4},
           {{"random"}, "depth", 0.05, 0.4, 0.2},
           {{third, "random"}, "depth", 0.25, 0.85, 0.45},
           {{third}, third, 0.7, 0.9, 0.5},
           {{"depth"}, third, 0.2, 0.7, 0.3},
           {{"random"}, third, 0.1},
           {{"depth"}, "edges", 0.3, 0.6, 0.3},
           {{"random"}, "edges", 0.3, 0.5, 0.25},
           {{"depth", "random"}, "edges", 0.4, 0.6, 0.4}}};
}

}  // namespace taskonomy::tests
