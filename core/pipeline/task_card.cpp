#include "core/pipeline/task_card.hpp"

#include "core/data/augmentation.hpp"
#include "core/host/boundary.hpp"
#include "core/host/parcel.hpp"

namespace taskonomy::pipeline {

std::vector<sdk::Metric> metrics_of(const sdk::Task& task) {
  std::vector<sdk::Metric> all;
  if (const auto* pooled = sdk::extension_of<sdk::PooledMetrics>(task)) all = pooled->pooled_metrics();
  if (const auto* single = sdk::extension_of<sdk::Metrics>(task))
    all.insert(all.end(), single->metrics().begin(), single->metrics().end());
  return all;
}

std::string packed_card(const sdk::Task& task) {
  const auto& info = task.info();
  return host::call_task(info.id, "extension",
                         [&] { return host::pack(info, metrics_of(task), data::can_augment(task)); });
}

TaskCard unpacked_card(std::string_view bytes) {
  TaskCard card;
  host::unpack(bytes, card.info, card.metrics, card.augments);
  return card;
}

}  // namespace taskonomy::pipeline
