#include "core/pipeline/judge.hpp"

#include <algorithm>
#include <set>

#include "core/affinity/loss_file.hpp"
#include "core/analysis/learning_curve.hpp"
#include "core/analysis/verdicts.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/report/advice.hpp"
#include "core/report/learning_curve_text.hpp"
#include "core/report/run_report.hpp"
#include "core/report/text_table.hpp"
#include "core/training/source_network.hpp"

namespace taskonomy::pipeline {

namespace {

/// Whether the splits keep scenes apart (LossTable).
bool scenes_apart(const Setup& setup) { return setup.recipe().split.unit == "scene"; }

bool contains(const std::vector<std::string>& jobs, const std::string& job) {
  return std::find(jobs.begin(), jobs.end(), job) != jobs.end();
}

/// A competitor for a target: what tables call it, and the job that left its losses.
struct Competitor {
  std::string name;
  JobName job;
};

std::vector<Competitor> competitors_of(const std::string& target, const std::vector<std::string>& inputs,
                                       const affinity::AffinityTable& table) {
  std::vector<Competitor> all;
  const auto add_if_there = [&](const std::string& name, const JobName& job) {
    if (contains(inputs, job)) all.push_back({name, job});
  };
  add_if_there(target, job::source(target));
  add_if_there(affinity::kScratch, job::scratch(target));
  add_if_there(affinity::kConstant, job::constant(target));
  for (const auto& row : table.rows)
    if (row.target == target && !row.is_self())
      all.push_back({transfer::name_of(row.sources), job::transfer(target, row.sources)});
  return all;
}

/// The rows of all targets whose tournament is there.
affinity::AffinityTable gather_affinities(const std::filesystem::path& folder,
                                          const std::vector<std::string>& inputs) {
  affinity::AffinityTable all;
  for (const auto& input : inputs) {
    const auto name = JobName::parse(input);
    if (!name || name->stage != Stage::affinity) continue;
    const auto part = affinity::read_affinity(folder / artefact_of(*name)).table;
    all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
  }
  if (all.rows.empty()) throw base::Error("no target has a tournament; see the jobs that failed");
  return all;
}

/// What the test images say of the source networks.
struct OfSources {
  std::vector<analysis::SourceCheck> checks;  ///< Table 1
  std::vector<analysis::Verdict> learned;
};

/// Table 1: does each trained network beat the best constant guesses, and a readout of an untrained encoder?
/// The readout is the transfer from the recipe's untrained source, where there is one.
OfSources table_one(const Setup& setup, const std::filesystem::path& folder,
                    const std::vector<std::string>& inputs) {
  std::string untrained;
  for (const auto& entry : setup.recipe().tasks)
    if (!setup.info(entry.id).trained) untrained = entry.id;
  OfSources sources;
  for (const auto& entry : setup.recipe().tasks) {
    if (!setup.info(entry.id).trained || !contains(inputs, job::source(entry.id)) ||
        !contains(inputs, job::constant(entry.id)))
      continue;
    affinity::LossTable table{entry.id, test_images(setup, folder, entry.id), {}, {}, scenes_apart(setup)};
    const auto add = [&](const std::string& competitor, const std::filesystem::path& losses) {
      table.add(competitor, affinity::read_losses(folder / losses));
    };
    add(entry.id, losses_of(job::source(entry.id)));
    add(affinity::kAverage, average_losses_of(entry.id));
    add(affinity::kConstant, losses_of(job::constant(entry.id)));
    const auto readout = job::transfer(entry.id, {untrained});
    if (!untrained.empty() && contains(inputs, readout)) add(affinity::kRandom, losses_of(readout));
    sources.checks.push_back(analysis::check_source(table));
    if (auto verdict = analysis::has_learned(table)) sources.learned.push_back(std::move(*verdict));
  }
  return sources;
}

/// One network of a learning curve, from the job that judged it.
analysis::CurvePoint curve_point(const std::filesystem::path& losses, const torch::Tensor& trained_on) {
  const auto metrics = affinity::read_metrics(losses);
  return {static_cast<std::size_t>(trained_on.numel()), affinity::read_losses(losses),
          metrics.empty() ? affinity::kUnknown : metrics.front(), affinity::read_first_metric(losses)};
}

/// The learning curves of the tasks whose networks are all there.
std::vector<analysis::LearningCurve> draw_curves(const Setup& setup, const std::filesystem::path& folder,
                                                 const std::vector<std::string>& inputs) {
  std::vector<analysis::CurveLosses> tasks;
  for (const auto& entry : setup.recipe().tasks) {
    const auto part_of = [&](std::size_t divisor) {
      return divisor == 1 ? job::source(entry.id) : job::curve(entry.id, divisor);
    };
    const auto there = [&](const JobName& name) { return contains(inputs, name); };
    if (!there(part_of(1)) || !there(part_of(2)) || !there(part_of(4)) || !there(job::constant(entry.id)))
      continue;
    const data::ExampleSet examples(folder / artefact_of(job::images(setup.info(entry.id).view_kind)),
                                    folder / artefact_of(job::examples(entry.id)));
    const auto point = [&](std::size_t divisor) {
      return curve_point(folder / losses_of(part_of(divisor)),
                         training::part_of_training(examples, setup.recipe(), divisor));
    };
    analysis::CurveLosses task{entry.id,
                               examples.ids(data::Split::test),
                               affinity::read_losses(folder / losses_of(job::constant(entry.id))),
                               point(4),
                               point(2),
                               point(1)};
    if (const auto& offered = setup.card(entry.id).metrics; !offered.empty()) {
      task.metric = offered.front().name;
      task.unit = offered.front().unit;
      task.higher_is_better = offered.front().higher_is_better;
    }
    tasks.push_back(std::move(task));
  }
  return analysis::learning_curves(tasks);
}

/// What the tournaments say of the transfers.
std::vector<analysis::Verdict> on_transfers(const std::filesystem::path& folder,
                                            const std::vector<std::string>& inputs) {
  std::vector<analysis::Verdict> all;
  for (const auto& input : inputs) {
    const auto name = JobName::parse(input);
    if (!name || name->stage != Stage::affinity) continue;
    const auto part = base::read_records<analysis::Verdict>(folder / verdicts_of(name->task));
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

/// A sentence for each job that left out samples. Images come first, then examples in the order of the recipe.
std::vector<std::string> left_out_samples(const Setup& setup, const std::filesystem::path& folder) {
  std::vector<std::string> jobs;
  const auto add = [&](const std::string& job) {
    if (!contains(jobs, job)) jobs.push_back(job);
  };
  for (const auto& entry : setup.recipe().tasks) add(job::images(setup.info(entry.id).view_kind));
  for (const auto& entry : setup.recipe().tasks) add(job::examples(entry.id));
  std::vector<std::string> sentences;
  for (const auto& job : jobs)
    if (const auto record = jobs::RunDirectory(folder).record(job); record && !record->left_out.empty())
      sentences.push_back(jobs::left_out_text(*record));
  return sentences;
}

/// The tasks whose training labels are all the same.
std::vector<std::string> constant_labels(const Setup& setup, const std::filesystem::path& folder) {
  std::vector<std::string> tasks;
  for (const auto& entry : setup.recipe().tasks) {
    const auto record = jobs::RunDirectory(folder).record(job::examples(entry.id));
    if (!record || !setup.info(entry.id).trained) continue;
    const auto constant = record->figures.find("constant");
    if (constant != record->figures.end() && constant->second > 0.0) tasks.push_back(entry.id);
  }
  return tasks;
}

report::Omissions omissions(const Setup& setup, const std::filesystem::path& folder) {
  report::Omissions omissions{.incomplete = left_out_samples(setup, folder),
                              .constant_labels = constant_labels(setup, folder)};
  for (const auto& [task, reason] : setup.left_out()) omissions.left_out[task] = reason;
  return omissions;
}

/// "210 to 300": the steps that the networks of a stage took, but for those that are never trained. "" without any.
std::string steps_of(Stage stage, const std::filesystem::path& folder,
                     const std::vector<std::string>& inputs) {
  std::vector<std::int64_t> steps;
  for (const auto& input : inputs) {
    const auto name = JobName::parse(input);
    if (!name || name->stage != stage) continue;
    const auto record = jobs::RunDirectory(folder).record(input);
    if (!record || record->figures.count("steps") == 0) continue;
    if (const double taken = record->figures.at("steps"); taken > 0.0)
      steps.push_back(static_cast<std::int64_t>(taken));
  }
  if (steps.empty()) return "";
  const auto [least, most] = std::minmax_element(steps.begin(), steps.end());
  return *least == *most ? std::to_string(*least) : std::to_string(*least) + " to " + std::to_string(*most);
}

/// How many steps the source networks took, where that was left to their losses. "" elsewhere.
std::string source_steps_text(const Setup& setup, const std::filesystem::path& folder,
                              const std::vector<std::string>& inputs) {
  if (setup.recipe().source.schedule != "until_flat") return "";
  const std::string steps = steps_of(Stage::source, folder, inputs);
  return steps.empty()
             ? ""
             : "Source networks learned for " + steps + " steps, as long as their validation loss fell. ";
}

/// What the networks from scratch were given, which Gain compares with. "" without any.
std::string scratch_text(const Setup& setup, const std::filesystem::path& folder,
                         const std::vector<std::string>& inputs) {
  const std::string steps = steps_of(Stage::scratch, folder, inputs);
  if (steps.empty()) return "";
  return "Networks from scratch, which Gain compares with, learned for " + steps + " steps of " +
         std::to_string(recipe::scratch_training(setup.recipe()).batch) + " images" +
         (setup.recipe().scratch.steps == 0
              ? ", until their loss on a tenth of the transfer split stopped falling"
              : " of the transfer split") +
         "; transfers for " + std::to_string(setup.recipe().transfer.training.steps) + ".";
}

/// How the networks of a run were trained, in sentences. "" where there is nothing to say.
std::string training_text(const Setup& setup, const std::filesystem::path& folder,
                          const std::vector<std::string>& inputs) {
  const std::string note = setup.augmentation_note();
  return source_steps_text(setup, folder, inputs) + (note.empty() ? "" : note + ". ") +
         scratch_text(setup, folder, inputs);
}

/// Gain and Quality of the optima, by halves of the test scenes.
analysis::Judgement judge_optima(const std::filesystem::path& folder, const report::RunResults& results,
                                 bool apart) {
  const auto tasks = results.table.tasks();
  taxonomy::Options options;
  for (const auto& task : tasks) {
    if (const auto found = results.prices.cost.find(task); found != results.prices.cost.end())
      options.cost[task] = found->second;
    if (const auto found = results.importance.find(task); found != results.importance.end())
      options.importance[task] = found->second;
  }
  const auto losses = affinity::read_run_losses(folder, results.table.targets(), apart);
  return analysis::judge_by_halves(results.table, losses, options, {});
}

}  // namespace

std::vector<std::string> test_images(const Setup& setup, const std::filesystem::path& folder,
                                     const std::string& target) {
  return data::ExampleSet(folder / artefact_of(job::images(setup.info(target).view_kind)))
      .ids(data::Split::test);
}

affinity::LossTable loss_table(const Setup& setup, const std::filesystem::path& folder,
                               const std::string& target, const std::vector<std::string>& inputs) {
  affinity::LossTable table{target, test_images(setup, folder, target), {}, {}, scenes_apart(setup)};
  const auto add = [&](const std::string& competitor, const JobName& name) {
    table.add(competitor, affinity::read_losses(folder / losses_of(name)));
  };
  if (contains(inputs, job::source(target))) {
    add(target, job::source(target));
  } else if (target != setup.placed()) {
    throw base::Error("target \"" + target +
                      "\": its own fully supervised network failed, and nothing can be judged without it");
  }
  if (contains(inputs, job::scratch(target))) add(affinity::kScratch, job::scratch(target));
  if (contains(inputs, job::constant(target))) add(affinity::kConstant, job::constant(target));
  for (const auto& input : inputs) {
    const auto name = JobName::parse(input);
    if (name && name->stage == Stage::transfer && name->sources != Sources{target})
      add(transfer::name_of(name->sources), *name);
  }
  return table;
}

Shortlist shortlist_of(const std::string& target, const std::vector<affinity::AffinityRow>& rows) {
  std::vector<const affinity::AffinityRow*> first_order;
  for (const auto& row : rows)
    if (row.sources.size() == 1 && row.sources.front() != target) first_order.push_back(&row);
  std::sort(first_order.begin(), first_order.end(), [](const auto* a, const auto* b) {
    return a->affinity != b->affinity ? a->affinity > b->affinity : a->sources < b->sources;
  });
  Shortlist shortlist;
  for (const auto* row : first_order) shortlist.ranked.push_back(row->sources.front());
  return shortlist;
}

void write_shortlist(const std::filesystem::path& path, const Shortlist& shortlist,
                     const std::string& made_from) {
  const auto content = base::Json::object().set("made_from", made_from).set("ranked", shortlist.ranked);
  base::write_file(path, content.dump(2) + "\n");
}

Shortlist read_shortlist(const std::filesystem::path& path) {
  return base::with_context(path.string(), [&] {
    return Shortlist{base::parse_json(base::read_file(path)).at("ranked").as<transfer::Sources>()};
  });
}

void require_sources(const Shortlist& shortlist, const std::vector<std::string>& sources,
                     const std::filesystem::path& file) {
  const std::set<std::string> known(sources.begin(), sources.end());
  std::set<std::string> seen;
  for (const auto& source : shortlist.ranked)
    if (known.count(source) == 0 || !seen.insert(source).second)
      throw base::Error(file.string() + ": ranks \"" + source + "\", which is " +
                        (known.count(source) == 0 ? "no source of this run" : "ranked already"));
}

std::vector<report::MetricRow> metric_rows(const Setup& setup, const std::filesystem::path& folder,
                                           const std::vector<std::string>& inputs,
                                           const affinity::AffinityTable& table) {
  std::vector<report::MetricRow> rows;
  for (const auto& entry : setup.recipe().tasks) {
    const auto& offered = setup.card(entry.id).metrics;
    if (offered.empty()) continue;
    for (const auto& [name, job] : competitors_of(entry.id, inputs, table)) {
      const auto path = folder / losses_of(job);
      const auto means = affinity::read_metrics(path);
      if (means.size() != offered.size())
        throw base::Error(path.string() + ": holds " + std::to_string(means.size()) + " metrics, task \"" +
                          entry.id + "\" has " + std::to_string(offered.size()));
      const auto failure = affinity::read_metrics_failure(path);
      for (std::size_t k = 0; k < means.size(); ++k)
        rows.push_back({entry.id, name, offered[k].name, offered[k].unit, offered[k].higher_is_better,
                        means[k], std::isnan(means[k]) ? failure : ""});
    }
  }
  return rows;
}

std::vector<std::string> write_report(const Setup& setup, const std::filesystem::path& folder,
                                      const std::vector<std::string>& inputs) {
  report::RunResults results;
  results.table = gather_affinities(folder, inputs);
  results.importance = setup.recipe().taxonomy.importance;
  results.budgets = setup.recipe().taxonomy.budgets;
  results.prices = setup.prices();
  auto sources = table_one(setup, folder, inputs);
  results.checks = std::move(sources.checks);
  results.verdicts = std::move(sources.learned);
  for (auto& verdict : on_transfers(folder, inputs)) results.verdicts.push_back(std::move(verdict));
  results.curves = draw_curves(setup, folder, inputs);
  results.metrics = metric_rows(setup, folder, inputs, results.table);
  results.omissions = omissions(setup, folder);
  if (const jobs::RunDirectory run(folder); std::filesystem::exists(run.manifest_file()))
    results.plugins = jobs::plugin_sentences(run.read_manifest().plugins);
  results.starts = report::start_sentences(report::read_starts(folder));
  results.training = training_text(setup, folder, inputs);
  for (const auto& entry : setup.recipe().tasks)
    results.texts.push_back(
        {entry.id, setup.info(entry.id).title, setup.info(entry.id).family, setup.plugin_summary(entry.id)});
  results.judgement = judge_optima(folder, results, scenes_apart(setup));
  base::write_file(folder / kSummaryFile, report::write_reports(folder, results));

  std::vector<std::string> made{kSummaryFile.string(), "affinity.csv",        "affinity.svg",
                                "taxonomy.json",       report::kVerdictsFile, report::kTasksFile};
  if (!results.checks.empty()) made.push_back(report::kTableOneFile);
  if (!results.metrics.empty()) made.push_back(report::kMetricsFile);
  if (!results.curves.empty()) made.push_back(report::kCurveFile);
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("taxonomy-budget-"))
      made.push_back(entry.path().filename().string());
  std::sort(made.begin(), made.end());
  return made;
}

std::string sources_text(const Setup& setup, const std::filesystem::path& folder,
                         const std::vector<std::string>& done) {
  const auto sources = table_one(setup, folder, done);
  if (sources.checks.empty()) return "";
  const std::string training = training_text(setup, folder, done);
  const auto curves = draw_curves(setup, folder, done);
  const auto more = report::more_labels_text(curves);
  const auto starts = report::start_sentences(report::read_starts(folder));
  std::string text = more.empty() ? "" : base::join(report::wrap(more), "\n") + "\n\n";
  text += report::doubts_text(sources.learned) + "\n" +
          report::sources_text(sources.checks, metric_rows(setup, folder, done, {}));
  if (!curves.empty()) text += report::learning_curve_text(curves) + "\n";
  text += report::omissions_text(omissions(setup, folder));
  if (!starts.empty()) text += report::starts_text(starts) + "\n";
  return training.empty() ? text : text + base::trim(training) + "\n";
}

}  // namespace taskonomy::pipeline
