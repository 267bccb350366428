#include "core/checks/task_samples.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/checks/check_process.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"
#include "core/host/dataset_record.hpp"

namespace taskonomy::checks {

namespace {

using base::Json;

constexpr std::size_t kMostSamples = 12;
constexpr double kSecondsForSamples = 60.0;  // of processor time

/// "3/depth_zbuffer": a modality of the fourth sample.
std::string entry_of(std::size_t sample, const std::string& modality) {
  return std::to_string(sample) + "/" + modality;
}

/// Runs in the process that loads both.
Finding write_samples(CheckedPlugin& task, CheckedPlugin& dataset, const std::filesystem::path& file) {
  return host::call_plugin("the dataset", "samples", [&]() -> Finding {
    const auto data = dataset.dataset();
    std::optional<sdk::testing::Subject> subject;
    try {
      subject.emplace(task.subject_for(data->info()));
      (void)subject->info();
    } catch (const std::exception&) {
      subject.reset();
    }
    std::vector<std::string> ids;
    data::NamedTensors tensors{{"none", torch::zeros({1})}};
    if (subject && subject->info().trained)
      for (const auto& sample : sdk::testing::samples_of(*data, subject->info(), kMostSamples)) {
        for (const auto& [name, values] : sample.data) tensors[entry_of(ids.size(), name)] = values;
        ids.push_back(sample.id);
      }
    data::save_tensors(file, tensors,
                       {{"dataset", host::json_of(data->info()).dump()}, {"ids", Json(ids).dump()}});
    return {};
  });
}

TaskSamples read_samples(const std::filesystem::path& path) {
  const data::TensorFile file(path);
  TaskSamples samples{host::dataset_info_of(base::json_in(file.metadata(), "dataset")), {}};
  for (const auto& id : base::json_in(file.metadata(), "ids").as<std::vector<std::string>>())
    samples.samples.push_back({id, {}});
  for (const auto& [name, values] : file.all()) {
    const auto slash = name.find('/');
    if (slash == std::string::npos) continue;
    // A copy, because a task that writes to its sample is to be found out, not to die.
    samples.samples.at(std::stoul(name)).data[name.substr(slash + 1)] = values.clone();
  }
  return samples;
}

}  // namespace

TaskSamples take_samples(CheckedPlugin& task, CheckedPlugin& dataset) {
  const base::TemporaryFolder scratch("samples");
  const auto file = scratch.path() / "samples.safetensors";
  CheckProcess process(
      [&]() -> Finding {
        try {
          at::set_num_threads(1);
          return write_samples(task, dataset, file);
        } catch (const std::exception& error) {
          return {Outcome::fail, error.what()};
        }
      },
      {kSecondsForSamples, scratch.path()});
  std::optional<Ending> ending;
  while (!(ending = process.look())) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  if (ending->verdict != Verdict::pass)
    throw base::Error(
        "dataset \"" + dataset.stamped("id") + "\" (" + dataset.path().string() + "): " + ending->reason +
        (is_bad(ending->verdict) && ending->verdict != Verdict::fail ? "; see `taskonomy datasets check`"
                                                                     : ""));
  return read_samples(file);
}

}  // namespace taskonomy::checks
