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

/// Says whether the page is wider than its window.
constexpr const char* kRuler = R"js(<script>
addEventListener("load", () => {
  const out = document.createElement("pre");
  out.textContent = "FOUND" + JSON.stringify({ tooWide: document.documentElement.scrollWidth > innerWidth }) + "END";
  document.body.append(out);
});
</script></body>)js";

json width_of(const report::PageContent& content, int width) {
  auto page = report::page(content);
  return findings_of(page.replace(page.rfind("</body>"), 7, kRuler), width);
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
  std::string page = json(report::page(content)).dump();
  for (auto at = page.find('<'); at != std::string::npos; at = page.find('<', at))
    page.replace(at, 1, "\\u003c");
  return findings_of(replaced(kFrame, "PAGE", page), width);
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

TEST_CASE("in Chromium: narrow windows do not scroll sideways") {
  if (browser().empty()) {
    MESSAGE("skipped: no Chromium (apt-get install chromium)");
    return;
  }
  for (const int width : {500, 768})
    CHECK_FALSE(width_of(small_content("normal"), width)["tooWide"].get<bool>());
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
