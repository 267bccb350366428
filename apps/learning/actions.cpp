// The table of actions, and the one function that the program calls (apps/taskonomy/learning_library.hpp).
#include "apps/learning/actions.hpp"

#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "apps/taskonomy/learning_library.hpp"
#include "apps/taskonomy/terminal.hpp"
#include "core/host/child.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace {

/// Where an action loads the code of plugins.
enum class Plugins {
  apart,  ///< in processes of its own, or not at all
  here    ///< in its own: it goes on in a child, so that a plugin that ends it is named (host/child.hpp)
};

struct Row {
  std::string_view path;  ///< of the command
  base::ExitCode (*action)(const Values& values);
  Plugins plugins = Plugins::apart;
};

constexpr Row kActions[] = {{"run", run_recipe},
                            {"pretrain", pretrain},
                            {"plan", plan_run},
                            {"place", place_task},
                            {"finish", finish_taxonomy},
                            {"predict", predict_photographs},
                            {"export", export_taxonomy},
                            {"show", show_taxonomy},
                            {"worker", work_on_run},
                            {"tasks list", list_tasks},
                            {"tasks show", show_task},
                            {"tasks check", check_task},
                            {"tasks new", make_task},
                            {"datasets list", list_datasets},
                            {"datasets show", show_dataset},
                            {"datasets check", check_dataset},
                            {"datasets new", make_dataset},
                            {"data preview", preview_data, Plugins::here},
                            {"data lint", lint_data, Plugins::here},
                            {"data export", export_data, Plugins::here},
                            {"sdk info", print_sdk_info}};

}  // namespace

extern "C" [[gnu::visibility("default")]] base::ExitCode taskonomy_call_action(const Values& values) {
  // The library has its own copy of core/report, and so its own width of texts.
  const report::TextWidth width(text_columns(report::kTextWidth));
  for (const auto& row : kActions)
    if (row.path == values.path())
      return row.plugins == Plugins::apart ? row.action(values)
                                           : host::go_on_in_child([&] { return row.action(values); });
  throw std::logic_error("no action for \"" + values.path() + "\" in the learning library");
}

// The program calls it through this type, under this name.
static_assert(std::is_same_v<decltype(&taskonomy_call_action), CallAction>);

}  // namespace taskonomy::cli
