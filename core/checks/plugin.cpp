#include "core/checks/plugin.hpp"

#include <utility>

#include "core/base/error.hpp"

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

}  // namespace

Plugin::Plugin(const std::filesystem::path& path, PluginSettings settings)
    : path_(existing(path)),
      settings_(std::move(settings)),
      host_(host::own_facts()),
      file_(host::inspect(path_, host_)) {}

host::LinkFacts Plugin::link_facts() const {
  auto facts = host::read_link_facts(host::file_bytes(path_), host_.platform, path_.parent_path().string());
  if (!facts.problem.empty()) throw base::Error(path_.string() + ": " + facts.problem);
  return facts;
}

const host::Library& Plugin::library() {
  if (library_ == nullptr) library_ = host::load_library(path_);
  return *library_;
}

sdk::testing::SubjectOptions Plugin::subject_options() const {
  sdk::testing::SubjectOptions options;
  options.seed = settings_.seed;
  options.params = values_of(settings_.params);
  return options;
}

sdk::testing::Subject Plugin::subject() {
  return sdk::testing::subject_of(library().table(), subject_options());
}

std::vector<std::string> Plugin::unread_keys() {
  const auto options = subject_options();
  const auto& table = library().table();
  sdk::Params params(options.params);
  const sdk::TaskContext context{params, options.dataset, options.side};
  const sdk::FailureSink deaf{nullptr, [](void*, const char*) noexcept {}};
  if (sdk::Task* task = table.create_task(&context, &deaf); task != nullptr) table.destroy_task(task);
  return params.unread();
}

}  // namespace taskonomy::checks
