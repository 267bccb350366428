// taskonomy run: takes a recipe to its taxonomy, in worker processes, in one folder.
// Called again, it goes on.
#include <filesystem>
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/plugin_listing.hpp"
#include "apps/learning/run.hpp"
#include "apps/learning/workers.hpp"
#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/program.hpp"
#include "apps/taskonomy/run_page.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/host/dataset_record.hpp"
#include "core/jobs/inventory.hpp"
#include "core/jobs/run_loop.hpp"
#include "core/jobs/status.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/judge.hpp"
#include "core/pipeline/resume.hpp"
#include "core/pipeline/setup.hpp"
#include "core/pipeline/stages.hpp"
#include "core/pipeline/starts.hpp"
#include "core/report/page.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kProgram = "taskonomy";

/// The jobs of the run. When data or plugins are gone, the error says what a run that is there still answers.
jobs::Plan planned(const Workshop& workshop, const jobs::RunDirectory& run) {
  try {
    return workshop.plan(run.root());
  } catch (const base::Error& error) {
    if (!fs::exists(run.root() / "affinity.csv")) throw;
    const std::string where = base::shell_quoted(run.root().string());
    throw base::Error(std::string(error.what()) +
                          "\nwhat the run has found needs no data: ask taskonomy "
                          "solve|analyse|compare|tree|report|status " +
                          where + "; data that moved: --set data.root=FOLDER",
                      error.code());
  }
}

/// A plugin of this run, and those that it is run in place of.
jobs::PluginRecord record_of(const Workshop& workshop, host::Kind kind, const std::string& id) {
  const auto& registry = workshop.registry();
  const auto& entry = registry.find(kind, id);
  jobs::PluginRecord record{host::name_of(kind),
                            id,
                            entry.version,
                            entry.path.string(),
                            workshop.setup().plugin_fingerprint(kind, id),
                            entry.own,
                            {}};
  for (const auto& other : registry.shadowed())
    if (other.kind == kind && other.id == id) record.shadows.push_back(other.path.string());
  return record;
}

/// The facts of this run for manifest.json.
jobs::Manifest manifest_of(const Workshop& workshop) {
  const recipe::Recipe& recipe = workshop.setup().recipe();
  jobs::Manifest manifest;
  manifest.program_version = version();
  manifest.sdk_version = host::host_stamp().at("sdk");
  manifest.libtorch_version = host::host_stamp().at("torch");
  manifest.seed = recipe.seed;
  manifest.plugins.push_back(record_of(workshop, host::Kind::dataset, recipe.data.dataset));
  for (const auto& task : recipe.tasks) {
    manifest.tasks.push_back(task.id);
    manifest.plugins.push_back(record_of(workshop, host::Kind::task, task.id));
  }
  manifest.prices = workshop.setup().prices();
  for (const auto& [task, reason] : workshop.setup().left_out()) manifest.left_out[task] = reason;
  return manifest;
}

/// Warns of what is known before the run begins: plugins that were refused, tasks that the
/// dataset cannot serve; says where networks begin.
void warn(const Workshop& workshop, const jobs::Manifest& manifest, const std::vector<std::string>& notes,
          const std::vector<report::StartedNetwork>& starts) {
  warn_of_refused(workshop.registry());
  for (const auto& plugin : manifest.plugins)
    if (!plugin.shadows.empty()) std::cerr << "note: " << jobs::plugin_sentences({plugin}).front() << "\n";
  for (const auto& sentence : notes) std::cerr << "note: " << sentence << "\n";
  for (const auto& note : workshop.setup().data_notes()) std::cerr << "note: " << note << "\n";
  for (const auto& note : workshop.setup().split_notes()) std::cerr << "note: " << note << "\n";
  for (const auto& sentence : report::start_sentences(starts)) std::cerr << "note: " << sentence << "\n";
  if (const auto note = workshop.setup().augmentation_note(); !note.empty())
    std::cerr << "note: " << note << "\n";
  const auto& left_out = workshop.setup().left_out();
  if (left_out.empty()) return;
  const std::size_t all = workshop.recipe().tasks.size();
  std::cerr << left_out.size() << " of " << all << " tasks left out (missing = \"skip\")\n";
  for (const auto& [task, reason] : left_out) std::cerr << "left out: " << task << ": " << reason << "\n";
}

