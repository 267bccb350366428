#include "core/pipeline/execute.hpp"

#include <algorithm>
#include <cmath>

#include "core/affinity/affinity_table.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/analysis/verdicts.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/local_copies.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/data/example_writer.hpp"
#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/process_guards.hpp"
#include "core/jobs/gpu_places.hpp"
#include "core/network/weights.hpp"
#include "core/pipeline/finish.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/judge.hpp"
#include "core/pipeline/look_through.hpp"
#include "core/pipeline/pictures.hpp"
#include "core/pipeline/starts.hpp"
#include "core/report/source_results.hpp"
#include "core/training/constant_guess.hpp"
#include "core/training/source_network.hpp"
#include "core/transfer/features.hpp"
#include "core/transfer/transfer_network.hpp"

namespace taskonomy::pipeline {

namespace {

using jobs::Assignment;
using jobs::JobReport;

/// One job: what it is called, what it was given, and what it has made so far.
struct Work {
  JobName name;
  const Assignment& assignment;
  JobReport report;
};

class Executor : public jobs::Executor {
 public:
  Executor(const network::Hardware& hardware, SetupMaker make_setup, std::filesystem::path folder,
           base::LocalCopies copies)
      : hardware_(hardware),
        make_setup_(std::move(make_setup)),
        folder_(std::move(folder)),
        copies_(std::move(copies)) {
    network::set_up_process();
    network::set_up_device(hardware_);
  }

  JobReport execute(const Assignment& assignment) override {
    hardware_.share = assignment.gpu_share;
    hardware_.room =
        static_cast<std::uint64_t>(assignment.gpu_share * static_cast<double>(jobs::own_room_on_gpu()));
    if (!hardware_.device.is_cuda()) return carry_out(assignment);
    try {
      return carry_out(assignment);
    } catch (const std::exception& error) {
      // Whose fault it is decides whether pools try the job again.
      const auto fault = jobs::gpu_fault_in(error.what());
      if (fault == jobs::GpuFault::none) throw;
      JobReport report{"", false, jobs::gpu_failure_text(error.what()), 0.0, {}, {}};
      report.gpu_fault = fault;
      return report;
    }
  }

 private:
  JobReport carry_out(const Assignment& assignment) {
    const auto name = JobName::parse(assignment.id);
    if (!name) throw base::Error("no job is called \"" + assignment.id + "\"");
    // Jobs of other plugins follow in this process: they find it as this one did.
    const host::StateGuard kept;
    const host::PrintGuard prints;
    if (!setup_) setup_ = make_setup_();  // plugins run here, too
    Work work{*name, assignment, {}};
    work.report.id = assignment.id;
    run(work);
    return std::move(work.report);
  }

  void run(Work& work) {
    switch (work.name.stage) {
      case Stage::samples:
        return read_samples(work);
      case Stage::images:
        return gather_images(work);
      case Stage::examples:
        return make_examples(work);
      case Stage::source:
        return train_source(work);
      case Stage::constant:
        return guess_constants(work);
      case Stage::pictures:
      case Stage::predictions:
        return draw(work);
      case Stage::curve:
        return train_on_part(work);
      case Stage::scratch:
        return train_scratch(work);
      case Stage::features:
        return encode(work);
      case Stage::transfer:
        return train_transfer(work);
      case Stage::shortlist:
        return rank_sources(work);
      case Stage::affinity:
        return play_tournament(work);
      case Stage::report:
        return report(work);
      case Stage::finish:
        return finish_transfer(work);
    }
  }

  const recipe::Recipe& recipe() const { return setup_->recipe(); }
  bool is_guest(const Work& work) const { return setup_->is_guest(work.name.task); }
  std::uint64_t seed_of(const Work& work) const { return base::seed_of(recipe().seed, work.assignment.id); }

  /// Tells how far the training of a job has got.
  training::StepListener steps_of(const Work& work) const {
    return [this, id = work.assignment.id](std::int64_t step, std::int64_t steps, double loss) {
      tell({id, step, steps, loss});
    };
  }

