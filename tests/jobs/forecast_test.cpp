// What a run will take, from jobs with known times and sizes.
#include "core/jobs/forecast.hpp"

#include "tests/support/testing.hpp"

using namespace taskonomy;
using jobs::Costs;

namespace {

jobs::JobRecord record_of(const std::string& id, double seconds, std::uint64_t bytes) {
  return {id, "key", "", seconds, {{"made/" + id, bytes}}, {}, {}};
}

}  // namespace

TEST_CASE("time grows with a job's weight; disk does for images, not for the weights of networks") {
  const jobs::JobRecords records{{"samples/single/000", record_of("samples/single/000", 2.0, 1000)},
                                 {"source/a", record_of("source/a", 30.0, 500)}};
  const std::vector<jobs::Job> known{{"samples/single/000", {}, "", 10.0, false, "", jobs::Disk::grows},
                                     {"source/a", {}, "", 100.0}};
  Costs costs;
  costs.learn(known, records);
  const jobs::Job samples{"samples/single/001", {}, "", 20.0, false, "", jobs::Disk::grows},
      source{"source/b", {}, "", 200.0};
  CHECK(costs.seconds(samples).value() == doctest::Approx(4.0));
  CHECK(costs.bytes(samples).value() == doctest::Approx(2000.0));
  CHECK(costs.seconds(source).value() == doctest::Approx(60.0));
  CHECK(costs.bytes(source).value() == doctest::Approx(500.0));
  CHECK_FALSE(costs.seconds({"transfer/a/b", {}, "", 1.0}).has_value());

  auto all = known;
  all.insert(all.end(), {samples, source, {"transfer/a/b", {}, "", 1.0}});
  const auto forecast = jobs::forecast(all, records, costs);
  REQUIRE(forecast.stages.size() == 3);
  CHECK(forecast.all() == 5);
  CHECK(forecast.done() == 2);
  CHECK(forecast.stages[1].seconds == doctest::Approx(60.0));
  CHECK(forecast.stages[1].bytes == doctest::Approx(1000.0));  // the one there is, and the one to come
  CHECK_FALSE(forecast.stages[2].known);
  CHECK(forecast.seconds == doctest::Approx(64.0));
  CHECK(forecast.seconds_with(1) == doctest::Approx(64.0));
  CHECK(forecast.seconds_with(8) == doctest::Approx(60.0));  // no faster than its longest job
}

TEST_CASE("no number of workers beats the longest chain of jobs, and more than fill it are worth nothing") {
  const jobs::JobRecords records{{"source/a", record_of("source/a", 30.0, 500)}};
  Costs costs;
  costs.learn({{"source/a", {}, "", 1.0}}, records);
  // a (done) -> b -> d, beside c and e: 60 s in a chain, 120 s in all.
  const std::vector<jobs::Job> all{{"source/a", {}, "", 1.0},
                                   {"source/d", {"source/b", "elsewhere"}, "", 1.0},
                                   {"source/b", {"source/a"}, "", 1.0},
                                   {"source/c", {"source/a"}, "", 1.0},
                                   {"source/e", {}, "", 1.0}};
  const auto forecast = jobs::forecast(all, records, costs);
  CHECK(forecast.seconds == doctest::Approx(120.0));
  CHECK(forecast.chain == doctest::Approx(60.0));
  CHECK(forecast.workers_worth_having() == 2);
  CHECK(jobs::Forecast{}.workers_worth_having() == 1);
}
