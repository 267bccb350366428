// What authors call: all checks in one process, one line each.
#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/testing.hpp>

#include "tests/fixtures/broken/good_task.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
namespace checking = sdk::testing;

namespace {

/// Never trained, as the task random: asked for its record alone.
struct Untrained : fixtures::GoodTask {
  explicit Untrained(const sdk::TaskContext&) : GoodTask(described()) {}
  static sdk::TaskInfo described() {
    sdk::TaskInfo info = describe();
    info.role = sdk::Role::source;
    info.trained = false;
    info.label_cost = 0.0;
    return info;
  }
};

/// Needs a modality of a dataset of its author's, and a parameter.
struct Warm : fixtures::GoodTask {
  explicit Warm(const sdk::TaskContext& context)
      : GoodTask(described()), hottest_(context.params.real("hottest", 300.0, 1.0, 1e4)) {}
  static sdk::TaskInfo described() {
    sdk::TaskInfo info = describe();
    info.modalities = {"thermal"};
    return info;
  }
  sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    return example_from(sdk::require_view(sample, "thermal", 1) / hottest_);
  }

 private:
  double hottest_;
};

/// Two scenes of depth in degrees, and one without samples between them; the second sample of the last has no reading.
class Thermal : public sdk::Dataset {
 public:
  const sdk::DatasetInfo& info() const noexcept override { return info_; }
  std::vector<sdk::Scene> scenes(sdk::ViewKind) const override { return {{"a", 4}, {"b", 0}, {"c", 4}}; }
  sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind,
                     const std::vector<std::string>& modalities) const override {
    auto generator = at::detail::createCPUGenerator(static_cast<std::uint64_t>(scene[0] * 10 + index));
    sdk::Sample sample{scene + std::to_string(index), {}};
    sample.data["rgb"] = torch::randint(256, {1, 3, 16, 16}, generator, torch::kUInt8);
    const bool wanted = std::find(modalities.begin(), modalities.end(), "thermal") != modalities.end();
    if (wanted && sample.id != "c1")
      sample.data["thermal"] = 100.0 + 250.0 * torch::rand({1, 1, 1, 1}, generator, torch::kFloat32) +
                               20.0 * torch::rand({1, 1, 16, 16}, generator, torch::kFloat32);
    return sample;
  }

 private:
  sdk::DatasetInfo info_{"thermal", "Thermal", "", {"rgb", "thermal"}, {sdk::ViewKind::single}, {}};
};

/// The share of pixels that are of an object; none is a share, too.
template <bool Declares>
struct Counts : fixtures::GoodTask, sdk::NoneIsAnswer {
  explicit Counts(const sdk::TaskContext&) : GoodTask(described()) {}
  static sdk::TaskInfo described() {
    sdk::TaskInfo info = describe();
    info.modalities = {"instance"};
    return info;
  }
  sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    sdk::Example example;
    example.target = sdk::require_view(sample, "instance", 1).gt(0.0).to(torch::kFloat32);
    example.mask = torch::ones_like(example.target, torch::kBool);
    return example;
  }
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::NoneIsAnswer::kId && !Declares ? nullptr : GoodTask::extension(id);
  }
  const std::vector<std::string>& answering_modalities() const noexcept override { return answering; }
  std::vector<std::string> answering{"instance"};
};

struct WideTypes : fixtures::GoodTask {
  using GoodTask::GoodTask;
  sdk::Example make_example(const sdk::Sample& sample, torch::Generator& generator) const override {
    torch::set_default_dtype(caffe2::TypeMeta::Make<double>());
    return GoodTask::make_example(sample, generator);
  }
};

struct Throws : fixtures::GoodTask {
  explicit Throws(const sdk::TaskContext& context) : GoodTask(context) {
    throw std::runtime_error("no luck");
  }
};

checking::Outcome outcome_of(const std::vector<checking::Result>& results, const std::string& id) {
  for (const auto& result : results) {
    if (result.check->id == id) return result.finding.outcome;
  }
  FAIL("no check " << id);
  return checking::Outcome::fail;
}

}  // namespace

