// The comparison of two tables, and the names of tasks in tables that others published.
#include "core/analysis/agreement.hpp"

#include <cmath>
#include <random>

#include "core/analysis/task_names.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/published.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::published;

namespace {

analysis::TaskNames names() {
  return analysis::read_task_names(TASKONOMY_SOURCE_DIR "/share/published/task_names.csv");
}

}  // namespace

TEST_CASE("a table agrees with itself under other names; self and higher orders play no part") {
  const auto table = published();
  const auto ours = analysis::with_our_names(table, names());
  const auto result = analysis::compare(ours, ours);
  CHECK(result.targets.size() == 22);
  CHECK(result.spearman.estimate == doctest::Approx(1.0));
  CHECK(result.kendall.estimate == doctest::Approx(1.0));
  CHECK(result.same_best == 1.0);
  auto changed = ours;
  for (auto& row : changed.rows) {
    if (row.is_self() || row.sources.size() > 1) row.affinity = 0.0;
    row.affinity *= row.affinity;
  }
  CHECK(analysis::compare(ours, changed).spearman.estimate == doctest::Approx(1.0));
  for (const auto& one : result.targets) {
    for (const auto& source : one.sources) CHECK(source != one.target);
  }
}

TEST_CASE("names of tasks: those that are not in the file stay, what is wrong with the file is said") {
  const auto ours = analysis::with_our_names({{{{"x", "rgb2depth"}, "rgb2sfnorm", 0.1}}}, names());
  CHECK(ours.rows[0].sources == std::vector<std::string>{"x", "depth_zbuffer"});
  CHECK(ours.rows[0].target == "normal");
  const tests::Folder folder;
  const auto file = folder / "names.csv";
  const auto refused = [&](const std::string& text, const std::string& message) {
    base::write_file(file, text);
    CHECK_THROWS_WITH_AS((void)analysis::read_task_names(file), (file.string() + message).c_str(),
                         base::Error);
  };
  for (const std::string nothing : {"", "published,ours\n"})
    refused(nothing, ": expected the columns published,ours and a line per name, got none");
  refused("a,b\n", ":1: expected the columns published,ours");
  refused("published,ours\nx\n", ":2: expected the columns published,ours");
  refused("published,ours\nx,\n", ":2: ours: expected a task's name, got \"\"");
  refused("published,ours\nx,y\nx,z\n", ":3: published: expected each name once, got \"x\"");
}

TEST_CASE("a task is meant by its own name, or by the other name that only one of them has") {
  const auto meant = [](const std::string& name, const std::vector<std::string>& tasks) {
    return analysis::meant_task(name, tasks, names());
  };
  CHECK(meant("normal", {"edge3d", "rgb2sfnorm"}) == "rgb2sfnorm");
  CHECK(meant("rgb2sfnorm", {"normal", "reshading"}) == "normal");
  CHECK(meant("inpainting_whole", {"impainting_whole"}) == "impainting_whole");
  CHECK(meant("normal", {"normal", "rgb2sfnorm"}) == "normal");
  CHECK(meant("jigsaw", {"jigsaw"}) == "jigsaw");
  CHECK(meant("segment_semantic", {"segmentsemantic", "segmentsemantic_rb"}) ==
        "segment_semantic");  // which?
  CHECK(meant("nothing", {"normal"}) == "nothing");
}

TEST_CASE("every name that differs is explained in the documents") {
  const auto text = base::read_file(TASKONOMY_SOURCE_DIR "/share/doc/solving.md");
  for (const auto& [published, ours] : names()) {
    const auto row = text.find("| `" + ours + "` | ");
    REQUIRE_MESSAGE(row != std::string::npos, ours);
    CHECK_MESSAGE(
        text.substr(row, text.find('\n', row) - row).find("`" + published + "`") != std::string::npos,
        published);
  }
}

TEST_CASE("only what both tables have is compared") {
  const auto ours = analysis::with_our_names(published(), names());
  const affinity::AffinityTable small{{{{"random"}, "normal", 0.1},
                                       {{"reshading"}, "normal", 0.5},
                                       {{"x"}, "normal", 0.9},
                                       {{"x"}, "unknown", 0.2}}};
  const auto shared = analysis::compare(small, ours);
  REQUIRE(shared.targets.size() == 1);
  CHECK(shared.targets[0].sources == std::vector<std::string>{"random", "reshading"});
  CHECK(shared.targets[0].spearman.estimate == doctest::Approx(1.0));
  CHECK(shared.targets[0].best_in_a == "reshading");
  CHECK(shared.same_best == 1.0);
  const auto nothing = analysis::compare(small, {{{{"y"}, "z", 1.0}}});
  CHECK(nothing.targets.empty());
  CHECK(std::isnan(nothing.spearman.estimate));
  CHECK_THROWS_AS((void)analysis::compare(small, ours, 1.0), base::Error);
}

TEST_CASE("the mean's interval encloses it and is the same for the same seed") {
  const auto ours = analysis::with_our_names(published(), names());
  auto other = ours;
  std::mt19937 engine(5);
  for (auto& row : other.rows) row.affinity *= std::exp(std::normal_distribution<double>()(engine));
  const auto result = analysis::compare(ours, other);
  CHECK(result.spearman.low < result.spearman.estimate);
  CHECK(result.spearman.estimate < result.spearman.high);
  CHECK(result.spearman.estimate < 0.95);
  CHECK(analysis::compare(ours, other).spearman.low == result.spearman.low);
}

TEST_CASE("tables in which a transfer comes with several numbers of labels are refused, not read in part") {
  const affinity::AffinityTable one{{{{"x"}, "t", 0.1}, {{"y"}, "t", 0.2}}};
  auto several = one;
  several.rows.push_back({{"x"}, "t", 0.3, affinity::kUnknown, affinity::kUnknown, 300.0});
  several.rows.front().labels = 100.0;
  for (const auto& [a, b] : {std::pair{one, several}, {several, one}})
    CHECK_THROWS_WITH_AS((void)analysis::compare(a, b), doctest::Contains("--labels"), base::Error);
  CHECK(analysis::compare(one, affinity::with_labels(several, 300.0)).targets.size() == 1);
}
