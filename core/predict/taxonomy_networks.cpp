#include "core/predict/taxonomy_networks.hpp"

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/data/example_writer.hpp"
#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "core/data/whitening.hpp"
#include "core/host/boundary.hpp"
#include "core/network/encoder.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "core/network/weights.hpp"
#include "core/pipeline/job_name.hpp"

namespace taskonomy::predict {

namespace fs = std::filesystem;
using pipeline::artefact_of;
namespace job = pipeline::job;

namespace {

/// Throws Error saying how a file of the run is made where it is not there.
fs::path require_made(const fs::path& run, const fs::path& artefact) {
  const fs::path file = run / artefact;
  std::error_code failed;
  if (!fs::exists(file, failed))
    throw base::Error(file.string() + ": is not there; taskonomy run " + base::shell_quoted(run.string()) +
                      " makes what is missing");
  return file;
}

void get_ready(torch::nn::Module& network, const network::Hardware& hardware) {
  network::prepare_module(network, hardware);
  for (auto& parameter : network.parameters()) parameter.requires_grad_(false);
  network.eval();
}

void load_network(torch::nn::Module& network, const fs::path& file, const network::Hardware& hardware) {
  const auto weights = data::TensorFile(file).all();  // which names the file itself
  base::with_context(file.string(), [&] { network::load_weights(network, weights); });
  get_ready(network, hardware);
}

}  // namespace

TaxonomyNetworks::TaxonomyNetworks(const pipeline::Setup& setup, fs::path run, std::vector<Service> services,
                                   const network::Hardware& hardware, Trained trained)
    : setup_(setup), run_(std::move(run)), services_(std::move(services)), hardware_(hardware) {
  const torch::NoGradGuard no_grad;
  for (const auto& service : services_) {
    load_target(service, trained);
    for (const auto& source : service.sources) {
      if (sources_.count(encoder_of(source, service.target)) > 0) continue;
      const auto* elsewhere = setup_.pretrained(source);
      elsewhere == nullptr ? load_source(source) : load_pretrained(*elsewhere, service.target);
    }
  }
}

void TaxonomyNetworks::load_target(const Service& service, Trained trained) {
  const fs::path examples = run_ / artefact_of(job::examples(service.target));
  std::error_code failed;
  // Whitening constants lie with the examples; tasks without any do not miss them.
  const auto whitening = fs::exists(examples, failed) ? data::whitening_of(examples) : std::nullopt;
  tasks_[service.target] = setup_.fresh_task(service.target, whitening);
  if (service.is_own()) return;
  const fs::path finished = run_ / artefact_of(job::finish(service.target, service.sources));
  const bool is_finished = trained == Trained::finished && fs::exists(finished, failed);
  if (is_finished) finished_.insert(service.target);
  const auto file = is_finished
                        ? finished
                        : require_made(run_, artefact_of(job::transfer(service.target, service.sources)));
  if (const data::TensorFile weights(file); is_finished && weights.metadata().at(transfer::kTuned) == "yes")
    return base::with_context(file.string(), [&] { load_tuned(service, weights.all()); });
  auto network = std::make_shared<transfer::TransferNetwork>(setup_.recipe(), *tasks_.at(service.target),
                                                             service.sources.size());
  load_network(*network, file, hardware_);
  transfers_[service.target] = std::move(network);
}

void TaxonomyNetworks::load_tuned(const Service& service, const data::NamedTensors& weights) {
  std::vector<std::shared_ptr<const sdk::Task>> shown_by;
  for (const auto& source : service.sources) {
    if (tasks_.count(source) == 0) tasks_[source] = setup_.fresh_task(source);
    shown_by.push_back(tasks_.at(source));
  }
  auto network =
      std::make_shared<transfer::TunedTransfer>(setup_.recipe(), *tasks_.at(service.target), shown_by);
  network::load_weights(*network, weights);
  get_ready(*network, hardware_);
  transfers_[service.target] = network->shared_transfer();
  tuned_[service.target] = network;
  for (std::size_t k = 0; k < service.sources.size(); ++k) {
    auto encoder = std::make_shared<training::TaskEncoder>(*network->encoders()[k], shown_by[k].get());
    encoder->eval();
    sources_[encoder_of(service.sources[k], service.target)] = {nullptr, std::move(encoder)};
  }
}

std::string TaxonomyNetworks::encoder_of(const std::string& source, const std::string& target) const {
  if (tuned_.count(target) > 0) return source + " for " + target;
  if (setup_.pretrained(source) == nullptr) return source;
  return artefact_of(job::features(source, task(target).info())).string();
}

void TaxonomyNetworks::load_pretrained(const recipe::Pretrained& source, const std::string& target) {
  const auto& recipe = setup_.recipe();
  const auto& info = task(target).info();
  const data::TensorFile features(require_made(run_, artefact_of(job::features(source.id, info))));
  const std::int64_t side =
      sdk::input_side(info, recipe.data.side) / network::stride_of(recipe.network.encoder);
  auto encoder = std::make_shared<network::PretrainedEncoder>(
      source, network::open_backbone(source, hardware_.device), side);
  encoder->set_projection({features.at("projection.mean").to(hardware_.device),
                           features.at("projection.basis").to(hardware_.device)});
  sources_[encoder_of(source.id, target)] = {nullptr, std::move(encoder)};
}

void TaxonomyNetworks::load_source(const std::string& id) {
  const auto& recipe = setup_.recipe();
  if (tasks_.count(id) == 0) tasks_[id] = setup_.fresh_task(id);
  auto network = std::make_shared<training::SourceNetwork>(recipe.network, *tasks_.at(id), recipe.data.side);
  load_network(*network, require_made(run_, artefact_of(job::source(id))), hardware_);
  auto encoder = std::make_shared<training::TaskEncoder>(network->encoder(), tasks_.at(id).get());
  encoder->eval();
  sources_[id] = {std::move(network), std::move(encoder)};
}

std::vector<std::string> TaxonomyNetworks::encoders() const {
  std::vector<std::string> names;
  for (const auto& [name, source] : sources_) names.push_back(name);
  return names;
}

std::vector<torch::Tensor> TaxonomyNetworks::parameters() const {
  std::vector<torch::Tensor> all;
  const auto add = [&](const torch::nn::Module& module) {
    const auto own = module.parameters();
    all.insert(all.end(), own.begin(), own.end());
  };
  for (const auto& [name, source] : sources_)
    if (source.network != nullptr) add(source.network->encoder());
  for (const auto& service : services_) {
    if (service.is_own()) add(sources_.at(service.target).network->decoder());
    if (const auto tuned = tuned_.find(service.target); tuned != tuned_.end())
      add(*tuned->second);
    else if (const auto transfer = transfers_.find(service.target); transfer != transfers_.end())
      add(*transfer->second);
  }
  return all;
}

std::map<std::string, Prediction> TaxonomyNetworks::predict(const Views& views) const {
  const torch::NoGradGuard no_grad;
  std::map<std::string, Prediction> predictions;
  Seen plain;  // shared by all targets that look at the images as they are
  for (const auto& service : services_) {
    const auto& target = task(service.target);
    if (target.info().view_kind != views.kind) continue;
    Seen own;
    const bool makes_input = target.info().input == sdk::InputKind::own;
    Seen& seen = makes_input ? own : plain;
    if (!seen.input.defined())
      seen.input =
          makes_input ? own_input(target, views) : data::to_network_input(views.images, hardware_.device);
    Prediction prediction;
    prediction.values =
        host::call_task(service.target, "prediction", [&] { return values_of(service, seen); })
            .to(torch::kCPU, torch::kFloat32)
            .contiguous();
    prediction.input = seen.input.to(torch::kCPU).contiguous();
    predictions[service.target] = std::move(prediction);
  }
  return predictions;
}

torch::Tensor TaxonomyNetworks::own_input(const sdk::Task& task, const Views& views) const {
  std::vector<torch::Tensor> inputs;
  for (std::size_t i = 0; i < views.ids.size(); ++i) {
    sdk::Sample sample{views.ids[i], {}};
    sample.data["rgb"] = views.images[static_cast<std::int64_t>(i)].clone();
    inputs.push_back(base::with_context(
        task.info().id +
            " makes what its network looks at from more than the image, so it cannot be predicted",
        [&] { return data::example_of(task, sample, setup_.recipe().seed).input; }));
  }
  return data::to_network_input(torch::stack(inputs), hardware_.device);
}

const torch::Tensor& TaxonomyNetworks::representation(const std::string& encoder, Seen& seen) const {
  auto& made = seen.representations[encoder];
  if (!made.defined()) made = sources_.at(encoder).encoder->forward(seen.input);
  return made;
}

torch::Tensor TaxonomyNetworks::values_of(const Service& service, Seen& seen) const {
  const network::Autocast autocast(hardware_);
  if (!service.is_own()) return transferred(service, seen);
  const auto& info = task(service.target).info();
  auto& network = *sources_.at(service.target).network;
  // A task's own images are what its encoder was trained on as they are; plain ones may be seen already.
  const auto made = info.input == sdk::InputKind::own ? network.encoder().forward(seen.input)
                                                      : representation(service.target, seen);
  return network.decoder().forward(training::join_views(made, sdk::input_views(info)));
}

torch::Tensor TaxonomyNetworks::transferred(const Service& service, Seen& seen) const {
  std::vector<torch::Tensor> parts;
  for (const auto& source : service.sources)
    parts.push_back(representation(encoder_of(source, service.target), seen).to(torch::kFloat32));
  return transfers_.at(service.target)->forward(parts.size() == 1 ? parts.front() : torch::cat(parts, 1));
}

std::map<std::string, torch::Tensor> TaxonomyNetworks::predict_plain(sdk::ViewKind kind,
                                                                     const torch::Tensor& images) const {
  const torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> values;
  Seen seen{images, {}};
  for (const auto& service : services_) {
    const auto& info = task(service.target).info();
    if (info.view_kind != kind || !sees_plain_images(info, setup_.recipe().data.side)) continue;
    values[service.target] = host::call_task(service.target, "prediction", [&] {
      if (!service.is_own()) return transferred(service, seen);
      return sources_.at(service.target)
          .network->decoder()
          .forward(training::join_views(representation(service.target, seen), sdk::input_views(info)))
          .to(torch::kFloat32);
    });
  }
  return values;
}

}  // namespace taskonomy::predict
