// The plugin that is checked, and the list of all checks.
#include "core/checks/plugin_check.hpp"

#include <sys/stat.h>

#include <utility>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/checks/dataset_checks.hpp"
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

/// What changes when a file is removed, replaced or written to; "" where there is none.
std::string identity_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "";
  return std::to_string(status.st_ino) + " " + std::to_string(status.st_size) + " " +
         std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
}

std::map<std::string, sdk::ParamValue> values_of(const recipe::Table& table) {
  std::map<std::string, sdk::ParamValue> values;
  for (const auto& [key, value] : table) values[key] = {value.value, value.where};
  return values;
}

/// Wraps a check of the SDK as one of ours. It needs a task to look at, so load.creates comes first.
PluginCheck adapted(const sdk::testing::Check& check) {
  std::vector<std::string> needs{"load.creates",
                                 "load.unknown_extension"};  // an ability that is none may crash
  needs.insert(needs.end(), check.needs.begin(), check.needs.end());
  return {check.id, check.contract, check.hint, check.level, needs, [&check](CheckedPlugin& plugin) {
            auto subject = plugin.subject();
            return check.run(subject);
          }};
}

/// The same with a check of a dataset.
PluginCheck adapted(const DatasetCheck& check) {
  std::vector<std::string> needs{"load.creates"};
  needs.insert(needs.end(), check.needs.begin(), check.needs.end());
  return {check.id, check.contract, check.hint, check.level, needs, [&check](CheckedPlugin& plugin) {
            DatasetSubject subject([&](std::int64_t side) { return plugin.dataset(side); });
            return check.run(subject);
          }};
}

}  // namespace

CheckedPlugin::CheckedPlugin(const std::filesystem::path& path, PluginSettings settings)
    : path_(existing(path)),
      settings_(std::move(settings)),
      host_(host::own_facts()),
      file_(host::inspect(path_, host_)),
      identity_(identity_of(path_)) {}

host::Kind CheckedPlugin::kind() const {
  return stamped("kind") == host::name_of(host::Kind::dataset) ? host::Kind::dataset : host::Kind::task;
}

bool CheckedPlugin::unchanged() const { return identity_of(path_) == identity_; }

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
  options.side = kSampleSide;
  options.params = values_of(host::with_keys_of(library(), settings_.params));
  if (settings_.data) {
    options.dataset = settings_.data->dataset;
    options.samples = settings_.data->samples;
  }
  return options;
}

sdk::testing::Subject CheckedPlugin::subject() {
  return sdk::testing::subject_of(library().table(), subject_options());
}

sdk::testing::Subject CheckedPlugin::subject_for(const sdk::DatasetInfo& dataset) {
  auto options = subject_options();
  options.dataset = dataset;
  return sdk::testing::subject_of(library().table(), options);
}

std::shared_ptr<sdk::Dataset> CheckedPlugin::dataset(std::int64_t side) {
  const auto& table = library().table();
  sdk::Params params(values_of(settings_.params));
  const sdk::DatasetContext context{params, side, settings_.seed};
  std::string reason;
  const sdk::FailureSink sink{
      &reason, [](void* text, const char* said) noexcept { *static_cast<std::string*>(text) = said; }};
  sdk::Dataset* made = table.create_dataset(&context, &sink);
  if (made == nullptr) throw base::Error(reason.empty() ? "its constructor gave no reason" : reason);
  return {made, table.destroy_dataset};
}

std::vector<std::string> CheckedPlugin::unread_keys() {
  const auto options = subject_options();
  const auto& table = library().table();
  sdk::Params params(options.params);
  const sdk::FailureSink deaf{nullptr, [](void*, const char*) noexcept {}};
  if (kind() == host::Kind::task) {
    const sdk::TaskContext context{params, options.dataset, options.side};
    if (sdk::Task* task = table.create_task(&context, &deaf); task != nullptr) table.destroy_task(task);
  } else {
    const sdk::DatasetContext context{params, options.side, options.seed};
    if (auto* made = table.create_dataset(&context, &deaf); made != nullptr) table.destroy_dataset(made);
  }
  return params.unread();
}

Finding finding_of(const std::vector<std::string>& problems, const std::string& ended_early) {
  if (!problems.empty()) return {Outcome::fail, base::join(problems, "; ")};
  if (!ended_early.empty()) return {Outcome::fail, "could not be watched to the end: " + ended_early};
  return {Outcome::pass, ""};
}

std::string group_of(const std::string& check_id) { return check_id.substr(0, check_id.find('.')); }

namespace {

void append(std::vector<PluginCheck>& all, std::vector<PluginCheck> more) {
  for (auto& check : more) all.push_back(std::move(check));
}

std::vector<PluginCheck> checks_of_tasks() {
  std::vector<PluginCheck> all = file_checks();
  append(all, load_checks(host::Kind::task));
  for (const auto& check : sdk::testing::task_checks()) all.push_back(adapted(check));
  append(all,
         manners_checks(host::Kind::task, {"load.creates", "label.shape", "loss.per_image", "metrics.shape",
                                           "decoder.shape", "label.drawing", "label.figure"}));
  return all;
}

std::vector<PluginCheck> checks_of_datasets() {
  std::vector<PluginCheck> all = file_checks();
  append(all, load_checks(host::Kind::dataset));
  for (const auto& check : dataset_checks()) all.push_back(adapted(check));
  append(all, manners_checks(host::Kind::dataset,
                             {"load.creates", "spec.complete", "scenes.counts", "sample.readable"}));
  return all;
}

}  // namespace

const std::vector<PluginCheck>& all_checks(host::Kind kind) {
  static const std::vector<PluginCheck> of_tasks = checks_of_tasks(), of_datasets = checks_of_datasets();
  return kind == host::Kind::task ? of_tasks : of_datasets;
}

}  // namespace taskonomy::checks
