#include "core/training/label_statistics.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace taskonomy::training {

namespace {

/// How many places of each chosen image count: masks uint8 [N,P] -> int64 [n]; 256 images at a time.
torch::Tensor counted_in(const torch::Tensor& masks, const torch::Tensor& chosen) {
  std::vector<torch::Tensor> counts;
  for (const auto& some : chosen.split(256)) counts.push_back(masks.index_select(0, some).ne(0).sum(1));
  return torch::cat(counts);
}

}  // namespace

Labels::Labels(const data::ExampleSet& examples, torch::Tensor chosen)
    : stored_(examples.stored_labels(data::Split::train)), chosen_(std::move(chosen)) {
  target_ = stored_.target.flatten(1);
  if (!stored_.mask.defined()) return;
  const auto mask = stored_.mask.flatten(1);
  weight_ = 1.0 / counted_in(mask, chosen_).clamp_min(1).to(torch::kFloat32).unsqueeze(1);
  // One mask for all channels, or one for the whole image.
  if (mask.size(1) > 1) mask_ = mask;
}

void Labels::visit(std::int64_t first, std::int64_t count,
                   const std::function<void(const Places&)>& see) const {
  constexpr std::int64_t kValuesAtOnce = 1 << 23;
  const std::int64_t at_once = std::max<std::int64_t>(1, kValuesAtOnce / chosen_.numel());
  for (std::int64_t done = 0; done < count; done += at_once)
    see(some(first + done, std::min(at_once, count - done)));
}

Places Labels::some(std::int64_t first, std::int64_t count) const {
  Places places;
  places.values = target_.narrow(1, first, count).index_select(0, chosen_).to(torch::kFloat32);
  places.weights = torch::ones_like(places.values);
  if (weight_.defined()) places.weights = places.weights * weight_;
  if (mask_.defined()) {
    const auto pixel = torch::arange(first, first + count).remainder(mask_.size(1));
    const auto mask = mask_.index_select(1, pixel).index_select(0, chosen_).ne(0);
    places.weights = torch::where(mask, places.weights, torch::zeros({}));
    places.values = torch::where(mask, places.values, torch::zeros({}));
  }
  return places;
}

namespace {

/// At every place of the label by itself: [K] in the order of the target's places.
class OfPlaces final : public Statistics {
 public:
  explicit OfPlaces(const Labels& labels) : labels_(labels) {
    known_ = collect([](const Places& places) { return places.weights.sum(0).gt(0.0); });
  }

  [[nodiscard]] torch::Tensor median() const override { return fill_unknown(collect(median_of)); }
  [[nodiscard]] torch::Tensor mean() const override { return fill_unknown(collect(mean_of)); }
  [[nodiscard]] torch::Tensor shares(std::int64_t classes) const override {
    return collect([classes](const Places& some) {
      std::vector<torch::Tensor> shares;
      for (std::int64_t id = 0; id < classes; ++id)
        shares.push_back(mean_of({some.values.eq(id).to(torch::kFloat32), some.weights}));
      return torch::stack(shares);
    });
  }

 private:
  static torch::Tensor median_of(const Places& places) {
    // LibTorch sorts along the last dimension twice as fast as along the first, and a median takes a quarter
    // of a sort.
    const auto rows = places.values.t().contiguous(), weights = places.weights.t().contiguous();
    if (weights.eq(weights.max()).all().item<bool>()) return std::get<0>(rows.median(1));
    const auto [values, order] = rows.sort(1);
    const auto sums = weights.gather(1, order).to(torch::kFloat64).cumsum(1);
    const auto first = sums.ge(0.5 * sums.slice(1, -1)).to(torch::kUInt8).argmax(1, true);
    return values.gather(1, first).squeeze(1);
  }
  static torch::Tensor mean_of(const Places& places) {
    return (places.values * places.weights).sum(0) / places.weights.sum(0).clamp_min(1e-30);
  }

  /// What a statistic gives at every place: [...,K].
  [[nodiscard]] torch::Tensor collect(const std::function<torch::Tensor(const Places&)>& statistic) const {
    std::vector<torch::Tensor> pieces;
    labels_.visit(0, labels_.places(), [&](const Places& places) { pieces.push_back(statistic(places)); });
    return torch::cat(pieces, -1);
  }
  /// A value for places that no training image has one at: that of the places which have, in their middle.
  [[nodiscard]] torch::Tensor fill_unknown(const torch::Tensor& values) const {
    if (known_.all().item<bool>() || !known_.any().item<bool>()) return values;
    return torch::where(known_, values, values.masked_select(known_).median());
  }

  const Labels& labels_;
  torch::Tensor known_;  // bool [K]: whether some image has a value there
};

/// Over all places of a channel together: [C]. Labels are read several times, never kept.
class OfChannels final : public Statistics {
 public:
  OfChannels(const Labels& labels, std::int64_t channels) : labels_(labels), channels_(channels) {}

