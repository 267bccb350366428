// Jobs of learning curves, and what is said of splits before a run begins.
#include <set>

#include "core/pipeline/job_name.hpp"
#include "tests/pipeline/run_setup.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::keys_of;
using tests::setup_of;

TEST_CASE("learning curves are jobs of their own, for labels that cost something; all others stay") {
  const auto before = keys_of(setup_of(tests::kRooms));
  const auto with = keys_of(setup_of(tests::kRooms, {"source.curve=true"}));
  std::set<std::string> joined, changed;
  for (const auto& [id, key] : with) {
    if (before.count(id) == 0)
      joined.insert(id);
    else if (before.at(id) != key)
      changed.insert(id);
  }
  // Edges and denoising label themselves.
  CHECK(joined == std::set<std::string>{"curve/normal@2", "curve/normal@4"});
  // The pictures of chosen transfers wait for the report, which chooses.
  CHECK(changed == std::set<std::string>{"predictions/denoising", "predictions/edge_texture",
                                         "predictions/normal", "report"});
  CHECK(with.size() == before.size() + joined.size());

  const auto longer = keys_of(setup_of(tests::kRooms, {"source.curve=true", "source.steps_of.normal=61"}));
  for (const auto& id : joined) CHECK(longer.at(id) != with.at(id));
  const auto other = keys_of(setup_of(tests::kRooms, {"source.curve=true", "source.steps_of.denoising=61"}));
  for (const auto& id : joined) CHECK(other.at(id) == with.at(id));
  const auto all = keys_of(setup_of(tests::kRooms, {"source.curve=true", "taxonomy.costs=paper"}));
  CHECK(all.count("curve/edge_texture@4") == 1);
  CHECK(all.count("curve/random@4") == 0);  // is not trained
}

TEST_CASE("too few samples, and none for validation, are said before anything begins") {
  const auto notes = [](const std::vector<std::string>& overrides) {
    return setup_of(tests::kRooms, overrides)->split_notes();
  };
  CHECK(notes({}).empty());  // 320 samples
  const auto few = notes({"data.rooms=24"});
  REQUIRE(few.size() == 1);
  CHECK(few[0].starts_with("there are only 48 samples of \"single\"; with fewer than 50 networks learn"));
  const auto none = notes({"data.rooms=3", "data.views_per_room=1", "split.train=0.34", "split.transfer=0.33",
                           "split.test=0.33"});
  REQUIRE(none.size() == 2);
  CHECK(none[1].starts_with("none of the samples of \"single\" can be held out for validation"));
}
