// The page in other forms, in headless Chromium: two runs, narrow windows, without scripts, and what axe says of it.
#include "core/report/beside.hpp"
#include "tests/report/browser.hpp"

using namespace taskonomy;
using namespace taskonomy::page_test;
using nlohmann::json;

namespace {

/// Moves the budget of two that are side by side, and copies a table.
constexpr const char* kSideBySide = R"js(<script>
addEventListener("load", () => {
  const slider = document.getElementById("beside-budget");
  const shown = [];
  for (let at = 0; at <= Number(slider.max); ++at) {
    slider.value = at;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    shown.push([...document.querySelectorAll("#beside .of-budget")].filter((one) => one.getClientRects().length > 0).map((one) => one.dataset.budget)
      .concat(document.getElementById("beside-value").textContent));
  }
  const out = document.createElement("pre");
  const latex = latexText([["a_b", "x"], ["5 % & {c}", 0.25], ["−.10 [−.20, .10]", null]]);
  out.textContent = "FOUND" + JSON.stringify({ shown, latex, buttons: document.querySelectorAll("#beside [data-download]").length, heard,
    tooWide: document.documentElement.scrollWidth > innerWidth }).replace(/[<>&]/g, (sign) => "\\u00" + sign.charCodeAt(0).toString(16)) + "END";
  document.body.append(out);
});
</script></body>)js";

/// Folds a block of the painted heat map, picks targets by a word, and changes colours.
constexpr const char* kPainter = R"js(<script>
addEventListener("load", () => {
  const heat = figures.find((figure) => figure.id === "heat");
  const lines = () => [painted.places.lines.length, painted.places.columns.length];
  const found = { heard, lines: [lines()], drawn: document.querySelectorAll("#heat svg.drawing").length, folds: [...document.querySelectorAll("#heat .fold")].map((one) => one.textContent) };
  const pixels = () => { const canvas = document.querySelector("#heat canvas"); return new Set(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).size; };
  found.pixels = pixels();
  document.querySelector("#heat .fold").click();
  found.lines.push(lines());
  found.pressed = document.querySelector("#heat .fold").getAttribute("aria-pressed");
  const word = document.querySelector("#heat input[type=search]");
  word.value = "TASK-1";
  word.dispatchEvent(new Event("input", { bubbles: true }));
  found.lines.push(lines());
  const canvas = document.querySelector("#heat canvas");
  canvas.scrollIntoView();
  const { left, top } = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: left + painted.places.left + 1, clientY: top + painted.places.top + painted.places.height * 0.5, bubbles: true }));
  found.tooltip = document.getElementById("tooltip").textContent;
  document.querySelector("#graph input[value=family]").click();
  found.colours = new Set([...document.querySelectorAll("svg.graph.wide .source:not([hidden]) > rect:not(.focus):not(.hole)")].map((one) => one.getAttribute("class"))).size;
  const rates = document.querySelector("#rates input[type=search]");
  found.shown = [heat.word, shownTasks("rates", data.targets).length];
  rates.value = "task-10";
  rates.dispatchEvent(new Event("input", { bubbles: true }));
  found.shown.push(shownTasks("rates", data.targets).length);
  found.tasks = document.querySelectorAll("#tasks tbody tr").length;
  found.passed = [document.querySelector(".passed").textContent, document.querySelectorAll(".passed-list > li").length, document.querySelectorAll(".plugins-list tbody tr").length];
  const out = document.createElement("pre");
  out.textContent = "FOUND" + JSON.stringify(found).replace(/[<>&]/g, (sign) => "\\u00" + sign.charCodeAt(0).toString(16)) + "END";
  document.body.append(out);
});
</script></body>)js";

