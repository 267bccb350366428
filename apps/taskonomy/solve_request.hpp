// What `taskonomy solve` is asked: options from the command line on top of those from a TOML file.
#pragma once

#include <optional>
#include <string>

#include "apps/taskonomy/options.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::cli {

/// One question to the solver.
struct SolveRequest {
  taxonomy::Options options;
  std::optional<double> budget;  ///< nothing: every budget
  std::size_t best = 0;          ///< how many of the best taxonomies; 0 = the optimum alone
  std::string why;               ///< target whose transfer is to be explained
  bool marginal = false;         ///< also what one more unit of budget adds
  std::string format = "text";
};

/// The options of solve, for help and parsing.
[[nodiscard]] boost::program_options::options_description options_of_solve();

/// The file of --options, if any, with what the command line says on top: a name's cost or importance
/// replaces the file's, a list replaces the file's list. Throws usage Errors as Values does, for options that
/// exclude or need one another, and Error "FILE:LINE: ..." for a key that solve does not have (with the
/// nearest it has) and a value that the key cannot have.
[[nodiscard]] SolveRequest request_from(const Values& values);

/// Keys of a TOML file: those of the command line (max-order, force, ...) above the first section, and the
/// sections [importance] and [cost]. Throws as request_from().
[[nodiscard]] SolveRequest parse_request(const std::string& text, const std::string& name);

}  // namespace taskonomy::cli