  [[nodiscard]] torch::Tensor median() const override {
    return of_each([this](std::int64_t channel) { return torch::tensor(median_of(channel)); });
  }
  [[nodiscard]] torch::Tensor mean() const override {
    return of_each([this](std::int64_t channel) {
      return add_up(channel,
                    [](const Places& some) {
                      return (some.values * some.weights).view({-1, 1});
                    }) /
             weight_of(channel);
    });
  }
  [[nodiscard]] torch::Tensor shares(std::int64_t classes) const override {
    const auto count = [classes](const Places& some) {
      const auto ids = some.values.flatten().to(torch::kInt64);
      const auto weights = some.weights.flatten().to(torch::kFloat64) * ids.ge(0);  // below 0 is no class
      return torch::bincount(ids.clamp_min(0), weights, classes).unsqueeze(0);
    };
    return (add_up(0, count) / weight_of(0)).to(torch::kFloat32);
  }

 private:
  void visit(std::int64_t channel, const std::function<void(const Places&)>& see) const {
    const std::int64_t size = labels_.places() / channels_;
    labels_.visit(channel * size, size, see);
  }
  /// Sums over the rows that a statistic gives of pieces of a channel, in float64.
  [[nodiscard]] torch::Tensor add_up(std::int64_t channel,
                                     const std::function<torch::Tensor(const Places&)>& statistic) const {
    torch::Tensor sums;
    visit(channel, [&](const Places& some) {
      const auto sum = statistic(some).to(torch::kFloat64).sum(0);
      sums = sums.defined() ? sums + sum : sum;
    });
    return sums;
  }
  [[nodiscard]] torch::Tensor weight_of(std::int64_t channel) const {
    return add_up(channel, [](const Places& some) { return some.weights.view({-1, 1}); }).clamp_min(1e-30);
  }
  [[nodiscard]] torch::Tensor of_each(const std::function<torch::Tensor(std::int64_t)>& statistic) const {
    std::vector<torch::Tensor> values;
    for (std::int64_t c = 0; c < channels_; ++c) values.push_back(statistic(c).view({1}).to(torch::kFloat32));
    return torch::cat(values);
  }

  /// Exact without sorting, which would need all values of a channel at once: a first pass over the labels
  /// finds the upper half of the median's 32 bits, and a second one the lower half.
  [[nodiscard]] float median_of(std::int64_t channel) const {
    constexpr std::int64_t kHalf = 1 << 16;
    const auto weigh = [&](const std::function<torch::Tensor(const torch::Tensor&)>& bin) {
      // A bin that a value does not count in is the last one.
      return add_up(channel, [&](const Places& some) {
        return torch::bincount(bin(ranks_of(some.values.flatten())),
                               some.weights.flatten().to(torch::kFloat64), kHalf + 1)
            .unsqueeze(0);
      });
    };
    const auto upper = weigh([](const torch::Tensor& ranks) { return ranks.floor_divide(kHalf); });
    const double middle = 0.5 * upper.sum().item<double>();
    if (middle == 0.0) return 0.0F;  // no image has a value
    const auto [high, below] = bin_of(upper, middle, 0.0);
    const auto lower = weigh([high = high](const torch::Tensor& ranks) {
      const auto inside = ranks.floor_divide(kHalf).eq(high);
      return torch::where(inside, ranks.remainder(kHalf), torch::full({}, kHalf, torch::kInt64));
    });
    return value_at(high * kHalf + bin_of(lower, middle, below).first);
  }
  /// The first bin up to which at least `middle` of the weight lies, and the weight before it.
  static std::pair<std::int64_t, double> bin_of(const torch::Tensor& weights, double middle, double before) {
    const auto sums = weights.cumsum(0) + before;
    const auto bin = sums.ge(middle).to(torch::kUInt8).argmax(0).item<std::int64_t>();
    return {bin, bin == 0 ? before : sums[bin - 1].item<double>()};
  }
  /// The bits of floats as numbers 0 to 2^32 - 1 in the order of the values: those of negative ones run
  /// backwards.
  static torch::Tensor ranks_of(const torch::Tensor& values) {
    const auto bits = values.contiguous().view(torch::kInt32);
    const auto ordered = torch::where(bits.lt(0), bits.bitwise_xor(0x7fffffff), bits);
    return ordered.to(torch::kInt64) + (std::int64_t{1} << 31);
  }
  static float value_at(std::int64_t rank) {
    const auto ordered = static_cast<std::int32_t>(rank - (std::int64_t{1} << 31));
    return std::bit_cast<float>(ordered < 0 ? ordered ^ 0x7fffffff : ordered);
  }

  const Labels& labels_;
  std::int64_t channels_;
};

}  // namespace

std::unique_ptr<Statistics> statistics_of_places(const Labels& labels) {
  return std::make_unique<OfPlaces>(labels);
}

std::unique_ptr<Statistics> statistics_of_channels(const Labels& labels, std::int64_t channels) {
  return std::make_unique<OfChannels>(labels, channels);
}

}  // namespace taskonomy::training
