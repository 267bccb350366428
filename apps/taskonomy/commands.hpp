// All commands. Each has a file of its own, <name>_command.cpp, with its help, its options and its function;
// main.cpp has them in one table. A new command is one line here, one there, and its file.
#pragma once

#include "apps/taskonomy/command.hpp"

namespace taskonomy::cli {

// A run, from its recipe to its report.
[[nodiscard]] Command run_command();
[[nodiscard]] Command plan_command();
[[nodiscard]] Command status_command();
[[nodiscard]] Command report_command();
[[nodiscard]] Command worker_command();

// Questions to a table of affinities, or to the one of a run.
[[nodiscard]] Command solve_command();
[[nodiscard]] Command analyse_command();  // statistics_commands.cpp
[[nodiscard]] Command compare_command();  // statistics_commands.cpp
[[nodiscard]] Command tree_command();     // statistics_commands.cpp
[[nodiscard]] Command place_command();

// tasks ..., datasets ...
[[nodiscard]] Command tasks_list_command();
[[nodiscard]] Command tasks_show_command();
[[nodiscard]] Command tasks_check_command();
[[nodiscard]] Command tasks_new_command();  // new_plugin_commands.cpp
[[nodiscard]] Command datasets_list_command();
[[nodiscard]] Command datasets_show_command();
[[nodiscard]] Command datasets_new_command();  // new_plugin_commands.cpp

// data ...
[[nodiscard]] Command data_preview_command();
[[nodiscard]] Command data_lint_command();
[[nodiscard]] Command data_export_command();

// sdk ...
[[nodiscard]] Command sdk_prefix_command();
[[nodiscard]] Command sdk_info_command();

}  // namespace taskonomy::cli
