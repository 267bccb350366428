// What the page shows in a browser against what `solve`, `analyse` and summary.txt say of the same run, number by number.
#include <cmath>
#include <random>
#include <sstream>

#include "core/analysis/statistics.hpp"
#include "core/base/text.hpp"
#include "core/report/run_report.hpp"
#include "core/report/statistics_report.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"
#include "tests/report/browser.hpp"

using namespace taskonomy;
using namespace taskonomy::page_test;
using nlohmann::json;

namespace {

/// A run of four tasks as its losses, 60 scenes of four views; transfers of one and two sources.
std::vector<affinity::LossTable> losses_of_run() {
  const std::vector<std::string> tasks{"depth", "edges", "normal", "shading"};
  std::mt19937 engine(7);
  const auto noise = [&] { return static_cast<double>(engine() % 1000) / 1000.0; };
  std::vector<affinity::LossTable> all;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    affinity::LossTable table{tasks[t], {}, {}, {}};
    for (int scene = 0; scene < 60; ++scene)
      for (int view = 0; view < 4; ++view)
        table.images.push_back("room-" + std::to_string(scene) + "/single_" + std::to_string(view));
    const auto add = [&](const std::string& name, double level) {
      std::vector<double> losses;
      for (std::size_t n = 0; n < table.images.size(); ++n) losses.push_back(level + noise());
      table.add(name, losses);
    };
    add(tasks[t], 0.1);
    for (std::size_t s = 0; s < tasks.size(); ++s)
      if (s != t) add(tasks[s], 0.25 + 0.1 * static_cast<double>((s + 2 * t) % 4));
    add(t == 0 ? "edges+normal" : t == 1 ? "depth+normal" : "depth+edges", 0.3);
    add(affinity::kScratch, 0.5);
    add(affinity::kConstant, 0.7);
    all.push_back(std::move(table));
  }
  return all;
}

/// The same run for everybody.
struct Run {
  std::vector<affinity::LossTable> losses = losses_of_run();
  report::PageContent content;
  analysis::Statistics statistics;
  std::string summary;
  std::vector<taxonomy::Taxonomy> sweep;

  Run() {
    content.title = "run";
    content.command = "run";
    content.of_run = true;
    for (const auto& table : losses)
      for (const auto& row : affinity::affinity_of(table)) content.table.rows.push_back(row);
    content.prices.cost = {{"edges", 0.0}, {"normal", 1.5}};
    taxonomy::Options options;
    options.cost = content.prices.cost;
    sweep = taxonomy::sweep(content.table, options);
    analysis::StatisticsOptions how;
    how.bootstrap.replicates = 40;
    how.bootstrap.block = analysis::Block::scene;
    how.random_taxonomies = 50;
    statistics = analysis::statistics_of(content.table, losses, options, how);
    content.judgement = statistics.judgement;
    content.bootstrap = statistics.bootstrap;
    content.significance = statistics.significance;
    content.checks = {{"depth", 0.951, 0.8765, 0.75, 240}};
    content.metrics = {{"depth", "depth", "rmse", "m", false, 0.123456},
                       {"depth", affinity::kConstant, "rmse", "m", false, 2.5}};
    for (const auto& table : losses)
      if (const auto verdict = analysis::has_learned(table)) content.verdicts.push_back(*verdict);
    const tests::Folder folder;
    report::RunResults results;
    results.table = content.table;
    results.prices = content.prices;
    results.judgement = content.judgement;
    results.checks = content.checks;
    results.verdicts = content.verdicts;
    results.metrics = content.metrics;
    for (const auto& one : sweep) results.budgets.push_back(one.budget);
    summary = report::write_reports(folder.path(), results);
  }
};

