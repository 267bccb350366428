// The affinity table: its CSV form, every refusal, and step III from losses to rows.
#include "core/affinity/affinity_table.hpp"

#include <cmath>
#include <filesystem>
#include <random>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using affinity::AffinityRow;
using affinity::AffinityTable;
using affinity::parse_affinity;
using affinity::to_csv;

namespace {

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void check_same(const AffinityTable& a, const AffinityTable& b) {
  REQUIRE(a.rows.size() == b.rows.size());
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    CHECK(a.rows[i].sources == b.rows[i].sources);
    CHECK(a.rows[i].target == b.rows[i].target);
    CHECK(a.rows[i].affinity == b.rows[i].affinity);
    CHECK(same(a.rows[i].gain, b.rows[i].gain));
    CHECK(same(a.rows[i].quality, b.rows[i].quality));
  }
}

/// The message with which text is refused, or "" when it is accepted.
std::string refusal(const std::string& text) {
  try {
    (void)parse_affinity(text, "t.csv");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("what is written reads back the same, to the last bit and byte") {
  std::mt19937_64 engine(11);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  AffinityTable table;
  for (int i = 0; i < 300; ++i) {
    AffinityRow row{
        {"s" + std::to_string(i), "b"}, "t", std::pow(uniform(engine), 9), uniform(engine), uniform(engine)};
    if (i % 3 == 0) row.gain = affinity::kUnknown;
    if (i % 5 == 0) row.quality = affinity::kUnknown;
    table.rows.push_back(row);
  }
  table.rows.push_back({{"odd, \"name\"", "two words"}, " t ", 1e-300, 1.0, 0.0});
  table.rows.back().target = "t,2";
  const auto text = to_csv(table);
  const auto back = parse_affinity(text, "t.csv");
  check_same(table, back.table);
  CHECK(to_csv(back.table) == text);
  const AffinityTable bare{{{{"a"}, "a", 0.25}}};
  CHECK(to_csv(bare) == "sources,target,affinity\na,a,0.25\n");
  check_same(bare, parse_affinity(to_csv(bare), "t.csv").table);
}

TEST_CASE("names with control letters are refused with their line: no terminal shows them as they are") {
  const std::string head = "sources,target,affinity\na,a,0.5\n";
  for (const std::string& name : {std::string("two\nlines"), std::string("bell\a"), std::string("\x1b[2J")})
    CHECK_MESSAGE(refusal(head + "\"" + name + "\",b,0.5\n").find("control character") != std::string::npos,
                  refusal(head + "\"" + name + "\",b,0.5\n"));
  const std::string zero("z\0z", 3);
  CHECK(refusal(head + zero + ",b,0.5\n").find("t.csv:3: holds a byte 0") != std::string::npos);
}

TEST_CASE(
    "columns in any order, unknown ones named, empty shares unknown, Windows line ends and a byte order "
    "mark") {
  const auto read = parse_affinity(
      "\xEF\xBB\xBFquality,affinity,note,target,sources\r\n0.5,0.75,x,normal,normal\r\n,0.25,\"a,b\",normal,"
      "a+b\r\n",
      "t.csv");
  CHECK(read.ignored_columns == std::vector<std::string>{"note"});
  REQUIRE(read.table.rows.size() == 2);
  CHECK(read.table.rows[0].is_self());
  CHECK(read.table.rows[0].quality == 0.5);
  CHECK(read.table.rows[1].sources == std::vector<std::string>{"a", "b"});
  CHECK(std::isnan(read.table.rows[1].quality));
  CHECK(std::isnan(read.table.rows[1].gain));
  CHECK(read.table.max_order() == 2);
  CHECK(read.table.tasks() == std::vector<std::string>{"a", "b", "normal"});
}

TEST_CASE("bad tables are refused at their line with what was expected") {
  const std::string head = "sources,target,affinity,gain,quality\n";
  const std::string good = "a,t,0.5,0.5,0.5\n";
  CHECK(refusal(head + good).empty());
  const auto says = [](const std::string& text, const std::string& where, const std::string& what) {
    const std::string message = refusal(text);
    INFO(message);
    CHECK(message.rfind(where, 0) == 0);
    CHECK(message.find(what) != std::string::npos);
  };
  says("", "t.csv: the file is empty", "sources,target,affinity");
  says("\n\n", "t.csv: the file is empty", "");
  says(head, "t.csv: no rows", "one row per transfer");
  says("a,t,0.5\n", "t.csv:1: column \"sources\" is missing", "header");
  says("sources,target\na,t\n", "t.csv:1: column \"affinity\" is missing", "found sources,target");
  says("sources,target,afinity\na,t,1\n", "t.csv:1: column \"affinity\" is missing",
       "rename \"afinity\" to \"affinity\"");
  says("sources,target,target,affinity\n", "t.csv:1: column \"target\" appears twice", "");
  says(head + good + "b,t,nan,0.5,0.5\n", "t.csv:3: affinity: expected a number >= 0", "\"nan\"");
  says(head + "a,t,-0.5,0.5,0.5\n", "t.csv:2: affinity: expected a number >= 0", "\"-0.5\"");
  says(head + "a,t,inf,0.5,0.5\n", "t.csv:2: affinity", "\"inf\"");
  says(head + "a,t,0.5x,0.5,0.5\n", "t.csv:2: affinity", "\"0.5x\"");
  says(head + "a,t,,0.5,0.5\n", "t.csv:2: affinity", "\"\"");
  says(head + "a,t,0.5,1.5,0.5\n", "t.csv:2: gain: expected a number between 0 and 1", "\"1.5\"");
  says(head + "a,t,0.5,0.5,NaN\n", "t.csv:2: quality", "\"NaN\"");
  says(head + "a,t,0.5\n", "t.csv:2: expected 5 cells", "got 3");
  says(head + ",t,0.5,0.5,0.5\n", "t.csv:2: sources", "task names");
  says(head + "a+,t,0.5,0.5,0.5\n", "t.csv:2: sources", "\"a+\"");
  says(head + "a+a,t,0.5,0.5,0.5\n", "t.csv:2: sources: \"a\" appears twice", "");
  says(head + "a,,0.5,0.5,0.5\n", "t.csv:2: target", "task name");
  says(head + good + "a\x1b[2J,t,0.5,0.5,0.5\n", "t.csv:3: sources: a task's name holds a control", "");
  says(head + std::string("a,t\0,0.5,0.5,0.5\n", 17), "t.csv:2: holds a byte 0", "UTF-8");
  says(head + good + "\n" + good, "t.csv:4: duplicate row: a -> t", "line 2");
  says(head + "a+b,t,1,1,1\nb+a,t,1,1,1\n", "t.csv:3: duplicate row: b+a -> t", "line 2");
  says(head + "a,\"t,0.5,0.5,0.5\n", "t.csv:2: a quote is opened", "never closed");
  says(head + "\"a\"b,t,0.5,0.5,0.5\n", "t.csv:2: text behind a closing quote", "");
}

TEST_CASE("the published table reads, sums to one per target, and writes back to itself") {
  const std::filesystem::path path = TASKONOMY_SOURCE_DIR "/share/published/taskonomy-16k.csv";
  const auto read = affinity::read_affinity(path);
  CHECK(read.ignored_columns.empty());
  CHECK(read.table.rows.size() == 1736);
  CHECK(read.table.targets().size() == 22);
  CHECK(read.table.max_order() == 24);
  check_same(read.table, parse_affinity(to_csv(read.table), "again").table);
  for (const auto& target : read.table.targets()) {
    double sum = 0.0;
    for (const auto& row : read.table.rows) sum += row.target == target ? row.affinity : 0.0;
    CHECK(sum == doctest::Approx(1.0).epsilon(0.05));
  }
  CHECK_THROWS_AS((void)affinity::read_affinity("/nowhere/affinity.csv"), base::Error);
}

TEST_CASE("from losses to affinity: references do not compete, gain and quality are win rates") {
  affinity::LossTable table{"t", {"1", "2", "3", "4"}, {}, {}};
  table.add("t", {1, 1, 1, 3});
  table.add("a", {2, 2, 2, 2});
  table.add(affinity::kScratch, {3, 3, 1, 1});
  table.add(affinity::kConstant, {0, 0, 0, 0});
  table.add("a+b", {1, 2, 3, 4});
  const auto rows = affinity::affinity_of(table);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].is_self());
  CHECK(rows[2].sources == std::vector<std::string>{"a", "b"});
  CHECK(rows[0].affinity + rows[1].affinity + rows[2].affinity == doctest::Approx(1.0));
  CHECK(rows[0].affinity > rows[1].affinity);
  CHECK(rows[0].quality == 0.5);
  CHECK(rows[1].quality == 0.25);
  CHECK(rows[0].gain == doctest::Approx(0.625));
  CHECK(rows[1].gain == 0.5);
  // Losses in other units, references that are better or worse: the affinities stay.
  auto scaled = table;
  for (auto& row : scaled.loss) {
    for (auto& loss : row) loss *= 1e-6;
  }
  scaled.loss[3] = {9, 9, 9, 9};
  const auto again = affinity::affinity_of(scaled);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(again[i].affinity == rows[i].affinity);
  // Without the scratch row gain is unknown.
  CHECK(std::isnan(affinity::affinity_of({"t", {"1"}, {"t", "a"}, {{1}, {2}}})[0].gain));
  CHECK_THROWS_AS((void)affinity::affinity_of({"t", {"1"}, {affinity::kScratch}, {{1}}}), base::Error);
}