  /// Path of an artefact, noted in the report.
  std::filesystem::path made(const std::filesystem::path& artefact, Work& work) const {
    work.report.files.push_back(artefact.string());
    return folder_ / artefact;
  }

  /// The task as its examples were made by it.
  std::shared_ptr<sdk::Task> task_of(const std::string& id) const {
    return setup_->fresh_task(id, data::whitening_of(folder_ / artefact_of(job::examples(id))));
  }

  data::ExampleSet example_set(const sdk::TaskInfo& info) const {
    return {copies_.of(folder_ / artefact_of(job::images(info.view_kind))),
            copies_.of(folder_ / artefact_of(job::examples(info.id)))};
  }

  std::vector<data::Shard> shards(const Work& work) const {
    std::vector<data::Shard> all;
    for (const auto& input : work.assignment.inputs)
      all.emplace_back(folder_ / artefact_of(JobName::parse(input).value()));
    return all;
  }

  void read_samples(Work& work) {
    const auto kind = *work.name.view_kind;
    const auto& keys = setup_->samples(kind);
    const std::size_t first = work.name.shard * data::kShardSamples;
    if (first >= keys.size()) throw base::Error("there is no shard " + std::to_string(work.name.shard));
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(first);
    const std::vector<data::SampleKey> part(
        begin, begin + static_cast<std::ptrdiff_t>(std::min(data::kShardSamples, keys.size() - first)));
    const auto modalities =
        work.name.task.empty() ? setup_->modalities(kind) : setup_->modalities(work.name.task);
    const auto summary = data::write_shard(made(artefact_of(work.name), work), setup_->dataset(),
                                           {kind, part, modalities, work.assignment.key});
    work.report.figures["samples"] = static_cast<double>(summary.samples);
    work.report.figures["left_out"] = static_cast<double>(summary.left_out.size());
  }

  void gather_images(Work& work) {
    const auto all = shards(work);
    work.report.figures["samples"] =
        static_cast<double>(data::write_images(made(artefact_of(work.name), work), all, work.assignment.key));
    for (const auto& shard : all)
      work.report.left_out.insert(work.report.left_out.end(), shard.left_out().begin(),
                                  shard.left_out().end());
  }

  void make_examples(Work& work) {
    const auto all = shards(work);
    auto task = setup_->fresh_task(work.name.task);
    const auto whitening = data::measure_whitening(*task, all, recipe().seed);
    if (whitening) task = setup_->fresh_task(work.name.task, whitening);
    auto summary = data::write_examples(
        made(artefact_of(work.name), work), *task, all,
        {recipe().data.side, recipe().seed, work.assignment.key, whitening, recipe().missing == "skip"});
    work.report.figures["samples"] = static_cast<double>(summary.examples);
    work.report.figures["constant"] = summary.constant ? 1.0 : 0.0;
    work.report.left_out = std::move(summary.left_out);
  }

  void train_source(Work& work) {
    const auto options = recipe::source_training(recipe(), work.name.task);
    keep_weights(*train_network(
                     {recipe(), options, data::Split::train, hardware_, seed_of(work), steps_of(work)}, work),
                 work);
  }

  /// A network of a learning curve: a source in all but the number of images, its first weights and the order
  /// of its batches included, so that chance moves the curve as little as may be. Nobody reads its weights.
  void train_on_part(Work& work) {
    const auto options = recipe::source_training(recipe(), work.name.task);
    const auto seed = base::seed_of(recipe().seed, job::source(work.name.task).text());
    (void)train_network({.recipe = recipe(),
                         .options = options,
                         .split = data::Split::train,
                         .hardware = hardware_,
                         .seed = seed,
                         .on_step = steps_of(work),
                         .divisor = work.name.divisor},
                        work);
  }

  void train_scratch(Work& work) {
    const auto options = recipe::scratch_training(recipe());
    const bool until_flat = recipe().scratch.steps == 0;
    keep_weights(*train_network({recipe(), options, data::Split::transfer, hardware_, seed_of(work),
                                 steps_of(work), until_flat},
                                work),
                 work);
  }

