#include "core/pipeline/execute.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/data/sample_store.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/process_guards.hpp"
#include "core/pipeline/job_names.hpp"
#include "core/pipeline/judge.hpp"
#include "core/pipeline/metrics.hpp"
#include "core/pipeline/pictures.hpp"
#include "core/report/pictures.hpp"
#include "core/training/constant_guess.hpp"
#include "core/training/source_network.hpp"
#include "core/transfer/features.hpp"
#include "core/transfer/principal_components.hpp"
#include "core/transfer/transfer_network.hpp"

namespace taskonomy::pipeline {

namespace {

using jobs::JobReport;
using jobs::Assignment;
using names::parts;
namespace file = names::file;

/// Images that one worker's batch of evaluation holds.
constexpr std::int64_t kEvaluationBatch = 64;

class Work : public jobs::Executor {
 public:
  Work(std::shared_ptr<Session> session, std::filesystem::path folder)
      : session_(std::move(session)),
        folder_(std::move(folder)),
        hardware_(network::resolve(recipe().compute)) {
    network::set_up_process();
  }

  JobReport execute(const Assignment& assignment) override {
    using Stage = void (Work::*)(const Assignment&, JobReport&);
    static const std::map<std::string, Stage> stages{
        {"samples", &Work::samples},   {"images", &Work::images},     {"examples", &Work::examples},
        {"source", &Work::source},     {"scratch", &Work::scratch},   {"constant", &Work::constant},
        {"features", &Work::features}, {"transfer", &Work::transfer}, {"shortlist", &Work::shortlist},
        {"affinity", &Work::affinity}, {"pictures", &Work::pictures}, {"report", &Work::report}};
    const auto stage = stages.find(jobs::stage_of(assignment.id));
    if (stage == stages.end()) throw base::Error("no job is called \"" + assignment.id + "\"");
    // Jobs of other plugins follow in this process: they find it as this one did.
    const host::StateGuard kept;
    const host::PrintGuard prints;
    session_->forget_tasks();
    JobReport report;
    report.id = assignment.id;
    (this->*stage->second)(assignment, report);
    return report;
  }

 private:
  const recipe::Recipe& recipe() const { return session_->recipe(); }
  std::uint64_t seed_of(const std::string& job) const { return base::seed_of(recipe().seed, job); }

  /// Path of an artefact, noted in the report.
  std::filesystem::path made(const std::filesystem::path& artefact, JobReport& report) const {
    report.files.push_back(artefact.string());
    return folder_ / artefact;
  }

  data::ExampleSet example_set(const sdk::Task& task) const {
    return {folder_ / file::images(task.info().view_kind), folder_ / file::examples(task.info().id)};
  }

  std::vector<data::Shard> shards(const Assignment& assignment) const {
    std::vector<data::Shard> all;
    for (const auto& input : assignment.inputs) {
      const auto [kind, task] = kind_and_task(parts(input)[1]);
      all.emplace_back(folder_ / file::samples(kind, std::stoul(parts(input)[2]), task));
    }
    return all;
  }

  static sdk::ViewKind kind_of(const std::string& word) {
    using enum sdk::ViewKind;
    for (const auto kind : {single, fixated_pair, fixated_triplet, nonfixated_pair, matching_pair})
      if (word_of(kind) == word) return kind;
    throw base::Error("no kind of views is called \"" + word + "\"");
  }

  /// "single" or "single+normal": whose views, and the placed task that the shards belong to.
  static std::pair<sdk::ViewKind, std::string> kind_and_task(const std::string& word) {
    const auto plus = word.find('+');
    return {kind_of(word.substr(0, plus)), plus == std::string::npos ? "" : word.substr(plus + 1)};
  }

  void samples(const Assignment& assignment, JobReport& report) {
    const auto [kind, task] = kind_and_task(parts(assignment.id)[1]);
    const std::size_t shard = std::stoul(parts(assignment.id)[2]);
    const auto& keys = session_->samples(kind);
    const std::size_t first = shard * data::kShardSamples;
    if (first >= keys.size()) throw base::Error("there is no shard " + std::to_string(shard));
    const std::vector<data::SampleKey> part(
        keys.begin() + static_cast<std::ptrdiff_t>(first),
        keys.begin() + static_cast<std::ptrdiff_t>(std::min(first + data::kShardSamples, keys.size())));
    const auto modalities = task.empty() ? session_->modalities(kind) : session_->modalities(task);
    const auto summary = data::write_shard(made(file::samples(kind, shard, task), report),
                                           session_->dataset(), kind, part, modalities, assignment.key);
    report.figures["samples"] = static_cast<double>(summary.samples);
    report.figures["left_out"] = static_cast<double>(summary.left_out.size());
  }

