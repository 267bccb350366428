// taskonomy: the program. main() -> the table of commands -> the command's own file -> core, or the learning
// library.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <optional>
#include <string>
#include <system_error>

#include "apps/taskonomy/command.hpp"
#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/painter.hpp"
#include "apps/taskonomy/terminal.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {
namespace {

/// The program with all commands, in the order of its help.
Command program() {
  return {
      .name = "taskonomy",
      .summary = "finds out how visual tasks help each other, and which to label first",
      .about = R"(taskonomy COMMAND --help   options and examples of a command
taskonomy help --all       those of all commands
taskonomy --version        the version of this program
exit codes: 0 done, 1 bad input, 2 usage, 3 no feasible taxonomy,
            4 finished but some jobs failed, 5 not checked)",
      .subcommands = {
          run_command(),
          pretrain_command(),
          plan_command(),
          status_command(),
          report_command(),
          finish_command(),
          predict_command(),
          export_command(),
          show_command(),
          solve_command(),
          analyse_command(),
          compare_command(),
          place_command(),
          tree_command(),
          Command{.name = "tasks",
                  .about = "The task plugins: which there are, what one needs and makes, whether it "
                           "keeps\nits contract, how to begin a new one, and where it fails.",
                  .subcommands = {tasks_list_command(), tasks_show_command(), tasks_check_command(),
                                  tasks_new_command(), tasks_debug_command()}},
          Command{
              .name = "datasets",
              .about =
                  "The dataset plugins: which there are, what one offers, whether it keeps its\ncontract, "
                  "and how to begin a new one.",
              .subcommands = {datasets_list_command(), datasets_show_command(), datasets_check_command(),
                              datasets_new_command()}},
          Command{.name = "data",
                  .about = "The samples and labels of a recipe: to look at and to check before anything "
                           "is\ntrained, or as files for other programs.",
                  .subcommands = {data_preview_command(), data_lint_command(), data_export_command()}},
          Command{.name = "sdk",
                  .about = "What plugins are built against and must agree with.",
                  .subcommands = {sdk_prefix_command(), sdk_info_command(), sdk_workflow_command()}},
          worker_command(),
          agent_command()}};
}

/// What helps where a path leads nowhere; "" where nothing simple does.
std::string cure_of(const std::error_code& cause) {
  if (cause == std::errc::too_many_symbolic_link_levels)
    return " (a link leads back to itself; give another path)";
  if (cause == std::errc::permission_denied) return " (check the permissions of the file and of its folders)";
  return "";
}

}  // namespace
}  // namespace taskonomy::cli

int main(int argc, char** argv) {
  using taskonomy::base::ExitCode;
  using taskonomy::cli::cure_of;
  auto code = ExitCode::bad_input;
  const taskonomy::report::TextWidth width(taskonomy::cli::text_columns(taskonomy::report::kTextWidth));
  const std::string label = "error: ";
  std::optional<taskonomy::cli::Painter> out, err;
  if (taskonomy::cli::takes_colour(STDERR_FILENO)) err.emplace(std::cerr, STDERR_FILENO);
  if (taskonomy::cli::takes_colour(STDOUT_FILENO)) out.emplace(std::cout, STDOUT_FILENO);
  try {
    code = taskonomy::cli::run_program(taskonomy::cli::program(), {argv + 1, argv + argc});
    std::cout.flush();
    if (!std::cout) {
      std::cerr << label << "cannot write to standard output\n";
      code = ExitCode::bad_input;
    }
  } catch (const taskonomy::base::Error& error) {
    std::cerr << label << error.what() << "\n";
    code = error.code();
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << label << error.path1().string() << ": " << error.code().message() << cure_of(error.code())
              << "\n";
  } catch (const std::bad_alloc&) {
    std::cerr << label << "out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << label << "internal: " << error.what()
              << "\nThis is a bug in taskonomy, not in your input.\n";
  } catch (...) {
    std::cerr << label << "internal: an exception without a message\n";
  }
  // The exit code is the program's own: exit() would run what plugins registered for it, and their static
  // destructors. Whatever a plugin leaves there to crash or to hang changes nothing any more.
  out.reset();  // writes the rest of its last line
  err.reset();
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  std::_Exit(static_cast<int>(code));
}
