#include "core/pipeline/plan.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/data/sample_store.hpp"
#include "core/network/encoder.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/ingredients.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/judge.hpp"
#include "core/pipeline/pictures.hpp"
#include "core/pipeline/starts.hpp"
#include "core/transfer/features.hpp"

namespace taskonomy::pipeline {

namespace {

using base::Ingredients;
using jobs::Job;
using sdk::Role;

/// How much slower than the run's own a pretrained network is, per pixel: a ResNet-50 in float32, roughly.
constexpr double kPretrained = 8.0;

/// Times [transfer] steps of a network from scratch that trains until its loss stops falling (training::kRounds).
constexpr double kLikelyRounds = 3.0;

/// Whether a run draws a task's learning curve. Labels that cost nothing are there for every photograph, so
/// that none can be bought.
bool has_curve(const Setup& setup, const sdk::TaskInfo& task) {
  return setup.recipe().learning_curve && task.trained && task.role != Role::source &&
         task.id != setup.placed() && setup.label_cost(task.id) > 0.0;
}

/// Builds the graph in the order of the method. Each function makes the jobs of one stage: their inputs, what
/// their keys are made of, and what they cost.
class Planner {
 public:
  explicit Planner(const Setup& setup, Starts starts = {})
      : setup_(setup),
        recipe_(setup.recipe()),
        hardware_(network::resolve_hardware(recipe_.compute)),
        starts_(std::move(starts)) {}

  jobs::JobGraph first_graph() {
    network::require_side(recipe_.network, recipe_.data.side);
    for (const auto& entry : recipe_.tasks) {
      const auto kind = setup_.info(entry.id).view_kind;
      if (shards_.count(kind) == 0) add_images(kind);
    }
    for (const auto& entry : recipe_.tasks) add_task(entry);
    for (const auto& target : targets()) add_first_order(setup_.info(target));
    add_report();
    for (const auto& target : targets()) add_predictions(setup_.info(target));
    return std::move(graph_);
  }

  /// Higher-order transfers into a target and its tournament, once its first-order sources are ranked.
  std::vector<Job> after_shortlist(const std::string& target, const Shortlist& shortlist) {
    const auto& info = setup_.info(target);
    std::vector<Job> jobs;
    std::vector<std::string> competitors{job::source(target), job::scratch(target), job::constant(target)};
    for (const auto& source : first_order_sources(info))
      competitors.push_back(job::transfer(target, {source}));
    for (auto sources :
         transfer::higher_orders(shortlist.ranked, recipe_.transfer.orders, recipe_.transfer.top)) {
      // By name, not by rank: a source that joins the run and changes the ranks leaves a+b what it was.
      std::sort(sources.begin(), sources.end());
      jobs.push_back(transfer_job(info, sources));
      competitors.push_back(jobs.back().id);
    }
    // The order of the rows is part of the artefact.
    auto made_from = code(Stage::affinity).add(kFromTasks + ".competitors", competitors);
    jobs.push_back(job_of(job::affinity(target), competitors, made_from, 1.0));
    jobs.back().tolerant = true;
    return jobs;
  }

  /// Sources of first-order transfers into a target, in the order of the recipe;
  /// those trained elsewhere last.
  std::vector<std::string> first_order_sources(const sdk::TaskInfo& target) const {
    std::vector<std::string> ids;
    for (const auto& entry : recipe_.tasks) {
      if (setup_.info(entry.id).role == Role::target || entry.id == setup_.placed()) continue;
      if (entry.id != target.id || recipe_.transfer.from_own_encoder) ids.push_back(entry.id);
    }
    for (const auto& source : recipe_.sources) ids.push_back(source.id);
    return ids;
  }

 private:
  Ingredients code(Stage stage) const { return code_of(stage, hardware_); }
  Ingredients seeded(Stage stage) const { return code(stage).add(kFromRecipe + ".seed", recipe_.seed); }
  /// What every trained network is made from beside its data: `section` names where the recipe says it.
  Ingredients trained(const JobName& name, const std::string& section,
                      const recipe::Training& training) const {
    return with_start(starts_, name,
                      seeded(name.stage)
                          .add(kFromRecipe, ingredients_of(recipe_.network))
                          .add(kFromRecipe + "." + section, ingredients_of(training)));
  }

