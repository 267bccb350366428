// The task under test, and what is put before it.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "checks.hpp"
#include "synthetic_samples.hpp"

namespace taskonomy::sdk::testing {

namespace {

bool carries_one_of(const Sample& sample, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const auto& name) { return sample.data.count(name) > 0; });
}

/// Throws NotApplicable where the task needs what nobody can make up.
void require_completeness(const Sample& sample, const TaskInfo& info) {
  std::vector<std::vector<std::string>> groups = info.any_of;
  for (const auto& name : info.modalities) groups.push_back({name});
  for (const auto& group : groups) {
    if (group.empty() || carries_one_of(sample, group)) continue;
    throw NotApplicable{"made-up samples have no modality \"" + group.front() +
                        "\"; SubjectOptions::complete can add it"};
  }
}

}  // namespace

Subject::Subject(Factory factory, SubjectOptions options)
    : factory_(std::move(factory)), options_(std::move(options)) {
  if (options_.side < 8 || options_.side % 8 != 0) {
    throw std::invalid_argument("SubjectOptions: side " + std::to_string(options_.side) +
                                " is not a multiple of 8");
  }
}

std::shared_ptr<Task> Subject::make(std::int64_t side) const {
  auto made = factory_(options_.dataset, side);
  if (made == nullptr) throw std::runtime_error("the factory made no task");
  return made;
}

const Task& Subject::task() const {
  if (task_ == nullptr) task_ = make(options_.side);
  return *task_;
}

Sample Subject::sample(std::uint64_t number) const { return sample(side(), side(), number); }

Sample Subject::sample(std::int64_t height, std::int64_t width, std::uint64_t number) const {
  Sample sample = made_up_sample(info().view_kind, height, width, options_.seed + number, options_.dataset);
  if (options_.complete) options_.complete(sample);
  require_completeness(sample, info());
  return sample;
}

DecoderConfig Subject::decoder_config(std::int64_t channels) const {
  DecoderConfig config;
  config.in_channels = channels;
  config.side = side();
  config.in_side = input_side(info(), side()) / 8;
  config.views = input_views(info());
  return config;
}

Subject subject_of(const PluginTable& plugin, SubjectOptions options) {
  struct Failure {
    static void keep(void* text, const char* reason) noexcept { *static_cast<std::string*>(text) = reason; }
  };
  const auto factory = [&plugin, values = options.params](const DatasetInfo& dataset, std::int64_t side) {
    if (plugin.create_task == nullptr) throw std::invalid_argument("the plugin is no task");
    Params params(values);
    const TaskContext context{params, dataset, side};
    std::string reason;
    const FailureSink sink{&reason, &Failure::keep};
    Task* task = plugin.create_task(&context, &sink);
    if (task == nullptr) throw std::runtime_error(reason);
    return std::shared_ptr<Task>(task, plugin.destroy_task);
  };
  return Subject(factory, std::move(options));
}

}  // namespace taskonomy::sdk::testing
