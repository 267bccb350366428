#include <taskonomy/sdk/class_task.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

namespace taskonomy::sdk {

namespace {

constexpr std::int64_t kFew = 5;  ///< of top_5

std::int64_t classes_of(const TaskContext& context, const std::string& id) {
  const auto names = context.dataset.class_names.find(id);
  if (names == context.dataset.class_names.end() || names->second.size() < 2)
    throw std::invalid_argument("dataset \"" + context.dataset.id + "\" names no classes of " + id);
  return static_cast<std::int64_t>(names->second.size());
}

/// The task whose modality has its own name.
TaskInfo describe(const TaskContext& context, const std::string& id, const std::string& title) {
  TaskInfo info = class_task_info(id, title, "semantic", classes_of(context, id));
  info.modalities.push_back(id);
  return info;
}

std::vector<Metric> accuracies(std::int64_t classes) {
  std::vector<Metric> list{{"top_1", "%", true}};
  if (classes > kFew) list.push_back({"top_5", "%", true});
  return list;
}

}  // namespace

ClassTask::ClassTask(const TaskContext& context, const std::string& id, const std::string& title)
    : ClassTask(describe(context, id, title), context.side) {}
ClassTask::ClassTask(TaskInfo info, std::int64_t side)
    : VectorTask(info, side, accuracies(info.target.shape.at(0))) {}
ClassTask::~ClassTask() = default;

Example ClassTask::make_example(const Sample& sample, torch::Generator&) const {
  const torch::Tensor labels = require_numbers(sample, info().id, info().target.shape);
  const torch::Tensor shares = torch::where(torch::isfinite(labels), labels, torch::zeros({})).clamp_min(0.0);
  const torch::Tensor sum = shares.sum();
  return vector_example(shares / sum, sum.item<float>() > 0.0F);
}

torch::Tensor ClassTask::loss(const torch::Tensor& prediction, const torch::Tensor& target,
                              const torch::Tensor& mask) const {
  return soft_cross_entropy(prediction, target, mask);
}

torch::Tensor ClassTask::judge(const torch::Tensor& prediction, const torch::Tensor& target) const {
  const std::int64_t few = std::min(kFew, prediction.size(1));
  const torch::Tensor guesses = std::get<1>(prediction.topk(few, 1));
  const torch::Tensor hits = guesses.eq(target.argmax(1, true)).to(torch::kFloat32) * 100.0;
  const torch::Tensor first = hits.slice(1, 0, 1);
  return prediction.size(1) > kFew ? torch::cat({first, hits.sum(1, true)}, 1) : first;
}

torch::Tensor ClassTask::shares_of(const torch::Tensor& values) {
  const torch::Tensor numbers = values.to(torch::kFloat32);
  const bool shares = numbers.min().item<float>() >= 0.0F && numbers.sum().item<float>() <= 1.0F + 1e-3F;
  return shares ? numbers : torch::softmax(numbers, 0);
}

torch::Tensor ClassTask::draw_values(const torch::Tensor& values) const {
  return draw_bars(shares_of(values), side());
}

TaskInfo class_task_info(std::string id, std::string title, std::string family, std::int64_t classes) {
  TaskInfo info = vector_task_info(std::move(id), std::move(title), std::move(family), classes);
  info.target.low = 0.0;
  info.target.high = 1.0;
  return info;
}

Example class_example(std::int64_t index, std::int64_t classes) {
  const torch::Tensor ids = torch::arange(classes);
  return vector_example(ids.eq(index), index >= 0 && index < classes);
}

}  // namespace taskonomy::sdk
