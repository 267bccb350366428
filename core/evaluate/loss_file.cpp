#include "core/evaluate/loss_file.hpp"

#include "core/data/tensor_file.hpp"

namespace taskonomy::evaluate {

void write_losses(const std::filesystem::path& path, const torch::Tensor& losses,
                  const std::string& made_from) {
  data::save_tensors(path, {{"loss", losses.to(torch::kFloat64)}}, {{"made_from", made_from}});
}

std::vector<double> read_losses(const std::filesystem::path& path) {
  const auto losses = data::TensorFile(path).at("loss").to(torch::kFloat64).contiguous();
  return {losses.data_ptr<double>(), losses.data_ptr<double>() + losses.numel()};
}

}  // namespace taskonomy::evaluate
