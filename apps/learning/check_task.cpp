// taskonomy tasks check: says whether a task plugin keeps its contract, and if not, where it fails and what
// mends it.
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/terminal.hpp"
#include "core/checks/check_report.hpp"
#include "core/checks/run_checks.hpp"
#include "core/host/requirements.hpp"
#include "core/jobs/run_loop.hpp"

namespace taskonomy::cli {

namespace {

using sdk::testing::Level;

base::Error dataset_error(const std::string& place, const std::string& id) {
  return base::Error(place +
                     " is a data set plugin, and the checks are those of tasks. What a data set offers: "
                     "taskonomy datasets show " +
                     id +
                     "; whether its samples are in order: taskonomy data lint "
                     "RECIPE");
}

/// The file of the task called `id`. A plugin that the host refuses counts too: the checks say what is wrong
/// with it.
std::filesystem::path file_of(const std::string& id, const Values& values) {
  const host::PluginRegistry registry(host::search_options(values.list("plugin-dir")));
  for (const auto& entry : registry.entries(host::Kind::task)) {
    if (entry.id == id) return entry.path;
  }
  for (const auto& refusal : registry.refused()) {
    if (refusal.id == id && refusal.kind == host::Kind::task && refusal.code != 1010) return refusal.path;
  }
  for (const auto& entry : registry.entries(host::Kind::dataset)) {
    if (entry.id == id) throw dataset_error("\"" + id + "\"", id);
  }
  return registry.find(host::Kind::task, id).path;  // throws, naming what was searched
}

recipe::Table params_of(const std::string& id, const Values& values) {
  std::vector<std::string> overrides;
  for (const auto& setting : values.list("set")) {
    if (setting.find('=') == std::string::npos)
      throw values.usage_error("--set: expected KEY=VALUE, got \"" + setting + "\"");
    overrides.push_back("task." + id + "." + setting);
  }
  if (overrides.empty()) return {};
  const std::string small = "tasks = [\"" + id + "\"]\n[data]\ndataset = \"any\"\n";
  return recipe::parse_recipe(small, "command line", overrides).tasks.front().params;
}

checks::CheckedPlugin plugin_of(const Values& values) {
  const std::string text = values.text("FILE.so|ID");
  if (text.empty()) throw values.usage_error("FILE.so|ID is empty");
  const auto path = host::is_id(text) ? file_of(text, values) : std::filesystem::path(text);
  checks::PluginSettings settings{values.count("seed", 1, 0), {}};
  checks::CheckedPlugin plugin(path, settings);
  if (plugin.stamped("kind") == "dataset") throw dataset_error(path.string(), plugin.stamped("id"));
  const std::string& id = plugin.stamped("id");
  if (id.empty() || !values.has("set")) return plugin;
  settings.params = params_of(id, values);
  return checks::CheckedPlugin(path, settings);
}

checks::CheckOptions run_options(const Values& values) {
  const std::string level = values.choice("level");
  checks::CheckOptions options;
  options.level = level == "quick" ? Level::quick : level == "full" ? Level::full : Level::pedantic;
  options.only = values.names("only");
  options.in_process = values.has("in-process");
  options.time_limit = values.real("time-limit", options.time_limit, 0.1);
  options.seed = values.count("seed", 1, 0);
  return options;
}

base::ExitCode check(const Values& values) {
  values.at_most_one({"format", "json", "junit", "list"});
  const std::string format = values.format();
  if (values.has("list")) {
    std::cout << checks::list_text();
    return base::ExitCode::done;
  }
  if (!values.has("FILE.so|ID")) throw values.usage_error("FILE.so|ID is missing");
  auto options = run_options(values);
  checks::require_known(options.only);
  checks::CheckedPlugin plugin = plugin_of(values);
  const jobs::Interrupt interrupt;
  options.interrupted = [&] { return interrupt.signal() != 0; };
  const bool text = format == "text";
  checks::TextReport lines(takes_colour(STDOUT_FILENO));
  if (text) {
    std::cout << lines.head(plugin, options.level, options.seed) << std::flush;
    options.on_result = [&](const checks::CheckResult& result) {
      std::cout << lines.line(plugin, result) << std::flush;
    };
  }
  const checks::CheckReport report = checks::run_checks(plugin, options);
  if (interrupt.signal() != 0) {
    std::cerr << "interrupted\n";
    return base::code_of_signal(interrupt.signal());
  }
  std::cout << (text               ? lines.tail(report)
                : format == "json" ? checks::json_of(report)
                                   : checks::junit_of(report));
  if (!report.kept()) return base::ExitCode::bad_input;
  return report.unchecked_groups().empty() ? base::ExitCode::done : base::ExitCode::not_checked;
}

}  // namespace

/// check() with exit codes of its own: 1 means that checks failed, so an error that keeps it from checking
/// becomes 2.
base::ExitCode check_task(const Values& values) {
  try {
    return check(values);
  } catch (const base::Error& error) {
    throw base::Error(error.what(), base::ExitCode::usage);
  }
}

}  // namespace taskonomy::cli
