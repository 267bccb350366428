// taskonomy solve: step IV alone, on an affinity table or on the table a run left.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "core/affinity/affinity_table.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/report/summary_text.hpp"
#include "core/report/taxonomy_json.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

const Usage kUsage{
    "solve",
    "TABLE|RUN [options]",
    "Finds which tasks to label and train first, and from which of them each target is transferred, so that "
    "the\n"
    "affinities of all targets add up to the most within a budget of labels; the optimum is proven.\n"
    "TABLE is a CSV file sources,target,affinity[,gain,quality]; RUN a folder that `taskonomy run` made, "
    "whose label\n"
    "costs count. Without --budget every budget is solved.",
    {"taskonomy solve share/published/taskonomy-16k.csv --budget 8 --max-order 4 --cost random=0",
     "taskonomy solve runs/demo --sweep --format csv",
     "taskonomy solve table.csv --budget 3 --importance normal=2 --exclude jigsaw,denoising --format json"}};

boost::program_options::options_description options_of_solve() {
  boost::program_options::options_description options;
  options.add_options()                                                                              //
      ("budget", text_value("B"), "sum of label costs that may be spent")                            //
      ("sweep", "solve every budget at which the answer can change")                                 //
      ("max-order", text_value("K"), "join at most K sources in one transfer (all the table has)")   //
      ("importance", list_value("TASK=W,..."), "weight of a target in the objective (1)")            //
      ("cost", list_value("TASK=C,..."), "label cost of a source (1, or what the run's tasks say)")  //
      ("exclude", list_value("TASK,..."), "leave tasks out altogether")                              //
      ("source-only", list_value("TASK,..."), "tasks that need no solution themselves")              //
      ("target-only", list_value("TASK,..."), "tasks without labels to train a source from")         //
      ("transform", text_value("raw|sqrt"), "of the affinities in the objective (raw)")              //
      ("format", text_value("text|json|csv"), "of the answer (text)")                                //
      ("time-limit", text_value("S"), "seconds per budget; then the best found so far, marked (unlimited)");
  return options;
}

/// A table and the label costs that come with it.
struct Input {
  affinity::AffinityTable table;
  std::map<std::string, double> cost;
};

/// The key label_cost of a run's manifest, for those tasks that the table has; nothing without a manifest.
std::map<std::string, double> label_costs(const fs::path& manifest, const std::vector<std::string>& tasks) {
  std::map<std::string, double> costs;
  if (!fs::exists(manifest)) return costs;
  const auto json = nlohmann::json::parse(base::read_file(manifest), nullptr, false);
  if (!json.is_object()) throw base::Error(manifest.string() + ": expected a JSON object");
  const auto entries = json.value("label_cost", nlohmann::json::object());
  if (!entries.is_object()) throw base::Error(manifest.string() + ": label_cost: expected {task: cost}");
  for (const auto& [task, cost] : entries.items()) {
    if (!cost.is_number() || cost.get<double>() < 0.0) {
      throw base::Error(manifest.string() + ": label_cost: " + task + ": expected a number >= 0, got " +
                        cost.dump());
    }
    if (std::binary_search(tasks.begin(), tasks.end(), task)) costs[task] = cost.get<double>();
  }
  return costs;
}

Input read_input(const fs::path& path) {
  const bool run = fs::is_directory(path);
  const fs::path file = run ? path / "affinity.csv" : path;
  if (run && !fs::exists(file)) {
    throw base::Error(path.string() +
                      ": no affinity.csv in this folder; expected a CSV file, or a run that has got to "
                      "its affinities (see taskonomy run --help)");
  }
  auto read = affinity::read_affinity(file);
  if (!read.ignored_columns.empty()) {
    std::cerr << "warning: " << file.string()
              << ": columns that are not used: " << base::join(read.ignored_columns, ", ") << "\n";
  }
  Input input{std::move(read.table), {}};
  if (run) input.cost = label_costs(path / "manifest.json", input.table.tasks());
  return input;
}

/// One of the words an option knows. Throws a usage Error naming them.
std::string choice(const Values& values, const std::string& option, const std::vector<std::string>& words) {
  const std::string word = values.text(option, words.front());
  if (std::find(words.begin(), words.end(), word) != words.end()) return word;
  throw values.usage_error("--" + option + ": expected " + base::join(words, ", ") + ", got \"" + word +
                           "\"" + base::did_you_mean(word, words));
}

taxonomy::Options options_from(const Values& values, const Input& input) {
  taxonomy::Options options;
  options.max_order = static_cast<std::size_t>(values.integer("max-order", 0, 1));
  options.transform = choice(values, "transform", {"raw", "sqrt"}) == "sqrt" ? taxonomy::Transform::sqrt
                                                                             : taxonomy::Transform::raw;
  options.importance = values.numbers("importance", 0.0);
  options.cost = values.numbers("cost", 0.0);
  options.cost.insert(input.cost.begin(), input.cost.end());  // what was asked for comes first
  options.exclude = values.names("exclude");
  options.source_only = values.names("source-only");
  options.target_only = values.names("target-only");
  options.time_limit = values.real("time-limit", 0.0, 0.0);
  return options;
}

void print(const std::vector<taxonomy::Taxonomy>& answers, bool sweep, const std::string& format) {
  if (format == "csv") {
    std::cout << report::to_csv(answers);
  } else if (format == "json") {
    std::cout << (sweep ? report::to_json(answers) : report::to_json(answers.front())) << "\n";
  } else {
    std::cout << (sweep ? report::sweep_text(answers) : report::taxonomy_text(answers.front()));
  }
}

}  // namespace

base::ExitCode solve(const std::vector<std::string>& args) {
  const auto values = parse_options(kUsage, options_of_solve(), {{"TABLE|RUN"}}, args);
  if (!values) return base::ExitCode::done;
  values->at_most_one({"budget", "sweep"});
  const std::string format = choice(*values, "format", {"text", "json", "csv"});
  const double budget = values->real("budget", 0.0, 0.0);
  (void)options_from(*values, {});  // malformed options are told before any file is read
  const Input input = read_input(values->text("TABLE|RUN"));
  const auto options = options_from(*values, input);
  const bool sweep = !values->has("budget");
  print(sweep ? taxonomy::sweep(input.table, options)
              : std::vector{taxonomy::solve(input.table, budget, options)},
        sweep, format);
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
