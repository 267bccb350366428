// What a command of the program is made of. One table of them (main.cpp) feeds dispatch, help, the manual
// page, the shell's completion and the suggestions for typing errors.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// One positional argument.
struct Argument {
  std::string name;  ///< as the help shows it and as Values knows it: "TABLE|RUN"
  bool required = true;
  bool repeated = false;  ///< takes all that follow; the last one of its command
};

/// One option, "--name VALUE" or "--name=VALUE". There are no short ones.
struct Option {
  std::string name;   ///< without its dashes: "budget"
  std::string value;  ///< placeholder, "DIR", or the words that are allowed, "text|json"; "": takes no value
  std::string help;   ///< a sentence or a part of one; the default stands in parentheses
  bool repeated = false;  ///< may be given more than once
};

/// All options of both lists, in order.
[[nodiscard]] std::vector<Option> joined(std::vector<Option> options, const std::vector<Option>& more);

/// --format with these words ("text|json"; the first is the default). Values::format() reads it.
[[nodiscard]] Option format_option(const std::string& words);
/// --json, which stands for --format json, for commands that had it before they had --format.
[[nodiscard]] Option json_option();
/// --plugin-dir and --set, as every command that has them has them.
[[nodiscard]] Option plugin_dir_option();
[[nodiscard]] Option set_option();

struct Command;

/// The arguments and options that were given to a command.
class Values {
 public:
  /// Reads what stands behind the command's name; `path` is all of that name, "tasks show". Throws a usage
  /// Error for unknown options (naming the nearest, its help and the examples), missing or surplus values and
  /// arguments. "--" ends the options; abbreviations are not guessed.
  Values(const Command& command, std::string path, const std::vector<std::string>& args);

  /// All of the command's name: "tasks show".
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool has(const std::string& name) const { return given_.count(name) > 0; }
  /// The value of an argument or an option, or `fallback`.
  [[nodiscard]] std::string text(const std::string& name, const std::string& fallback = "") const;
  /// The option's finite number >= low, or `fallback`. Throws a usage Error naming option and text.
  [[nodiscard]] double real(const std::string& name, double fallback, double low) const;
  /// The option's whole number >= low, or `fallback`. Throws a usage Error naming option and text.
  [[nodiscard]] long integer(const std::string& name, long fallback, long low) const;
  /// The same, at most `high`.
  [[nodiscard]] long integer(const std::string& name, long fallback, long low, long high) const;
  /// The same for counts and seeds, which are not negative.
  [[nodiscard]] std::size_t count(const std::string& name, std::size_t fallback, std::size_t low) const;
  /// All values of an option or argument that may be repeated, in order. Empty when not given.
  [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
  /// The same with each value cut at commas: --exclude a,b --exclude c -> {a, b, c}. Throws a usage Error for
  /// an empty name.
  [[nodiscard]] std::vector<std::string> names(const std::string& name) const;
  /// name=number pairs, repeated or joined by commas: --cost a=0,b=2. Throws a usage Error for a malformed
  /// pair, a number below `low`, or a name given twice.
  [[nodiscard]] std::map<std::string, double> numbers(const std::string& name, double low) const;
  /// One of the words that the option allows; the first where it is not given. Throws a usage Error naming
  /// them.
  [[nodiscard]] std::string choice(const std::string& name) const;
  /// The same of an option that must be given. Throws a usage Error naming its words where it is not.
  [[nodiscard]] std::string required_choice(const std::string& name) const;
  /// choice("format"), or the word W for which an option --W of its own was given (--json). Throws a usage
  /// Error for several of them.
  [[nodiscard]] std::string format() const;
  /// Throws a usage Error when more than one of these options was given.
  void at_most_one(const std::vector<std::string>& options) const;
  /// A usage Error of this command: the message, then where to find help.
  [[nodiscard]] base::Error usage_error(const std::string& message) const;

 private:
  std::string path_;
  std::map<std::string, std::vector<std::string>> words_;  ///< that an option allows
  std::map<std::string, std::vector<std::string>> given_;  ///< values of options and arguments
};

/// One command: all that the program knows and says of it. A command with subcommands has a name, an about
/// and these; called without one of them it is its subcommand "list", where there is one.
struct Command {
  std::string name;
  std::string summary = {};  ///< its line in the list of commands: what it does, in a few words
  std::vector<Argument> arguments = {};
  std::string about = {};     ///< what it does, reads and prints; lines of at most 80 columns
  std::string examples = {};  ///< whole command lines of at most 78 columns, one a line
  std::vector<Option> options = {};
  /// Does the work: prints its result to standard output, messages to standard error. Throws base::Error for
  /// what a person can mend.
  base::ExitCode (*run)(const Values& values) = nullptr;
  std::vector<Command> subcommands = {};
};

/// Runs the command that the arguments name, or prints help or the version. `program`: the program itself,
/// whose subcommands are all commands. Throws a usage Error naming the nearest command for one that there is
/// not.
[[nodiscard]] base::ExitCode run_program(const Command& program, const std::vector<std::string>& args);

/// A usage Error of the command with this path ("tasks show"): the message, then where to find help.
[[nodiscard]] base::Error usage_error_of(const std::string& path, const std::string& message);

/// The command's examples under a heading; "" without any.
[[nodiscard]] std::string examples_text(const Command& command);

}  // namespace taskonomy::cli