TEST_CASE("labels: a transfer may come with several numbers of them, once each") {
  const std::string text = "sources,target,affinity,labels\na,t,0.5,1000\na,t,0.6,4000\nt,t,0.9,\n";
  const auto read = affinity::parse_affinity(text, "x.csv");
  REQUIRE(read.table.rows.size() == 3);
  CHECK(read.ignored_columns.empty());
  CHECK(read.table.rows[1].labels == 4000.0);
  CHECK(std::isnan(read.table.rows[2].labels));
  CHECK(affinity::to_csv(read.table) == text);
  const auto refused = [](const std::string& rows, const std::string& said) {
    CHECK_THROWS_WITH_AS((void)affinity::parse_affinity("sources,target,affinity,labels\n" + rows, "x.csv"),
                         doctest::Contains(said.c_str()), base::Error);
  };
  refused("a+b,t,0.5,1000\nb+a,t,0.6,1000\n", "x.csv:3: duplicate row");
  refused("a,t,0.5,\na,t,0.6,\n", "x.csv:3: duplicate row");
  refused("a,t,0.5,-1\n", "x.csv:2: labels: expected a number >= 0");
  refused("a,t,0.5,nan\n", "x.csv:2: labels: expected a number >= 0");
}

TEST_CASE("a table of several numbers of labels: one is chosen, or the table is refused") {
  const auto table =
      affinity::parse_affinity(
          "sources,target,affinity,labels\na,t,0.1,100\na,t,0.3,300\nb,t,0.2,100\nt,t,0.4,\n", "t.csv")
          .table;
  CHECK_THROWS_WITH_AS((void)affinity::with_labels(table, std::nullopt),
                       doctest::Contains("a -> t comes with several numbers of labels; choose one"),
                       base::Error);
  const auto small = affinity::with_labels(table, 100.0);
  REQUIRE(small.rows.size() == 3);
  CHECK(small.rows[0].affinity == 0.1);
  CHECK(small.rows[2].is_self());
  CHECK(affinity::with_labels(table, 300.0).rows.size() == 2);
  CHECK_THROWS_WITH_AS((void)affinity::with_labels(table, 200.0), doctest::Contains("known: 100, 300"),
                       base::Error);
  const auto plain = affinity::parse_affinity("sources,target,affinity\na,t,0.1\n", "t.csv").table;
  CHECK(affinity::with_labels(plain, std::nullopt).rows.size() == 1);
  CHECK_THROWS_WITH_AS((void)affinity::with_labels(plain, 100.0), doctest::Contains("no column"),
                       base::Error);
}