  /// `units`: images that go through, or 1 (StageRow::unit_cost).
  static Job job_of(const JobName& name, std::vector<std::string> inputs, const Ingredients& made_from,
                    double units) {
    const StageRow& row = row_of(name.stage);
    Job job{name.text(), std::move(inputs), made_from.text(), row.unit_cost * units};
    job.disk = row.disk;
    return job;
  }

  static double images(const recipe::Training& training) {
    return static_cast<double>(training.steps * training.batch);
  }

  std::vector<std::string> targets() const {
    std::vector<std::string> ids;
    for (const auto& entry : recipe_.tasks)
      if (setup_.info(entry.id).role != Role::source) ids.push_back(entry.id);
    return ids;
  }

  /// Shards of the samples of a view kind; `placed`: they are this placed task's alone, else "".
  std::vector<std::string> add_samples(sdk::ViewKind kind, const std::string& placed,
                                       const std::vector<std::string>& modalities) {
    const auto& keys = setup_.samples(kind);
    std::vector<std::string> shards;
    for (std::size_t first = 0; first < keys.size(); first += data::kShardSamples) {
      const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(first);
      const std::vector<data::SampleKey> part(
          begin, begin + static_cast<std::ptrdiff_t>(std::min(data::kShardSamples, keys.size() - first)));
      const auto name = job::samples(kind, shards.size(), placed);
      auto passed_on = with_content(seeded(Stage::samples), setup_, kind, part);
      auto made_from = passed_on;
      made_from.add(kFromTasks + ".modalities", modalities).add(kFiles, files_of(setup_, part, modalities));
      auto shard = job_of(name, {}, made_from, static_cast<double>(part.size()));
      // Readers name their modalities and the files of those: a new task that needs another modality
      // leaves the others as they are.
      shard.passed_on = passed_on.add("shard", name.shard).text();
      shards.push_back(name);
      graph_.add(std::move(shard));
    }
    return shards;
  }

  void add_images(sdk::ViewKind kind) {
    const auto& keys = setup_.samples(kind);
    shards_[kind] = add_samples(kind, "", setup_.modalities(kind));
    graph_.add(job_of(job::images(kind), shards_[kind],
                      code(Stage::images).add(kFiles, files_of(setup_, keys, {"rgb"})),
                      static_cast<double>(keys.size())));
  }

  /// The shards that a task's examples are made from: those of the run. A placed task that needs more than
  /// they hold has shards of its own, so that the run's stay as they are.
  std::vector<std::string> shards_of(const sdk::TaskInfo& info) {
    const auto needed = setup_.modalities(info.id);
    const auto held = setup_.modalities(info.view_kind);
    if (std::includes(held.begin(), held.end(), needed.begin(), needed.end()))
      return shards_.at(info.view_kind);
    return add_samples(info.view_kind, info.id, needed);
  }

  void add_task(const recipe::TaskEntry& entry) {
    const auto& info = setup_.info(entry.id);
    add_examples(entry, info);
    const std::vector<std::string> data{job::examples(info.id), job::images(info.view_kind)};
    add_source(info, data);
    graph_.add(job_of(job::constant(info.id), data, seeded(Stage::constant), 1.0));
    if (info.trained) add_pictures(info, data);
    if (has_curve(setup_, info)) add_curve(info, data);
    if (info.role != Role::source) add_scratch(info, data);
  }

  void add_examples(const recipe::TaskEntry& entry, const sdk::TaskInfo& info) {
    const auto& keys = setup_.samples(info.view_kind);
    const auto modalities = setup_.modalities(info.id);
    const auto made_from =
        seeded(Stage::examples)
            .add("plugin of task " + info.id, setup_.plugin_fingerprint(host::Kind::task, info.id))
            .add(kFromRecipe, ingredients_of(entry))
            .add("modalities", modalities)
            .add("class names", class_names_of(setup_, modalities))
            .add(kFiles, files_of(setup_, keys, modalities));
    graph_.add(job_of(job::examples(info.id), shards_of(info), made_from, static_cast<double>(keys.size())));
  }

