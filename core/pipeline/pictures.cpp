#include "core/pipeline/pictures.hpp"

#include <algorithm>

#include <taskonomy/sdk/extensions.hpp>
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

/// The sample behind test image `index`, with its camera where the data set has one; at least its id. The
/// keys stand in the order of the images, but samples that could not be read have no image.
sdk::Sample sample_of(const Setup& setup, sdk::ViewKind kind, std::size_t index, const std::string& id) {
  try {
    std::size_t place = 0;
    for (const auto& key : setup.samples(kind)) {
      if (key.split != data::Split::test || place++ < index) continue;
      auto sample = host::call_dataset(setup.recipe().data.dataset, "sample", [&] {
        return setup.dataset().sample(key.scene, key.index, kind, {"intrinsics"});
      });
      if (sample.id == id) return sample;
    }
  } catch (const base::Error&) {
    // Figures do without: the data of a finished run may be gone.
  }
  return {id, {}};
}

/// Labels and predictions of the chosen images.
struct Figures {
  std::vector<sdk::Figure> labels, predictions;

  [[nodiscard]] std::vector<const sdk::Figure*> all() const {
    std::vector<const sdk::Figure*> pointers;
    for (const auto* list : {&labels, &predictions})
      for (const auto& figure : *list) pointers.push_back(&figure);
    return pointers;
  }
};

}  // namespace

report::TaskPictures draw_pictures(const Setup& setup, const sdk::Task& task,
                                   const data::ExampleSet& examples,
                                   const std::filesystem::path& network_file,
                                   const network::Hardware& hardware) {
  report::TaskPictures pictures{task.info().id, {}};
  const torch::Tensor indices = chosen_images(examples);
  if (indices.numel() == 0) return pictures;
  return host::call_task(task.info().id, "drawing its predictions", [&] {
    const auto batch = examples.batch(data::Split::test, indices, hardware.device);
    const auto predictions = prediction_of(setup.recipe(), task, batch.input, network_file, hardware)
                                 .to(torch::kCPU, torch::kFloat32);
    const std::int64_t views = batch.input.size(0) / indices.size(0);
    const bool illustrates = sdk::extension_of<sdk::Illustrate>(task) != nullptr;
    Figures figures;
    for (std::int64_t k = 0; k < indices.size(0); ++k) {
      const auto mask = batch.mask.defined() ? batch.mask[k].cpu() : torch::Tensor();
      const auto index = static_cast<std::size_t>(indices[k].item<std::int64_t>());
      const std::string& id = examples.ids(data::Split::test)[index];
      const torch::Tensor input =
          batch.input.slice(0, k * views, (k + 1) * views).to(torch::kCPU).contiguous();
      const sdk::Sample sample =
          illustrates ? sample_of(setup, task.info().view_kind, index, id) : sdk::Sample{id, {}};
      const data::Seen seen{sample, input, input[0]};
      figures.labels.push_back(data::figure_of(task, batch.target[k].cpu(), mask, seen));
      figures.predictions.push_back(data::figure_of(task, predictions[k], mask, seen));
      pictures.pictures.push_back({id, sdk::encode_png(data::draw_inputs(input)), "", ""});
    }
    const auto range = data::range_of(figures.all());
    for (std::size_t k = 0; k < pictures.pictures.size(); ++k) {
      pictures.pictures[k].target = data::figure_png(figures.labels[k], range);
      pictures.pictures[k].prediction = data::figure_png(figures.predictions[k], range);
    }
    pictures.key = data::key_png(figures.all(), range);
    return pictures;
  });
}

}  // namespace taskonomy::pipeline
