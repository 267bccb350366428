// What a run will take, from jobs with known times and sizes.
#include "core/jobs/forecast.hpp"

#include "core/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using jobs::Costs;
using jobs::RunDirectory;

namespace {

void finish(const RunDirectory& run, const std::string& id, double seconds, std::size_t bytes) {
  const std::string file = "made/" + jobs::safe_name(id);
  base::write_file(run.root() / file, std::string(bytes, 'x'));
  jobs::JobReport report;
  report.id = id;
  report.seconds = seconds;
  report.files = {file};
  run.write_record(report, "key", "");
}

}  // namespace

TEST_CASE("time grows with a job's weight; disk does for images, not for the weights of networks") {
  const tests::Folder folder;
  const RunDirectory run(folder / "run");
  finish(run, "samples/single/000", 2.0, 1000);
  finish(run, "source/a", 30.0, 500);
  const std::vector<jobs::Job> known{{"samples/single/000", {}, "", 10.0, false, "", jobs::Disk::grows},
                                     {"source/a", {}, "", 100.0}};
  Costs costs;
  costs.learn(run, known);
  const jobs::Job samples{"samples/single/001", {}, "", 20.0, false, "", jobs::Disk::grows},
      source{"source/b", {}, "", 200.0};
  CHECK(costs.seconds(samples).value() == doctest::Approx(4.0));
  CHECK(costs.bytes(samples).value() == doctest::Approx(2000.0));
  CHECK(costs.seconds(source).value() == doctest::Approx(60.0));
  CHECK(costs.bytes(source).value() == doctest::Approx(500.0));
  CHECK_FALSE(costs.seconds({"transfer/a/b", {}, "", 1.0}).has_value());

  auto all = known;
  all.insert(all.end(), {samples, source, {"transfer/a/b", {}, "", 1.0}});
  const auto forecast = jobs::forecast(all, {{"samples/single/000", true}, {"source/a", true}}, costs, run);
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
