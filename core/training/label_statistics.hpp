// What constant guesses are made of: medians, means and shares of the labels of a training split, which are read some places at
// a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <taskonomy/sdk/torch.hpp>

#include "core/data/examples.hpp"

namespace taskonomy::training {

/// Values [n,c] of n images at c places and the weight of each, 0 where an image has no value there.
struct Places {
  torch::Tensor values, weights;
};

/// The labels of a training split, some places at a time: all of them would not fit into memory at the paper's
/// size.
class Labels {
 public:
  /// `chosen`: int64 indices of the images that count.
  Labels(const data::ExampleSet& examples, torch::Tensor chosen);

  [[nodiscard]] torch::IntArrayRef shape() const { return stored_.target.sizes().slice(1); }
  [[nodiscard]] bool integral() const { return !stored_.target.is_floating_point(); }
  [[nodiscard]] std::int64_t most() const { return target_.max().item<std::int64_t>(); }
  [[nodiscard]] double images() const { return static_cast<double>(chosen_.numel()); }
  [[nodiscard]] std::int64_t places() const { return target_.size(1); }

  /// Shows `count` places from `first` on, as many at a time as keep the memory small.
  void visit(std::int64_t first, std::int64_t count, const std::function<void(const Places&)>& see) const;

 private:
  [[nodiscard]] Places some(std::int64_t first, std::int64_t count) const;

  data::Batch stored_;
  torch::Tensor chosen_, target_, mask_, weight_;
};

/// What the closed forms are made of, for every value that a guess has.
class Statistics {
 public:
  virtual ~Statistics() = default;
  /// The smallest value that at least half of the weight does not exceed.
  [[nodiscard]] virtual torch::Tensor median() const = 0;
  [[nodiscard]] virtual torch::Tensor mean() const = 0;
  /// Shares of class ids: [classes] for each place or for all.
  [[nodiscard]] virtual torch::Tensor shares(std::int64_t classes) const = 0;
};

/// At every place of the label by itself: [K] in the order of the target's places. `labels` lives as long.
[[nodiscard]] std::unique_ptr<Statistics> statistics_of_places(const Labels& labels);
/// Over all places of a channel together: [C].
[[nodiscard]] std::unique_ptr<Statistics> statistics_of_channels(const Labels& labels, std::int64_t channels);

}  // namespace taskonomy::training
