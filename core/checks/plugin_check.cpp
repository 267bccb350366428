// The plugin that is checked, and the list of all checks.
#include "core/checks/plugin_check.hpp"

#include <utility>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/host/script_page.hpp"

namespace taskonomy::checks {

namespace {

std::filesystem::path existing(const std::filesystem::path& path) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (std::filesystem::is_regular_file(status)) return std::filesystem::absolute(path);
  const bool missing = status.type() == std::filesystem::file_type::not_found;
  throw base::Error(path.string() + ": " +
                        (missing  ? "no such file"
                         : failed ? failed.message()
                                  : "not a file that could be a plugin, such as taskonomy_task_ID.so"),
                    base::ExitCode::usage);
}

std::map<std::string, sdk::ParamValue> values_of(const recipe::Table& table) {
  std::map<std::string, sdk::ParamValue> values;
  for (const auto& [key, value] : table) values[key] = {value.value, value.where};
  return values;
}

/// Wraps a check of the SDK as one of ours. It needs a task to look at, so load.creates comes first.
PluginCheck adapted(const sdk::testing::Check& check) {
  std::vector<std::string> needs{"load.creates"};
  needs.insert(needs.end(), check.needs.begin(), check.needs.end());
  return {check.id, check.contract, check.hint, check.level, needs, [&check](CheckedPlugin& plugin) {
            auto subject = plugin.subject();
            return check.run(subject);
          }};
}

}  // namespace

CheckedPlugin::CheckedPlugin(const std::filesystem::path& path, PluginSettings settings)
    : path_(existing(path)),
      settings_(std::move(settings)),
      host_(host::own_facts()),
      file_(host::inspect(path_, host_)) {}

host::LinkFacts CheckedPlugin::link_facts() const {
  if (host::is_script_page(path_)) return {};
  auto facts = host::read_link_facts(host::file_bytes(path_), host_.platform, path_.parent_path().string());
  if (!facts.problem.empty()) throw base::Error(path_.string() + ": " + facts.problem);
  return facts;
}

const host::Library& CheckedPlugin::library() {
  if (library_ == nullptr) library_ = host::load_library(path_);
  return *library_;
}

sdk::testing::SubjectOptions CheckedPlugin::subject_options() {
  sdk::testing::SubjectOptions options;
  options.seed = settings_.seed;
  options.params = values_of(host::with_keys_of(library(), settings_.params));
  return options;
}

sdk::testing::Subject CheckedPlugin::subject() {
  return sdk::testing::subject_of(library().table(), subject_options());
}

std::vector<std::string> CheckedPlugin::unread_keys() {
  const auto options = subject_options();
  const auto& table = library().table();
  sdk::Params params(options.params);
  const sdk::TaskContext context{params, options.dataset, options.side};
  const sdk::FailureSink deaf{nullptr, [](void*, const char*) noexcept {}};
  if (sdk::Task* task = table.create_task(&context, &deaf); task != nullptr) table.destroy_task(task);
  return params.unread();
}

Finding finding_of(const std::vector<std::string>& problems, const std::string& ended_early) {
  if (!problems.empty()) return {Outcome::fail, base::join(problems, "; ")};
  if (!ended_early.empty()) return {Outcome::fail, "could not be watched to the end: " + ended_early};
  return {Outcome::pass, ""};
}

std::string group_of(const std::string& check_id) { return check_id.substr(0, check_id.find('.')); }

const std::vector<PluginCheck>& all_checks() {
  static const std::vector<PluginCheck> checks = [] {
    std::vector<PluginCheck> all;
    const auto append = [&all](std::vector<PluginCheck> more) {
      for (auto& check : more) all.push_back(std::move(check));
    };
    append(file_checks());
    append(load_checks());
    for (const auto& check : sdk::testing::task_checks()) all.push_back(adapted(check));
    append(manners_checks());
    append(global_state_checks());
    return all;
  }();
  return checks;
}

}  // namespace taskonomy::checks
