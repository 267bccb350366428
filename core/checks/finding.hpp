// What a person should look at before a run.
#pragma once

#include <string>

namespace taskonomy::checks {

enum class Gravity {
  suspicion,  ///< may be right, but look at it
  fault       ///< a run could not work
};

/// One sentence about one thing.
struct Finding {
  Gravity gravity = Gravity::suspicion;
  std::string subject;  ///< "modality depth_zbuffer", "task normal", "split test"
  std::string text;     ///< with numbers, and what to do where that is known
};

}  // namespace taskonomy::checks
