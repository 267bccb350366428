// Each promise of a dataset is broken by one dataset, which its check finds and no other.
#include "core/checks/dataset_checks.hpp"

#include <unistd.h>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "core/checks/run_checks.hpp"
#include "tests/checks/checked.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using checks::DatasetSubject;
using checks::Outcome;

namespace {

/// Three scenes of grey images, and depth that agrees; a second kind of views.
class GoodDataset : public sdk::Dataset {
 public:
  explicit GoodDataset(std::int64_t side) : side_(side) {}
  const sdk::DatasetInfo& info() const noexcept override { return info_; }
  std::vector<sdk::Scene> scenes(sdk::ViewKind) const override { return {{"a", 3}, {"b", 0}, {"c", 2}}; }
  sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                     const std::vector<std::string>& modalities) const override {
    for (const auto& known : GoodDataset::scenes(kind))
      if (known.id == scene && index >= 0 && index < known.samples)
        return drawn(scene, index, kind, modalities);
    throw std::runtime_error("scene \"" + scene + "\" has no sample " + std::to_string(index));
  }

 protected:
  virtual std::uint64_t seed_of(const std::string& scene, std::int64_t index) const {
    return 100 * static_cast<std::uint64_t>(scene.front()) + static_cast<std::uint64_t>(index);
  }
  sdk::Sample drawn(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                    const std::vector<std::string>& modalities) const {
    sdk::Sample sample{sdk::word_of(kind) + "-" + scene + "-" + std::to_string(index), {}};
    const std::int64_t views = sdk::views_of(kind);
    for (const auto& name : modalities) {
      auto generator = at::detail::createCPUGenerator(seed_of(scene, index));
      const auto values =
          torch::rand({views, name == "rgb" ? 3 : 1, side_, side_}, generator, torch::kFloat32);
      if (name == "rgb") sample.data[name] = (values * 255.0).to(torch::kUInt8);
      if (name == "depth_zbuffer") sample.data[name] = 1.0 + values;
    }
    return sample;
  }

  std::int64_t side_;
  sdk::DatasetInfo info_{"good",
                         "Good",
                         "nobody",
                         {"rgb", "depth_zbuffer"},
                         {sdk::ViewKind::single, sdk::ViewKind::fixated_pair},
                         {}};
};

struct NoRgb : GoodDataset {
  explicit NoRgb(std::int64_t side) : GoodDataset(side) { info_.modalities = {"depth_zbuffer"}; }
};

/// What the scenes of a good dataset are changed to.
template <void (*Change)(std::vector<sdk::Scene>& scenes, sdk::ViewKind kind)>
struct Scenes : GoodDataset {
  using GoodDataset::GoodDataset;
  std::vector<sdk::Scene> scenes(sdk::ViewKind kind) const override {
    auto list = GoodDataset::scenes(kind);
    Change(list, kind);
    return list;
  }
};

void one_id(std::vector<sdk::Scene>& scenes, sdk::ViewKind) { scenes[2].id = "a"; }
void negative(std::vector<sdk::Scene>& scenes, sdk::ViewKind) { scenes[1].samples = -3; }
void too_many(std::vector<sdk::Scene>& scenes, sdk::ViewKind) { scenes[1].samples = 4'000'000'000'000; }
void odd_split(std::vector<sdk::Scene>& scenes, sdk::ViewKind) { scenes[0].split = "validation"; }
void in_turn(std::vector<sdk::Scene>& scenes, sdk::ViewKind) {
  static std::atomic<int> turn{0};
  if (++turn % 3 == 0) std::swap(scenes[0], scenes[2]);
}
void by_process(std::vector<sdk::Scene>& scenes, sdk::ViewKind) {
  static const auto first = ::getpid();
  if (::getpid() != first) std::swap(scenes[0], scenes[2]);
}
void left_out(std::vector<sdk::Scene>& scenes, sdk::ViewKind kind) {
  if (kind != sdk::ViewKind::single) scenes.erase(scenes.begin() + 1);
}
void counts_more(std::vector<sdk::Scene>& scenes, sdk::ViewKind) {
  scenes[0].samples += 5;
  scenes[2].samples += 5;
}
void counts_less(std::vector<sdk::Scene>& scenes, sdk::ViewKind) { scenes[0].samples -= 1; }

