#include "core/pipeline/plan.hpp"

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/data/sample_store.hpp"
#include "core/network/encoder.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/job_names.hpp"
#include "core/pipeline/pictures.hpp"
#include "core/pipeline/shortlist.hpp"

namespace taskonomy::pipeline {

namespace {

using jobs::Job;
using sdk::Role;

/// Milliseconds for one image at 64 px on one core, roughly. Only their ratios matter.
constexpr double kSourceImage = 3.0, kTransferImage = 2.5, kForward = 0.3, kRendered = 8.0, kExample = 0.2;
/// A pretrained network against the run's own, per pixel: a ResNet-50 in float32, roughly.
constexpr double kPretrained = 8.0;
/// The constant guess: always the same number of steps, without a network.
constexpr double kConstantGuess = 300.0;

std::string text_of(const recipe::Training& training) {
  return base::join(
      {std::to_string(training.steps), std::to_string(training.batch), base::number(training.learning_rate),
       training.schedule, base::number(training.weight_decay), base::number(training.gradient_clip)},
      ",");
}

/// Builds the graph step by step; what every step adds to the ingredients stands beside it.
class Planner {
 public:
  explicit Planner(Session& session) : session_(session), recipe_(session.recipe()) {
    const auto hardware = network::resolve(recipe_.compute);
    networks_ = base::join({recipe_.network.encoder, std::to_string(recipe_.network.width),
                            std::to_string(recipe_.network.channels), recipe_.network.decoder,
                            hardware.bfloat16 ? "bfloat16" : "float32", seed()},
                           ",");
  }

  jobs::JobGraph first_graph() {
    network::require_side(recipe_.network, recipe_.data.side);
    for (const auto& entry : recipe_.tasks) {
      const auto& info = session_.task(entry.id).info();
      if (views_.insert(info.view_kind).second) add_images(info.view_kind);
    }
    for (const auto& entry : recipe_.tasks) add_task(session_.task(entry.id).info());
    for (const auto& target : targets()) add_first_order(session_.task(target).info());
    add_report();
    return std::move(graph_);
  }

  /// Higher-order transfers into a target and its tournament, once its first-order sources are ranked.
  std::vector<Job> after_shortlist(const std::string& target, const Shortlist& shortlist) {
    const auto& info = session_.task(target).info();
    std::vector<Job> jobs;
    std::vector<std::string> competitors = references(target);
    for (const auto& source : first_order_sources(info))
      competitors.push_back(names::transfer(target, {source}));
    for (auto sources :
         transfer::higher_orders(shortlist.ranked, recipe_.transfer.orders, recipe_.transfer.top)) {
      // By name, not by rank: a source that joins the run and changes the ranks leaves a+b what it was.
      std::sort(sources.begin(), sources.end());
      jobs.push_back(transfer_job(info, sources));
      competitors.push_back(jobs.back().id);
    }
    // The order of the rows is part of the artefact.
    jobs.push_back({names::affinity(target), competitors, base::join(competitors, ","), 1.0, true});
    return jobs;
  }

  /// Sources of first-order transfers into a target, in the order of the recipe; those trained elsewhere
  /// last.
  std::vector<std::string> first_order_sources(const sdk::TaskInfo& target) {
    std::vector<std::string> ids;
    for (const auto& entry : recipe_.tasks) {
      if (session_.task(entry.id).info().role == Role::target || entry.id == session_.placed()) continue;
      if (entry.id != target.id || recipe_.transfer.from_own_encoder) ids.push_back(entry.id);
    }
    for (const auto& source : recipe_.sources) ids.push_back(source.id);
    return ids;
  }

 private:
  std::string seed() const { return std::to_string(recipe_.seed); }
  double images(const recipe::Training& training) const {
    return static_cast<double>(training.steps * training.batch);
  }

  std::vector<std::string> targets() {
    std::vector<std::string> ids;
    for (const auto& entry : recipe_.tasks)
      if (session_.task(entry.id).info().role != Role::source) ids.push_back(entry.id);
    return ids;
  }