TEST_CASE("a line for each check, and the hint of those that are not kept") {
  std::ostringstream out;
  auto subject = checking::subject_of<fixtures::GoodTask>();
  const auto results = checking::run_checks(subject, {.level = checking::Level::quick, .out = &out});
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == static_cast<std::ptrdiff_t>(results.size()));
  CHECK(text.find("PASS  loss.per_image") != std::string::npos);
  CHECK(text.find("decoder.overfits") == std::string::npos);  // takes longer than quick may

  std::ostringstream complaint;
  CHECK_FALSE(checking::conforms<Throws>({}, {.only = "spec.complete", .out = &complaint}));
  CHECK(complaint.str().find("FAIL  spec.complete") != std::string::npos);
  CHECK(complaint.str().find("threw: no luck") != std::string::npos);
  CHECK(complaint.str().find("hint") != std::string::npos);
}

TEST_CASE("one check or one group can be chosen") {
  std::ostringstream out;
  auto subject = checking::subject_of<fixtures::GoodTask>();
  CHECK(checking::run_checks(subject, {.only = "decoder.budget", .out = &out}).size() == 1);
  for (const auto& result : checking::run_checks(subject, {.only = "spec", .out = &out}))
    CHECK(result.check->id.rfind("spec.", 0) == 0);
  CHECK_THROWS_AS(checking::run_checks(subject, {.only = "spec.nonsense", .out = &out}),
                  std::invalid_argument);
}

TEST_CASE("each level includes the one before") {
  std::ostringstream out;
  auto subject = checking::subject_of<fixtures::GoodTask>({.side = 16});
  std::size_t fewer = 0;
  for (const auto level : {checking::Level::quick, checking::Level::full, checking::Level::pedantic}) {
    const auto results = checking::run_checks(subject, {.level = level, .out = &out});
    CHECK(results.size() > fewer);
    fewer = results.size();
  }
  CHECK(fewer == checking::task_checks().size());
}

TEST_CASE("a source that is never trained is asked for its record alone") {
  std::ostringstream out;
  auto subject = checking::subject_of<Untrained>({.side = 16});
  for (const auto& result : checking::run_checks(subject, {.out = &out})) {
    const bool record = result.check->id.rfind("spec.", 0) == 0;
    CHECK(result.finding.outcome == (record ? checking::Outcome::pass : checking::Outcome::skip));
  }
}

TEST_CASE("a modality of one's own leaves what needs samples unchecked, until it is added") {
  std::ostringstream out;
  auto without = checking::subject_of<Warm>({.side = 16});
  const auto unchecked = checking::run_checks(without, {.out = &out});
  CHECK(outcome_of(unchecked, "spec.modalities_known") == checking::Outcome::warn);
  CHECK(outcome_of(unchecked, "label.shape") == checking::Outcome::unchecked);
  CHECK(outcome_of(unchecked, "loss.finite") == checking::Outcome::unchecked);
  CHECK(outcome_of(unchecked, "decoder.shape") == checking::Outcome::pass);
  CHECK(out.str().find("--recipe RECIPE") != std::string::npos);
  CHECK(out.str().find("not tried, because label.shape could not be tried: ") != std::string::npos);
  CHECK_FALSE(checking::conforms(without, {.out = &out}));
  CHECK(checking::conforms(without, {.only = "spec", .out = &out}));

  checking::SubjectOptions options;
  options.side = 16;
  options.dataset.modalities.emplace_back("thermal");
  options.params["hottest"] = {100.0, "the test"};
  options.complete = [](sdk::Sample& sample) {
    sample.data["thermal"] = 100.0 * sample.data.at("depth_zbuffer");
  };
  auto with = checking::subject_of<Warm>(options);
  for (const auto& result : checking::run_checks(with, {.out = &out})) {
    INFO(result.check->id, ": ", result.finding.reason);
    CHECK(result.finding.outcome != checking::Outcome::fail);
    CHECK(result.finding.outcome != checking::Outcome::warn);
    CHECK(result.finding.outcome != checking::Outcome::unchecked);
  }
  CHECK(checking::conforms(with, {.out = &out}));
}