/// What a sample of a good dataset is changed to.
template <void (*Change)(sdk::Sample& sample)>
struct Samples : GoodDataset {
  using GoodDataset::GoodDataset;
  sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                     const std::vector<std::string>& modalities) const override {
    sdk::Sample sample = GoodDataset::sample(scene, index, kind, modalities);
    Change(sample);
    return sample;
  }
};

void same_id(sdk::Sample& sample) { sample.id = "image"; }
void no_depth(sdk::Sample& sample) { sample.data.erase("depth_zbuffer"); }
void float_rgb(sdk::Sample& sample) { sample.data["rgb"] = sample.data["rgb"].to(torch::kFloat32) / 255.0; }
void one_more_pixel(sdk::Sample& sample) {
  sample.data["rgb"] = torch::constant_pad_nd(sample.data["rgb"], {0, 1, 0, 1}, 0);
}
void millimetres(sdk::Sample& sample) {
  if (sample.data.count("depth_zbuffer") > 0) sample.data["depth_zbuffer"].mul_(1000.0);
}
void every_time_another(sdk::Sample& sample) {
  static std::atomic<int> calls{0};
  if (sample.data.count("depth_zbuffer") > 0) sample.data["depth_zbuffer"].add_(0.001 * ++calls);
}
void other_in_process(sdk::Sample& sample) {
  static const auto first = ::getpid();
  if (::getpid() != first) sample.data["rgb"].bitwise_not_();
}

/// Hands out what it keeps.
struct Shares : GoodDataset {
  using GoodDataset::GoodDataset;
  sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                     const std::vector<std::string>& modalities) const override {
    sdk::Sample sample = GoodDataset::sample(scene, index, kind, modalities);
    sample.data["rgb"] = kept_.emplace(sample.id, sample.data["rgb"]).first->second;
    return sample;
  }
  mutable std::map<std::string, torch::Tensor> kept_;
};

/// Draws through a number that all threads write to.
struct Unlocked : GoodDataset {
  using GoodDataset::GoodDataset;
  sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                     const std::vector<std::string>& modalities) const override {
    busy_ = static_cast<int>(100 * scene.front() + index);
    sdk::Sample sample = GoodDataset::sample(scene, index, kind, modalities);
    for (int wait = 0; wait < 50 && busy_ == static_cast<int>(100 * scene.front() + index); ++wait)
      std::this_thread::yield();
    if (busy_ != static_cast<int>(100 * scene.front() + index)) sample.data["rgb"].bitwise_not_();
    return sample;
  }
  mutable std::atomic<int> busy_{0};
};

struct OneSide : GoodDataset {
  explicit OneSide(std::int64_t) : GoodDataset(32) {}
};

struct Restless : GoodDataset {
  using GoodDataset::GoodDataset;
  std::string files_state(const std::string&, const std::string&) const override {
    static std::atomic<int> calls{0};
    return std::to_string(++calls);
  }
};

struct Broken {
  std::string check, defect;
  DatasetSubject::Factory factory;
};

template <class Class>
Broken broken(const std::string& check, const std::string& defect) {
  return {check, defect, [](std::int64_t side) { return std::make_shared<Class>(side); }};
}

/// The outcome of each check that could be tried, by its id.
std::map<std::string, checks::Finding> findings_of(DatasetSubject& subject) {
  std::map<std::string, checks::Finding> found;
  for (const auto& check : checks::dataset_checks()) {
    bool can = true;
    for (const auto& need : check.needs)
      can = can && found.count(need) > 0 && found[need].outcome != Outcome::fail;
    if (!can) continue;
    try {
      found[check.id] = check.run(subject);
    } catch (const std::exception& error) {
      found[check.id] = {Outcome::fail, error.what()};
    }
  }
  return found;
}

}  // namespace

