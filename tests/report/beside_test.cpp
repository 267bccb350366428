// The page of two runs: what it says of both, number by number, and what it refuses.
#include "core/report/beside.hpp"

#include "core/base/error.hpp"
#include "core/report/page.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using tests::count_of;

namespace {

/// Two targets; the second differs from the first in what serves u, and in one metric.
report::PageContent one_of_two(const std::string& title, double gain_of_u) {
  report::PageContent content;
  content.title = title;
  content.table.rows = {{{"t"}, "t", 0.7, 0.9, 0.5},
                        {{"u"}, "t", 0.3, 0.6, 0.2},
                        {{"t"}, "u", 0.4, gain_of_u, 0.3},
                        {{"u"}, "u", 0.6, 0.9, 0.5}};
  content.metrics = {{"t", "t", "rmse", "m", false, gain_of_u}, {"t", "t", "l1", "", false, 0.5}};
  return content;
}

report::PageContent two(report::PageContent first, report::PageContent second) {
  auto beside = std::make_shared<report::Beside>();
  beside->other = std::move(second);
  beside->made_otherwise = {{"source.steps", "1000", "2000"}, {"seed", "1", ""}};
  first.beside = std::move(beside);
  return first;
}

std::string section_of(const report::PageContent& content) {
  return report::beside_texts(content, report::solve_all(content.table, {}, {})).section;
}

bool section_says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("two runs: sources, Gain, differences, metrics and recipes of both, at every budget") {
  const auto content = two(one_of_two("old", 0.56), one_of_two("new", 0.76));
  const auto section = section_of(content);
  CHECK(count_of(section, "class=\"of-budget\"") == 2);
  for (const char* width : {"half", "narrow"})
    CHECK(count_of(section, std::string("<svg class=\"drawing graph ") + width + "\"") == 4);
  CHECK(section_says(section,
                     "With a budget of 1, both label t. All 2 targets that both have are served alike."));
  // u: .56 and .76; the mean with t, which has its own labels: .73 and .83
  CHECK(section_says(section, "<td>.56</td><td>.76</td><td>+.20</td>"));
  CHECK(section_says(section, "Mean Gain is .73 and .83 (+.10), mean Quality .40 and .40 (.00)."));
  CHECK(section_says(section,
                     "<td class=\"text\">rmse, m</td><td>0.56</td><td>0.76</td><td>+0.2</td><td "
                     "class=\"text\">worse</td>"));
  CHECK(section_says(section, "<td class=\"text\">the same</td>"));
  CHECK(section_says(
      section,
      "<th scope=\"row\">source.steps</th><td class=\"text\">1000</td><td class=\"text\">2000</td>"));
  CHECK(
      section_says(section, "<th scope=\"row\">seed</th><td class=\"text\">1</td><td class=\"text\">–</td>"));
  const auto page = report::page(content);
  CHECK(section_says(page, "<title>old and new"));
  CHECK(count_of(page, "<p class=\"whose\">") == 2);
  CHECK_FALSE(section_says(report::page(one_of_two("old", 0.56)), "side by side</h2>"));
}

TEST_CASE("two runs under titles: the second's tasks are called as the first's") {
  auto first = one_of_two("old", 0.56), second = one_of_two("new", 0.76);
  first.texts = {{"t", "Depth", "3D"}};
  second.texts = {{"t", "Depth of old", "3D"}, {"u", "Edges", "2D"}};
  const auto section = section_of(two(first, second));
  CHECK(section_says(section, "both label Depth."));
  CHECK(section_says(section, "<th scope=\"row\">Edges</th>"));
  CHECK_FALSE(section_says(section, "Depth of old"));
}

TEST_CASE("two runs: names are text, other targets and other prices are said") {
  auto second = one_of_two("<b>&\"", 0.76);
  second.table.rows.push_back({{"t"}, "v", 1.0});
  second.prices.unit = "hours";
  const auto section = section_of(two(one_of_two("old", 0.56), second));
  CHECK_FALSE(section_says(section, "<b>&\""));
  CHECK(section_says(section, "&lt;b&gt;&amp;&quot;"));
  CHECK(section_says(section, " has v."));
  CHECK(section_says(section, "priced in tasks in old and in hours in"));
}

TEST_CASE("two runs without a common target, or without a taxonomy, are refused by their names") {
  report::PageContent foreign;
  foreign.title = "foreign";
  foreign.table.rows = {{{"q"}, "q", 1.0}};
  CHECK_THROWS_WITH_AS((void)section_of(two(one_of_two("old", 0.56), foreign)),
                       "old and foreign cannot be compared: they have no target in common; old has t, u; "
                       "foreign has q",
                       base::Error);
  report::PageContent empty;
  empty.title = "empty";
  CHECK_THROWS_WITH_AS((void)section_of(two(one_of_two("old", 0.56), empty)),
                       doctest::Contains("at no budget empty serves all of its targets"), base::Error);
}
