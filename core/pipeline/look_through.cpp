#include "core/pipeline/look_through.hpp"

#include "core/base/error.hpp"
#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "core/network/encoder.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "core/network/weights.hpp"
#include "core/training/source_network.hpp"
#include "core/transfer/features.hpp"

namespace taskonomy::pipeline {

namespace {

/// The task whose images a features job looks at, or any task that sees plain images of that view kind.
const sdk::TaskInfo& looked_at_by(const JobName& name, const Setup& setup) {
  if (!name.view_kind) return setup.info(name.task);
  for (const auto& entry : setup.recipe().tasks) {
    const auto& info = setup.info(entry.id);
    if (info.input == sdk::InputKind::plain && info.view_kind == *name.view_kind) return info;
  }
  throw base::Error("no task of the recipe looks at \"" + sdk::word_of(*name.view_kind) + "\"");
}

/// Plain images belong to no task: whose examples are there must not matter.
data::ExampleSet images_of(const JobName& name, const sdk::TaskInfo& info,
                           const std::filesystem::path& folder) {
  const auto images = folder / artefact_of(job::images(info.view_kind));
  return name.view_kind ? data::ExampleSet(images)
                        : data::ExampleSet(images, folder / artefact_of(job::examples(info.id)));
}

std::int64_t look_by_task(const JobName& name, const data::ExampleSet& seen, const Looking& looking) {
  const std::string& source = name.sources.front();
  const auto task = looking.setup.fresh_task(source);
  const auto& recipe = looking.setup.recipe();
  training::SourceNetwork network(recipe.network, *task, recipe.data.side);
  const auto weights = artefact_of(job::source(source));
  base::with_context(weights.string(), [&] {
    network::load_weights(network, data::TensorFile(looking.folder / weights).all());
  });
  network::prepare_module(network, looking.hardware);
  // A task's own images are what its encoder was trained on as they are.
  training::TaskEncoder encoder(network.encoder(), name.task == source ? nullptr : task.get());
  return transfer::write_features({looking.folder / artefact_of(name), looking.key}, encoder, seen,
                                  {.hardware = looking.hardware});
}

/// The same by a network trained elsewhere, brought to the size of the run's representations.
std::int64_t look_by(const recipe::Pretrained& source, const JobName& name, const sdk::TaskInfo& info,
                     const data::ExampleSet& seen, const Looking& looking) {
  torch::manual_seed(looking.seed);
  const auto& recipe = looking.setup.recipe();
  const training::Evaluation exact{.hardware = {looking.hardware.device, /*bfloat16=*/false}};
  const std::int64_t side =
      sdk::input_side(info, recipe.data.side) / network::stride_of(recipe.network.encoder);
  network::PretrainedEncoder encoder(source, network::open_backbone(source, exact.hardware.device), side);
  return base::with_context(source.file.string(), [&] {
    const auto projection = transfer::fit_projection(encoder, seen, recipe.network.channels, exact);
    encoder.set_projection(projection);
    return transfer::write_features(
        {looking.folder / artefact_of(name),
         looking.key,
         {{"projection.mean", projection.mean}, {"projection.basis", projection.basis}}},
        encoder, seen, exact);
  });
}

}  // namespace

std::int64_t look_through(const JobName& name, const Looking& looking) {
  const auto& info = looked_at_by(name, looking.setup);
  const auto seen = images_of(name, info, looking.folder);
  const auto* elsewhere = looking.setup.pretrained(name.sources.front());
  return elsewhere == nullptr ? look_by_task(name, seen, looking)
                              : look_by(*elsewhere, name, info, seen, looking);
}

}  // namespace taskonomy::pipeline
