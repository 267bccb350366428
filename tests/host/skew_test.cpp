// Plugins and hosts of different minor versions of the SDK: binaries of earlier minors, kept in
// tests/fixtures/skew, load and work; newer ones are refused.
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "core/host/registry.hpp"
#include "tests/host/plugin_folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::message_of;
using tests::PluginFolder;
using tests::with_sdk;

namespace {

/// Kept plugins of earlier minors, and of today's.
std::vector<std::filesystem::path> kept() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(TASKONOMY_SOURCE_DIR) + "/tests/fixtures/skew"))
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// This host as a later minor of the SDK would make it.
host::HostFacts later_host(std::uint32_t minor) {
  host::HostFacts facts = host::own_facts();
  facts.stamp.sdk_minor = minor;
  facts.stamp.values["sdk"] = std::to_string(facts.stamp.sdk_major) + "." + std::to_string(minor);
  return facts;
}

host::PluginRegistry registry_of(const PluginFolder& folder, host::HostFacts facts) {
  return {{{folder.path()}, {}, "", false}, std::move(facts)};
}

/// Whether this build could load what was built with Debian 12's LibTorch at all: same platform, LibTorch and
/// sanitizers. Elsewhere the binaries are refused for that, rightly.
bool built_like_kept(const std::filesystem::path& file) {
  const auto refusal = host::inspect(file, host::own_facts()).refusal;
  return !refusal || refusal->code == 1002;
}

/// Everything that a run asks of a task.
void use(const sdk::Task& task) {
  const sdk::Sample sample{"one", {{"rgb", torch::full({1, 3, 8, 8}, 255, torch::kUInt8)}}};
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(1);
  const auto example = task.make_example(sample, generator);
  CHECK(example.target.item<double>() == doctest::Approx(2.0));
  const auto decoder = task.make_decoder({});
  const auto prediction = decoder->forward(torch::zeros({3, sdk::DecoderConfig{}.in_channels, 4, 4}));
  const auto losses = task.loss(prediction, example.target.expand({3, 1}), {});
  CHECK(losses.sizes() == torch::IntArrayRef({3}));
  losses.mean().backward();
  CHECK(decoder->parameters().front().grad().defined());
  CHECK(message_of([&] {
          (void)task.make_example({"empty", {}}, generator);
        }) == "modality \"rgb\" is missing");
  CHECK(task.extension("taskonomy.metrics/1") == nullptr);
}

}  // namespace

TEST_CASE("a plugin built with an earlier minor of the SDK loads and works in this host and in later ones") {
  REQUIRE(!kept().empty());
  for (const auto& file : kept()) {
    CAPTURE(file);
    if (!built_like_kept(file)) {
      MESSAGE(file.filename().string(), " is for Debian 12's LibTorch; this build has another");
      continue;
    }
    for (const std::uint32_t minor : {host::host_stamp().sdk_minor, host::host_stamp().sdk_minor + 1}) {
      const PluginFolder folder;
      folder.write("taskonomy_task_fixture_skew.so", base::read_file(file));
      auto registry = registry_of(folder, later_host(minor));
      REQUIRE(registry.refused().empty());
      const auto task =
          registry.create_task("fixture_skew", {{"scale", {2.0, "recipe.toml:9"}}},
                               {"photos", "Photos", "", {"rgb"}, {sdk::ViewKind::single}, {}}, 8);
      use(*task);
    }
  }
}

TEST_CASE("a plugin built with a newer minor, or another major, is refused and told what to do") {
  for (const auto& file : kept()) {
    if (!built_like_kept(file)) continue;
    for (const auto& [major, minor, why] :
         {std::tuple{'1', '9', "the plugin may use parts of the SDK that this host does not have yet"},
          std::tuple{'2', '0', "interfaces change between major versions of the SDK"}}) {
      const PluginFolder folder;
      folder.write("taskonomy_task_fixture_skew.so", with_sdk(base::read_file(file), major, minor));
      auto registry = registry_of(folder, later_host(1));
      REQUIRE(registry.refused().size() == 1);
      CHECK(registry.refused()[0].code == 1002);
      const auto message = message_of([&] { (void)registry.find(host::Kind::task, "fixture_skew"); });
      CAPTURE(message);
      CHECK(message.find("task \"fixture_skew\": TX1002: plugin not loaded: " + folder.path().string()) == 0);
      for (const std::string& part : {std::string("SDK ") + major + "." + minor, std::string("SDK 1.1"),
                                      std::string(why), std::string("differs    : sdk")})
        CHECK(message.find(part) != std::string::npos);
    }
  }
}
