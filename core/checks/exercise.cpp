#include "core/checks/exercise.hpp"

#include <memory>
#include <utility>
#include <vector>

#include <torch/autograd.h>
#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/figure.hpp>

#include "core/base/error.hpp"
#include "core/checks/dataset_checks.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::checks {

namespace {

using sdk::testing::Subject;
constexpr std::int64_t kImages = 2;

/// Calls the task; what it throws ends the exercise.
template <typename Body>
auto call(const std::string& step, Body&& body) -> decltype(body()) {
  try {
    return host::call_plugin("the plugin", step, std::forward<Body>(body));
  } catch (const base::Error& error) {
    throw NotExercised{error.what()};
  }
}

sdk::Sample sample_of(const Subject& subject, std::uint64_t number) {
  try {
    return subject.sample(number);
  } catch (...) {  // the SDK throws something of its own here that is no std::exception
    throw NotExercised{"no sample has what the task needs"};
  }
}

sdk::Example example_of(const sdk::Task& task, const sdk::Sample& sample, std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return task.make_example(sample, generator);
}

/// Examples joined on a new first dimension.
sdk::Example joined(const std::vector<sdk::Example>& examples) {
  const auto join = [&](torch::Tensor sdk::Example::*part) {
    std::vector<torch::Tensor> tensors;
    for (const auto& example : examples) {
      if (!(example.*part).defined()) return torch::Tensor();
      tensors.push_back(example.*part);
    }
    return torch::stack(tensors);
  };
  return {join(&sdk::Example::input), join(&sdk::Example::target), join(&sdk::Example::mask)};
}

sdk::Example batch_of(const Subject& subject, const sdk::Task& task) {
  std::vector<sdk::Sample> samples;
  for (std::uint64_t image = 0; image < kImages; ++image) samples.push_back(sample_of(subject, image));
  return call("make_example", [&] {
    std::vector<sdk::Example> examples;
    for (const auto& sample : samples) examples.push_back(example_of(task, sample, 1));
    return joined(examples);
  });
}

torch::Tensor representation(const sdk::DecoderConfig& config, std::int64_t images) {
  auto generator = at::detail::createCPUGenerator(7);
  return torch::randn({images, config.in_channels * config.views, config.in_side, config.in_side}, generator,
                      torch::kFloat32);
}

void exercise_extensions(const sdk::Task& task, const torch::Tensor& prediction, const sdk::Example& batch,
                         const AfterStep& after) {
  if (const auto* metrics = sdk::extension_of<sdk::Metrics>(task)) {
    call("metrics", [&] {
      const torch::NoGradGuard no_grad;
      (void)metrics->measure(prediction, batch.target, batch.mask);
    });
    after("metrics");
  }
  if (const auto* drawing = sdk::extension_of<sdk::Visualize>(task)) {
    const auto mask = batch.mask.defined() ? batch.mask[0] : torch::Tensor();
    call("drawing", [&] {
      const torch::NoGradGuard no_grad;
      (void)drawing->draw(batch.target[0], mask);
    });
    after("drawing");
  }
  if (const auto* named = sdk::extension_of<sdk::Components>(task)) {
    call("in_units", [&] {
      const torch::NoGradGuard no_grad;
      (void)named->in_units(prediction[0]);
    });
    after("in_units");
  }
  if (const auto* figures = sdk::extension_of<sdk::Illustrate>(task)) {
    const bool pixels = task.info().mask == sdk::MaskKind::pixel && batch.mask.defined();
    call("illustrate", [&] {
      const torch::NoGradGuard no_grad;
      (void)figures->illustrate(batch.target[0], pixels ? batch.mask[0] : torch::Tensor(), {"sample", {}});
    });
    after("illustrate");
  }
}

void exercise_training(const Subject& subject, const sdk::Task& task, const AfterStep& after) {
  const auto batch = batch_of(subject, task);
  after("make_example");
  const auto config = subject.decoder_config();
  const auto decoder = call("make_decoder", [&] { return task.make_decoder(config); });
  after("make_decoder");
  const auto prediction = call("forward", [&] { return decoder->forward(representation(config, kImages)); });
  after("forward");
  call("loss", [&] {
    const auto loss = task.loss(prediction, batch.target, batch.mask).sum();
    if (loss.requires_grad()) loss.backward();
  });
  after("loss");
  exercise_extensions(task, prediction.detach(), batch, after);
}

void exercise_task(CheckedPlugin& plugin, const AfterStep& after) {
  const auto subject = plugin.subject();
  const auto task = call("constructor", [&] { return subject.make(subject.side()); });
  after("constructor");
  if (task->info().trained) exercise_training(subject, *task, after);
}

void exercise_dataset(CheckedPlugin& plugin, const AfterStep& after) {
  const auto dataset = call("constructor", [&] { return plugin.dataset(); });
  after("constructor");
  const DatasetSubject subject([&](std::int64_t) { return dataset; });
  const auto places = call("scenes", [&] { return subject.places(2); });
  after("scenes");
  for (const auto& place : places) (void)call("sample", [&] { return subject.sample(place); });
  after("sample");
  for (const auto& place : places)
    (void)call("files_state", [&] { return dataset->files_state(place.scene, "rgb"); });
  after("files_state");
}

std::function<void()> training_of(CheckedPlugin& plugin) {
  const auto subject = plugin.subject();
  const auto task = call("constructor", [&] { return subject.make(subject.side()); });
  if (!task->info().trained) return nullptr;
  std::vector<std::int64_t> shape{1};
  for (const auto length : task->info().prediction.shape)
    shape.push_back(length == -1 ? subject.side() : length);
  auto generator = at::detail::createCPUGenerator(7);
  // sigmoid() lies in [0,1], which every range of predictions contains.
  const auto prediction =
      torch::sigmoid(torch::randn(shape, generator, torch::kFloat32)).requires_grad_(true);
  return [task, prediction, sample = sample_of(subject, 0)] {
    const auto example = call("make_example", [&] { return joined({example_of(*task, sample, 1)}); });
    call("loss", [&] {
      const torch::AutoGradMode gradients(true);  // manners.grad_mode tells who switches them off
      const auto loss = task->loss(prediction, example.target, example.mask).sum();
      (void)torch::autograd::grad({loss}, {prediction}, {}, {}, false, true);
    });
  };
}

std::function<void()> reading_of(CheckedPlugin& plugin) {
  const auto dataset = call("constructor", [&] { return plugin.dataset(); });
  const auto subject = std::make_shared<DatasetSubject>([dataset](std::int64_t) { return dataset; });
  const auto places = call("scenes", [&] { return subject->places(1); });
  return [subject, place = places.front()] { (void)call("sample", [&] { return subject->sample(place); }); };
}

}  // namespace

std::string exercise(CheckedPlugin& plugin, const AfterStep& after) {
  std::string reason;
  try {
    plugin.kind() == host::Kind::task ? exercise_task(plugin, after) : exercise_dataset(plugin, after);
  } catch (const NotExercised& end) {
    reason = end.reason;
  }
  after("destructor");
  return reason;
}

RepeatedCall::RepeatedCall(CheckedPlugin& plugin)
    : call_(plugin.kind() == host::Kind::task ? training_of(plugin) : reading_of(plugin)) {
  if (call_) call_();
}

void warm_up_torch() {
  const auto image = torch::ones({1, 4, 16, 16}).requires_grad_(true);
  torch::conv2d(image, torch::ones({4, 4, 3, 3})).sum().backward();
  const auto matrix = torch::ones({512, 512}).requires_grad_(true);
  torch::mm(matrix, matrix).sum().backward();
}

}  // namespace taskonomy::checks