/// What going on makes again because code or data changed under the run, "" for nothing. Throws Error with
/// that text unless it is accepted by `update`.
std::string accepted_changes(const jobs::RunDirectory& run, const jobs::Inventory& inventory,
                             const pipeline::Splits& splits, bool update) {
  const std::string text = pipeline::stale_text(run, inventory, splits);
  if (text.empty()) return "";
  const std::string where = run.root().string() + ": " + text;
  if (!update) throw base::Error(where + "\naccept it with --update, or take another folder with --out");
  return where;
}

/// Keeps what the run is made with, and what its data set says of itself.
void keep_facts(const jobs::RunDirectory& run, const jobs::Manifest& manifest, const Workshop& workshop) {
  run.write_manifest(manifest);
  host::keep_dataset_record(run.root(), workshop.setup().dataset().info());
}

/// Notes in manifest.json which samples the run goes on without.
void note_left_out(const jobs::RunDirectory& run, jobs::Manifest manifest) {
  for (const auto& record : jobs::status_of(run).incomplete)
    manifest.samples_left_out[record.id] = record.left_out;
  if (!manifest.samples_left_out.empty()) run.write_manifest(manifest);
}

/// Prints the closing lines. With --format json, one object goes to standard output and the lines for
/// people to standard error.
void close(const jobs::RunDirectory& run, const jobs::RunOutcome& result, const jobs::RunSettings& settings,
           jobs::Display display, const Workshop& workshop) {
  const std::string text = jobs::closing_text(run, result, settings);
  const bool reported = result.done.count("report") > 0;
  if (!reported && display != jobs::Display::quiet)  // else the summary names them
    for (const auto& record : jobs::status_of(run).incomplete)
      std::cerr << "samples left out: " << jobs::left_out_text(record) << "\n";
  if (display == jobs::Display::json) {
    std::cerr << text;
    const base::Json object = base::Json::object()
                                  .set("run", run.root().string())
                                  .set("all", result.tally.all)
                                  .set("done", result.tally.done)
                                  .set("failed", result.tally.failed)
                                  .set("blocked", result.tally.blocked)
                                  .set("interrupted", result.interrupted)
                                  .set("seconds", result.seconds);
    std::cout << object.dump() << "\n";
    return;
  }
  if (display == jobs::Display::quiet) {
    if (result.code() != base::ExitCode::done) std::cerr << text;
    return;
  }
  if (reported && fs::exists(run.root() / "summary.txt"))
    std::cout << report::fitted(base::read_file(run.root() / "summary.txt")) << "\n";
  if (settings.until == "sources")
    std::cout << pipeline::sources_text(workshop.setup(), run.root(),
                                        {result.done.begin(), result.done.end()});
  std::cout << text;
}

/// Most transfers for which the page gets its intervals at once, in a second or two. For more,
/// `taskonomy report` adds them.
constexpr std::size_t kQuickBootstrap = 300;

/// Writes the page about what the run has so far. An error is only a warning: the run stands.
void leave_page(const jobs::RunDirectory& run, jobs::Display display) {
  try {
    report::PageContent content = page_content_of(run);
    content.command = base::shell_quoted(run.root().string());
    if (content.table.rows.size() <= kQuickBootstrap) {
      add_bootstrap(content, run, kPageReplicates);
      add_judgement(content, &run, analysis::Judge::halves);
      add_significance(content, kPageRandom);
    }
    report::write_page(page_file(run), content);
  } catch (const base::Error& error) {
    std::cerr << "warning: no page was written: " << error.what() << "\n";
    return;
  }
  if (display == jobs::Display::live || display == jobs::Display::plain)
    std::cout << "Report: " << page_file(run).string() << "\n";
}

/// The commands that make use of a finished run.
void say_what_next(const jobs::RunDirectory& run, jobs::Display display,
                   const std::vector<std::string>& plugin_dirs) {
  if (display != jobs::Display::live && display != jobs::Display::plain) return;
  const std::string where = base::shell_quoted(run.root().string());
  std::cout << "Networks: " << with_plugin_dirs("taskonomy finish " + where, plugin_dirs)
            << " trains those that were chosen on;\n          "
            << with_plugin_dirs("taskonomy predict " + where + " IMAGES...", plugin_dirs)
            << " shows what they say of photographs\n";
}

}  // namespace