  /// Shards of the samples of a view kind; `task`: they are this placed task's alone, else "".
  std::vector<std::string> add_samples(sdk::ViewKind kind, const std::string& task,
                                       const std::vector<std::string>& modalities) {
    const auto& keys = session_.samples(kind);
    const auto& data = recipe_.data;
    const std::string what =
        base::join({session_.plugin_fingerprint(host::Kind::dataset, data.dataset), std::to_string(data.side),
                    recipe::canonical(data.params), recipe_.split.unit, base::number(recipe_.split.train),
                    base::number(recipe_.split.transfer), base::number(recipe_.split.test),
                    base::number(recipe_.split.validation), seed(), word_of(kind)},
                   ";");
    std::vector<std::string> shards;
    for (std::size_t first = 0; first < keys.size(); first += data::kShardSamples) {
      const auto count = std::min(data::kShardSamples, keys.size() - first);
      shards.push_back(names::samples(kind, shards.size(), task));
      // Readers name their modalities: a new task that needs another one leaves the others as they are.
      graph_.add({shards.back(),
                  {},
                  what + ";" + base::join(modalities, ","),
                  kRendered * static_cast<double>(count),
                  false,
                  what + ";" + std::to_string(shards.size())});
    }
    return shards;
  }

  void add_images(sdk::ViewKind kind) {
    shards_[kind] = add_samples(kind, "", session_.modalities(kind));
    const auto weight = kExample * static_cast<double>(session_.samples(kind).size());
    graph_.add({names::images(kind), shards_[kind], "rgb", weight});
  }

  /// The shards that a task's examples are made from: those of the run. A placed task that needs more than
  /// they hold has shards of its own, so that the run's stay as they are.
  std::vector<std::string> shards_of(const sdk::TaskInfo& info) {
    const auto needed = session_.modalities(info.id);
    const auto held = session_.modalities(info.view_kind);
    if (std::includes(held.begin(), held.end(), needed.begin(), needed.end()))
      return shards_.at(info.view_kind);
    return add_samples(info.view_kind, info.id, needed);
  }

  void add_task(const sdk::TaskInfo& info) {
    const auto& entry = *std::find_if(recipe_.tasks.begin(), recipe_.tasks.end(),
                                      [&](const auto& e) { return e.id == info.id; });
    const auto samples = static_cast<double>(session_.samples(info.view_kind).size());
    const std::string made_by = session_.plugin_fingerprint(host::Kind::task, info.id) + ";" +
                                recipe::canonical(entry.params) + ";" + seed() + ";" +
                                base::join(session_.modalities(info.id), ",");
    graph_.add({names::examples(info.id), shards_of(info), made_by, kExample * samples});

    const std::vector<std::string> data{names::examples(info.id), names::images(info.view_kind)};
    const recipe::Training training = recipe::source_training(recipe_, info.id);
    const std::string source = networks_ + ";" + text_of(training);
    graph_.add({names::source(info.id), data, source,
                info.trained ? kSourceImage * images(training) : kForward * samples});
    graph_.add({names::constant(info.id), data, seed(), kConstantGuess});
    if (info.trained)
      graph_.add({names::pictures(info.id),
                  {names::source(info.id), names::examples(info.id), names::images(info.view_kind)},
                  std::to_string(kPictures) + ";" + kPictureStyle,
                  kForward * kPictures});
    if (info.role != Role::source)
      graph_.add({names::scratch(info.id), data, networks_ + ";" + text_of(recipe_.transfer.training),
                  kSourceImage * images(recipe_.transfer.training)});
  }

  void add_first_order(const sdk::TaskInfo& target) {
    std::vector<std::string> judged{names::source(target.id)};
    for (const auto& source : first_order_sources(target)) {
      add_features(source, target);
      auto job = transfer_job(target, {source});
      judged.push_back(job.id);
      graph_.add(std::move(job));
    }
    graph_.add({names::shortlist(target.id), judged, "", 1.0, true});
  }

