// taskonomy tasks check, datasets check: says whether a plugin keeps its contract, and if not, where it fails and
// what mends it.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include "apps/learning/actions.hpp"
#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/terminal.hpp"
#include "core/checks/check_report.hpp"
#include "core/checks/run_checks.hpp"
#include "core/checks/task_samples.hpp"
#include "core/host/requirements.hpp"
#include "core/jobs/run_loop.hpp"

namespace taskonomy::cli {

namespace {

using sdk::testing::Level;

/// How to check a plugin of the other kind.
base::Error other_kind_error(const std::string& place, host::Kind kind) {
  const std::string other = host::name_of(kind);
  return base::Error(
      place + " is a " + other + " plugin: taskonomy " + other + "s check " + place +
      (kind == host::Kind::dataset ? ". What a dataset offers: taskonomy datasets show ID" : ""));
}

/// The file of the plugin called `id`. One that the host refuses counts too: the checks say what is wrong with it.
std::filesystem::path file_of(host::Kind kind, const std::string& id, const Values& values,
                              const recipe::Recipe* recipe) {
  const host::PluginRegistry registry(host::search_options(values.list("plugin-dir"), recipe));
  for (const auto& entry : registry.entries(kind)) {
    if (entry.id == id) return entry.path;
  }
  for (const auto& refusal : registry.refused()) {
    if (refusal.id == id && refusal.kind == kind && refusal.code != 1010) return refusal.path;
  }
  const host::Kind other = kind == host::Kind::task ? host::Kind::dataset : host::Kind::task;
  for (const auto& entry : registry.entries(other)) {
    if (entry.id == id) throw other_kind_error(id, other);
  }
  return registry.find(kind, id).path;  // throws, naming what was searched
}

void require_settings(const std::vector<std::string>& settings, const Values& values) {
  for (const auto& setting : settings)
    if (setting.find('=') == std::string::npos)
      throw values.usage_error("--set: expected KEY=VALUE, got \"" + setting + "\"");
}

/// The recipe of --recipe.
std::optional<recipe::Recipe> recipe_of(const Values& values, const std::vector<std::string>& overrides) {
  if (!values.has("recipe")) return std::nullopt;
  return recipe::read_recipe(values.text("recipe"), overrides);
}

bool is_of_data(const std::string& setting) { return setting.rfind("data.", 0) == 0; }

/// The keys of --set as those of the task's table; those of [data] are the recipe's.
std::vector<std::string> overrides_of(const std::string& id, const Values& values) {
  std::vector<std::string> overrides;
  for (const auto& setting : values.list("set"))
    overrides.push_back(is_of_data(setting) ? setting : "task." + id + "." + setting);
  return overrides;
}

/// Those of [data] alone.
std::vector<std::string> data_overrides(const Values& values) {
  std::vector<std::string> overrides;
  for (const auto& setting : values.list("set"))
    if (is_of_data(setting)) overrides.push_back(setting);
  return overrides;
}

/// The task's table in a recipe, or in a made-up one.
recipe::Table params_of(const std::string& id, const std::optional<recipe::Recipe>& recipe,
                        const Values& values) {
  if (recipe) {
    for (const auto& entry : recipe->tasks)
      if (entry.id == id) return entry.params;
  }
  const auto overrides = overrides_of(id, values);
  if (overrides.empty()) return {};
  const std::string small = "tasks = [\"" + id + "\"]\n[data]\ndataset = \"any\"\n";
  return recipe::parse_recipe(small, "command line", overrides).tasks.front().params;
}

/// The file that the command line names.
std::filesystem::path named_file(host::Kind kind, const Values& values, const recipe::Recipe* recipe) {
  const std::string text = values.text("FILE|ID");
  if (text.empty()) throw values.usage_error("FILE|ID is empty");
  return host::is_id(text) ? file_of(kind, text, values, recipe) : std::filesystem::path(text);
}

void require_kind(const checks::CheckedPlugin& plugin, host::Kind kind) {
  if (!plugin.stamped("kind").empty() && plugin.kind() != kind)
    throw other_kind_error(plugin.path().string(), plugin.kind());
}

checks::CheckedPlugin task_of(const Values& values) {
  require_settings(values.list("set"), values);
  const auto bare = recipe_of(values, data_overrides(values));
  const recipe::Recipe* search = bare ? &*bare : nullptr;
  const auto path = named_file(host::Kind::task, values, search);
  checks::PluginSettings settings{values.count("seed", 1, 0), {}, {}};
  checks::CheckedPlugin plugin(path, settings);
  require_kind(plugin, host::Kind::task);
  const std::string& id = plugin.stamped("id");
  if (id.empty()) return plugin;
  // A recipe that does not list the task has no table for it.
  const bool listed = bare && std::any_of(bare->tasks.begin(), bare->tasks.end(),
                                          [&](const auto& entry) { return entry.id == id; });
  settings.params = params_of(
      id, listed ? recipe_of(values, overrides_of(id, values)) : std::optional<recipe::Recipe>(), values);
  if (bare && !plugin.file().refusal) {
    checks::CheckedPlugin task(path, settings);
    checks::CheckedPlugin dataset(file_of(host::Kind::dataset, bare->data.dataset, values, search),
                                  {bare->seed, bare->data.params, {}});
    settings.data = checks::take_samples(task, dataset);
  }
  return checks::CheckedPlugin(path, settings);
}

/// [data] of the recipe, or of a made-up one with the keys of --set.
recipe::Data data_of(const std::string& id, const Values& values) {
  if (const auto recipe = recipe_of(values, values.list("set"))) {
    if (recipe->data.dataset != id)
      throw values.usage_error("--recipe: its dataset is \"" + recipe->data.dataset + "\", not \"" + id +
                               "\"");
    return recipe->data;
  }
  const std::string small = "tasks = [\"any\"]\n[data]\ndataset = \"" + id + "\"\n";
  return recipe::parse_recipe(small, "command line", values.list("set")).data;
}

checks::CheckedPlugin dataset_of(const Values& values) {
  require_settings(values.list("set"), values);
  const auto bare = recipe_of(values, {});
  const auto path = named_file(host::Kind::dataset, values, bare ? &*bare : nullptr);
  checks::PluginSettings settings{values.count("seed", 1, 0), {}, {}};
  checks::CheckedPlugin plugin(path, settings);
  require_kind(plugin, host::Kind::dataset);
  const std::string& id = plugin.stamped("id");
  if (id.empty()) return plugin;
  settings.params = data_of(id, values).params;
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

base::ExitCode check(host::Kind kind, const Values& values) {
  values.at_most_one({"format", "json", "junit", "list"});
  const std::string format = values.format();
  if (values.has("list")) {
    std::cout << checks::list_text(kind);
    return base::ExitCode::done;
  }
  if (!values.has("FILE|ID")) throw values.usage_error("FILE|ID is missing");
  auto options = run_options(values);
  checks::require_known(options.only, kind);
  checks::CheckedPlugin plugin = kind == host::Kind::task ? task_of(values) : dataset_of(values);
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

/// check() with exit codes of its own: 1 means that checks failed, so an error that keeps it from checking
/// becomes 2.
base::ExitCode check_or_usage(host::Kind kind, const Values& values) {
  try {
    return check(kind, values);
  } catch (const base::Error& error) {
    throw base::Error(error.what(), base::ExitCode::usage);
  }
}

}  // namespace

base::ExitCode check_task(const Values& values) { return check_or_usage(host::Kind::task, values); }
base::ExitCode check_dataset(const Values& values) { return check_or_usage(host::Kind::dataset, values); }

}  // namespace taskonomy::cli
