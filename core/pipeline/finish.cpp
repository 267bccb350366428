#include "core/pipeline/finish.hpp"

#include <map>

#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/ingredients.hpp"
#include "core/pipeline/plan.hpp"

namespace taskonomy::pipeline {

namespace {

/// Times the steps of a round that a training takes until its loss stops falling (training::kRounds).
constexpr double kFinishRounds = 2.5;
/// How much longer a step takes whose encoders learn, too.
constexpr double kTuned = 4.0;

/// The job that goes on from a transfer. It reads what the transfer read.
jobs::Job finish_job(const Setup& setup, const JobName& transfer, const jobs::Job& begun) {
  const auto& recipe = setup.recipe();
  const auto training = recipe::finish_training(recipe, transfer.sources.size());
  auto made_from = code_of(Stage::finish, network::resolve_hardware(recipe.compute));
  made_from.add(kFromRecipe + ".seed", recipe.seed)
      .add(kFromRecipe, ingredients_of(recipe.network))
      .add(kFromRecipe + ".finish", ingredients_of(training))
      .add(kFromRecipe + ".finish", ingredients_of(recipe.finish));
  auto inputs = begun.inputs;
  inputs.push_back(begun.id);
  if (recipe.finish.tune)
    for (const auto& source : transfer.sources) inputs.push_back(job::source(source));
  const auto& row = row_of(Stage::finish);
  const double images = kFinishRounds * static_cast<double>(training.steps * training.batch);
  jobs::Job job{job::finish(transfer.task, transfer.sources), std::move(inputs), made_from.text(),
                row.unit_cost * images * (recipe.finish.tune ? kTuned : 1.0)};
  job.disk = row.disk;
  return job;
}

/// All jobs of a run by id, those included that became known on the way.
std::map<std::string, jobs::Job> jobs_of(const jobs::Plan& plan, const std::filesystem::path& folder,
                                         const std::vector<JobName>& transfers) {
  std::map<std::string, jobs::Job> all;
  for (const auto& job : plan.graph.jobs()) all.emplace(job.id, job);
  for (const auto& transfer : transfers) {
    const auto shortlist = job::shortlist(transfer.task);
    if (!std::filesystem::exists(folder / artefact_of(shortlist))) continue;
    for (const auto& job : plan.expand(shortlist)) all.emplace(job.id, job);
  }
  return all;
}

/// Adds a job behind all that it reads, unless it is there.
void add_with_inputs(jobs::JobGraph& graph, const std::string& id,
                     const std::map<std::string, jobs::Job>& all) {
  if (graph.contains(id)) return;
  const auto& job = all.at(id);
  for (const auto& input : job.inputs) add_with_inputs(graph, input, all);
  graph.add(job);
}

/// Only the run's own encoders can learn on.
void require_tunable(const Setup& setup, const JobName& transfer) {
  if (!setup.recipe().finish.tune) return;
  for (const auto& source : transfer.sources)
    if (setup.pretrained(source) != nullptr)
      throw base::Error("[finish] tune: \"" + source + "\", from which " + transfer.task +
                        " is predicted, was trained elsewhere and stays as it is; finish without tuning");
}

void load(torch::nn::Module& network, const std::filesystem::path& file, const std::string& prefix = "") {
  base::with_context(file.string(),
                     [&] { network::load_weights(network, data::TensorFile(file).all(), prefix); });
}

/// Goes on with encoders of the target's own, which begin as those of the sources.
Finished tune(const JobName& name, const FinishData& data, const transfer::TransferNetwork& begun,
              const transfer::TransferTraining& training) {
  std::vector<std::shared_ptr<const sdk::Task>> shown_by;
  for (const auto& source : name.sources)
    shown_by.push_back(source == name.task && data.target.info().input == sdk::InputKind::own
                           ? nullptr
                           : data.setup.fresh_task(source));
  transfer::TunedTransfer network(training.recipe, data.target, shown_by);
  network::load_weights(network.transfer(), network::weights_of(begun));
  for (std::size_t k = 0; k < name.sources.size(); ++k)
    load(*network.encoders()[k], data.folder / artefact_of(job::source(name.sources[k])), "encoder.");
  auto tuned = transfer::tune_transfer(network, data.target, data.examples, training,
                                       training.recipe.finish.tune_rate);
  return {network::weights_of(network), tuned.summary, std::move(tuned.scores)};
}

}  // namespace

std::vector<std::filesystem::path> feature_files(const std::filesystem::path& folder, const JobName& transfer,
                                                 const sdk::TaskInfo& target) {
  std::vector<std::filesystem::path> files;
  for (const auto& source : transfer.sources)
    files.push_back(folder / artefact_of(job::features(source, target)));
  return files;
}

Finished finish_network(const JobName& name, const FinishData& data,
                        const transfer::TransferTraining& training) {
  const transfer::FeatureSet features(feature_files(data.folder, name, data.target.info()));
  transfer::TransferNetwork network(training.recipe, data.target, name.sources.size());
  load(network, data.folder / artefact_of(job::transfer(name.task, name.sources)));
  const auto summary = transfer::finish_transfer(network, data.target, features, data.examples, training);
  if (training.recipe.finish.tune) return tune(name, data, network, training);
  return {network::weights_of(network), summary,
          transfer::score_transfer(network, data.target, features, data.examples, training)};
}

Finishing finish(std::shared_ptr<const Setup> setup, const std::filesystem::path& folder,
                 const std::vector<JobName>& transfers) {
  const auto all = jobs_of(make_plan(setup, folder), folder, transfers);
  Finishing finishing;
  for (const auto& transfer : transfers) {
    require_tunable(*setup, transfer);
    const auto begun = all.find(transfer.text());
    if (begun == all.end())
      throw base::Error(folder.string() + ": the run has no transfer from " +
                        transfer::name_of(transfer.sources) + " to " + transfer.task);
    add_with_inputs(finishing.plan.graph, begun->first, all);
    auto job = finish_job(*setup, transfer, begun->second);
    for (const auto& input : job.inputs) add_with_inputs(finishing.plan.graph, input, all);
    finishing.plan.graph.add(std::move(job));
  }
  for (const auto& job : finishing.plan.graph.jobs())
    if (JobName::parse(job.id)->stage != Stage::finish) finishing.needed.push_back(job.id);
  return finishing;
}

}  // namespace taskonomy::pipeline
