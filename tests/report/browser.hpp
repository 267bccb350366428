// A page in headless Chromium: a script that is added to it leaves what it found in the page's DOM, which the browser prints.
#pragma once

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "core/report/page.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::page_test {

/// Stands before everything else: hears of every error and of every request that the page's policy stops.
inline constexpr const char* kEars = R"js(<head><script>
const heard = [], saved = [];
addEventListener("error", (event) => heard.push(event.message));
addEventListener("unhandledrejection", (event) => heard.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => heard.push("asks for " + event.blockedURI));
for (const kind of ["error", "warn"]) console[kind] = (...words) => heard.push(words.join(" "));
window.requestAnimationFrame = (draw) => draw();
window.Blob = class { constructor(parts) { this.text = parts.join(""); } };
URL.createObjectURL = (blob) => { saved.push(blob.text); return "#"; };
</script>)js";

inline std::string browser() {
  for (const std::string name : {"chromium", "chromium-browser", "google-chrome"})
    if (std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0) return name;
  return "";
}

inline std::string replaced(std::string text, const std::string& old, const std::string& fresh) {
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), fresh);
}

/// What the page's own script leaves as <pre>FOUND...END at this width of the window. Nothing fades, because
/// the script does not wait.
inline nlohmann::json findings_of(const std::string& page, int width) {
  const tests::Folder folder;
  base::write_file(folder / "page.html", page);
  const std::string command = "HOME='" + folder.path().string() + "' timeout 900 " + browser() +
                              " --headless --force-prefers-reduced-motion --no-sandbox --disable-gpu "
                              "--disable-dev-shm-usage --user-data-dir='" +
                              (folder / "profile").string() + "' --window-size=" + std::to_string(width) +
                              ",900 --virtual-time-budget=8000 --dump-dom 'file://" +
                              (folder / "page.html").string() + "' >'" + (folder / "dom.html").string() +
                              "' 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  const auto dom = base::read_file(folder / "dom.html");
  const auto from = dom.rfind("FOUND"), to = dom.rfind("END");
  INFO(dom.substr(dom.find("<title>"), 400));
  REQUIRE(dom.find("<pre>FOUND") != std::string::npos);
  return nlohmann::json::parse(dom.substr(from + 5, to - from - 5));
}

inline report::PageContent small_content(const std::string& name) {
  report::PageContent content;
  content.title = name;
  content.command = "table.csv";
  content.table.rows = {{{"depth"}, "depth", 0.5, 0.9, 0.5},  {{name}, "depth", 0.2, 0.8, 0.4},
                        {{"edges"}, "depth", 0.1, 0.6, 0.2},  {{name, "edges"}, "depth", 0.2, 0.85, 0.45},
                        {{name}, name, 0.7, 0.9, 0.5},        {{"depth"}, name, 0.2, 0.7, 0.3},
                        {{"edges"}, name, 0.1, 0.5, 0.1},     {{"edges"}, "edges", 0.8, 0.95, 0.5},
                        {{"depth"}, "edges", 0.05, 0.5, 0.1}, {{name}, "edges", 0.15, 0.6, 0.2}};
  content.checks = {{name, 0.95, 0.9, 0.8, 40}};
  content.missing = {name};
  content.recipe = name;
  content.facts = {{name, name}};
  content.metrics = {{name, name, "rmse", "m", false, 0.25},
                     {name, "depth+" + name, "rmse", "m", false, 0.5}};
  content.judgement = analysis::judge_as_paper(content.table, {});
  content.judgement->judge = analysis::Judge::halves;
  for (auto& budget : content.judgement->budgets) budget.borrowed_gain = {0.61, 0.52, 0.7};
  std::vector<std::string> notes;
  content.significance = analysis::significance_by_budget(*content.judgement, {}, 50, 1, notes);
  return content;
}

}  // namespace taskonomy::page_test
