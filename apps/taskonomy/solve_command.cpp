// taskonomy solve: step IV alone, on an affinity table or on the table of a run.
#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <optional>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/recipe/document.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"
#include "core/taxonomy/alternatives.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::cli {

namespace {

/// One question to the solver.
struct SolveRequest {
  taxonomy::Options options;
  std::optional<double> budget;  ///< without one: every budget
  std::size_t best = 0;          ///< how many of the best taxonomies; 0: the optimum alone
  std::string why;               ///< target whose transfer is to be explained
  bool marginal = false;         ///< also what one more unit of budget adds
  std::string format = "text";
};

using Names = std::vector<std::string>;
using recipe::Value;

const Names kTransforms{"raw", "sqrt"};
const Names kObjectives{"affinity", "gain", "quality"};

taxonomy::Transform transform_of(const std::string& word) {
  return word == "sqrt" ? taxonomy::Transform::sqrt : taxonomy::Transform::raw;
}

taxonomy::Objective objective_of(const std::string& word) {
  if (word == "gain") return taxonomy::Objective::gain;
  return word == "quality" ? taxonomy::Objective::quality : taxonomy::Objective::affinity;
}

std::optional<double> number_of(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value.value)) return *real;
  return std::nullopt;
}

/// Reads a finite number of at least `low` into `place`. Whether it is one.
bool read(double& place, const Value& value, double low) {
  const auto number = number_of(value);
  if (!number || !std::isfinite(*number) || *number < low) return false;
  place = *number;
  return true;
}

bool read(std::size_t& place, const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value.value);
  if (!integer || *integer < 1) return false;
  place = static_cast<std::size_t>(*integer);
  return true;
}

bool read(bool& place, const Value& value) {
  const auto* flag = std::get_if<bool>(&value.value);
  if (flag) place = *flag;
  return flag != nullptr;
}

bool read(Names& place, const Value& value) {
  if (const auto* numbers = std::get_if<std::vector<double>>(&value.value)) return numbers->empty();
  const auto* names = std::get_if<Names>(&value.value);
  if (names) place = *names;
  return names != nullptr;
}

/// One of the words, or nothing.
std::optional<std::string> word_of(const Value& value, const Names& words) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (!text || std::find(words.begin(), words.end(), *text) == words.end()) return std::nullopt;
  return *text;
}

/// One key of the file.
struct Key {
  std::string name;
  std::string expected;
  std::function<bool(SolveRequest&, const Value&)> read;
};

const std::vector<Key>& keys() {
  static const std::string kNumber = "a number >= 0";
  static const std::string kNames = "a list of task names";
  static const std::vector<Key> table{
      {"budget", kNumber,
       [](auto& r, const auto& v) {
         double budget = 0.0;
         const bool good = read(budget, v, 0.0);
         if (good) r.budget = budget;
         return good;
       }},
      {"max-order", "a whole number >= 1",
       [](auto& r, const auto& v) { return read(r.options.max_order, v); }},
      {"exclude", kNames, [](auto& r, const auto& v) { return read(r.options.exclude, v); }},
      {"source-only", kNames, [](auto& r, const auto& v) { return read(r.options.source_only, v); }},
      {"target-only", kNames, [](auto& r, const auto& v) { return read(r.options.target_only, v); }},
      {"force", kNames, [](auto& r, const auto& v) { return read(r.options.force, v); }},
      {"forbid", kNames, [](auto& r, const auto& v) { return read(r.options.forbid, v); }},
      {"label-price", kNumber, [](auto& r, const auto& v) { return read(r.options.label_price, v, 0.0); }},
      {"time-limit", kNumber, [](auto& r, const auto& v) { return read(r.options.time_limit, v, 0.0); }},
      {"best", "a whole number >= 1", [](auto& r, const auto& v) { return read(r.best, v); }},
      {"marginal", "true or false", [](auto& r, const auto& v) { return read(r.marginal, v); }},
      {"transform", base::join(kTransforms, ", "),
       [](auto& r, const auto& v) {
         const auto word = word_of(v, kTransforms);
         if (word) r.options.transform = transform_of(*word);
         return word.has_value();
       }},
      {"objective", base::join(kObjectives, ", "),
       [](auto& r, const auto& v) {
         const auto word = word_of(v, kObjectives);
         if (word) r.options.objective = objective_of(*word);
         return word.has_value();
       }},
  };
  return table;
}