/// Leaves what a reader sees at every budget, and the numbers below every figure.
constexpr const char* kEyes = R"js(<script>
addEventListener("load", () => {
  const out = document.createElement("pre");
  const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  const found = { budgets: [], tables: {}, heard, answer: texts(".answer > p"), checks: texts("#checks tbody tr:first-child > *"), metrics: texts("#metrics tbody tr:first-child > *") };
  window.requestAnimationFrame = (draw) => draw();
  const slider = document.getElementById("budget");
  for (let at = 0; at <= Number(slider.max); ++at) {
    slider.value = at;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    found.budgets.push({ budget: currentTaxonomy().budget, status: document.getElementById("status").textContent, verdict: document.getElementById("verdict").textContent,
      chips: texts("#status .chip"), transfers: figures.find((figure) => figure.id === "graph").table().slice(1), rates: figures.find((figure) => figure.id === "rates").table().slice(1),
      shown: Object.fromEntries([...document.querySelectorAll("svg.graph.wide .transferred:not([hidden])")].map((node) => [id(Number(node.dataset.task)), [node.querySelector(".gain").textContent, node.querySelector(".quality").textContent]])) });
  }
  for (const figure of figures) found.tables[figure.id] = figure.table().slice(1);
  found.commands = Object.fromEntries(figures.filter((figure) => figure.command).map((figure) => [figure.id, figure.command()]));
  out.textContent = "FOUND" + JSON.stringify(found).replace(/[<>&]/g, (sign) => "\\u00" + sign.charCodeAt(0).toString(16)) + "END";
  document.body.append(out);
});
</script></body>)js";

/// A number of the page that may be unknown.
void check_number(const json& shown, double expected) {
  if (std::isnan(expected))
    CHECK(shown.is_null());
  else
    CHECK(shown.get<double>() == doctest::Approx(expected).epsilon(1e-12));
}

/// The first paragraph of a summary, on one line.
std::string first_paragraph(const std::string& summary) {
  std::string text = summary.substr(0, summary.find("\n\n"));
  for (auto& letter : text)
    if (letter == '\n') letter = ' ';
  return text;
}

/// The line of the summary's plan for this budget: "   3  .94 [.92, .95]  .75 [.72, .78]  .32 [.29, .35]  normal".
std::vector<std::string> plan_line(const std::string& summary, double budget) {
  std::istringstream lines(summary);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::size_t from = 0;
    const std::string trimmed = base::trim(line);
    for (std::size_t gap = trimmed.find("  "); gap != std::string::npos; gap = trimmed.find("  ", from)) {
      cells.push_back(trimmed.substr(from, gap - from));
      from = trimmed.find_first_not_of(' ', gap);
    }
    cells.push_back(trimmed.substr(from));
    if (cells.size() >= 4 && cells[0] == base::number(budget) && cells[1].find('[') != std::string::npos)
      return cells;
  }
  return {};
}

void check_with_solve(const json& page, const Run& run) {
  const auto solved = json::parse(report::sweep_answer_json(run.sweep));
  REQUIRE(page["budgets"].size() == solved.size());
  for (std::size_t b = 0; b < solved.size(); ++b) {
    const auto& shown = page["budgets"][b];
    CHECK(shown["budget"] == solved[b]["budget"]);
    REQUIRE(shown["transfers"].size() == solved[b]["transfers"].size());
    std::map<std::string, json> rates;
    for (std::size_t t = 0; t < shown["transfers"].size(); ++t) {
      const auto& row = shown["transfers"][t];  // budget, max_order, target, sources, affinity, gain, quality
      const auto& transfer = run.sweep[b].transfers[t];
      CHECK(row[2] == solved[b]["transfers"][t]["target"]);
      CHECK(row[3] == base::join(transfer.sources, "+"));
      check_number(row[4], solved[b]["transfers"][t]["affinity"].get<double>());
      check_number(row[5], transfer.gain);
      check_number(row[6], transfer.quality);
      if (!transfer.is_self())
        rates[transfer.target] = {report::share_text(transfer.gain), report::share_text(transfer.quality)};
    }
    CHECK(shown["shown"] == json(rates));
    check_number(page["tables"]["front"][page["tables"]["front"].size() - solved.size() + b][2],
                 solved[b]["objective"].get<double>());
  }
}

void check_with_summary(const json& page, const Run& run) {
  CHECK(page["answer"][0] == first_paragraph(run.summary));
  std::size_t compared = 0;
  for (const auto& shown : page["budgets"]) {
    const double budget = shown["budget"];
    const auto line = plan_line(run.summary, budget);
    if (line.empty()) continue;  // a step of the plan is a budget at which the labels change
    ++compared;
    const auto status = shown["status"].get<std::string>();
    CHECK(status.find("mean Gain " + line[2] + " ") != std::string::npos);
    CHECK(status.find("mean Quality " + line[3] + " ") != std::string::npos);
    CHECK(shown["verdict"].get<std::string>().find("reach Gain " + line[2] + " and Quality " + line[3]) !=
          std::string::npos);
    CHECK((line.size() == 4 || line[4] == "-" ? "" : line[4]) ==
          base::join(shown["chips"].get<std::vector<std::string>>(), ", "));
  }
  CHECK(compared >= 2);
  for (const double share : {0.951, 0.8765})
    CHECK(run.summary.find(report::share_text(share, 3)) != std::string::npos);
  CHECK(page["checks"] ==
        json({"depth", "95.1 %", "87.6 %", "75.0 %", "240"}));  // 87.65: to even, as the summary
  CHECK(page["metrics"][2] == "0.1235");
  CHECK(run.summary.find("0.1235") != std::string::npos);
}

