// The options of step IV that every command understands which solves: what is asked beside the budget.
#pragma once

#include <boost/program_options.hpp>
#include <map>
#include <string>

#include "apps/taskonomy/options.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::cli {

/// max-order, importance, cost, exclude, source-only, target-only, transform: for a command's own
/// description.
[[nodiscard]] boost::program_options::options_description solver_options();

/// Their values. `cost`: label costs that came with the table; those asked for come first. Throws a usage
/// Error for malformed ones.
[[nodiscard]] taxonomy::Options read_solver_options(const Values& values,
                                                    const std::map<std::string, double>& cost);

}  // namespace taskonomy::cli
