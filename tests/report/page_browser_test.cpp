// The report's page in a real browser, where one is installed: a moved slider changes the graph, every figure
// can be saved, nothing is asked for from anywhere, no script fails. Headless Chromium runs a script that is
// added to the page and prints the page's DOM, with the script's findings in it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.hpp"
#include "core/report/page_data.hpp"
#include "core/report/text_table.hpp"
#include "core/taxonomy/taxonomy.hpp"
#include "tests/report/browser.hpp"

using namespace taskonomy;
using nlohmann::json;
using namespace taskonomy::page_test;

namespace {

/// Moves every control, points at every node, saves every figure; leaves what came of it as JSON.
constexpr const char* kHands = R"js(<script>
const move = (id, value, event) => {
  document.getElementById(id).value = value;
  document.getElementById(id).dispatchEvent(new Event(event, { bubbles: true }));
};
const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
const graph = () => ({ budget: document.querySelector("svg.graph").dataset.budget,
  sources: texts("svg.graph.wide .source:not([hidden]) .name"),
  names: texts("svg.graph.wide g:not([hidden]) > .name").length,
  edges: document.querySelectorAll('svg.graph.wide .edge:not([hidden])').length,
  rates: Object.fromEntries([...document.querySelectorAll("svg.graph.wide .transferred:not([hidden])")].map((node) =>
    [data.tasks[node.dataset.task], [node.querySelector(".gain").textContent, node.querySelector(".quality").textContent]])),
  chips: texts("#status .chip"), verdict: document.getElementById("verdict").textContent, address: location.hash,
  status: document.getElementById("status").textContent });
/** Whether the pointer meets this part's group when it points at the part's middle. */
function catches(part) {
  part.scrollIntoView({ block: "center" });
  const { left, top, width, height } = part.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2)?.closest("g") === part.parentNode;
}
/** What a reader says of costs and importances, solved in the page. */
function solveAsReader(found) {
  found.solved = [];
  move("preset", 0, "change");
  move("order", 9, "input");
  const fields = [...document.querySelectorAll("#prices input")];
  for (const [values, at] of [[[2.5, 3], 0], [[0, 0.5], 2], [[1.25, 0], 4]]) {
    for (const k of [0, 1]) {
      fields[at + k].value = values[k];
      fields[at + k].dispatchEvent(new Event("change", { bubbles: true }));
    }
    found.solved.push({ cost: Object.fromEntries(data.ids.map((task, k) => [task, data.cost[k]])), command: budgetCommand(),
      importance: Object.fromEntries(data.targets.map((task, k) => [id(task), data.importance[k]])), address: location.hash,
      optima: currentFront().optima.map(([budget, cost, objective]) => ({ budget, cost, objective })) });
  }
  found.edgesLack = taxonomiesOf(currentFront()).flatMap((taxonomy) => taxonomy.borrowing).flatMap((row) => row.sources.filter((source) =>
    !document.querySelector(`svg.graph.wide .edge[data-source="${source}"][data-target="${row.target}"]`))).length;
  found.why = currentFront().optima.map((_, at) => {
    choose({ optimum: at });
    const taxonomy = currentTaxonomy();
    return { budget: taxonomy.budget, seconds: secondBests(taxonomy, currentFront().order).map(({ chosen, second, loss }) => [id(chosen.target), second && idsOf(second), loss]),
      without: Object.fromEntries(taxonomy.label.map((task) => [id(task), lossWithout(task, taxonomy, currentFront().order)])) };
  });
  document.getElementById("prices").open = true;
  showPanel();
  found.worth = document.querySelector("#prices .worth").textContent;
  const last3 = location.hash;
  forgetChanges();
  choose({ preset: 0 });
  history.replaceState(null, "", last3);
  followAddress();
  found.again = { address: addressOf(), same: JSON.stringify(currentFront().optima) === JSON.stringify(data.presets.at(-1).fronts.at(-1).optima) };
}
/** What every switch of the heat map does. */
function sortHeat(found) {
  const places = (selector) =>
    [...document.querySelectorAll(`#heat ${selector}`)].map((one) => one.getAttribute("transform"));
  const shades = () => [...document.querySelectorAll("#heat .order:not([hidden]) > [data-row] > path:first-child")].map((one) => one.getAttribute("class"));
  found.heat = [];
  for (const radio of document.querySelectorAll("#heat input[type=radio]")) {
    radio.click();
    found.heat.push({ rows: places(".row"), columns: places(".column"),
      shades: shades(),
      cells: [...[...document.querySelectorAll("#heat .row")].at(-1).querySelectorAll(".order:not([hidden]) > *")].map((one) => one.getAttribute("transform")),
      orders: document.querySelectorAll('#heat .order:not([hidden])').length });
  }
  document.querySelector("#heat input[type=radio]").click();  // one source, shaded by rank
  found.ranked = shades();
}
function findings() {
  const found = { budgets: [], files: {} };
  const frames = [...document.querySelectorAll("svg.graph.wide .focus")];
  const caught = (shown) => frames.filter((frame) => !frame.closest("[hidden]") === shown).map(catches);
  [found.shownFrames, found.hiddenFrames] = [caught(true), caught(false)];
  const fontSize = (selector) => getComputedStyle(document.querySelector(selector)).fontSize;
  found.fontSizes = [".source .name", ".transferred .name"].map((name) => fontSize(`svg.graph.wide ${name}`));
  found.choice = { ...choice };
  const last = Number(document.getElementById("budget").max);
  for (let at = 0; at <= last; ++at) { move("budget", at, "input"); found.budgets.push(graph()); }
  move("budget", 1, "input");
  solveAsReader(found);
  move("preset", 0, "change");
  move("budget", 1, "input");
  move("order", 0, "input");
  found.firstOrder = graph();
  found.commands = figures.filter((figure) => figure.command).map((figure) => figure.command());
  found.findings = figures.filter((figure) => figure.finding && !figure.finding()).map((figure) => figure.id);
  history.replaceState(null, "", "#b=2&k=2&fig=heat");
  found.place = followAddress();
  found.addressed = { ...choice };
  history.replaceState(null, "", "#b=nonsense&k=99&i=nobody");
  followAddress();
  found.addressed.nonsense = { ...choice };
  move("order", 0, "input");
  move("preset", 1, "change");
  found.favoured = graph();
  move("budget", 0, "input");  // one source, two targets: pointing at one dims the other
  const node = document.querySelector('svg.graph .transferred:not([hidden])');
  node.focus();
  found.focused = { tooltip: document.getElementById("tooltip").textContent,
    dimmed: document.querySelectorAll(".dimmed").length, label: node.getAttribute("aria-label") };
  sortHeat(found);
  for (const button of document.querySelectorAll("[data-download]")) {
    button.click();
    const text = saved.at(-1);
    const sound = !button.dataset.download.endsWith(".svg") ||
      !new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror");
    found.files[button.dataset.download] = sound ? text.length : -1;
  }
  for (const theme of ["light", "dark", "auto"]) document.getElementById("theme").click();
  dispatchEvent(new Event("beforeprint"));
  found.printed = document.documentElement.dataset.theme;
  dispatchEvent(new Event("afterprint"));
  found.requests = performance.getEntriesByType("resource").map((entry) => entry.name);
  found.tooWide = document.documentElement.scrollWidth > innerWidth;
  Object.assign(found, { hurt: typeof window.hurt, text: document.body.innerText, heard });
  const out = document.createElement("pre");
  const escaped = (sign) => "\\u00" + sign.charCodeAt(0).toString(16);
  out.textContent = "FOUND" + JSON.stringify(found).replace(/[<>&]/g, escaped) + "END";
  document.body.append(out);
}
addEventListener("load", () => {
  try { findings(); } catch (error) { document.title = "FAILED " + error.stack; }
});
</script></body>)js";

