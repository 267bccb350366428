#include "core/pipeline/pictures.hpp"

#include <algorithm>
#include <initializer_list>
#include <list>
#include <utility>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/image.hpp>

#include "core/base/error.hpp"
#include "core/data/contact_sheet.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"
#include "core/network/weights.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/training/source_network.hpp"
#include "core/transfer/features.hpp"
#include "core/transfer/orders.hpp"
#include "core/transfer/transfer_network.hpp"

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
  return network.forward(input).to(torch::kCPU, torch::kFloat32);
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

using Figures = std::vector<sdk::Figure>;

/// The chosen test images of a task: what its networks see, and what they predict as figures.
class ChosenImages {
 public:
  ChosenImages(const Setup& setup, const sdk::Task& task, const data::ExampleSet& examples,
               const network::Hardware& hardware)
      : task_(task), indices_(chosen_images(examples)) {
    if (empty()) return;
    batch_ = examples.batch(data::Split::test, indices_, hardware.device);
    const std::int64_t views = batch_.input.size(0) / indices_.size(0);
    const bool illustrates = sdk::extension_of<sdk::Illustrate>(task) != nullptr;
    for (std::int64_t k = 0; k < indices_.size(0); ++k) {
      const auto index = static_cast<std::size_t>(indices_[k].item<std::int64_t>());
      const std::string& id = examples.ids(data::Split::test)[index];
      inputs_.push_back(batch_.input.slice(0, k * views, (k + 1) * views).to(torch::kCPU).contiguous());
      samples_.push_back(illustrates ? sample_of(setup, task.info().view_kind, index, id)
                                     : sdk::Sample{id, {}});
    }
  }
  [[nodiscard]] bool empty() const { return indices_.numel() == 0; }
  [[nodiscard]] std::size_t size() const { return samples_.size(); }
  /// Into the test split, int64 [K].
  [[nodiscard]] const torch::Tensor& indices() const { return indices_; }
  [[nodiscard]] const torch::Tensor& network_input() const { return batch_.input; }
  [[nodiscard]] const torch::Tensor& input(std::size_t k) const { return inputs_[k]; }
  [[nodiscard]] const std::string& id(std::size_t k) const { return samples_[k].id; }
  [[nodiscard]] Figures labels() const { return figures_of(batch_.target); }
  /// Of predictions [K,...], or labels.
  [[nodiscard]] Figures figures_of(const torch::Tensor& values) const {
    const torch::Tensor here = values.to(torch::kCPU);
    Figures figures;
    for (std::size_t k = 0; k < size(); ++k) {
      const auto at = static_cast<std::int64_t>(k);
      const auto mask = batch_.mask.defined() ? batch_.mask[at].cpu() : torch::Tensor();
      figures.push_back(
          data::figure_of(task_, here[at], mask, data::Seen{samples_[k], inputs_[k], inputs_[k][0]}));
    }
    return figures;
  }

 private:
  const sdk::Task& task_;
  torch::Tensor indices_;
  data::Batch batch_;
  std::vector<torch::Tensor> inputs_;  ///< [V,3,H,W] each
  std::vector<sdk::Sample> samples_;
};

std::vector<const sdk::Figure*> pointers(std::initializer_list<const Figures*> lists) {
  std::vector<const sdk::Figure*> all;
  for (const auto* list : lists)
    for (const auto& figure : *list) all.push_back(&figure);
  return all;
}

/// Of the transfer of a run into a task from these sources.
torch::Tensor prediction_of(const recipe::Recipe& recipe, const sdk::Task& task, const Sources& sources,
                            const ChosenImages& images, const std::filesystem::path& run,
                            const network::Hardware& hardware) {
  const torch::NoGradGuard no_grad;
  std::vector<std::filesystem::path> files;
  for (const auto& source : sources) files.push_back(run / artefact_of(job::features(source, task.info())));
  const transfer::FeatureSet features(files);
  transfer::TransferNetwork network(recipe, task, features);
  const auto weights = run / artefact_of(job::transfer(task.info().id, sources));
  base::with_context(weights.string(),
                     [&] { network::load_weights(network, data::TensorFile(weights).all()); });
  network::prepare_module(network, hardware);
  network.eval();
  const network::Autocast autocast(hardware);
  return network.forward(features.batch(data::Split::test, images.indices(), hardware.device))
      .to(torch::kCPU, torch::kFloat32);
}

}  // namespace

report::TaskPictures draw_pictures(const Setup& setup, const sdk::Task& task,
                                   const data::ExampleSet& examples,
                                   const std::filesystem::path& network_file,
                                   const network::Hardware& hardware) {
  report::TaskPictures pictures{task.info().id, {}};
  return host::call_task(task.info().id, "drawing its predictions", [&] {
    const ChosenImages images(setup, task, examples, hardware);
    if (images.empty()) return pictures;
    const Figures labels = images.labels(),
                  predictions = images.figures_of(
                      prediction_of(setup.recipe(), task, images.network_input(), network_file, hardware));
    const auto all = pointers({&labels, &predictions});
    const auto range = data::range_of(all);
    for (std::size_t k = 0; k < images.size(); ++k)
      pictures.pictures.push_back({images.id(k), sdk::encode_png(data::draw_inputs(images.input(k))),
                                   data::figure_png(labels[k], range),
                                   data::figure_png(predictions[k], range)});
    pictures.key = data::key_png(all, range);
    return pictures;
  });
}

report::TaskPictures draw_predictions(const Setup& setup, const sdk::Task& task,
                                      const data::ExampleSet& examples, const std::filesystem::path& run,
                                      const network::Hardware& hardware) {
  const std::string& target = task.info().id;
  report::TaskPictures pictures{target, {}};
  return host::call_task(target, "drawing its transfers", [&] {
    const ChosenImages images(setup, task, examples, hardware);
    if (images.empty()) return pictures;
    const auto figures_of = [&](const JobName& network) {
      return images.figures_of(
          prediction_of(setup.recipe(), task, images.network_input(), run / artefact_of(network), hardware));
    };
    const Figures labels = images.labels(), own = figures_of(job::source(target)),
                  scratch = figures_of(job::scratch(target));
    const auto range = data::range_of(pointers({&labels, &own}));
    auto all = pointers({&labels, &own, &scratch});
    for (std::size_t k = 0; k < images.size(); ++k)
      pictures.pictures.push_back({images.id(k), "", "", "", data::figure_png(scratch[k], range), {}});
    std::list<Figures> transfers;  // the key points at them
    for (const auto& sources : report::read_chosen_transfers(run / "taxonomy.json", target)) {
      const auto& figures = transfers.emplace_back(
          images.figures_of(prediction_of(setup.recipe(), task, sources, images, run, hardware)));
      for (std::size_t k = 0; k < images.size(); ++k)
        pictures.pictures[k].transfers[transfer::name_of(sources)] = data::figure_png(figures[k], range);
      for (const auto* figure : pointers({&figures})) all.push_back(figure);
    }
    pictures.key = data::key_png(all, range);
    return pictures;
  });
}

}  // namespace taskonomy::pipeline
