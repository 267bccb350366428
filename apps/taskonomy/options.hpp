// Options of one command: Boost.Program_options with our manners. Unknown option: nearest name, its help,
// examples.
#pragma once

#include <boost/program_options.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// What `taskonomy COMMAND --help` prints beside the options.
struct Usage {
  std::string command;                ///< "solve", "tasks show"
  std::string arguments;              ///< "TABLE|RUN [options]"
  std::string about;                  ///< a few lines: what it does, what it prints
  std::vector<std::string> examples;  ///< whole command lines
};

/// One positional argument. All but the last must be given before the next; only the last may repeat.
struct Positional {
  std::string name;  ///< key in Values, shown in messages: "TABLE|RUN"
  bool required = true;
  bool repeated = false;  ///< takes all that follow
};

/// The values that were given.
class Values {
 public:
  explicit Values(boost::program_options::variables_map map, Usage usage)
      : map_(std::move(map)), usage_(std::move(usage)) {}
  [[nodiscard]] bool has(const std::string& name) const { return map_.count(name) > 0; }
  /// The value of an option with an argument (as text), or `fallback`.
  [[nodiscard]] std::string text(const std::string& name, const std::string& fallback = "") const;
  /// The option's finite number >= low, or `fallback`. Throws a usage Error naming option and text.
  [[nodiscard]] double real(const std::string& name, double fallback, double low) const;
  /// The option's whole number >= low, or `fallback`. Throws a usage Error naming option and text.
  [[nodiscard]] long integer(const std::string& name, long fallback, long low) const;
  /// All values of an option or positional that may be repeated, in order. Empty when not given.
  [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
  /// The same with each value cut at commas: --exclude a,b --exclude c -> {a, b, c}. Throws a usage Error for
  /// an empty name.
  [[nodiscard]] std::vector<std::string> names(const std::string& name) const;
  /// name=number pairs, repeated or joined by commas: --cost a=0,b=2. Throws a usage Error for a malformed
  /// pair, a number below `low`, or a name given twice.
  [[nodiscard]] std::map<std::string, double> numbers(const std::string& name, double low) const;
  /// The option's value, one of `words`; the first where it is not given. Throws a usage Error naming them.
  [[nodiscard]] std::string choice(const std::string& name, const std::vector<std::string>& words) const;
  /// Throws a usage Error when more than one of these options was given.
  void at_most_one(const std::vector<std::string>& options) const;
  /// A usage Error of this command: message, then where to find help.
  [[nodiscard]] base::Error usage_error(const std::string& message) const;

 private:
  boost::program_options::variables_map map_;
  Usage usage_;
};

/// Parses args. With --help or -h among them prints the whole help to stdout and returns nothing.
/// Throws a usage Error for unknown options (naming the nearest, its help and the examples), missing or
/// surplus values and arguments. Options are long ones only; "--" ends them; abbreviations are not guessed.
[[nodiscard]] std::optional<Values> parse_options(const Usage& usage,
                                                  const boost::program_options::options_description& options,
                                                  const std::vector<Positional>& positionals,
                                                  const std::vector<std::string>& args);

/// Shorthand for an option's value in options_description: text, shown as `meta`.
[[nodiscard]] boost::program_options::typed_value<std::string>* text_value(const std::string& meta);
/// The same for an option that may be repeated.
[[nodiscard]] boost::program_options::typed_value<std::vector<std::string>>* list_value(
    const std::string& meta);

}  // namespace taskonomy::cli
