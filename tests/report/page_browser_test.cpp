// The report's page in a real browser, where one is installed: a moved slider changes the graph, every figure
// can be saved, nothing is asked for from anywhere, no script fails. Headless Chromium runs a script that is
// added to the page and prints the page's DOM, with the script's findings in it.
#include <set>

#include "core/report/page_data.hpp"
#include "core/report/text_table.hpp"
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
  const last3 = location.hash;
  forgetChanges();
  choose({ preset: 0 });
  history.replaceState(null, "", last3);
  followAddress();
  found.again = { address: addressOf(), same: JSON.stringify(currentFront().optima) === JSON.stringify(data.presets.at(-1).fronts.at(-1).optima) };
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
  const places = (selector) =>
    [...document.querySelectorAll(`#heat ${selector}`)].map((one) => one.getAttribute("transform"));
  found.heat = [];
  for (const radio of document.querySelectorAll("#heat input[type=radio]")) {
    radio.click();
    found.heat.push({ rows: places(".row"), columns: places(".column"),
      cells: places(".row:last-of-type .order:not([hidden]) > *"),
      orders: document.querySelectorAll('#heat .order:not([hidden])').length });
  }
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
  REQUIRE(found["heat"].size() == 5);  // orders 1 and 2; sorted by table, name and tree
  for (const auto& one : found["heat"]) {
    CHECK(one["orders"] == content.table.targets().size());
    CHECK(one["cells"] == one["columns"]);
    for (const char* places : {"rows", "columns"}) {
      const std::set<json> now(one[places].begin(), one[places].end());
      CHECK(now == std::set<json>(found["heat"][0][places].begin(), found["heat"][0][places].end()));
    }
  }
  CHECK(found["heat"][3]["rows"] != found["heat"][0]["rows"]);  // the name with markup comes first
  CHECK(found["printed"] == "light");
  CHECK(found["files"].size() >= 20);  // SVG and CSV of every figure, Table 1 and the metrics
  CHECK(found["files"].contains("metrics.csv"));
  CHECK(found["files"].contains("random-taxonomies.svg"));
  for (const auto& file : found["files"].items()) CHECK_MESSAGE(file.value() > 40, file.key());
}