/// Reads [importance] or [cost]: any name of a task, a number.
void read_numbers(const recipe::Section& section, const std::string& name,
                  std::map<std::string, double>& numbers) {
  for (const auto& [task, value] : section.entries) {
    if (read(numbers[task], value, 0.0)) continue;
    throw base::Error(value.where + ": [" + name + "] " + task + ": expected a number >= 0, got " +
                      recipe::toml_text(value));
  }
}

void read_key(const std::string& name, const Value& value, SolveRequest& request) {
  Names known{"importance", "cost"};
  for (const auto& key : keys()) {
    known.push_back(key.name);
    if (key.name != name) continue;
    if (key.read(request, value)) return;
    throw base::Error(value.where + ": " + name + ": expected " + key.expected + ", got " +
                      recipe::toml_text(value));
  }
  throw base::Error(value.where + ": unknown key \"" + name + "\"" + base::did_you_mean(name, known));
}

/// Adds the numbers of the command line, which replace those of the file.
void put_on_top(std::map<std::string, double>& numbers, std::map<std::string, double> from_command_line) {
  from_command_line.insert(numbers.begin(), numbers.end());
  numbers = std::move(from_command_line);
}

void check_together(const Values& values, const SolveRequest& request) {
  values.at_most_one({"budget", "sweep"});
  values.at_most_one({"best", "why", "sweep"});
  values.at_most_one({"why", "marginal"});
  const bool one = request.best > 0 || !request.why.empty() || request.marginal;
  if (one && !request.budget) {
    throw values.usage_error("--best, --why and --marginal ask about one budget: give --budget too");
  }
  if (request.format == "csv" && (request.best > 0 || !request.why.empty())) {
    throw values.usage_error("--format csv holds one taxonomy per budget; use json with --best and --why");
  }
}

/// Keys of a TOML file: those of the command line (max-order, force, ...) above the first section, and the
/// sections [importance] and [cost]. Throws Error "FILE:LINE: ..." for a key that solve does not have (with
/// the nearest that it has) and for a value that the key cannot have.
SolveRequest parse_request(const std::string& text, const std::string& name) {
  SolveRequest request;
  for (const auto& [section, content] : recipe::parse_document(text, name)) {
    if (section == "importance") {
      read_numbers(content, section, request.options.importance);
    } else if (section == "cost") {
      read_numbers(content, section, request.options.cost);
    } else if (section.empty()) {
      for (const auto& [key, value] : content.entries) read_key(key, value, request);
    } else {
      throw base::Error(content.where + ": unknown section [" + section + "]" +
                        base::did_you_mean(section, {"importance", "cost"}));
    }
  }
  return request;
}

/// The file of --options, if any, with what the command line says on top: a name's cost or importance
/// replaces the file's, a list replaces the file's list. Throws usage Errors for options that exclude or need
/// one another.
SolveRequest request_from(const Values& values) {
  SolveRequest request;
  if (values.has("options")) {
    const std::string file = values.text("options");
    request = parse_request(base::read_file(file), file);
  }
  auto& options = request.options;
  if (values.has("sweep")) request.budget.reset();
  if (values.has("budget")) request.budget = values.real("budget", 0.0, 0.0);
  const taxonomy::Options given = read_solver_options(values);
  if (values.has("max-order")) options.max_order = given.max_order;
  if (values.has("transform")) options.transform = given.transform;
  if (values.has("objective")) options.objective = objective_of(values.choice("objective"));
  put_on_top(options.importance, given.importance);
  put_on_top(options.cost, given.cost);
  const std::vector<std::pair<std::string, Names*>> lists{{"exclude", &options.exclude},
                                                          {"source-only", &options.source_only},
                                                          {"target-only", &options.target_only},
                                                          {"force", &options.force},
                                                          {"forbid", &options.forbid}};
  for (const auto& [name, list] : lists) {
    if (values.has(name)) *list = values.names(name);
  }
  options.label_price = values.real("label-price", options.label_price, 0.0);
  options.time_limit = values.real("time-limit", options.time_limit, 0.0);
  if (values.has("best")) request.best = values.count("best", 0, 1);
  request.why = values.text("why");
  request.marginal = request.marginal || values.has("marginal");
  request.format = values.format();
  check_together(values, request);
  return request;
}

void print(const std::string& text) { std::cout << text; }

/// The prices that came with the table, with those of the command line.
recipe::Prices prices_of(const TableInput& input, const SolveRequest& request) {
  recipe::Prices prices = input.prices;
  prices.cost = request.options.cost;
  return prices;
}