/// What the added script finds in the page of this content.
json visit(const report::PageContent& content, int width) {
  auto page = replaced(report::page(content), "<head>", kEars);
  return findings_of(page.replace(page.rfind("</body>"), 7, kHands), width);
}

/// Whether the page shows at each budget what the solver says: sources, transfers, Gain and Quality, to the digit.
void check_budgets(const json& budgets, const affinity::AffinityTable& table) {
  const auto sweep = taxonomy::sweep(table, {});
  REQUIRE(budgets.size() == sweep.size());
  for (std::size_t b = 0; b < sweep.size(); ++b) {
    const auto& graph = budgets[b];
    CHECK(graph["budget"].get<std::string>() == std::to_string(static_cast<int>(sweep[b].budget)));
    CHECK(graph["sources"].size() == sweep[b].sources.size());
    CHECK(graph["names"] == table.tasks().size());
    std::size_t edges = 0;
    for (const auto& row : sweep[b].transfers) edges += row.is_self() ? 0 : row.sources.size();
    CHECK(graph["edges"] == edges);
    CHECK(graph["status"].get<std::string>().find("proven best") != std::string::npos);
    CHECK(graph["chips"] == json(sweep[b].sources));  // all of them cost something
    std::map<std::string, json> rates;
    for (const auto& row : sweep[b].transfers)
      if (!row.is_self()) rates[row.target] = {report::share_text(row.gain), report::share_text(row.quality)};
    CHECK(graph["rates"] == json(rates));
    const auto verdict = graph["verdict"].get<std::string>();
    CHECK((verdict.find("Judged by halves, tasks that borrow reach Gain .61 [.52, .70]") !=
           std::string::npos) == !rates.empty());
    CHECK(graph["address"] == "#b=" + base::number(sweep[b].budget) + "&k=2");
    if (b > 0) CHECK(graph != budgets[b - 1]);
  }
}

}  // namespace