TEST_CASE("samples of a data set of one's own are as good as made-up ones") {
  const Thermal data;
  checking::SubjectOptions options{.side = 16, .dataset = data.info()};
  options.params["hottest"] = {100.0, "the test"};
  auto task = checking::subject_of<Warm>(options);
  options.samples = checking::samples_of(data, task.info(), 5);
  REQUIRE(options.samples.size() == 5);
  // Spread over the scenes, of which one is empty, and without the sample that has no reading.
  CHECK(options.samples[0].id == "a0");
  CHECK(options.samples[1].id == "c0");
  CHECK(options.samples[2].id == "a1");
  auto subject = checking::subject_of<Warm>(options);
  std::ostringstream out;
  for (const auto& result : checking::run_checks(subject, {.out = &out})) {
    INFO(result.check->id, ": ", result.finding.reason);
    CHECK(result.finding.outcome != checking::Outcome::fail);
    CHECK(result.finding.outcome != checking::Outcome::unchecked);
  }
  CHECK((subject.sample(24, 40, 1).data.at("thermal").sizes() == torch::IntArrayRef({1, 1, 24, 40})));
  CHECK_THROWS_WITH(
      static_cast<void>(checking::samples_of(data, checking::subject_of<fixtures::GoodTask>().info())),
      doctest::Contains("has no sample (single) with all"));
}

TEST_CASE("no reading may be an answer: a count of zero objects is a label") {
  std::ostringstream out;
  auto silent = checking::subject_of<Counts<false>>({.side = 16});
  CHECK(outcome_of(checking::run_checks(silent, {.only = "label", .out = &out}), "label.all_invalid") ==
        checking::Outcome::fail);
  auto declares = checking::subject_of<Counts<true>>({.side = 16});
  for (const auto& result : checking::run_checks(declares, {.only = "label", .out = &out})) {
    INFO(result.check->id, ": ", result.finding.reason);
    CHECK(result.finding.outcome != checking::Outcome::fail);
  }
}

TEST_CASE("one cause is one line, and a changed default type is one cause") {
  std::ostringstream out;
  auto subject = checking::subject_of<WideTypes>({.side = 16});
  std::size_t failures = 0;
  for (const auto& result : checking::run_checks(subject, {.out = &out}))
    failures += result.finding.outcome == checking::Outcome::fail ? 1 : 0;
  CHECK(failures == 1);
  CHECK(out.str().find("changed LibTorch's default type from float to double") != std::string::npos);
  CHECK((torch::get_default_dtype() == caffe2::TypeMeta::Make<float>()));
}

TEST_CASE("a plugin is reached through its entry") {
  static constexpr sdk::PluginTable kTable = {
      sizeof(sdk::PluginTable),
      0,
      "good",
      &sdk::plugin_entry::create<fixtures::GoodTask, sdk::Task, sdk::TaskContext>,
      nullptr,
      &sdk::plugin_entry::destroy<sdk::Task>,
      nullptr};
  CHECK(checking::subject_of(kTable).info().id == "good");
  static constexpr sdk::PluginTable kThrows = {
      sizeof(sdk::PluginTable),
      0,
      "throws",
      &sdk::plugin_entry::create<Throws, sdk::Task, sdk::TaskContext>,
      nullptr,
      &sdk::plugin_entry::destroy<sdk::Task>,
      nullptr};
  CHECK_THROWS_WITH(static_cast<void>(checking::subject_of(kThrows).make(32)), "no luck");
}

TEST_CASE("samples are the same for the same number and differ for another") {
  const auto subject = checking::subject_of<fixtures::GoodTask>();
  const auto first = subject.sample(1), again = subject.sample(1), other = subject.sample(2);
  CHECK(torch::equal(first.data.at("rgb"), again.data.at("rgb")));
  CHECK_FALSE(torch::equal(first.data.at("rgb"), other.data.at("rgb")));
  CHECK_THROWS_AS(static_cast<void>(checking::subject_of<fixtures::GoodTask>({.side = 30})),
                  std::invalid_argument);
}

TEST_CASE("the checks leave LibTorch's default generator as it was") {
  torch::manual_seed(4);
  const torch::Tensor expected = torch::rand({3});
  torch::manual_seed(4);
  std::ostringstream out;
  CHECK(checking::conforms<fixtures::GoodTask>({.side = 16}, {.out = &out}));
  CHECK(torch::equal(torch::rand({3}), expected));
}