/// Answers about one budget: the optimum and what was asked about it.
void answer(const TableInput& input, const SolveRequest& request) {
  taxonomy::Solver solver(input.table, request.options);
  const bool json = request.format == "json";
  const auto prices = prices_of(input, request);
  if (request.best > 0) {
    const auto best = taxonomy::best_taxonomies(solver, *request.budget, request.best);
    return print(json ? report::to_json(best) + "\n" : report::fitted(report::best_text(best, prices)));
  }
  if (!request.why.empty()) {
    const auto reasons = taxonomy::reasons_for(solver, request.why, *request.budget);
    return print(json ? report::reasons_json(reasons) + "\n" : report::fitted(report::reasons_text(reasons)));
  }
  report::Answer answer{solver.at(*request.budget), std::nullopt, std::nullopt};
  if (request.format == "csv") return print(report::to_csv({answer.taxonomy}));
  if (!request.options.force.empty() || !request.options.forbid.empty()) {
    answer.restrictions = taxonomy::restriction_costs(input.table, request.options, answer.taxonomy);
  }
  if (request.marginal) answer.marginal = taxonomy::marginal_value(solver, answer.taxonomy);
  print(json ? report::answer_json(answer) + "\n" : report::fitted(report::answer_text(answer, prices)));
}

void answer_every_budget(const TableInput& input, const SolveRequest& request) {
  const auto sweep = taxonomy::sweep(input.table, request.options);
  if (request.format == "csv") return print(report::to_csv(sweep));
  print(request.format == "json"
            ? report::sweep_answer_json(sweep) + "\n"
            : report::fitted(report::sweep_answer_text(sweep, prices_of(input, request))));
}

base::ExitCode solve(const Values& values) {
  SolveRequest request = request_from(values);  // refuses what is malformed before the table is read
  const TableInput input = read_table_input(values.text("TABLE|RUN"));
  auto finder = finder_of(input.table);
  fit_to(input, finder, request.options);
  if (!request.why.empty()) request.why = finder.find(request.why);
  if (request.budget) {
    answer(input, request);
  } else {
    answer_every_budget(input, request);
  }
  return base::ExitCode::done;
}

/// Every key of a file of --options is an option of the command line as well.
std::vector<Option> options_of_solve() {
  return joined(
      joined({{"budget", "B", "sum of label costs that may be spent"},
              {"sweep", "", "solve every budget at which the answer can change"}},
             solver_options()),
      {{"force", "TASK,...", "sources to train in any case; the answer says what that costs", true},
       {"forbid", "TASK,...", "tasks not to use as sources; the answer says what that costs", true},
       {"objective", base::join(kObjectives, "|"), "what is added up over targets (affinity)"},
       {"label-price", "P",
        "price of one label of a target; the table's column labels says how many a transfer needs (0)"},
       {"best", "K", "the K best taxonomies, which differ in what they pay for"},
       {"why", "TARGET", "what other transfers to TARGET would lose or need"},
       {"marginal", "", "also what one more unit of budget would add"},
       {"time-limit", "SECONDS",
        "most that the answer may take; then it is the best found so far, and says how much better one "
        "could be (unlimited)"},
       {"options", "FILE",
        "a TOML file with any of these options but sweep, why and format; those of the command line replace "
        "its"},
       format_option("text|json|csv")});
}

}  // namespace

Command solve_command() {
  return {.name = "solve",
          .summary = "the best taxonomy of an affinity table under a budget",
          .arguments = {{"TABLE|RUN"}},
          .about = R"(Finds which tasks to label and train first, and from which of them each
target is transferred, so that the affinities of all targets add up to the
most within a budget of labels. The optimum is proven. TABLE is a CSV file
with the columns sources,target,affinity[,gain,quality,labels]; RUN is a
folder that `taskonomy run` made, whose label costs count. Without --budget
every budget is solved.)",
          .examples = R"(taskonomy solve share/published/taskonomy-16k.csv --budget 8 --cost random=0
taskonomy solve runs/demo --sweep --format csv
taskonomy solve runs/demo --budget 3 --why normal
taskonomy solve share/published/taskonomy-16k.csv --budget 8 --best 5
taskonomy solve table.csv --budget 3 --importance normal=2 \
    --exclude jigsaw,denoising --format json)",
          .options = options_of_solve(),
          .run = solve};
}

}  // namespace taskonomy::cli