/// Whether the page's own solver finds what the program's finds, whatever a reader says of costs and importances.
void check_solved(const json& solved, const affinity::AffinityTable& table) {
  REQUIRE(solved.size() == 3);
  for (const auto& one : solved) {
    taxonomy::Options options;
    options.cost = one["cost"].get<std::map<std::string, double>>();
    options.importance = one["importance"].get<std::map<std::string, double>>();
    REQUIRE(one["optima"].size() >= 2);
    for (const auto& optimum : one["optima"]) {
      const auto best = taxonomy::solve(table, optimum["budget"].get<double>(), options);
      CHECK(optimum["objective"].get<double>() == doctest::Approx(best.objective).epsilon(1e-9));
      CHECK(optimum["cost"].get<double>() == doctest::Approx(best.cost).epsilon(1e-9));
    }
    const auto sweep = taxonomy::sweep(table, options);
    CHECK(one["optima"].back()["objective"].get<double>() ==
          doctest::Approx(sweep.back().objective).epsilon(1e-9));
  }
}

/// What the sum of affinities loses when a target is served by this row; infinite where no taxonomy within the budget has it.
double loss_with(affinity::AffinityTable table, const affinity::AffinityRow& row, double budget,
                 const taxonomy::Options& options) {
  const double best = taxonomy::solve(table, budget, options).objective;
  std::erase_if(table.rows, [&](const auto& other) {
    return other.target == row.target && other.sources != row.sources;
  });
  try {
    return best - taxonomy::solve(table, budget, options).objective;
  } catch (const base::Error&) {
    return std::numeric_limits<double>::infinity();
  }
}

/// Whether another transfer into its target is as good with no source that it has not.
bool is_dominated(const affinity::AffinityTable& table, const affinity::AffinityRow& row) {
  return std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& other) {
    return other.target == row.target && other.sources.size() < row.sources.size() &&
           other.affinity >= row.affinity &&
           std::includes(row.sources.begin(), row.sources.end(), other.sources.begin(), other.sources.end());
  });
}

/// Whether second bests and the worth of labels are those that the solver finds when it is made to choose so.
void check_why(const json& found, affinity::AffinityTable table) {
  for (auto& row : table.rows) std::sort(row.sources.begin(), row.sources.end());
  taxonomy::Options options;
  options.cost = found["solved"][2]["cost"].get<std::map<std::string, double>>();
  options.importance = found["solved"][2]["importance"].get<std::map<std::string, double>>();
  std::size_t compared = 0;
  for (const auto& at : found["why"]) {
    const double budget = at["budget"];
    const auto optimum = taxonomy::solve(table, budget, options);
    for (const auto& second : at["seconds"]) {
      double least = std::numeric_limits<double>::infinity();
      for (const auto& row : table.rows) {
        const bool chosen = std::any_of(
            optimum.transfers.begin(), optimum.transfers.end(),
            [&](const auto& one) { return one.target == row.target && one.sources == row.sources; });
        if (row.target == second[0] && !chosen && !is_dominated(table, row))
          least = std::min(least, loss_with(table, row, budget, options));
      }
      if (second[2].is_null()) {
        CHECK(std::isinf(least));
        continue;
      }
      ++compared;
      CHECK(second[2].get<double>() == doctest::Approx(least).epsilon(1e-9));
    }
    for (const auto& one : at["without"].items()) {
      auto without = options;
      without.forbid = {one.key()};
      if (one.value().is_null())
        CHECK_THROWS(static_cast<void>(taxonomy::solve(table, budget, without)));
      else
        CHECK(one.value().get<double>() ==
              doctest::Approx(optimum.objective - taxonomy::solve(table, budget, without).objective)
                  .epsilon(1e-9));
    }
  }
  CHECK(compared >= 3);
}

