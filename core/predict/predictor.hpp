// What predicts: the networks of a taxonomy in a run's folder (taxonomy_networks.hpp) or in an exported file
// (exported_networks.hpp).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <taskonomy/sdk/task.hpp>

namespace taskonomy::predict {

/// Where the prediction of a target comes from: a transfer from some sources, or the target's own network.
struct Service {
  std::string target;
  std::vector<std::string> sources;  ///< {target}: its own network
  [[nodiscard]] bool is_own() const { return sources.size() == 1 && sources.front() == target; }
};

/// Samples to predict: their names, and their views uint8 [B,V,3,S,S] in 0..255, S = the run's image side.
struct Views {
  sdk::ViewKind kind = sdk::ViewKind::single;
  std::vector<std::string> ids;
  torch::Tensor images;
};

/// What a task's network sees and says of a batch.
struct Prediction {
  torch::Tensor input;   ///< float32 [B*V,3,H,W] in [-1,1], V images an example
  torch::Tensor values;  ///< float32 [B,...] as TaskInfo::prediction says, on the CPU
};

/// Predicts the targets of a taxonomy. [any thread], once it is made
class Predictor {
 public:
  Predictor() = default;
  Predictor(const Predictor&) = delete;
  Predictor& operator=(const Predictor&) = delete;
  virtual ~Predictor() = default;

  /// Predictions of all targets that see this kind of views, by name.
  [[nodiscard]] virtual std::map<std::string, Prediction> predict(const Views& views) const = 0;
  [[nodiscard]] virtual const std::vector<Service>& services() const = 0;
  /// The task of a target.
  [[nodiscard]] virtual const sdk::Task& task(const std::string& id) const = 0;

  /// Kinds of views that some target sees.
  [[nodiscard]] std::set<sdk::ViewKind> view_kinds() const {
    std::set<sdk::ViewKind> kinds;
    for (const auto& service : services()) kinds.insert(task(service.target).info().view_kind);
    return kinds;
  }
};

/// Whether a task's network can see images as they are, one for each view: not those that cut tiles out of an image.
[[nodiscard]] inline bool sees_plain_images(const sdk::TaskInfo& info, std::int64_t side) {
  return sdk::input_views(info) == sdk::views_of(info.view_kind) && sdk::input_side(info, side) == side;
}

}  // namespace taskonomy::predict
