#include "core/predict/network_costs.hpp"

#include <ATen/record_function.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <string_view>

namespace taskonomy::predict {

namespace {

/// Counts multiply-adds of convolutions and matrix products on this thread while it lives. At most one at a time.
class MultiplyAdds {
 public:
  MultiplyAdds() {
    count_ = 0;
    handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(&begin, &end)
                                             .needsInputs(true)
                                             .needsOutputs(true)
                                             .scopes({at::RecordScope::FUNCTION}));
  }
  ~MultiplyAdds() { at::removeCallback(handle_); }
  MultiplyAdds(const MultiplyAdds&) = delete;
  MultiplyAdds& operator=(const MultiplyAdds&) = delete;
  [[nodiscard]] static std::int64_t count() { return count_; }

 private:
  /// Products that each number of a result takes: one for each number of a filter, or of a row.
  struct Products : at::ObserverContext {
    explicit Products(std::int64_t count) : of_each(count) {}
    std::int64_t of_each;
  };

  /// Looks at the inputs: when the call ends, they are gone.
  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& called) {
    const std::string_view name = called.name();
    const auto inputs = called.inputs();
    if (name == "aten::convolution" && inputs.size() > 1) {
      const auto& weight = inputs[1].toTensor();
      return std::make_unique<Products>(weight.numel() / std::max<std::int64_t>(1, weight.size(0)));
    }
    const std::size_t rows = name == "aten::addmm" ? 1 : 0;
    if ((name == "aten::mm" || name == "aten::bmm" || name == "aten::addmm") && inputs.size() > rows)
      return std::make_unique<Products>(inputs[rows].toTensor().size(-1));
    return nullptr;
  }

  static void end(const at::RecordFunction& called, at::ObserverContext* context) {
    const auto outputs = called.outputs();
    if (const auto* products = static_cast<const Products*>(context);
        products != nullptr && !outputs.empty() && outputs[0].isTensor())
      count_ += outputs[0].toTensor().numel() * products->of_each;
  }

  static inline thread_local std::int64_t count_ = 0;
  at::CallbackHandle handle_;
};

/// Predicts a batch of every kind of views that some target sees.
void predict_once(const TaxonomyNetworks& networks, const std::vector<torch::Tensor>& images) {
  std::size_t kind = 0;
  for (const auto view_kind : networks.view_kinds())
    static_cast<void>(networks.predict_plain(view_kind, images[kind++]));
}

std::vector<torch::Tensor> batches_for(const TaxonomyNetworks& networks, std::int64_t side,
                                       std::int64_t batch) {
  std::vector<torch::Tensor> images;
  for (const auto kind : networks.view_kinds())
    images.push_back(torch::zeros({batch * sdk::views_of(kind), 3, side, side})
                         .contiguous(torch::MemoryFormat::ChannelsLast));
  return images;
}

NetworkCost cost_of(const TaxonomyNetworks& networks, std::int64_t side, std::int64_t batch) {
  constexpr int kBatches = 5;
  const torch::NoGradGuard no_grad;
  const auto images = batches_for(networks, side, batch);
  NetworkCost cost;
  for (const auto& parameter : networks.parameters()) {
    cost.parameters += parameter.numel();
    cost.megabytes += static_cast<double>(parameter.nbytes()) / 1e6;
  }
  {
    const MultiplyAdds counted;
    predict_once(networks, images);
    cost.multiply_adds = MultiplyAdds::count() / batch;
  }
  cost.milliseconds = std::numeric_limits<double>::infinity();
  for (int repeat = 0; repeat < kBatches; ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    predict_once(networks, images);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    cost.milliseconds = std::min(cost.milliseconds, taken.count() / static_cast<double>(batch));
  }
  return cost;
}

}  // namespace

TaxonomyCost measure_cost(
    const TaxonomyNetworks& networks, std::int64_t side, std::int64_t batch,
    const std::function<std::shared_ptr<const TaxonomyNetworks>(const Service&)>& load) {
  TaxonomyCost all;
  all.shared = cost_of(networks, side, batch);
  for (const auto& service : networks.services()) {
    auto cost = cost_of(*load(service), side, batch);
    cost.target = service.target;
    cost.sources = service.sources;
    all.separate.parameters += cost.parameters;
    all.separate.multiply_adds += cost.multiply_adds;
    all.separate.milliseconds += cost.milliseconds;
    all.separate.megabytes += cost.megabytes;
    all.targets.push_back(std::move(cost));
  }
  return all;
}

}  // namespace taskonomy::predict
