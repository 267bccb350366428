#include "core/pipeline/pictures.hpp"

#include <algorithm>

#include <taskonomy/sdk/image.hpp>

#include "core/base/error.hpp"
#include "core/data/contact_sheet.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"
#include "core/network/weights.hpp"
#include "core/training/source_network.hpp"

namespace taskonomy::pipeline {

namespace {

/// Test images with a label, each the next one at or behind one of a spread over the whole split; int64
/// [<=kPictures].
torch::Tensor chosen_images(const data::ExampleSet& examples) {
  const torch::Tensor valid = examples.valid(data::Split::test).contiguous();
  const auto* first = valid.data_ptr<std::int64_t>();
  const auto* last = first + valid.size(0);
  std::vector<std::int64_t> chosen;
  for (const std::int64_t wanted : data::pick_evenly(examples.size(data::Split::test), kPictures)) {
    const auto* found = std::lower_bound(first, last, wanted);
    if (found != last && (chosen.empty() || *found > chosen.back())) chosen.push_back(*found);
  }
  return torch::tensor(chosen, torch::kInt64);
}

torch::Tensor prediction_of(const recipe::Recipe& recipe, const sdk::Task& task, const torch::Tensor& input,
                            const std::filesystem::path& network_file, const network::Hardware& hardware) {
  const torch::NoGradGuard no_grad;
  training::SourceNetwork network(recipe.network, task, recipe.data.side);
  base::with_context(network_file.string(),
                     [&] { network::load_weights(network, data::TensorFile(network_file).all()); });
  network::prepare_module(network, hardware);
  network.eval();
  const network::Autocast autocast(hardware);
  return network.forward(input);
}

}  // namespace

report::TaskPictures draw_pictures(const recipe::Recipe& recipe, const sdk::Task& task,
                                   const data::ExampleSet& examples,
                                   const std::filesystem::path& network_file,
                                   const network::Hardware& hardware) {
  report::TaskPictures pictures{task.info().id, {}};
  const torch::Tensor indices = chosen_images(examples);
  if (indices.numel() == 0) return pictures;
  return host::call_task(task.info().id, "drawing its predictions", [&] {
    const auto batch = examples.batch(data::Split::test, indices, hardware.device);
    const auto predictions = prediction_of(recipe, task, batch.input, network_file, hardware).to(torch::kCPU);
    const std::int64_t views = batch.input.size(0) / indices.size(0), side = recipe.data.side;
    for (std::int64_t k = 0; k < indices.size(0); ++k) {
      const auto mask = batch.mask.defined() ? batch.mask[k].cpu() : torch::Tensor();
      const auto png = [](const torch::Tensor& picture) { return sdk::encode_png(picture); };
      const auto index = static_cast<std::size_t>(indices[k].item<std::int64_t>());
      pictures.pictures.push_back(
          {examples.ids(data::Split::test)[index],
           png(data::draw_inputs(batch.input.slice(0, k * views, (k + 1) * views).cpu())),
           png(data::draw_label(task, batch.target[k].cpu(), mask, side)),
           png(data::draw_label(task, predictions[k], mask, side))});
    }
    return pictures;
  });
}

}  // namespace taskonomy::pipeline