  /// The weights that the network of a job begins with. Throws Error when they are not those that the job was
  /// planned with.
  network::Weights first_weights(Work& work) const {
    const auto start = find_start(*setup_, folder_, work.name);
    if (!start) return {};
    if (work.assignment.ingredients.find(start->weights) == std::string::npos)
      throw base::Error(start->from +
                        ": its weights changed since this run began; the next run asks about it");
    work.report.figures["start.encoder"] = 1.0;
    work.report.figures["start.decoder"] = start->whole ? 1.0 : 0.0;
    return read_first_weights(*setup_, *start);
  }

  /// Trains an encoder-decoder from full supervision and judges it on the test split.
  std::shared_ptr<training::SourceNetwork> train_network(training::SourceTraining training, Work& work) {
    training.first_weights = first_weights(work);
    const auto task = task_of(work.name.task);
    const auto examples = example_set(task->info());
    auto trained = training::train_network(*task, examples, training);
    const training::Evaluation apart{.hardware = hardware_, .metrics_apart = is_guest(work)};
    note_scores(training::score_network(*trained.network, *task, examples, apart), *task, examples, work);
    note_training(trained.summary, training.options, work.report);
    return std::move(trained.network);
  }

  void keep_weights(const training::SourceNetwork& network, Work& work) const {
    data::save_tensors(made(artefact_of(work.name), work), network::weights_of(network),
                       {{"made_from", work.assignment.key},
                        {"encoder", recipe().network.encoder},
                        {"task", work.name.task}});
  }

  /// Keeps what a competitor is worth on the test images, the means of the metrics among the figures.
  void note_scores(const training::TestScores& scores, const sdk::Task& task,
                   const data::ExampleSet& examples, Work& work) const {
    const auto path = write_scores(losses_of(work.name), scores, task, examples, work);
    const auto values = affinity::read_metrics(path);
    const auto offered = metrics_of(task);
    for (std::size_t k = 0; k < values.size(); ++k)
      if (!std::isnan(values[k])) work.report.figures["metric." + offered[k].name] = values[k];
  }

  std::filesystem::path write_scores(const std::filesystem::path& file, const training::TestScores& scores,
                                     const sdk::Task& task, const data::ExampleSet& examples,
                                     Work& work) const {
    const auto path = made(file, work);
    const auto losses = scores.losses.to(torch::kFloat64).contiguous();
    const auto metrics = scores.metrics.to(torch::kFloat32).contiguous();
    const auto pooled = scores.pooled.to(torch::kFloat64).contiguous();
    affinity::write_losses(path,
                           {.losses = {losses.data_ptr<double>(), static_cast<std::size_t>(losses.numel())},
                            .metrics = {metrics.data_ptr<float>(), static_cast<std::size_t>(metrics.numel())},
                            .pooled = {pooled.data_ptr<double>(), static_cast<std::size_t>(pooled.numel())},
                            .metrics_failure = scores.metrics_failure,
                            .view_kind = sdk::word_of(task.info().view_kind),
                            .images = examples.fingerprint(),
                            .made_from = work.assignment.key});
    return path;
  }

  static void note_training(const training::Summary& summary, const recipe::Training& training,
                            JobReport& report) {
    report.figures["images"] = static_cast<double>(summary.steps * training.batch);
    report.figures["steps"] = static_cast<double>(summary.steps);
    report.figures["images_per_second"] = summary.images_per_second;
    report.figures["train_loss"] = summary.train_loss;
    if (std::isfinite(summary.validation_loss)) report.figures["validation_loss"] = summary.validation_loss;
    report.figures["best_step"] = static_cast<double>(summary.best_step);
  }

  void guess_constants(Work& work) {
    const auto task = task_of(work.name.task);
    const auto examples = example_set(task->info());
    const auto scores = training::score_constant_guesses(*task, examples, recipe().data.side, hardware_,
                                                         seed_of(work), is_guest(work));
    note_scores(scores.constant, *task, examples, work);
    (void)write_scores(average_losses_of(work.name.task), scores.average, *task, examples, work);
  }

  void encode(Work& work) {
    static_cast<void>(made(artefact_of(work.name), work));
    work.report.figures["images"] = static_cast<double>(
        look_through(work.name, {*setup_, folder_, hardware_, work.assignment.key, seed_of(work)}));
  }