/// 70 tasks of two families, each transferred from the five before it.
report::PageContent large_content() {
  report::PageContent content;
  content.title = "large";
  constexpr std::size_t kTasks = 70;
  const auto name = [](std::size_t k) { return "task-" + std::to_string(k); };
  for (std::size_t t = 0; t < kTasks; ++t) {
    content.table.rows.push_back({{name(t)}, name(t), 0.5, 0.9, 0.5});
    for (std::size_t back = 1; back <= 5; ++back)
      content.table.rows.push_back(
          {{name((t + kTasks - back) % kTasks)}, name(t), 0.1 / static_cast<double>(back), 0.6, 0.3});
    content.texts.push_back({name(t), "", t < 20 ? "2D" : "3D", "says what " + name(t) + " is"});
  }
  content.passed_over.sentence = "The run went on without 2 samples.";
  content.passed_over.samples = {
      {"images/single", {"kitchen/3: damaged JPEG", "kitchen/4: <b>too small</b>"}}};
  content.passed_over.plugins = {{"task", "task-1", "1.0", "3f2a", "/a/task.so", false, {"/b/task.so"}}};
  return content;
}

/// Has axe look for defects in both themes, with everything unfolded.
constexpr const char* kInspector = R"js(<script>
addEventListener("load", async () => {
  const found = [];
  try {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (let k = 0; k < 2; ++k) {
      document.getElementById("theme").click();
      for (const { impact, id, nodes } of (await axe.run(document)).violations)
        if (impact === "serious" || impact === "critical")
          found.push([document.documentElement.dataset.theme, id, ...nodes.map((node) => node.html)]);
    }
  } catch (error) {
    found.push(["failed", String(error)]);
  }
  const out = document.createElement("pre");
  out.textContent = "FOUND" + JSON.stringify({ themes: 2, found }).replace(/[<>&]/g, "?") + "END";
  document.body.append(out);
});
</script></body>)js";

/// Shows the page in a frame, since a window has at least 500 pixels, and says whether it is wider than that.
constexpr const char* kRuler = R"js(<!DOCTYPE html><body style="margin:0">
<iframe id="frame" style="border:0;width:WIDTHpx;height:2000px"></iframe><script>
const page = PAGE;
const frame = document.getElementById("frame");
frame.addEventListener("load", () => {
  const inside = frame.contentDocument.documentElement;
  const out = document.createElement("pre");
  out.textContent = "FOUND" + JSON.stringify({ tooWide: inside.scrollWidth > frame.clientWidth, figures: inside.querySelectorAll("figure").length,
    wide: inside.scrollWidth }) + "END";
  document.body.append(out);
});
frame.srcdoc = page;
</script></body>)js";

/// A page as a string of JavaScript.
std::string quoted_page(const report::PageContent& content) {
  std::string page = json(report::page(content)).dump();
  for (auto at = page.find('<'); at != std::string::npos; at = page.find('<', at))
    page.replace(at, 1, "\\u003c");
  return page;
}

json width_of(const report::PageContent& content, int width) {
  return findings_of(replaced(replaced(kRuler, "WIDTH", std::to_string(width)), "PAGE", quoted_page(content)),
                     800);
}

/// Shows the page in a frame that runs no scripts, and reports which of its parts have a place on the screen.
constexpr const char* kFrame = R"js(<!DOCTYPE html><body style="margin:0">
<iframe id="frame" sandbox="allow-same-origin" style="border:0;width:100%;height:2000px"></iframe><script>
const page = PAGE;
const frame = document.getElementById("frame");
frame.addEventListener("load", () => {
  const inside = frame.contentDocument;
  const shown = (selector) =>
    [...inside.querySelectorAll(selector)].filter((one) => one.getClientRects().length > 0);
  const found = { drawings: shown("svg.drawing").map((one) => one.getAttribute("class")),
    sections: shown("section").map((one) => one.id), heading: inside.querySelector("h1").textContent,
    tooWide: inside.documentElement.scrollWidth > frame.clientWidth };
  const out = document.createElement("pre");
  out.textContent = `FOUND${JSON.stringify(found)}END`;
  document.body.append(out);
});
frame.srcdoc = page;
</script></body>)js";

json visit_without_scripts(const report::PageContent& content, int width) {
  return findings_of(replaced(kFrame, "PAGE", quoted_page(content)), width);
}

}  // namespace

