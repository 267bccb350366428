#include "core/evaluate/loss_file.hpp"

#include "core/data/tensor_file.hpp"

namespace taskonomy::evaluate {

void write_losses(const std::filesystem::path& path, const scoring::TestScores& scores,
                  const std::string& made_from) {
  data::NamedTensors tensors{{"loss", scores.losses.to(torch::kFloat64)}};
  if (scores.metrics.size(1) > 0) tensors["metrics"] = scores.metrics;
  data::save_tensors(path, tensors, {{"made_from", made_from}});
}

}  // namespace taskonomy::evaluate
