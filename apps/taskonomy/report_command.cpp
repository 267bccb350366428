// taskonomy report: writes one self-contained page about an affinity table or a run.
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/program.hpp"
#include "apps/taskonomy/run_page.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "apps/taskonomy/two_runs.hpp"
#include "core/base/text.hpp"
#include "core/report/page.hpp"
#include "core/report/page_optima.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// Adds the agreement with another table. The published names and ours count as the same tasks.
void add_comparison(report::PageContent& content, const std::string& table) {
  content.comparison = analysis::compare(content.of_run ? content.table : with_our_names(content.table),
                                         read_table_in_our_names(table));
  content.compared_with = fs::path(table).filename().string();
}

/// The argument and the options with which solve and its like give the numbers of the page.
std::string command_of(const std::string& argument, const Values& values) {
  std::string command = base::shell_quoted(argument);
  for (const std::string option : {"cost", "importance"})
    if (values.has(option)) command += " --" + option + " " + base::shell_quoted(values.text(option));
  return command;
}

/// Tables of more transfers take long enough for a word on what is being done.
constexpr std::size_t kQuietTransfers = 500;

/// What is asked of the first of two: without names that only the second has.
std::map<std::string, double> of_first(std::map<std::string, double> asked,
                                       const report::PageContent& content) {
  if (!content.beside) return asked;
  for (const auto& [task, number] : of_tasks(asked, content.beside->other.table))
    if (of_tasks({{task, number}}, content.table).empty()) asked.erase(task);
  return asked;
}

/// Replaces numbers that came with the table by those of the command line.
void override_with(std::map<std::string, double>& numbers, const std::map<std::string, double>& asked) {
  for (const auto& [name, value] : asked) numbers[name] = value;
}

base::ExitCode report(const Values& values) {
  const std::string argument = values.text("TABLE|RUN");
  const auto cost = values.numbers("cost", 0.0);
  const auto importance = values.numbers("importance", 0.0);
  const std::string other = values.text("OTHER");
  if (!other.empty() && values.has("compare"))
    throw values.usage_error("report: --compare is of one run or table; two compare each other");
  const jobs::RunDirectory run(argument);
  auto content = page_content_of(argument);
  const bool of_run = content.of_run;
  if (!other.empty()) add_beside(content, argument, other, values);
  content.command = command_of(argument, values);
  auto finder = finder_of(content.table);
  override_with(content.prices.cost, of_first(finder.find(cost), content));
  override_with(content.importance, of_first(finder.find(importance), content));
  const auto judge = read_judge(values);
  const auto replicates = values.count("bootstrap", kPageReplicates, 0);
  const auto random = values.count("random", kPageRandom, 0);
  if (of_run) add_bootstrap(content, run, replicates);
  add_judgement(content, of_run ? &run : nullptr, judge);
  add_significance(content, random);
  if (values.has("compare")) add_comparison(content, values.text("compare"));
  const fs::path out = values.text("out", !other.empty() ? "comparison.html"
                                          : of_run       ? page_file(run).string()
                                                         : "report.html");
  report::PageTime time{values.real("time-limit", 0.0, 0.0), {}};
  if (content.table.rows.size() > kQuietTransfers)
    time.tell = [](const std::string& what) { std::cerr << what << "\n"; };
  report::write_page(out, content, time);
  for (const auto& sentence : content.missing) std::cerr << "missing: " << sentence << "\n";
  std::cout << out.string() << ": " << content.table.rows.size() << " transfers into "
            << content.table.targets().size() << " targets, " << (fs::file_size(out) + 500) / 1000 << " kB\n";
  return base::ExitCode::done;
}

}  // namespace

Command report_command() {
  return {
      .name = "report",
      .summary = "one page with everything: graph, figures, tables",
      .arguments = {{"TABLE|RUN"}, {"OTHER", false}},
      .about = R"(Writes one HTML page that needs no network and no other file: the best
taxonomy of every budget as a graph with sliders, affinities, Gain and
Quality, Table 1, metrics, sample predictions, and how the run was made. Each
figure can be saved as SVG and its data as CSV. TABLE is a CSV file with the
columns sources,target,affinity[,gain,quality,labels]; RUN is a folder that
`taskonomy run` made. The page of an unfinished run says what is missing.
With OTHER, a second table or run, such as another seed, the page begins with
both side by side: what each answers, their taxonomies at every budget, and by
how much Gain, Quality, metrics and recipes differ.)",
      .examples = R"(taskonomy report share/published/taskonomy-16k.csv --cost random=0
taskonomy report runs/demo --compare share/published/taskonomy-16k.csv
taskonomy report runs/demo runs/seed2 --out demo-and-seed2.html)",
      .options = {{"out", "FILE",
                   "where the page goes (report.html; of a run: RUN/report.html; of two: comparison.html)"},
                  {"cost", "TASK=C,...", "label cost of a source (1, or what the run's tasks say)", true},
                  {"importance", "TASK=W,...",
                   "weight of a target in the objective (1, or as the run's recipe says)", true},
                  {"compare", "TABLE", "show how far this table orders the sources alike, as compare does"},
                  {"time-limit", "SECONDS",
                   "most that finding the taxonomies may take; those that are not proven by then say so "
                   "(unlimited; " +
                       base::number(report::kPageSeconds) + " for tables of more than " +
                       std::to_string(report::kPresetTransfers) + " transfers)"},
                  judge_option(),
                  {"bootstrap", "N",
                   "resampled test sets behind a run's intervals; 0: no intervals (" +
                       std::to_string(kPageReplicates) + ")"},
                  {"random", "N",
                   "random taxonomies per budget to compare the optima with; 0: none (" +
                       std::to_string(kPageRandom) + ")"}},
      .run = report};
}

}  // namespace taskonomy::cli