  /// How a task's own network is trained: without augmentation where the task offers none, so that asking for it in
  /// vain changes no key.
  recipe::Training source_training(const sdk::TaskInfo& info) const {
    recipe::Training training = recipe::source_training(recipe_, info.id);
    if (!info.trained) training.learning_rate = recipe_.source.learning_rate;  // it starts from nothing
    if (!setup_.card(info.id).augments) training.augment = "none";
    return training;
  }

  void add_source(const sdk::TaskInfo& info, const std::vector<std::string>& data) {
    const recipe::Training training = source_training(info);
    const auto name = job::source(info.id);
    auto job = job_of(name, data, trained(name, "source", training), images(training));
    if (!info.trained)  // is only looked through, to judge it
      job.weight =
          row_of(Stage::features).unit_cost * static_cast<double>(setup_.samples(info.view_kind).size());
    graph_.add(std::move(job));
  }

  void add_curve(const sdk::TaskInfo& info, const std::vector<std::string>& data) {
    const recipe::Training training = source_training(info);
    for (const std::size_t divisor : kCurveDivisors) {
      const auto name = job::curve(info.id, divisor);
      graph_.add(job_of(name, data, trained(name, "source", training), images(training)));
    }
  }

  void add_scratch(const sdk::TaskInfo& info, const std::vector<std::string>& data) {
    const recipe::Training training = recipe::scratch_training(recipe_);
    const bool until_flat = recipe_.scratch.steps == 0;
    auto made_from = trained(job::scratch(info.id), "scratch", training);
    made_from.add(kFromRecipe + ".scratch.until",
                  until_flat ? "the loss stops falling" : "its steps are done");
    graph_.add(job_of(job::scratch(info.id), data, made_from,
                      images(training) * (until_flat ? kLikelyRounds : 1.0)));
  }

  void add_pictures(const sdk::TaskInfo& info, const std::vector<std::string>& data) {
    std::vector<std::string> inputs{job::source(info.id)};
    inputs.insert(inputs.end(), data.begin(), data.end());
    graph_.add(job_of(job::pictures(info.id), inputs,
                      code(Stage::pictures).add("pictures", kPictures).add("style", kPictureStyle),
                      kPictures));
  }

  void add_first_order(const sdk::TaskInfo& target) {
    std::vector<std::string> judged{job::source(target.id)};
    for (const auto& source : first_order_sources(target)) {
      add_features(source, target);
      auto job = transfer_job(target, {source});
      judged.push_back(job.id);
      graph_.add(std::move(job));
    }
    auto job = job_of(job::shortlist(target.id), judged, code(Stage::shortlist), 1.0);
    job.tolerant = true;
    graph_.add(std::move(job));
  }

  void add_features(const std::string& source, const sdk::TaskInfo& target) {
    const auto name = job::features(source, target);
    if (graph_.contains(name)) return;
    const auto* pretrained = setup_.pretrained(source);
    std::vector<std::string> inputs{job::images(target.view_kind)};
    if (pretrained == nullptr) inputs.insert(inputs.begin(), job::source(source));
    if (target.input == sdk::InputKind::own) inputs.push_back(job::examples(target.id));
    const auto& keys = setup_.samples(target.view_kind);
    const auto encoded = std::count_if(keys.begin(), keys.end(), [](const auto& key) {
      return key.split == data::Split::transfer || key.split == data::Split::test;
    });
    auto job =
        job_of(name, inputs, pretrained == nullptr ? code(Stage::features) : looked_through(*pretrained),
               static_cast<double>(encoded));
    if (pretrained != nullptr) job.weight *= times_slower(*pretrained);
    graph_.add(std::move(job));
  }

  /// All that a pretrained source's features depend on, beside the images.
  Ingredients looked_through(const recipe::Pretrained& source) const {
    return seeded(Stage::features)
        .add("weights of " + source.id, setup_.weights_fingerprint(source))
        .add(kFromRecipe + ".sources." + source.id, ingredients_of(source))
        .add("images that its projection is fitted to", transfer::kFittingImages)
        .add(kFromRecipe + ".encoder.channels", recipe_.network.channels)
        .add(kFromRecipe + ".encoder.stride", network::stride_of(recipe_.network.encoder));
  }

