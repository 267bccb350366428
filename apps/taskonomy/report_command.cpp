// taskonomy report: one self-contained page about an affinity table or a run.
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/program.hpp"
#include "apps/taskonomy/run_page.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/report/page.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

const Usage kReportUsage{
    "report",
    "TABLE|RUN [options]",
    "Writes one HTML page that needs no network and no other file: the best taxonomy of every budget as a\n"
    "graph with sliders, affinities, Gain and Quality, Table 1, metrics, sample predictions, how the run "
    "was\n"
    "made; each figure can be saved as SVG and its data as CSV. TABLE is a CSV file\n"
    "sources,target,affinity[,gain,quality,labels];\n"
    "RUN a folder that `taskonomy run` made, also one that is half done: the page says what is missing.",
    {"taskonomy report share/published/taskonomy-16k.csv --cost random=0 --out report.html",
     "taskonomy report runs/demo --compare share/published/taskonomy-16k.csv"}};

po::options_description report_options() {
  po::options_description all;
  auto add = all.add_options();
  add("out", text_value("FILE"), "where the page goes (report.html; of a run: RUN/report.html)");
  add("cost", list_value("TASK=C,..."), "label cost of a source (1, or what the run's tasks say)");
  add("compare", text_value("TABLE"), "show how far this table orders the sources alike, as compare does");
  add("bootstrap", text_value("N"), "resampled test sets behind a run's intervals; 0 = no intervals (200)");
  add("random", text_value("N"), "random taxonomies per budget that the optima must beat; 0 = none (200)");
  add("importance", list_value("TASK=W,..."),
      "weight of a target in the objective (1, or as the run's recipe says)");
  return all;
}

/// The page of a bare table: its name is the title.
report::PageContent page_content_of_table(const std::string& table) {
  const TableInput input = read_table_input(table);
  report::PageContent content;
  content.title = fs::path(table).stem().string();
  content.table = input.table;
  content.facts = {{"affinity table", fs::path(table).filename().string()},
                   {"program", "taskonomy " + version()}};
  return content;
}

/// The published names and ours are the same tasks.
void add_comparison(report::PageContent& content, const std::string& table) {
  content.comparison = analysis::compare(analysis::with_our_names(content.table),
                                         analysis::with_our_names(read_table_input(table).table));
  content.compared_with = fs::path(table).filename().string();
}

/// Numbers asked for on the command line replace those that came with the table.
void override_with(std::map<std::string, double>& numbers, const std::map<std::string, double>& asked) {
  for (const auto& [name, value] : asked) numbers[name] = value;
}

}  // namespace

base::ExitCode report(const std::vector<std::string>& args) {
  const auto values = parse_options(kReportUsage, report_options(), {{"TABLE|RUN"}}, args);
  if (!values) return base::ExitCode::done;
  const std::string argument = values->text("TABLE|RUN");
  const auto cost = values->numbers("cost", 0.0);
  const auto importance = values->numbers("importance", 0.0);
  const jobs::RunDirectory run(argument);
  const bool of_run = fs::is_directory(argument) && fs::exists(run.recipe_file());
  auto content = of_run ? page_content_of(run) : page_content_of_table(argument);
  override_with(content.cost, cost);
  override_with(content.importance, importance);
  const auto replicates =
      static_cast<std::size_t>(values->integer("bootstrap", static_cast<long>(kPageReplicates), 0));
  const auto random = static_cast<std::size_t>(values->integer("random", static_cast<long>(kPageRandom), 0));
  if (of_run) add_bootstrap(content, run, replicates);
  add_significance(content, random);
  if (values->has("compare")) add_comparison(content, values->text("compare"));
  const fs::path out = values->text("out", of_run ? page_file(run).string() : "report.html");
  report::write_page(out, content);
  for (const auto& sentence : content.missing) std::cerr << "missing: " << sentence << "\n";
  std::cout << out.string() << ": " << content.table.rows.size() << " transfers into "
            << content.table.targets().size() << " targets, " << (fs::file_size(out) + 500) / 1000 << " kB\n";
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