  void images(const Assignment& assignment, JobReport& report) {
    const auto kind = kind_of(parts(assignment.id)[1]);
    report.figures["samples"] =
        static_cast<double>(data::write_images(made(file::images(kind), report), shards(assignment), assignment.key));
  }

  void examples(const Assignment& assignment, JobReport& report) {
    const auto& task = session_->task(parts(assignment.id)[1]);
    const auto summary =
        data::write_examples(made(file::examples(task.info().id), report), task, recipe().data.side,
                             shards(assignment), seed_of(assignment.id), assignment.key);
    report.figures["samples"] = static_cast<double>(summary.examples);
    report.figures["left_out"] = static_cast<double>(summary.left_out.size());
  }

  void source(const Assignment& assignment, JobReport& report) {
    const auto& task = session_->task(parts(assignment.id)[1]);
    train_network(assignment, report, task, recipe::source_training(recipe(), task.info().id), data::Split::train,
                  file::source(task.info().id), file::kSelf);
  }

  void scratch(const Assignment& assignment, JobReport& report) {
    const auto& task = session_->task(parts(assignment.id)[1]);
    train_network(assignment, report, task, recipe().transfer.training, data::Split::transfer,
                  file::scratch(task.info().id), file::kScratch);
  }

  /// Trains an encoder-decoder from full supervision, keeps its weights, judges it on the test split.
  void train_network(const Assignment& assignment, JobReport& report, const sdk::Task& task,
                     const recipe::Training& training, data::Split split,
                     const std::filesystem::path& weights, const std::string& competitor) {
    const auto examples = example_set(task);
    auto trained =
        training::train_network(recipe(), training, task, examples, split, hardware_, seed_of(assignment.id));
    data::save_tensors(
        made(weights, report), network::weights_of(*trained.network),
        {{"made_from", assignment.key}, {"encoder", recipe().network.encoder}, {"task", task.info().id}});
    note_scores(training::test_scores(*trained.network, task, examples, kEvaluationBatch, hardware_), task,
                competitor, assignment, report);
    note_training(trained.summary, training, report);
  }

  /// Keeps what a competitor is worth on the test images, the means of the metrics among the figures.
  void note_scores(const training::TestScores& scores, const sdk::Task& task, const std::string& competitor,
                   const Assignment& assignment, JobReport& report) const {
    const auto path = made(file::losses(task.info().id, competitor), report);
    const auto losses = scores.losses.to(torch::kFloat64).contiguous();
    const auto metrics = scores.metrics.to(torch::kFloat32).contiguous();
    affinity::write_losses(path, {losses.data_ptr<double>(), static_cast<std::size_t>(losses.numel())},
                           {metrics.data_ptr<float>(), static_cast<std::size_t>(metrics.numel())}, assignment.key);
    const auto means = affinity::read_metric_means(path);
    for (std::size_t k = 0; k < means.size(); ++k)
      if (!std::isnan(means[k])) report.figures["metric." + metrics_of(task)[k].name] = means[k];
  }

  static void note_training(const training::Summary& summary, const recipe::Training& training,
                            JobReport& report) {
    report.figures["images"] = static_cast<double>(summary.steps * training.batch);
    report.figures["images_per_second"] = summary.images_per_second;
    report.figures["train_loss"] = summary.train_loss;
    if (std::isfinite(summary.validation_loss)) report.figures["validation_loss"] = summary.validation_loss;
    report.figures["best_step"] = static_cast<double>(summary.best_step);
  }

  void constant(const Assignment& assignment, JobReport& report) {
    const auto& task = session_->task(parts(assignment.id)[1]);
    note_scores(
        training::constant_guess(task, recipe().data.side, example_set(task), hardware_, seed_of(assignment.id)),
        task, file::kConstant, assignment, report);
  }

  void features(const Assignment& assignment, JobReport& report) {
    const auto id = parts(assignment.id);
    const auto& looked_at = target_of(id[2]);
    // Plain images belong to no task: whose examples are there must not matter.
    const auto seen = looked_at.info().input == sdk::InputKind::own
                          ? example_set(looked_at)
                          : data::ExampleSet(folder_ / file::images(looked_at.info().view_kind));
    const auto path = made(file::features(id[1], looked_at.info()), report);
    const auto* pretrained = session_->pretrained(id[1]);
    const std::int64_t images = pretrained == nullptr
                                    ? features_of_task(path, session_->task(id[1]), seen, assignment)
                                    : features_of_pretrained(path, *pretrained, looked_at, seen, assignment);
    report.figures["images"] = static_cast<double>(images);
  }

