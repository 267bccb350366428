// All commands: for each a function that returns its help, its options and what it runs. Comments name the
// file where it is not <name>_command.cpp. main.cpp has them in one table: a new command is one line here
// and one there.
#pragma once

#include "apps/taskonomy/command.hpp"

namespace taskonomy::cli {

// A run, from its recipe to its report.
[[nodiscard]] Command run_command();       // run_commands.cpp
[[nodiscard]] Command pretrain_command();  // run_commands.cpp
[[nodiscard]] Command plan_command();      // run_commands.cpp
[[nodiscard]] Command status_command();
[[nodiscard]] Command report_command();
[[nodiscard]] Command finish_command();   // run_commands.cpp
[[nodiscard]] Command export_command();   // run_commands.cpp
[[nodiscard]] Command predict_command();  // run_commands.cpp
[[nodiscard]] Command show_command();     // run_commands.cpp
[[nodiscard]] Command worker_command();   // run_commands.cpp
[[nodiscard]] Command agent_command();

// Questions to a table of affinities, or to the one of a run.
[[nodiscard]] Command solve_command();
[[nodiscard]] Command analyse_command();  // statistics_commands.cpp
[[nodiscard]] Command compare_command();  // statistics_commands.cpp
[[nodiscard]] Command tree_command();     // statistics_commands.cpp
[[nodiscard]] Command place_command();    // run_commands.cpp

// tasks ..., datasets ...
[[nodiscard]] Command tasks_list_command();      // plugin_commands.cpp
[[nodiscard]] Command tasks_show_command();      // plugin_commands.cpp
[[nodiscard]] Command tasks_check_command();     // plugin_commands.cpp
[[nodiscard]] Command tasks_new_command();       // plugin_commands.cpp
[[nodiscard]] Command tasks_debug_command();     // debug_command.cpp
[[nodiscard]] Command datasets_list_command();   // plugin_commands.cpp
[[nodiscard]] Command datasets_show_command();   // plugin_commands.cpp
[[nodiscard]] Command datasets_check_command();  // plugin_commands.cpp
[[nodiscard]] Command datasets_new_command();    // plugin_commands.cpp

// data ...
[[nodiscard]] Command data_preview_command();  // data_commands.cpp
[[nodiscard]] Command data_lint_command();     // data_commands.cpp
[[nodiscard]] Command data_export_command();   // data_commands.cpp

// sdk ...
[[nodiscard]] Command sdk_prefix_command();    // sdk_command.cpp
[[nodiscard]] Command sdk_info_command();      // sdk_command.cpp
[[nodiscard]] Command sdk_workflow_command();  // sdk_command.cpp

}  // namespace taskonomy::cli
