#include "core/data/residence.hpp"

namespace taskonomy::data {

torch::Tensor rows_of(const torch::Tensor& values, const torch::Tensor& indices, torch::Device device) {
  const auto there = torch::TensorOptions().device(values.device());
  return values.index_select(0, indices.to(there, /*non_blocking=*/true)).to(device);
}

torch::Tensor Residence::kept(const torch::Tensor& values) {
  if (!values.defined() || device_.is_cpu() || values.nbytes() > left_) return values;
  left_ -= values.nbytes();
  return values.to(device_);
}

}  // namespace taskonomy::data
