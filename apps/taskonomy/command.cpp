// Finds the command that is named, runs it, and prints the help of all of them.
#include "apps/taskonomy/command.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "apps/taskonomy/program.hpp"
#include "apps/taskonomy/terminal.hpp"
#include "core/base/text.hpp"

namespace taskonomy::cli {

namespace {

using base::ExitCode;
using Texts = std::vector<std::string>;

constexpr std::size_t kColumns = 80;      // of help, where the terminal has so many
constexpr std::size_t kWidestLabel = 26;  // a longer label has a line of its own

/// One line of a table in two columns.
struct Row {
  std::string label, text;
};

/// Words of `text` in lines of at most `width` columns.
Texts wrapped(const std::string& text, std::size_t width) {
  Texts lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (lines.empty() || lines.back().size() + 1 + word.size() > width) {
      lines.push_back(word);
    } else {
      lines.back() += " " + word;
    }
  }
  return lines;
}

/// "  label  text", the texts in one column and within the terminal's width.
std::string table_text(const std::vector<Row>& rows) {
  const std::size_t columns = std::min(kColumns, text_columns(kColumns));
  std::size_t width = 0;
  for (const auto& row : rows)
    if (row.label.size() <= kWidestLabel) width = std::max(width, row.label.size());
  std::string text;
  for (const auto& row : rows) {
    const bool own_line = row.label.size() > width;
    text += "  " + row.label + (own_line ? "\n" : "");
    std::string gap(own_line ? width + 4 : width - row.label.size() + 2, ' ');
    for (const auto& line : wrapped(row.text, columns - width - 4)) {
      text += gap + line + "\n";
      gap.assign(width + 4, ' ');
    }
  }
  return text;
}

/// "solve TABLE|RUN", behind the names of the commands above it.
std::string synopsis(const Command& command, const std::string& above = "") {
  std::string text = above + command.name;
  for (const auto& argument : command.arguments) text += " " + argument.name;
  return text;
}

/// All commands, those with subcommands as these.
std::vector<Row> rows_of(const std::vector<Command>& commands, const std::string& above = "") {
  std::vector<Row> rows;
  for (const auto& command : commands) {
    if (command.subcommands.empty()) rows.push_back({synopsis(command, above), command.summary});
    const auto below = rows_of(command.subcommands, above + command.name + " ");
    rows.insert(rows.end(), below.begin(), below.end());
  }
  return rows;
}

Texts names_of(const std::vector<Command>& commands) {
  Texts names;
  for (const auto& command : commands) names.push_back(command.name);
  return names;
}

const Command* find(const std::vector<Command>& commands, const std::string& name) {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const auto& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

/// The text of `taskonomy --help`.
std::string program_help(const Command& program) {
  return "taskonomy: " + program.summary + "\n\nusage: taskonomy COMMAND [ARGUMENTS]\n\n" +
         table_text(rows_of(program.subcommands)) + "\n" + program.about + "\n";
}

/// The text of `taskonomy COMMAND --help`. Manual page and completion are made from it (share/man,
/// share/completions).
std::string help_of(const Command& command, const std::string& path) {
  std::string text = "usage: taskonomy " + path;
  if (!command.subcommands.empty()) {
    return text + " " + base::join(names_of(command.subcommands), "|") + " [ARGUMENTS]\n\n" + command.about +
           "\n\n" + table_text(rows_of(command.subcommands)) + "\nOptions and examples: taskonomy " + path +
           " " + command.subcommands.front().name + " --help\n";
  }
  for (const auto& argument : command.arguments) text += " " + argument.name;
  text += std::string(command.options.empty() ? "" : " [options]") + "\n\n" + command.about + "\n";
  std::vector<Row> rows;
  for (const auto& option : command.options)
    rows.push_back({"--" + option.name + (option.value.empty() ? "" : " " + option.value), option.help});
  if (!rows.empty()) text += "\noptions:\n" + table_text(rows);
  if (!command.examples.empty()) text += "\n" + examples_text(command);
  return text;
}

/// The help of commands and subcommands, one after the other.
std::string all_help(const std::vector<Command>& commands, const std::string& above = "") {
  std::string text;
  for (const auto& command : commands) {
    text += "\n" + help_of(command, above + command.name) +
            all_help(command.subcommands, above + command.name + " ");
  }
  return text;
}

/// Throws a usage Error for a name that is none of the subcommands; `path`: "" of the program itself.
[[noreturn]] void refuse(const Command& command, const std::string& path, const std::string& name) {
  const Texts names = names_of(command.subcommands);
  const std::string near = "\"" + name + "\"" + base::did_you_mean(name, names);
  if (!path.empty()) throw usage_error_of(path, "unknown subcommand " + near);
  throw base::Error(
      "unknown command " + near + "\ncommands: " + base::join(names, ", ") + "; see taskonomy --help",
      ExitCode::usage);
}

bool asks_for_help(const Texts& args) {
  const auto end = std::find(args.begin(), args.end(), "--");
  return std::any_of(args.begin(), end, [](const auto& arg) { return arg == "--help" || arg == "-h"; });
}

ExitCode print(const std::string& text) {
  std::cout << text;
  return ExitCode::done;
}

ExitCode call(const Command& command, const std::string& path, const Texts& args) {
  if (command.subcommands.empty())
    return asks_for_help(args) ? print(help_of(command, path)) : command.run(Values(command, path, args));
  if (!args.empty() && (args.front() == "--help" || args.front() == "-h"))
    return print(help_of(command, path));
  const Command* list = find(command.subcommands, "list");
  if (args.empty() && list == nullptr)
    throw usage_error_of(path, "say one of " + base::join(names_of(command.subcommands), ", "));
  const Command* chosen = args.empty() ? list : find(command.subcommands, args.front());
  if (chosen == nullptr) refuse(command, path, args.front());
  return call(*chosen, path + " " + chosen->name, {args.begin() + (args.empty() ? 0 : 1), args.end()});
}

/// help, help --all, help COMMAND [SUBCOMMAND].
ExitCode print_help(const Command& program, const Texts& names) {
  if (names.empty()) return print(program_help(program));
  if (names.front() == "--all") return print(program_help(program) + all_help(program.subcommands));
  const Command* command = &program;
  std::string path;
  for (const auto& name : names) {
    const Command* below = find(command->subcommands, name);
    if (below == nullptr) refuse(*command, path, name);
    path += (path.empty() ? "" : " ") + name;
    command = below;
    if (command->subcommands.empty()) break;
  }
  return print(help_of(*command, path));
}

}  // namespace

base::Error usage_error_of(const std::string& path, const std::string& message) {
  return base::Error(path + ": " + message + "\nsee taskonomy " + path + " --help", ExitCode::usage);
}

std::string examples_text(const Command& command) {
  std::string text;
  std::istringstream lines(command.examples);
  for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
  return text.empty() ? "" : "examples:\n" + text;
}

ExitCode run_program(const Command& program, const Texts& args) {
  const std::string first = args.empty() ? "help" : args.front();
  if (first == "--version" || first == "-V") return print("taskonomy " + version() + "\n");
  if (first == "help" || first == "--help" || first == "-h")
    return print_help(program, {args.begin() + (args.empty() ? 0 : 1), args.end()});
  const Command* command = find(program.subcommands, first);
  if (command == nullptr) refuse(program, "", first);
  return call(*command, first, {args.begin() + 1, args.end()});
}

}  // namespace taskonomy::cli