TEST_CASE("in Chromium: sliders change the graph, figures are saved, nothing fails, nothing is asked for") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  const std::string name = "<img src=x onerror='window.hurt=1'> & \"é\"";
  const auto content = small_content(name);
  const auto found = visit(content, 1280);
  CHECK_MESSAGE(found["heard"].empty(), found["heard"].dump());
  CHECK_MESSAGE(found["requests"].empty(), found["requests"].dump());
  CHECK(found["hurt"] == "undefined");
  CHECK(found["text"].get<std::string>().find(name) != std::string::npos);

  CHECK(found["shownFrames"].size() == 3);
  for (const auto& caught : found["shownFrames"]) CHECK(caught == true);
  REQUIRE_FALSE(found["hiddenFrames"].empty());
  for (const auto& caught : found["hiddenFrames"]) CHECK(caught == false);
  CHECK(found["fontSizes"] == json({"13px", "13px"}));
  CHECK(found["choice"]["order"] == 2);  // of the front that is shown first

  check_budgets(found["budgets"], content.table);
  CHECK(found["firstOrder"]["sources"].size() == taxonomy::sweep(content.table, {})[1].sources.size());
  REQUIRE_FALSE(found["commands"].empty());
  CHECK(found["commands"][0] == "taskonomy solve table.csv --max-order 1 --budget 2");
  check_solved(found["solved"], content.table);
  check_why(found, content.table);
  CHECK(found["worth"].get<std::string>().find("Second best") != std::string::npos);
  CHECK(found["edgesLack"] == 0);
  CHECK(found["again"]["address"] == found["solved"][2]["address"]);
  CHECK(found["again"]["same"] == true);
  CHECK(found["findings"].empty());  // every figure says what it shows
  CHECK(found["place"] == "heat");
  CHECK(found["addressed"]["front"] == 1);
  CHECK(found["addressed"]["optimum"] == 1);
  CHECK(found["addressed"]["nonsense"]["front"] == 1);
  CHECK(found["focused"]["tooltip"] == found["focused"]["label"]);
  CHECK(found["focused"]["dimmed"] > 0);
  REQUIRE(found["heat"].size() == 8);  // orders 1 and 2; sorted by table, name and tree; three kinds of shade
  for (const auto& one : found["heat"]) {
    CHECK(one["orders"] == content.table.targets().size());
    CHECK(one["cells"] == one["columns"]);
    for (const char* places : {"rows", "columns"}) {
      const std::set<json> now(one[places].begin(), one[places].end());
      CHECK(now == std::set<json>(found["heat"][0][places].begin(), found["heat"][0][places].end()));
    }
  }
  CHECK(found["heat"][3]["rows"] != found["heat"][0]["rows"]);      // the name with markup comes first
  CHECK(found["heat"][5]["shades"] == found["heat"][1]["shades"]);  // by its root: what the program drew
  std::set<json> of_ranks;  // two transfers into each target: the worst and the best
  for (const auto& shade : found["ranked"]) of_ranks.insert(shade);
  CHECK(of_ranks == std::set<json>{"fill-panel", "fill-s0", "fill-s20"});
  CHECK(found["printed"] == "light");
  CHECK(found["files"].size() >= 20);  // SVG and CSV of every figure, Table 1 and the metrics
  CHECK(found["files"].contains("metrics.csv"));
  CHECK(found["files"].contains("random-taxonomies.svg"));
  for (const auto& file : found["files"].items()) CHECK_MESSAGE(file.value() > 40, file.key());
}
