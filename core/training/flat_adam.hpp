// Adam (Kingma and Ba, ICLR 2015) on all parameters of a module at once.
#pragma once

#include <cstdint>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::training {

/// Parameters that learn at a share of the learning rate.
struct ParameterGroup {
  std::vector<torch::Tensor> parameters;
  double rate = 1.0;  ///< share of the learning rate, above 0
};

/// torch::optim::Adam with L2 weight decay, on flat memory: the values of a group's parameters move into one buffer,
/// their gradients into another, and each parameter becomes a view of its part. A step is then ten passes over two
/// buffers, where it was ten small operations for each of some seventy parameters, and it never waits for the device.
/// It computes what torch::optim::Adam computes, in the same order. One difference: a parameter that no loss depends
/// on has a gradient of 0 here, and so decays; there it is left alone.
class FlatAdam {
 public:
  /// Parameters keep their shapes, memory formats and values, and stay views afterwards. Those that need no gradient
  /// are left alone.
  FlatAdam(const std::vector<ParameterGroup>& groups, double weight_decay);

  void clear_gradients();
  /// Scales the gradients so that the norm of all of them together is at most `norm`; 0 = leaves them.
  void clip_gradients(double norm);
  /// Moves the parameters of a group by rate * group.rate times Adam's direction.
  void step(double rate);

 private:
  /// A group's parameters of one type, on one device.
  struct Buffer {
    torch::Tensor values, gradients;  ///< [n]
    torch::Tensor mean, square;       ///< [n], running averages of the gradients and of their squares
    double rate;
    std::vector<torch::Tensor> parts;  ///< the gradients by parameter, views
  };
  static Buffer make_buffer(const std::vector<torch::Tensor>& parameters, double rate);
  void step(Buffer& buffer, double rate) const;

  std::vector<Buffer> buffers_;
  double weight_decay_;
  std::int64_t steps_ = 0;
};

}  // namespace taskonomy::training
