// What a run says of itself: networks that learned, transfers that carry something, sources that can be told
// apart.
#include "core/analysis/verdicts.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/record.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::Question;
using analysis::Verdict;

namespace {

constexpr int kScenes = 10, kViews = 3;

std::vector<std::string> images(int scenes) {
  std::vector<std::string> ids;
  for (int scene = 0; scene < scenes; ++scene)
    for (int view = 0; view < kViews; ++view)
      ids.push_back("room-" + std::to_string(scene) + "/" + std::to_string(view));
  return ids;
}

/// Losses that lie below 1 in the first `scenes` scenes and above it in the others.
std::vector<double> wins_in(int scenes, int of = kScenes) {
  std::vector<double> losses;
  for (int scene = 0; scene < of; ++scene)
    for (int view = 0; view < kViews; ++view) losses.push_back(scene < scenes ? 0.5 : 1.5);
  return losses;
}

std::vector<Verdict> verdicts_on(const affinity::LossTable& table) {
  auto verdicts = analysis::on_transfers(table);
  if (const auto learned = analysis::has_learned(table)) verdicts.insert(verdicts.begin(), *learned);
  return verdicts;
}

const Verdict& find(const std::vector<Verdict>& verdicts, Question question) {
  for (const auto& verdict : verdicts)
    if (verdict.question == question) return verdict;
  FAIL("no verdict ", analysis::name_of(question));
  return verdicts.front();
}

}  // namespace

TEST_CASE("a network learned when it beats the constant guess in more scenes than luck would let it") {
  affinity::LossTable table{"depth", images(kScenes), {}, {}};
  table.add("depth", wins_in(10));
  table.add("normal", wins_in(9));
  table.add("edges", wins_in(6));
  table.add(affinity::kConstant, std::vector<double>(kScenes * kViews, 1.0));
  const auto verdicts = verdicts_on(table);
  REQUIRE(verdicts.size() == 3);
  // All ten scenes: 2 of 2^10 outcomes are as far from even.
  const auto& learned = find(verdicts, Question::learned);
  CHECK(learned.subject == "depth");
  CHECK(learned.reference == affinity::kConstant);
  CHECK(learned.win_rate == 1.0);
  CHECK(learned.p == doctest::Approx(2.0 / 1024));
  CHECK(learned.holds());
  // Nine of ten: 2 (1 + 10) of them.
  const auto& transferred = find(verdicts, Question::transferred);
  CHECK(transferred.subject == "normal");
  CHECK(transferred.win_rate == doctest::Approx(0.9));
  CHECK(transferred.p == doctest::Approx(22.0 / 1024));
  CHECK(transferred.holds());
  // Normal and edges differ in three scenes: at best one of four outcomes.
  const auto& apart = find(verdicts, Question::told_apart);
  CHECK(apart.subject == "normal");
  CHECK(apart.reference == "edges");
  CHECK(apart.p == doctest::Approx(0.25));
  CHECK_FALSE(apart.holds());
}

TEST_CASE("a network that loses to the constant guess did not learn, however sure that is") {
  affinity::LossTable table{"depth", images(kScenes), {}, {}};
  table.add("depth", wins_in(0));
  table.add(affinity::kConstant, std::vector<double>(kScenes * kViews, 1.0));
  const auto verdicts = verdicts_on(table);
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].win_rate == 0.0);
  CHECK(verdicts[0].p < 0.01);
  CHECK_FALSE(verdicts[0].holds());
}

TEST_CASE("with few scenes images are what is flipped") {
  affinity::LossTable table{"depth", images(4), {}, {}};
  table.add("depth", wins_in(4, 4));
  table.add(affinity::kConstant, std::vector<double>(4 * kViews, 1.0));
  CHECK(verdicts_on(table).front().p == doctest::Approx(2.0 / 4096));
}

TEST_CASE("an order of two sources is no best source") {
  affinity::LossTable table{"depth", images(kScenes), {}, {}};
  table.add("depth", wins_in(10));
  table.add("normal", wins_in(4));
  table.add("edges+normal", wins_in(9));
  table.add(affinity::kConstant, std::vector<double>(kScenes * kViews, 1.0));
  const auto verdicts = verdicts_on(table);
  CHECK(find(verdicts, Question::transferred).subject == "normal");
  CHECK(verdicts.size() == 2);
  CHECK_THROWS_AS((void)analysis::on_transfers({"t", {"1"}, {}, {}}), base::Error);
}

TEST_CASE("verdicts are a table that is read back as it was written; other questions are refused") {
  const std::vector<Verdict> verdicts{
      {"depth", Question::told_apart, "a", "b", 0.625, 0.25, analysis::Judge::halves}};
  const tests::Folder folder;
  base::write_file(folder / "verdicts.csv", base::to_csv(verdicts));
  CHECK(base::read_file(folder / "verdicts.csv") ==
        "target,question,subject,reference,win_rate,p,judge\ndepth,told_apart,a,b,0.625,0.25,halves\n");
  const auto again = base::read_records<Verdict>(folder / "verdicts.csv");
  REQUIRE(again.size() == 1);
  CHECK(again[0].question == Question::told_apart);
  CHECK(again[0].win_rate == 0.625);
  base::write_file(folder / "verdicts.csv",
                   "target,question,subject,reference,win_rate,p,judge\nd,why,a,b,1,1,paper\n");
  CHECK_THROWS_WITH_AS((void)base::read_records<Verdict>(folder / "verdicts.csv"),
                       doctest::Contains("verdicts.csv:2"), base::Error);
}

TEST_CASE("with scenes enough the best two are chosen on one half and judged on the other") {
  // a is the better one in the first half of the scenes, b in the second: on all images a leads by its narrower losses.
  affinity::LossTable table{"depth", images(40), {}, {}};
  table.add("depth", wins_in(40, 40));
  table.add("a", std::vector<double>(40 * kViews, 0.0));
  table.add("b", std::vector<double>(40 * kViews, 0.0));
  table.add(affinity::kConstant, std::vector<double>(40 * kViews, 1.0));
  const auto halves = analysis::halve({table}, 1);
  for (std::size_t n = 0; n < table.images.size(); ++n) {
    const bool first = halves.half[halves.scene_of_image[0][n]] == 0;
    table.loss[1][n] = first ? 0.1 : 0.3;
    table.loss[2][n] = first ? 0.2 : (n % 7 == 0 ? 0.4 : 0.2);
  }
  const auto verdicts = analysis::on_transfers(table);
  const auto& apart = find(verdicts, Question::told_apart);
  CHECK(apart.subject == "a");
  CHECK(apart.judge == analysis::Judge::halves);
  CHECK(apart.win_rate < 0.5);
  CHECK(apart.p == 1.0);
  CHECK_FALSE(apart.holds());
  const auto& transferred = find(verdicts, Question::transferred);
  CHECK(transferred.win_rate == 1.0);
  CHECK(transferred.holds());
}
