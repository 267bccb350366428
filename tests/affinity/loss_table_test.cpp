// A loss table refuses what does not fit together, and knows which images count.
#include "core/affinity/loss_table.hpp"

#include <limits>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using taskonomy::base::Error;
using namespace taskonomy::affinity;

namespace {
const double kMissing = std::numeric_limits<double>::quiet_NaN();

LossTable small() { return {"normal", {"a", "b", "c"}, {"normal", "depth"}, {{1, 2, 3}, {2, 1, 4}}}; }
}  // namespace

TEST_CASE("sizes that disagree and names that repeat are refused with target and competitor") {
  CHECK_NOTHROW(small().validate());
  auto short_row = small();
  short_row.loss[1].pop_back();
  CHECK_THROWS_WITH_AS(short_row.validate(),
                       "losses of target \"normal\": competitor \"depth\" has 2 losses for 3 images", Error);
  auto twice = small();
  twice.competitors[1] = "normal";
  CHECK_THROWS_WITH_AS(twice.validate(), "losses of target \"normal\": competitor \"normal\" appears twice",
                       Error);
  auto missing = small();
  missing.loss.pop_back();
  CHECK_THROWS_AS(missing.validate(), Error);
}

TEST_CASE("a NaN in any row leaves its image out; nothing left is an error that names the culprit") {
  auto table = small();
  table.loss[1][0] = kMissing;
  CHECK(table.usable_images() == std::vector<std::size_t>{1, 2});
  table.loss[1] = {kMissing, kMissing, 1.0};
  table.loss[0][2] = kMissing;
  try {
    (void)table.usable_images();
    FAIL("expected an Error");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("\"depth\" (2)") != std::string::npos);
  }
}

TEST_CASE("combining keeps rows in order and refuses other images") {
  const LossTable more{"normal", {"a", "b", "c"}, {kScratch}, {{9, 9, 9}}};
  const auto whole = combine({small(), more});
  CHECK(whole.competitors == std::vector<std::string>{"normal", "depth", kScratch});
  CHECK(whole.loss.back() == std::vector<double>{9, 9, 9});
  CHECK(whole.find(kScratch) == 2u);
  CHECK_FALSE(whole.find("reshading"));
  auto other = more;
  other.images[0] = "z";
  CHECK_THROWS_AS((void)combine({small(), other}), Error);
  CHECK_THROWS_AS((void)combine({small(), small()}), Error);
}

TEST_CASE("references are known by their parentheses") {
  CHECK(is_reference(kConstant));
  CHECK(is_reference(kScratch));
  CHECK(is_reference(kRandom));
  CHECK_FALSE(is_reference("random"));
}
