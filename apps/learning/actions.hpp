// What the commands do that need LibTorch: each function is named in the table of actions.cpp, under the
// command whose help and options are in apps/taskonomy. They print results to standard output and messages
// to standard error, and throw base::Error for what a person can mend.
#pragma once

#include "apps/taskonomy/command.hpp"

namespace taskonomy::cli {

[[nodiscard]] base::ExitCode run_recipe(const Values& values);           // run.cpp
[[nodiscard]] base::ExitCode pretrain(const Values& values);             // pretrain.cpp
[[nodiscard]] base::ExitCode plan_run(const Values& values);             // plan.cpp
[[nodiscard]] base::ExitCode place_task(const Values& values);           // place.cpp
[[nodiscard]] base::ExitCode finish_taxonomy(const Values& values);      // finish.cpp
[[nodiscard]] base::ExitCode predict_photographs(const Values& values);  // predict.cpp
[[nodiscard]] base::ExitCode export_taxonomy(const Values& values);      // export.cpp
[[nodiscard]] base::ExitCode show_taxonomy(const Values& values);        // show.cpp
[[nodiscard]] base::ExitCode work_on_run(const Values& values);          // worker.cpp

[[nodiscard]] base::ExitCode list_tasks(const Values& values);     // show_plugins.cpp
[[nodiscard]] base::ExitCode show_task(const Values& values);      // show_plugins.cpp
[[nodiscard]] base::ExitCode check_task(const Values& values);     // check_plugin.cpp
[[nodiscard]] base::ExitCode make_task(const Values& values);      // new_plugin.cpp
[[nodiscard]] base::ExitCode list_datasets(const Values& values);  // show_plugins.cpp
[[nodiscard]] base::ExitCode show_dataset(const Values& values);   // show_plugins.cpp
[[nodiscard]] base::ExitCode check_dataset(const Values& values);  // check_plugin.cpp
[[nodiscard]] base::ExitCode make_dataset(const Values& values);   // new_plugin.cpp

[[nodiscard]] base::ExitCode preview_data(const Values& values);  // data_preview.cpp
[[nodiscard]] base::ExitCode lint_data(const Values& values);     // data_lint.cpp
[[nodiscard]] base::ExitCode export_data(const Values& values);   // data_export.cpp

[[nodiscard]] base::ExitCode print_sdk_info(const Values& values);  // sdk_info.cpp

}  // namespace taskonomy::cli
