// Two runs, or tables, on one page: what each of them answers, their taxonomies side by side at every budget, by how
// much Gain, Quality and metrics differ, and what the recipes ask otherwise.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/report/page.hpp"
#include "core/report/page_optima.hpp"

namespace taskonomy::report {

/// Something that two runs were made with and that is not the same.
struct MadeOtherwise {
  std::string what;  ///< "source.steps", "program"
  std::string a, b;  ///< "1000", "2000"; "" where one has no such thing
};

/// The second of two, and what the comparison needs beside the contents of their pages.
struct Beside {
  PageContent other;
  std::vector<affinity::LossTable> losses{}, other_losses{};  ///< of all targets; empty: no intervals
  /// By target: what the first metric of its own network says of each test image; empty where it is of all together.
  std::map<std::string, std::vector<double>> values{}, other_values{};
  bool same_images = false;      ///< test images of one name are the same in both
  std::size_t replicates = 200;  ///< resampled test sets behind the intervals
  std::vector<MadeOtherwise> made_otherwise{};
};

/// What the page says of the two.
struct BesideTexts {
  std::string headline;  ///< what the second answers: advice_headline() of it, in the titles of its tasks
  std::string
      section;  ///< markup; each of its tables is complete without scripts, which choose the budget that is shown
};

/// `content` is the first of the two, under its ids, and has a `beside`; `optima` are its own. Throws Error where the two
/// have no target in common, naming both, and where one of them has no taxonomy at any budget.
[[nodiscard]] BesideTexts beside_texts(const PageContent& content, const Optima& optima,
                                       const PageTime& time = {});

}  // namespace taskonomy::report