  double times_slower(const recipe::Pretrained& source) const {
    const auto side = static_cast<double>(source.side > 0 ? source.side : recipe_.data.side);
    const double relative = side / static_cast<double>(recipe_.data.side);
    return kPretrained * relative * relative;
  }

  Job transfer_job(const sdk::TaskInfo& target, const Sources& sources) const {
    std::vector<std::string> inputs{job::examples(target.id), job::images(target.view_kind)};
    for (const auto& source : sources) inputs.push_back(job::features(source, target));
    const auto name = job::transfer(target.id, sources);
    const recipe::Training training = recipe::transfer_training(recipe_, sources.size());
    return job_of(name, inputs, trained(name, "transfer", training), images(training));
  }

  /// Reads every target's tournament, and the losses and metrics of the networks beside it, of the
  /// source-only tasks as well.
  void add_report() {
    std::vector<std::string> inputs, tasks;
    for (const auto& target : targets()) {
      inputs.push_back(job::affinity(target));
      inputs.push_back(job::scratch(target));
    }
    for (const auto& entry : recipe_.tasks) {
      tasks.push_back(entry.id);
      inputs.push_back(job::source(entry.id));
      inputs.push_back(job::constant(entry.id));
      for (const std::size_t divisor : kCurveDivisors)
        if (graph_.contains(job::curve(entry.id, divisor))) inputs.push_back(job::curve(entry.id, divisor));
      if (setup_.info(entry.id).trained) continue;
      // Table 1 compares with the readout of an untrained encoder.
      for (const auto& target : targets())
        if (graph_.contains(job::transfer(target, {entry.id})))
          inputs.push_back(job::transfer(target, {entry.id}));
    }
    std::map<std::string, std::string> left_out;
    for (const auto& [task, reason] : setup_.left_out()) left_out[task] = reason;
    const auto prices = setup_.prices();
    const auto made_from = code(Stage::report)
                               .add(kFromTasks + ".in this order", tasks)
                               .add(kFromTasks + ".left out", left_out)
                               .add(kFromRecipe + ".taxonomy", ingredients_of(recipe_.taxonomy))
                               .add(kFromTasks + ".label costs", prices.cost);
    auto job = job_of(job::report(), inputs, made_from, 1.0);
    job.tolerant = true;
    graph_.add(std::move(job));
  }

  /// Which transfers are drawn is what the report chose.
  void add_predictions(const sdk::TaskInfo& target) {
    graph_.add(job_of(job::predictions(target.id),
                      {job::report(), job::source(target.id), job::scratch(target.id),
                       job::examples(target.id), job::images(target.view_kind)},
                      code(Stage::predictions).add("pictures", kPictures).add("style", kPictureStyle),
                      kPictures));
  }

  const Setup& setup_;
  const recipe::Recipe& recipe_;
  network::Hardware hardware_;
  jobs::JobGraph graph_;
  Starts starts_;
  std::map<sdk::ViewKind, std::vector<std::string>> shards_;
};

}  // namespace

jobs::Plan make_plan(std::shared_ptr<const Setup> setup, const std::filesystem::path& folder) {
  const Starts starts = find_starts(*setup, folder);
  auto planner = std::make_shared<Planner>(*setup, starts);
  jobs::Plan plan{planner->first_graph(), nullptr};
  require_needed(*setup, folder, plan.graph, starts);
  plan.expand = [setup, planner, folder](const std::string& finished) -> std::vector<Job> {
    const auto name = JobName::parse(finished);
    if (!name || name->stage != Stage::shortlist) return {};
    const auto file = folder / artefact_of(*name);
    const auto shortlist = read_shortlist(file);
    require_sources(shortlist, planner->first_order_sources(setup->info(name->task)), file);
    return planner->after_shortlist(name->task, shortlist);
  };
  return plan;
}

std::vector<Job> foreseen_jobs(const Setup& setup, const std::string& target) {
  Planner planner(setup);
  Shortlist any;
  any.ranked = planner.first_order_sources(setup.info(target));
  std::erase(any.ranked, target);
  return planner.after_shortlist(target, any);
}

}  // namespace taskonomy::pipeline