  void add_features(const std::string& source, const sdk::TaskInfo& target) {
    const auto id = names::features(source, target);
    if (graph_.contains(id)) return;
    const auto* pretrained = session_.pretrained(source);
    std::vector<std::string> inputs{names::images(target.view_kind)};
    if (pretrained == nullptr) inputs.insert(inputs.begin(), names::source(source));
    if (target.input == sdk::InputKind::own) inputs.push_back(names::examples(target.id));
    const auto& keys = session_.samples(target.view_kind);
    const auto encoded = std::count_if(keys.begin(), keys.end(), [](const auto& key) {
      return key.split == data::Split::transfer || key.split == data::Split::test;
    });
    const auto weight = kForward * static_cast<double>(encoded);
    if (pretrained == nullptr)
      graph_.add({id, inputs, "", weight});
    else
      graph_.add({id, inputs, made_by(*pretrained), weight * times_slower(*pretrained)});
  }

  /// All that a pretrained source's features depend on, beside the images; where its file lies is not.
  std::string made_by(const recipe::Pretrained& source) {
    std::string text = session_.weights_fingerprint(source) + ";" + std::to_string(recipe_.network.channels) +
                       ";" + std::to_string(network::stride_of(recipe_.network.encoder)) + ";" + seed();
    for (const auto& [section, key, value] : recipe::settings(recipe_))
      if (section == "sources." + source.id && key != "torchscript" && key != "safetensors" &&
          key != "label_cost")
        text += ";" + key + "=" + value;
    return text;
  }

  double times_slower(const recipe::Pretrained& source) const {
    const auto side = static_cast<double>(source.side > 0 ? source.side : recipe_.data.side);
    const double relative = side / static_cast<double>(recipe_.data.side);
    return kPretrained * relative * relative;
  }

  Job transfer_job(const sdk::TaskInfo& target, const transfer::Sources& sources) {
    std::vector<std::string> inputs{names::examples(target.id), names::images(target.view_kind)};
    for (const auto& source : sources) inputs.push_back(names::features(source, target));
    return {names::transfer(target.id, sources), inputs, networks_ + ";" + text_of(recipe_.transfer.training),
            kTransferImage * images(recipe_.transfer.training)};
  }

  std::vector<std::string> references(const std::string& target) {
    return {names::source(target), names::scratch(target), names::constant(target)};
  }

  /// Reads every target's tournament, and the losses and metrics of the networks beside it, of the
  /// source-only tasks as well.
  void add_report() {
    std::vector<std::string> inputs;
    for (const auto& target : targets()) {
      inputs.push_back(names::affinity(target));
      inputs.push_back(names::scratch(target));
    }
    for (const auto& entry : recipe_.tasks) {
      inputs.push_back(names::source(entry.id));
      inputs.push_back(names::constant(entry.id));
    }
    std::string what;  // the order of the tasks is that of the report
    for (const auto& entry : recipe_.tasks) what += entry.id + ";";
    for (const auto& [task, reason] : session_.left_out()) what += "left out " + task + ": " + reason + ";";
    for (const auto& setting : recipe::settings(recipe_))
      if (setting.section.starts_with("taxonomy") ||
          (setting.section.starts_with("sources.") && setting.key == "label_cost"))
        what += setting.section + "." + setting.key + "=" + setting.value + ";";
    graph_.add({names::kReport, inputs, what, 10.0, true});
  }

  Session& session_;
  const recipe::Recipe& recipe_;
  std::string networks_;
  jobs::JobGraph graph_;
  std::set<sdk::ViewKind> views_;
  std::map<sdk::ViewKind, std::vector<std::string>> shards_;
};

}  // namespace

jobs::Plan make_plan(std::shared_ptr<Session> session, const std::filesystem::path& folder) {
  auto planner = std::make_shared<Planner>(*session);
  jobs::Plan plan;
  plan.graph = planner->first_graph();
  plan.expand = [session, planner, folder](const std::string& finished) -> std::vector<Job> {
    const auto parts = names::parts(finished);
    if (parts.front() != "shortlist") return {};
    return planner->after_shortlist(parts[1], read_shortlist(folder / names::file::shortlist(parts[1])));
  };
  return plan;
}

std::vector<Job> foreseen_jobs(Session& session, const std::string& target) {
  Planner planner(session);
  Shortlist any;
  any.ranked = planner.first_order_sources(session.task(target).info());
  std::erase(any.ranked, target);
  return planner.after_shortlist(target, any);
}

}  // namespace taskonomy::pipeline