TEST_CASE("a good dataset keeps everything") {
  DatasetSubject subject([](std::int64_t side) { return std::make_shared<GoodDataset>(side); });
  const auto found = findings_of(subject);
  CHECK(found.size() == checks::dataset_checks().size());
  for (const auto& [id, finding] : found) {
    INFO(id, ": ", finding.reason);
    CHECK(finding.outcome == Outcome::pass);
  }
}

TEST_CASE("every broken dataset is found out by its check alone") {
  const std::vector<Broken> all{
      broken<NoRgb>("spec.complete", "no images"),
      broken<Scenes<one_id>>("scenes.named", "one id for two scenes"),
      broken<Scenes<negative>>("scenes.counts", "-3 samples"),
      broken<Scenes<too_many>>("scenes.counts", "4e12 samples"),
      broken<Scenes<odd_split>>("scenes.split", "a split that there is not"),
      broken<Scenes<in_turn>>("scenes.stable", "an order that changes"),
      broken<Scenes<by_process>>("scenes.stable", "an order that depends on the process"),
      broken<Scenes<left_out>>("scenes.same_for_all_kinds", "a scene is missing for pairs"),
      broken<Scenes<counts_more>>("sample.readable", "samples that cannot be read are counted"),
      broken<Scenes<counts_less>>("sample.beyond", "a sample more than is counted"),
      broken<Samples<same_id>>("sample.ids", "one id for all samples"),
      broken<Samples<no_depth>>("sample.modalities", "no depth, although offered"),
      broken<Samples<float_rgb>>("sample.shapes", "images of float32"),
      broken<Samples<one_more_pixel>>("sample.shapes", "images of 33 pixels"),
      broken<OneSide>("sample.sides", "32 pixels, whatever is asked for"),
      broken<Samples<millimetres>>("sample.values", "millimetres"),
      broken<Samples<every_time_another>>("sample.pure", "another depth every time"),
      broken<Shares>("sample.pure", "hands out what it keeps"),
      broken<Samples<other_in_process>>("sample.processes", "another image in another process"),
      broken<Unlocked>("sample.threads", "a number that all threads write to"),
      broken<Restless>("sample.files_state", "a state that always changes"),
  };
  std::set<std::string> tried;
  for (const auto& one : all) {
    DatasetSubject subject(one.factory);
    tried.insert(one.check);
    for (const auto& [id, finding] : findings_of(subject)) {
      const bool found = finding.outcome != Outcome::pass;
      INFO("for ", one.check, " (", one.defect, "): ", id, " says ", finding.reason);
      CHECK(found == (id == one.check));
      if (found) CHECK_FALSE(finding.reason.empty());
    }
  }
  for (const auto& check : checks::dataset_checks()) {
    INFO(check.id);
    CHECK(tried.count(check.id) == 1);
  }
}

TEST_CASE(
    "the datasets of this house are good files, datasets and guests; one without its folder is not checked") {
  const auto file = [](const std::string& id) {
    return std::filesystem::path(TASKONOMY_BINARY_DIR "/lib/taskonomy") / ("taskonomy_dataset_" + id + ".so");
  };
  const auto scenes = tests::checked(file("scenes"));
  CHECK(tests::bad_of(scenes) == tests::Texts{});
  CHECK(scenes.unchecked_groups().empty());
  const auto taskonomy = tests::checked(file("taskonomy"));
  CHECK(taskonomy.kept());
  CHECK(tests::result_of(taskonomy, "load.creates").verdict == checks::Verdict::unchecked);
  CHECK(taskonomy.unchecked_groups() == tests::Texts{"spec", "scenes", "sample", "manners"});
}
