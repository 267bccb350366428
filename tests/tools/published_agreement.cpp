// Prints how far a run orders the sources of each target as the published table does.
// usage: published_agreement RUN/affinity.csv share/published/taskonomy-16k.csv [LEAST]
// Expected: one line per shared target with its Spearman correlation over shared first-order sources (self
// left out, random counted as a source), then the mean; exit 1 when the mean is below LEAST.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/agreement.hpp"
#include "core/base/text.hpp"

int main(int argc, char** argv) {
  using namespace taskonomy;
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: published_agreement RUN/affinity.csv share/published/taskonomy-16k.csv [LEAST]\n";
    return 2;
  }
  try {
    const auto ours = analysis::with_our_names(affinity::read_affinity(argv[1]).table);
    const auto published = analysis::with_our_names(affinity::read_affinity(argv[2]).table);
    const auto result = analysis::agreement(ours, published);
    std::size_t width = 4;
    for (const auto& one : result) width = std::max(width, one.target.size());
    for (const auto& one : result) {
      std::cout << one.target << std::string(width - one.target.size() + 2, ' ')
                << base::fixed(one.spearman, 3) << "  over " << one.sources.size() << ": "
                << base::join(one.sources, ", ") << "\n";
    }
    const double mean = analysis::mean_spearman(result);
    std::cout << "mean" << std::string(width - 2, ' ') << base::fixed(mean, 3) << "\n";
    return argc == 4 && !(mean >= std::atof(argv[3])) ? 1 : 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  }
}