TEST_CASE("in Chromium: two runs side by side follow their slider, and their tables can be copied") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  auto content = small_content("normal");
  auto beside = std::make_shared<report::Beside>();
  beside->other = small_content("normal");
  beside->other.title = "other";
  content.beside = std::move(beside);
  for (const int width : {1280, 500}) {
    auto page = replaced(report::page(content), "<head>", kEars);
    const auto found = findings_of(page.replace(page.rfind("</body>"), 7, kSideBySide), width);
    CHECK_MESSAGE(found["heard"].empty(), found["heard"].dump());
    CHECK(found["shown"] == json::parse(R"([["1","1"],["2","2"],["3","3"]])"));
    CHECK(found["buttons"] == 5);  // targets at three budgets, budgets, metrics
    CHECK_FALSE(found["tooWide"].get<bool>());
    CHECK(found["latex"] ==
          "% \\usepackage{booktabs}\n\\begin{tabular}{lr}\n  \\toprule\n  a\\_b & x \\\\\n  \\midrule\n  5 "
          "\\% \\& \\{c\\} & 0.25 "
          "\\\\\n  $-$.10 [$-$.20, .10] & -- \\\\\n  \\bottomrule\n\\end{tabular}\n");
  }
}

TEST_CASE(
    "in Chromium: large tables have a painted heat map whose families fold; words pick tasks; what was "
    "passed over is there") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  auto page = replaced(report::page(large_content(), {2.0, {}}), "<head>", kEars);
  const auto found = findings_of(page.replace(page.rfind("</body>"), 7, kPainter), 1280);
  CHECK_MESSAGE(found["heard"].empty(), found["heard"].dump());
  CHECK(found["drawn"] == 0);
  CHECK(found["pixels"] > 20);
  CHECK(found["folds"] == json::parse(R"x(["2D (20)","3D (50)"])x"));
  CHECK(found["lines"][0] == json::parse("[70, 70]"));
  CHECK(found["lines"][1] == json::parse("[51, 51]"));  // 20 tasks in one line
  CHECK(found["pressed"] == "true");
  CHECK(found["lines"][2] == json::parse("[1, 51]"));  // task-1 and task-10 to 19: all in the folded block
  CHECK(found["tooltip"] == "2D (11) from 2D (20)\nmean of 51 transfers: 6.4 %");
  CHECK(found["colours"] == 2);
  CHECK(found["shown"] == json::parse(R"(["task-1", 60, 1])"));
  CHECK(found["tasks"] == 70);
  CHECK(found["passed"][0].get<std::string>().find("without 2 samples. What the run passed over") !=
        std::string::npos);
  CHECK(found["passed"][1] == 2);
  CHECK(found["passed"][2] == 1);
}

TEST_CASE("in Chromium: axe finds no serious defect, contrast included, light and dark, wide and narrow") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  const auto axe =
      base::read_file(std::filesystem::path(TASKONOMY_SOURCE_DIR) / "tests/report/vendor/axe.min.js");
  for (const int width : {1280, 500}) {
    auto page = report::page(small_content("normal"));
    page.replace(page.rfind("</body>"), 7, "<script>" + axe + "</script>" + kInspector);
    const auto found = findings_of(page, width);
    CHECK(found["themes"] == 2);
    CHECK_MESSAGE(found["found"].empty(), found["found"].dump());
  }
}

TEST_CASE("in Chromium: narrow windows do not scroll sideways, whatever the names") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  for (const auto& name : {std::string("normal"), std::string(200, 'n')})
    for (const int width : {390, 500, 768}) {
      const auto found = width_of(small_content(name), width);
      CHECK_MESSAGE(!found["tooWide"].get<bool>(), name, " at ", width, ": ", found.dump());
      CHECK(found["figures"] > 8);  // scripts have run
    }
}

TEST_CASE(
    "in Chromium: without scripts there are a heading, each drawing once, and no section without content") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  auto content = small_content("normal");
  for (const std::string source : {"depth", "normal", "edges"})
    content.table.rows.push_back({{source}, "keypoints", 0.3});  // without targets in common there is no tree
  for (const auto& [width, kind] : {std::pair{1280, "wide"}, std::pair{500, "narrow"}}) {
    const auto found = visit_without_scripts(content, width);
    const std::string graph = std::string("drawing graph ") + kind,
                      tree = std::string("drawing task-tree ") + kind;
    CHECK(found["drawings"] == json({graph, "drawing heat-map", tree}));
    CHECK(found["sections"] == json({"explore", "affinities", "made"}));
    CHECK(found["heading"] == "normal");
    CHECK_FALSE(found["tooWide"].get<bool>());
  }
}
