// taskonomy: the command line. main -> commands() -> <name>_command.cpp -> core.
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "apps/taskonomy/command.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::cli {
namespace {

using base::ExitCode;

/// The text of `taskonomy --help`, from the table of commands.
std::string help_text() {
  std::string text =
      "taskonomy: finds out how visual tasks help each other, and which of them to label first.\n\n"
      "usage: taskonomy COMMAND [ARGUMENTS]\n\n";
  std::size_t width = 0;
  for (const auto& command : commands()) {
    width = std::max(width, command.name.size() + 1 + command.arguments.size());
  }
  for (const auto& command : commands()) {
    const std::string left = command.name + " " + command.arguments;
    text += "  " + left + std::string(width - left.size() + 2, ' ') + command.help + "\n";
  }
  return text +
         "\ntaskonomy COMMAND --help   options and examples of a command\n"
         "taskonomy help --all       those of all commands\n"
         "taskonomy --version        version of this program\n"
         "exit codes: 0 done, 1 bad input, 2 usage, 3 no feasible taxonomy, 4 finished but some jobs "
         "failed\n";
}

/// The command called `name`. Throws a usage Error that names the nearest one.
const Command& find(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& command : commands()) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  throw base::Error("unknown command \"" + name + "\"" + base::did_you_mean(name, names) +
                        "\ncommands: " + base::join(names, ", ") + "; see taskonomy --help",
                    ExitCode::usage);
}

/// The help of everything: what the manual page and the shell completion are made from.
void print_all_help() {
  std::cout << help_text();
  for (const auto& command : commands()) {
    std::cout << "\n";
    static_cast<void>(command.run({"--help", "--all"}));
  }
}

ExitCode dispatch(const std::vector<std::string>& args) {
  const std::string first = args.empty() ? "help" : args.front();
  if (first == "--version" || first == "-V") {
    std::cout << "taskonomy " << version() << "\n";
    return ExitCode::done;
  }
  if (first == "help" || first == "--help" || first == "-h") {
    if (args.size() > 1 && args[1] != "--all") return find(args[1]).run({"--help"});
    if (args.size() > 1) {
      print_all_help();
    } else {
      std::cout << help_text();
    }
    return ExitCode::done;
  }
  return find(first).run({args.begin() + 1, args.end()});
}

}  // namespace
}  // namespace taskonomy::cli

int main(int argc, char** argv) {
  using taskonomy::base::ExitCode;
  auto code = ExitCode::bad_input;
  try {
    code = taskonomy::cli::dispatch({argv + 1, argv + argc});
    std::cout.flush();
    if (!std::cout) {
      std::cerr << "error: cannot write to standard output\n";
      code = ExitCode::bad_input;
    }
  } catch (const taskonomy::base::Error& error) {
    std::cerr << "error: " << error.what() << "\n";
    code = error.code();
  } catch (const std::bad_alloc&) {
    std::cerr << "error: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "error: internal: " << error.what() << "\nThis is a bug in taskonomy, not in your input.\n";
  } catch (...) {
    std::cerr << "error: internal: an exception without a message\n";
  }
  return static_cast<int>(code);
}