  void train_transfer(Work& work) {
    const auto target = task_of(work.name.task);
    auto files = feature_files(folder_, work.name, target->info());
    for (auto& file : files) file = copies_.of(file);
    const transfer::FeatureSet features(files);
    const auto examples = example_set(target->info());
    const auto training = recipe::transfer_training(recipe(), work.name.sources.size());
    const auto trained = transfer::train_transfer(
        *target, features, examples,
        {recipe(), training, hardware_, seed_of(work), steps_of(work), is_guest(work)});
    data::save_tensors(made(artefact_of(work.name), work), network::weights_of(*trained.network),
                       {{"made_from", work.assignment.key},
                        {"target", work.name.task},
                        {"sources", transfer::name_of(work.name.sources)}});
    note_scores(trained.scores, *target, examples, work);
    note_training(trained.summary, training, work.report);
  }

  /// Goes on with a transfer of a chosen taxonomy.
  void finish_transfer(Work& work) {
    const auto target = task_of(work.name.task);
    const auto examples = example_set(target->info());
    const auto options = recipe::finish_training(recipe(), work.name.sources.size());
    const auto finished =
        finish_network(work.name, {*setup_, folder_, *target, examples},
                       {recipe(), options, hardware_, seed_of(work), steps_of(work), is_guest(work)});
    data::save_tensors(made(artefact_of(work.name), work), finished.weights,
                       {{"made_from", work.assignment.key},
                        {"target", work.name.task},
                        {"sources", transfer::name_of(work.name.sources)},
                        {transfer::kTuned, recipe().finish.tune ? "yes" : "no"}});
    note_scores(finished.scores, *target, examples, work);
    note_training(finished.summary, options, work.report);
  }

  void rank_sources(Work& work) {
    const auto affinities =
        affinity::affinity_of(loss_table(*setup_, folder_, work.name.task, work.assignment.inputs));
    write_shortlist(made(artefact_of(work.name), work), shortlist_of(work.name.task, affinities),
                    work.assignment.key);
  }

  void play_tournament(Work& work) {
    const auto& target = work.name.task;
    const auto losses = loss_table(*setup_, folder_, target, work.assignment.inputs);
    const auto tournament = affinity::play(losses);
    affinity::write_tournament(made(tournament_of(target), work), tournament);
    affinity::write_affinity(made(artefact_of(work.name), work), {affinity::affinity_of(target, tournament)});
    base::write_file(made(verdicts_of(target), work), base::to_csv(analysis::on_transfers(losses)));
    work.report.figures["images"] = 0.0;
    work.report.figures["competitors"] = static_cast<double>(tournament.competitors.size());
  }

  /// Of a task's own network, or of the transfers into it.
  void draw(Work& work) {
    const auto task = task_of(work.name.task);
    const auto examples = example_set(task->info());
    const auto own = folder_ / artefact_of(job::source(work.name.task));
    for (const auto& file :
         work.name.stage == Stage::pictures
             ? report::write_pictures(folder_, draw_pictures(*setup_, *task, examples, own, hardware_))
             : report::write_predictions(folder_,
                                         draw_predictions(*setup_, *task, examples, folder_, hardware_)))
      work.report.files.push_back(file.string());
  }

  void report(Work& work) { work.report.files = write_report(*setup_, folder_, work.assignment.inputs); }

  network::Hardware hardware_;
  SetupMaker make_setup_;
  std::filesystem::path folder_;
  base::LocalCopies copies_;  ///< of what trainings read
  std::shared_ptr<const Setup> setup_;
};

}  // namespace

std::unique_ptr<jobs::Executor> make_executor(const recipe::Compute& compute, SetupMaker make_setup,
                                              const std::filesystem::path& folder,
                                              const std::filesystem::path& copies) {
  network::require_hardware(compute);
  return std::make_unique<Executor>(network::resolve_hardware(compute), std::move(make_setup), folder,
                                    base::LocalCopies(copies));
}

}  // namespace taskonomy::pipeline