RunOptions read_run_options(const Values& values) {
  const bool json = values.format() == "json";
  if (json && values.has("quiet")) throw values.usage_error("--quiet and --format json exclude each other");
  RunOptions options;
  options.plugin_dirs = values.list("plugin-dir");
  options.workers = values.integer("workers", -1, 0, recipe::kMostWorkers);
  options.display = display_of(values.has("quiet"), json);
  options.update = values.has("update");
  values.at_most_one({"workers", "cluster"});
  options.cluster = values.text("cluster");
  return options;
}

base::ExitCode run_recipe(const Values& values) {
  RunOptions options = read_run_options(values);
  if (values.has("until")) options.until = values.choice("until");
  return carry_out(read_run_input(values), options);
}

base::ExitCode carry_out(const RunInput& input, const RunOptions& options) {
  const auto& [recipe, folder] = input;
  const auto& [until, plugin_dirs, workers_given, display, update, cluster, command] = options;
  const jobs::RunDirectory run(folder);
  // Who names --workers wants this machine alone. Pilots compute elsewhere, and say what they lack.
  const bool alone = workers_given >= 0 || !recipe.cluster;

  // Everything that can be refused is refused before the folder is touched.
  const Workshop workshop(recipe, plugin_dirs);
  if (alone) network::require_hardware(recipe.compute);
  const jobs::Plan whole = planned(workshop, run);
  const auto notes = pipeline::require_targets(workshop.setup());
  const auto starts = pipeline::find_starts(workshop.setup(), folder);
  const jobs::Manifest manifest = manifest_of(workshop);
  if (display != jobs::Display::quiet) warn(workshop, manifest, notes, starts);
  const jobs::RunLock lock = run.lock();
  const auto joining = update ? std::vector<std::string>{} : run.require_recipe(recipe);
  const pipeline::Splits splits = pipeline::splits_of(workshop.setup());
  const jobs::Inventory inventory(run, whole);
  const std::string changes = accepted_changes(run, inventory, splits, update);
  // A finished run stays a finished run, whatever it is asked to stop after.
  const bool finished = inventory.done("report");
  const std::string stop = finished ? "" : until;
  if (display != jobs::Display::quiet) {
    if (finished && !until.empty())
      std::cerr << "note: this run is finished, so there is nothing to stop after: --until has no effect\n";
    if (!changes.empty()) std::cerr << changes << "\n";
    if (!joining.empty())
      std::cerr << "joins the run, which keeps what it has: " << base::join(joining, ", ") << "\n";
  }

  run.prepare(recipe);
  // What is accepted once is not asked about again, even when this run is interrupted half way.
  if (!changes.empty())
    for (const auto& job : inventory.stale()) run.remove_record(job.id);
  keep_facts(run, manifest, workshop);
  pipeline::write_splits(run, splits);
  report::write_starts(run.root(), starts);
  for (const auto& sentence : report::start_sentences(starts))
    jobs::RunLog(run.log_file()).write("run", sentence);

  WorkSettings settings{
      alone ? workers_for(workshop, workers_given) : 1, plugin_dirs, {}, display, run.log_file(), {}};
  settings.loop.job_timeout = recipe.compute.job_timeout;
  settings.loop.plugin_of = [&recipe = recipe](const std::string& id) {
    return pipeline::plugin_of(id, recipe);
  };
  settings.loop.until = stop;
  const std::string where = base::shell_quoted(folder.string());
  if (!alone) settings.cluster = recipe.cluster;
  settings.loop.go_on = with_plugin_dirs(std::string(kProgram) + " " + command + " " + where, plugin_dirs) +
                        (cluster.empty() ? "" : " --cluster " + base::shell_quoted(cluster));
  settings.loop.repeat = with_plugin_dirs(std::string(kProgram) + " worker " + where, plugin_dirs);
  const jobs::RunOutcome result =
      run_plan(workshop, run, stop.empty() ? whole : pipeline::stop_after(whole, stop), settings);
  note_left_out(run, manifest);
  close(run, result, settings.loop, display, workshop);
  if (!result.interrupted) leave_page(run, display);
  if (result.done.count("report") > 0) say_what_next(run, display, plugin_dirs);
  return result.code();
}

}  // namespace taskonomy::cli
