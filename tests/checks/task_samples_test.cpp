// Samples of a dataset plugin for the checks of a task plugin, neither of which is loaded here.
#include "core/checks/task_samples.hpp"

#include "core/base/error.hpp"
#include "tests/checks/checked.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;

namespace {

checks::CheckedPlugin built(const std::string& kind, const std::string& id,
                            const checks::PluginSettings& settings = {}) {
  return checks::CheckedPlugin(
      std::filesystem::path(TASKONOMY_BINARY_DIR "/lib/taskonomy") / ("taskonomy_" + kind + "_" + id + ".so"),
      settings);
}

}  // namespace

TEST_CASE("a task is checked with the samples of a dataset, and learns of that dataset") {
  auto task = built("task", "normal"), dataset = built("dataset", "scenes");
  checks::PluginSettings settings;
  settings.data = checks::take_samples(task, dataset);
  CHECK_FALSE(dataset.loaded());
  CHECK(settings.data->dataset.id == "scenes");
  REQUIRE(settings.data->samples.size() == 12);
  const auto& normal = settings.data->samples.front().data.at("normal");
  CHECK((normal.sizes() == torch::IntArrayRef({1, 3, checks::kSampleSide, checks::kSampleSide})));
  auto with_samples = built("task", "normal", settings);
  checks::CheckOptions options;
  options.only = {"label", "loss", "metrics"};
  const auto report = checks::run_checks(with_samples, options);
  for (const auto& result : report.results) {
    INFO(result.check->id, ": ", result.reason);
    CHECK_FALSE(checks::is_bad(result.verdict));
  }
  CHECK(report.unchecked_groups().empty());
}

TEST_CASE("a dataset that cannot be made is named with its constructor's words") {
  auto task = built("task", "normal"), dataset = built("dataset", "taskonomy");
  CHECK_THROWS_WITH_AS((void)checks::take_samples(task, dataset),
                       doctest::Contains("dataset \"taskonomy\" ("), base::Error);
}
