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

/// One of each of these lists must be there.
std::vector<std::vector<std::string>> groups_of(const TaskInfo& info) {
  std::vector<std::vector<std::string>> groups = info.any_of;
  for (const auto& name : info.modalities) groups.push_back({name});
  return groups;
}

/// The first modality that the sample lacks; "" where it has what the task needs.
std::string lacking(const Sample& sample, const TaskInfo& info) {
  for (const auto& group : groups_of(info))
    if (!group.empty() && !carries_one_of(sample, group)) return group.front();
  return "";
}

/// Throws CannotTry where the task needs what the sample lacks.
void require_completeness(const Sample& sample, const TaskInfo& info, bool made_up) {
  const std::string missing = lacking(sample, info);
  if (missing.empty()) return;
  throw CannotTry{
      (made_up ? "made-up samples have no modality \"" : "the samples have no modality \"") + missing +
      "\": `taskonomy tasks check FILE.so --recipe RECIPE` takes samples of the recipe's data set; in a "
      "test program SubjectOptions::samples does, or SubjectOptions::complete adds it"};
}

/// Numbers of rows or columns that make `from` ones `to`.
torch::Tensor nearest(std::int64_t from, std::int64_t to) {
  const auto at =
      (torch::arange(to, torch::kFloat64) + 0.5) * (static_cast<double>(from) / static_cast<double>(to));
  return at.floor().to(torch::kInt64).clamp(0, from - 1);
}

/// The sample as a camera with another number of pixels has it.
Sample resized(Sample sample, std::int64_t height, std::int64_t width) {
  const torch::Tensor rgb = sample.data.at("rgb");
  const std::int64_t rows = rgb.size(2), columns = rgb.size(3);
  if (rows == height && columns == width) return sample;
  for (auto& [name, tensor] : sample.data) {
    if (name == "intrinsics") {
      const auto across = static_cast<float>(width) / static_cast<float>(columns),
                 down = static_cast<float>(height) / static_cast<float>(rows);
      tensor = (tensor * torch::tensor({across, down, 1.0F}).reshape({1, 3, 1})).contiguous();
    } else if (tensor.dim() == 4 && tensor.size(2) == rows && tensor.size(3) == columns) {
      tensor =
          tensor.index_select(2, nearest(rows, height)).index_select(3, nearest(columns, width)).contiguous();
    }
  }
  return sample;
}

/// What to ask a dataset for, so that the task has what it needs.
std::vector<std::string> wanted_of(const TaskInfo& info, const DatasetInfo& dataset) {
  std::vector<std::string> wanted{"rgb"};
  for (const auto& group : groups_of(info))
    for (const auto& name : group)
      if (offers(dataset, name) && std::find(wanted.begin(), wanted.end(), name) == wanted.end())
        wanted.push_back(name);
  return wanted;
}

}  // namespace

std::vector<Sample> samples_of(const Dataset& dataset, const TaskInfo& info, std::size_t most) {
  std::vector<Scene> scenes = dataset.scenes(info.view_kind);
  scenes.erase(
      std::remove_if(scenes.begin(), scenes.end(), [](const Scene& scene) { return scene.samples < 1; }),
      scenes.end());
  const auto wanted = wanted_of(info, dataset.info());
  // The first sample of scenes far from each other, then the next of each.
  const std::size_t step = std::max<std::size_t>(1, scenes.size() / std::max<std::size_t>(1, most));
  std::vector<Sample> samples;
  for (std::int64_t index = 0; index < static_cast<std::int64_t>(most) && samples.size() < most; ++index)
    for (std::size_t at = 0; at < scenes.size() && samples.size() < most; at += step) {
      if (index >= scenes[at].samples) continue;
      Sample sample = dataset.sample(scenes[at].id, index, info.view_kind, wanted);
      if (lacking(sample, info).empty()) samples.push_back(std::move(sample));
    }
  if (samples.empty())
    throw std::runtime_error("the data set \"" + dataset.info().id + "\" has no sample (" +
                             word_of(info.view_kind) + ") with all that the task asks for");
  return samples;
}

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
  const bool made_up = options_.samples.empty();
  Sample sample =
      made_up ? made_up_sample(info().view_kind, height, width, options_.seed + number, options_.dataset)
              : resized(options_.samples[static_cast<std::size_t>(number % options_.samples.size())], height,
                        width);
  if (options_.complete) options_.complete(sample);
  require_completeness(sample, info(), made_up);
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