  std::int64_t features_of_task(const std::filesystem::path& path, const sdk::Task& task,
                                const data::ExampleSet& seen, const Assignment& assignment) {
    training::SourceNetwork network(recipe().network, task, recipe().data.side);
    const auto weights = file::source(task.info().id);
    base::with_context(weights.string(),
                       [&] { network::load(network, data::TensorFile(folder_ / weights).all()); });
    network::prepare(network, hardware_);
    return transfer::write_features(path, network.encoder(), seen, kEvaluationBatch, hardware_, assignment.key);
  }

  /// The same from a network trained elsewhere, brought to the size of the run's representations.
  std::int64_t features_of_pretrained(const std::filesystem::path& path, const recipe::Pretrained& source,
                                      const sdk::Task& looked_at, const data::ExampleSet& seen,
                                      const Assignment& assignment) {
    torch::manual_seed(seed_of(assignment.id));  // a network may draw numbers of its own
    const network::Hardware exact{hardware_.device, /*bfloat16=*/false};
    const std::int64_t side =
        sdk::input_side(looked_at.info(), recipe().data.side) / network::stride_of(recipe().network.encoder);
    network::PretrainedEncoder encoder(source, network::open(source, exact.device), side);
    return base::with_context(source.file.string(), [&] {
      const auto projection =
          transfer::principal_components(encoder, seen, recipe().network.channels, kEvaluationBatch, exact);
      encoder.set_projection(projection);
      return transfer::write_features(
          path, encoder, seen, kEvaluationBatch, exact, assignment.key,
          {{"projection.mean", projection.mean}, {"projection.basis", projection.basis}});
    });
  }

  /// The task whose inputs a features job looks at: itself, or any task that sees plain images of that view
  /// kind.
  const sdk::Task& target_of(const std::string& input) {
    for (const auto& entry : recipe().tasks) {
      const auto& task = session_->task(entry.id);
      const bool own = task.info().input == sdk::InputKind::own;
      if (own ? entry.id == input : word_of(task.info().view_kind) == input) return task;
    }
    throw base::Error("no task of the recipe looks at \"" + input + "\"");
  }

  void transfer(const Assignment& assignment, JobReport& report) {
    const auto& target = session_->task(parts(assignment.id)[1]);
    const auto sources = base::split(parts(assignment.id)[2], '+');
    std::vector<std::filesystem::path> files;
    for (const auto& source : sources) files.push_back(folder_ / file::features(source, target.info()));
    const transfer::FeatureSet features(files);
    const auto trained = transfer::train_transfer(recipe(), target, features, example_set(target), hardware_,
                                                  seed_of(assignment.id));
    data::save_tensors(
        made(file::transfer(target.info().id, sources), report), network::weights_of(*trained.network),
        {{"made_from", assignment.key}, {"target", target.info().id}, {"sources", parts(assignment.id)[2]}});
    note_scores(trained.scores, target, parts(assignment.id)[2], assignment, report);
    note_training(trained.summary, recipe().transfer.training, report);
  }

  void shortlist(const Assignment& assignment, JobReport& report) {
    const auto target = parts(assignment.id)[1];
    const auto table = loss_table(*session_, folder_, target, assignment.inputs);
    write_shortlist(made(file::shortlist(target), report), shortlist_of(target, affinity::affinity_of(table)),
                    assignment.key);
  }

  void affinity(const Assignment& assignment, JobReport& report) {
    const auto target = parts(assignment.id)[1];
    const auto tournament = affinity::play(loss_table(*session_, folder_, target, assignment.inputs));
    affinity::write_tournament(made(file::tournament(target), report), tournament);
    affinity::write_affinity(made(file::affinity(target), report),
                             {affinity::affinity_of(target, tournament)});
    report.figures["images"] = 0.0;
    report.figures["competitors"] = static_cast<double>(tournament.competitors.size());
  }

  void pictures(const Assignment& assignment, JobReport& report) {
    const auto& task = session_->task(parts(assignment.id)[1]);
    const auto drawn =
        draw_pictures(*session_, task, example_set(task), folder_ / file::source(task.info().id), hardware_);
    for (const auto& made_file : report::write_pictures(folder_, drawn))
      report.files.push_back(made_file.string());
  }

  void report(const Assignment& assignment, JobReport& report) {
    for (const auto& made_file : write_report(*session_, folder_, assignment.inputs))
      report.files.push_back(made_file);
  }

  std::shared_ptr<Session> session_;
  std::filesystem::path folder_;
  network::Hardware hardware_;
};

}  // namespace

std::unique_ptr<jobs::Executor> make_executor(std::shared_ptr<Session> session,
                                              const std::filesystem::path& folder) {
  return std::make_unique<Work>(std::move(session), folder);
}

}  // namespace taskonomy::pipeline
