#include "core/network/weights.hpp"

#include <sstream>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::network {

namespace {

constexpr std::size_t kNamed = 3;  // wrong tensors that a message names; the rest are counted

/// Whether a buffer merely counts training batches, which the network's output does not depend on.
bool is_counter(const std::string& name) { return name.ends_with("num_batches_tracked"); }
bool is_classifier(const std::string& name) { return name == "fc.weight" || name == "fc.bias"; }

/// What keeps the tensors of a file from being those of an architecture.
class Comparison {
 public:
  Comparison(const Weights& wanted, const Weights& given) {
    for (const auto& [name, tensor] : wanted) {
      if (is_counter(name)) continue;
      ++all_;
      const auto found = given.find(name);
      if (found == given.end()) {
        missing_.push_back(name);
      } else if (found->second.sizes() != tensor.sizes()) {
        misshapen_.push_back(name + " is " + data::describe(found->second) + " and not " +
                             data::describe(tensor));
      } else if (!found->second.isfinite().all().item<bool>()) {
        infinite_.push_back(name);
      }
    }
    for (const auto& [name, tensor] : given)
      if (wanted.count(name) == 0 && !is_counter(name) && !is_classifier(name)) left_over_.push_back(name);
  }

  /// Throws Error with the first kind of difference that explains the others.
  void require_none(const std::string& architecture) const {
    const std::string of = " of the " + std::to_string(all_) + " tensors of " + architecture;
    if (!missing_.empty())
      throw base::Error("lacks " + std::to_string(missing_.size()) + of + ": " +
                        base::join_first(missing_, ", ", kNamed) + nearest());
    if (!left_over_.empty())
      throw base::Error("holds tensors, " + std::to_string(left_over_.size()) + " in all, that " +
                        architecture + " lacks: " + base::join_first(left_over_, ", ", kNamed) +
                        "; is it another architecture?");
    if (!misshapen_.empty())
      throw base::Error(std::to_string(misshapen_.size()) + of +
                        " have another shape: " + base::join_first(misshapen_, ", ", kNamed));
    if (!infinite_.empty())
      throw base::Error(std::to_string(infinite_.size()) + of +
                        " hold NaN or infinity: " + base::join_first(infinite_, ", ", kNamed));
  }

 private:
  /// Advice on the first missing name. Often all names merely have a prefix.
  [[nodiscard]] std::string nearest() const {
    const std::string& first = missing_.front();
    for (const auto& name : left_over_)
      if (name.ends_with("." + first))
        return "; it holds \"" + name + "\": take \"" + name.substr(0, name.size() - first.size()) +
               "\" off its names";
    return base::did_you_mean(first, left_over_);
  }

  std::size_t all_ = 0;
  std::vector<std::string> missing_, left_over_, misshapen_, infinite_;
};

std::string text_of(c10::IntArrayRef shape) {
  std::ostringstream stream;
  stream << shape;
  return stream.str();
}

}  // namespace

Weights weights_of(const torch::nn::Module& module, const std::string& prefix) {
  Weights weights;
  for (const auto& item : module.named_parameters())
    weights[prefix + item.key()] = item.value().detach().clone();
  for (const auto& item : module.named_buffers())
    weights[prefix + item.key()] = item.value().detach().clone();
  return weights;
}

void load_weights(torch::nn::Module& module, const Weights& weights, const std::string& prefix) {
  torch::NoGradGuard no_grad;
  const auto copy = [&](const std::string& name, torch::Tensor destination) {
    const auto found = weights.find(prefix + name);
    if (found == weights.end()) throw base::Error("weights: \"" + prefix + name + "\" is missing");
    if (found->second.sizes() != destination.sizes())
      throw base::Error("weights: \"" + prefix + name + "\" is " + text_of(found->second.sizes()) +
                        ", expected " + text_of(destination.sizes()));
    destination.copy_(found->second);
  };
  for (const auto& item : module.named_parameters()) copy(item.key(), item.value());
  for (const auto& item : module.named_buffers()) copy(item.key(), item.value());
}

Weights fitting_weights(const data::NamedTensors& tensors, const Weights& wanted,
                        const std::string& architecture) {
  Weights weights;
  for (const auto& [name, tensor] : tensors) weights[name] = tensor.to(torch::kFloat32);
  Comparison(wanted, weights).require_none(architecture);
  Weights fitting;
  for (const auto& [name, tensor] : wanted) fitting[name] = is_counter(name) ? tensor : weights.at(name);
  return fitting;
}

}  // namespace taskonomy::network