/// The row of a list of records in which these members have these values.
const json* record_of(const json& records, const std::vector<std::pair<std::string, json>>& wanted) {
  for (const auto& record : records) {
    bool same = true;
    for (const auto& [member, value] : wanted) same = same && record[member] == value;
    if (same) return &record;
  }
  return nullptr;
}

void check_interval(const json& shown, std::size_t at, const json& interval) {
  CHECK(shown[at] == interval["estimate"]);
  CHECK(shown[at + 1] == interval["low"]);
  CHECK(shown[at + 2] == interval["high"]);
}

void check_with_analyse(const json& page, const Run& run) {
  const auto analysed = json::parse(report::to_json(run.statistics));
  CHECK(page["commands"]["luck"] == "taskonomy analyse run --replicates 40 --random 50");
  for (const auto& row : page["tables"]["means"]) {  // budget, rate, mean, low, high, judge
    const auto* judged = record_of(analysed["judgement"]["budgets"], {{"budget", row[0]}});
    REQUIRE(judged);
    check_interval(row, 2, (*judged)[row[1] == "Gain" ? "mean_gain" : "mean_quality"]);
    CHECK(row[5] == "halves");
  }
  for (const auto& row : page["tables"]["orders"]) {  // max_order, rate, mean
    const auto* order = record_of(analysed["orders"], {{"order", row[0]}});
    REQUIRE(order);
    CHECK(row[2] == (*order)[row[1] == "Gain" ? "gain_up_to" : "quality_up_to"]);
  }
  for (const auto& row : page["tables"]["luck"]) {  // budget, rate, optimum, random mean, deviation, p
    const auto* tested = record_of(analysed["significance"], {{"budget", row[0]}});
    REQUIRE(tested);
    const auto& figures = (*tested)[row[1] == "Gain" ? "gain" : "quality"];
    CHECK(row[2] == figures["optimum"]);
    CHECK(row[3] == figures["mean"]);
    CHECK(row[5] == figures["p"]);
  }
  for (const auto& row : page["tables"]["heat"]) {  // target, sources, affinity, low, high, gain, quality
    const auto* transfer =
        record_of(analysed["bootstrap"]["transfers"],
                  {{"target", row[0]}, {"sources", base::split(row[1].get<std::string>(), '+')}});
    REQUIRE(transfer);
    check_interval(row, 2, (*transfer)["affinity"]);
    CHECK(row[5] == (*transfer)["gain"]["estimate"]);
  }
  for (const auto& budget : page["budgets"])
    for (const auto& row : budget["rates"]) {  // target, sources, gain, low, high, quality, low, high
      const auto* transfer =
          record_of(analysed["bootstrap"]["transfers"],
                    {{"target", row[0]}, {"sources", base::split(row[1].get<std::string>(), '+')}});
      REQUIRE(transfer);
      check_interval(row, 2, (*transfer)["gain"]);
      check_interval(row, 5, (*transfer)["quality"]);
    }
  for (const auto& row : page["tables"]["entering"]) {  // budget, source, in the optimum, share of resampled
    const auto* budget = record_of(analysed["bootstrap"]["budgets"], {{"budget", row[0]}});
    REQUIRE(budget);
    const auto* source = record_of((*budget)["sources"], {{"source", row[1]}});
    CHECK(row[3] == (source ? (*source)["probability"] : json(0)));
    if (source) CHECK(row[2] == ((*source)["chosen"] == true ? 1 : 0));
  }
}

}  // namespace

TEST_CASE("in Chromium: the page says what solve, analyse and summary.txt say, number by number") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  const Run run;
  REQUIRE(run.statistics.judgement.judge == analysis::Judge::halves);
  REQUIRE(run.statistics.bootstrap);
  auto page = replaced(report::page(run.content), "<head>", kEars);
  const auto found = findings_of(page.replace(page.rfind("</body>"), 7, kEyes), 1280);
  CHECK_MESSAGE(found["heard"].empty(), found["heard"].dump());
  check_with_solve(found, run);
  check_with_summary(found, run);
  check_with_analyse(found, run);
}
