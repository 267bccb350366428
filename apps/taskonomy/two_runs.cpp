#include "apps/taskonomy/two_runs.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/program.hpp"
#include "apps/taskonomy/run_page.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/base/error.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// The page of a bare table. The title is the name of its file.
report::PageContent page_content_of_table(const std::string& table) {
  const TableInput input = read_table_input(table);
  report::PageContent content;
  content.title = fs::path(table).stem().string();
  content.table = input.table;
  content.facts = {{"affinity table", fs::path(table).filename().string()},
                   {"program", "taskonomy " + version()}};
  return content;
}

/// "runs/demo/" -> "demo"
std::string last_name(const std::string& argument) {
  const fs::path path = fs::path(argument).lexically_normal();
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

/// Two names that differ.
void name_apart(report::PageContent& a, const std::string& first, report::PageContent& b,
                const std::string& second) {
  if (a.title != b.title) return;
  const bool apart = last_name(first) != last_name(second);
  a.title = apart ? last_name(first) : first;
  b.title = apart ? last_name(second) : second;
  if (a.title == b.title) b.title += " (2)";  // the very same
}

bool share_a_target(const affinity::AffinityTable& a, const affinity::AffinityTable& b) {
  const auto others = b.targets();
  const auto targets = a.targets();
  return std::any_of(targets.begin(), targets.end(), [&](const auto& target) {
    return std::find(others.begin(), others.end(), target) != others.end();
  });
}

/// Numbers of the command line for a table, in its names; those of tasks that it lacks are left out.
void override_known(std::map<std::string, double>& numbers, const std::map<std::string, double>& asked,
                    const affinity::AffinityTable& table) {
  for (const auto& [task, number] : of_tasks(finder_of(table).find(asked), table)) numbers[task] = number;
}

// ---- what a run has beside its page

/// A sum of all that decides which image a name means: the data set and its keys, but for the side at which networks see
/// them.
std::vector<std::string> images_of(const recipe::Recipe& recipe) {
  std::vector<std::string> keys;
  for (const auto& [section, key, value] : recipe::settings(recipe))
    if ((section == "data" && key != "side") || section.starts_with("data."))
      keys.push_back(section + "." + key + "=" + value);
  return keys;
}

/// Of each target, what the first metric of its own network says of each test image.
std::map<std::string, std::vector<double>> first_metrics(const fs::path& run,
                                                         const std::vector<affinity::LossTable>& losses) {
  std::map<std::string, std::vector<double>> values;
  for (const auto& table : losses) {
    const auto file = run / "losses" / table.target / (affinity::kSelfFile + ".safetensors");
    if (!fs::exists(file)) continue;
    auto found = affinity::read_first_metric(file);
    if (found.size() == table.images.size()) values[table.target] = std::move(found);
  }
  return values;
}

/// "source.steps" -> "1000", and the versions of all that made the run.
std::vector<std::pair<std::string, std::string>> made_with(const jobs::RunDirectory& run) {
  const auto manifest = run.read_manifest();
  std::vector<std::pair<std::string, std::string>> all{{"program", manifest.program_version},
                                                       {"SDK", manifest.sdk_version},
                                                       {"LibTorch", manifest.libtorch_version},
                                                       {"machine", manifest.machine.cpu}};
  for (const auto& plugin : manifest.plugins)
    all.emplace_back(plugin.kind + " " + plugin.id, plugin.version + ", fingerprint " + plugin.fingerprint);
  for (const auto& [section, key, value] : recipe::settings(run.read_recipe()))
    if (key != "name" && section != "plugins")
      all.emplace_back(section.empty() ? key : section + "." + key, value);
  return all;
}

std::vector<report::MadeOtherwise> made_otherwise(const jobs::RunDirectory& a, const jobs::RunDirectory& b) {
  std::vector<report::MadeOtherwise> all;
  const auto of_a = made_with(a), of_b = made_with(b);
  const auto value_in = [](const auto& list, const std::string& what) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == what; });
    return found == list.end() ? std::string() : found->second;
  };
  for (const auto& [what, value] : of_a)
    if (const auto other = value_in(of_b, what); other != value) all.push_back({what, value, other});
  for (const auto& [what, value] : of_b)
    if (value_in(of_a, what).empty() && !value.empty()) all.push_back({what, "", value});
  return all;
}

void add_runs(report::PageContent& content, report::Beside& beside, const std::string& first,
              const std::string& second) {
  const jobs::RunDirectory a(first), b(second);
  beside.made_otherwise = made_otherwise(a, b);
  beside.same_images = images_of(a.read_recipe()) == images_of(b.read_recipe());
  if (beside.replicates < 2) return;
  try {
    auto losses = losses_of(a.root(), content.table.targets());
    auto others = losses_of(b.root(), beside.other.table.targets());
    beside.values = first_metrics(a.root(), losses);
    beside.other_values = first_metrics(b.root(), others);
    beside.losses = std::move(losses);
    beside.other_losses = std::move(others);
  } catch (const base::Error& error) {
    content.missing.push_back(std::string("Intervals of the differences: ") + error.what());
  }
}

}  // namespace

bool is_run(const std::string& argument) {
  return fs::is_directory(argument) && fs::exists(jobs::RunDirectory(argument).recipe_file());
}

report::PageContent page_content_of(const std::string& argument) {
  return is_run(argument) ? page_content_of(jobs::RunDirectory(argument)) : page_content_of_table(argument);
}

void add_beside(report::PageContent& content, const std::string& first, const std::string& second,
                const Values& values) {
  auto beside = std::make_shared<report::Beside>();
  beside->other = page_content_of(second);
  auto& other = beside->other;
  if (!share_a_target(content.table, other.table)) {
    if (!content.of_run) content.table = with_our_names(content.table);
    if (!other.of_run) other.table = with_our_names(other.table);
  }
  name_apart(content, first, other, second);
  override_known(other.prices.cost, values.numbers("cost", 0.0), other.table);
  override_known(other.importance, values.numbers("importance", 0.0), other.table);
  beside->replicates = values.count("bootstrap", kPageReplicates, 0);
  const jobs::RunDirectory run(second);
  add_judgement(other, other.of_run ? &run : nullptr, read_judge(values));
  for (const auto& sentence : other.missing) content.missing.push_back(other.title + ": " + sentence);
  if (content.of_run && other.of_run) add_runs(content, *beside, first, second);
  try {
    content.comparison = analysis::compare(content.table, other.table);
    content.compared_with = other.title;
  } catch (const base::Error& error) {
    content.missing.push_back(std::string("Agreement of both: ") + error.what());
  }
  content.beside = std::move(beside);
}

}  // namespace taskonomy::cli
