// Plugins and hosts of different versions of the SDK. tests/fixtures/skew keeps a binary of each released
// minor: this host and later ones of its major load and use those of the same major; those of an earlier
// major, and binaries of versions to come, are refused.
#include <elf.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/host/registry.hpp"
#include "tests/host/plugin_folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::message_of;
using tests::PluginFolder;
using tests::with_sdk;

namespace {

const std::string kFolder = TASKONOMY_SOURCE_DIR "/tests/fixtures/skew";

/// A kept plugin.
struct Kept {
  std::string file;
  std::string bytes;
  std::uint32_t major = 0;
};

/// The file names of the kept plugins, sorted.
std::vector<std::string> kept_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ".so") names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// Why this build rightly refuses a kept plugin for something else than its SDK's version; "" where it does
/// not. The kept plugins are for x86-64 and Debian 12's LibTorch, without sanitizers. A damaged file (TX1000)
/// or one without a stamp (TX1001) is refused by every build, so it is a failure and no reason.
std::string other_build(const std::optional<host::Refusal>& refusal) {
  if (host::own_platform().machine != EM_X86_64) return "this is no x86-64 machine";
  const bool differs = refusal && refusal->code >= 1003 && refusal->code <= 1007;
  return differs ? refusal->line() : "";
}

/// Kept plugins that this build could load but for their SDK's version. Each major
/// version has one, of its first minor.
const std::vector<Kept>& kept_plugins() {
  static const std::vector<Kept> plugins = [] {
    const std::vector<std::string> names = kept_names();
    for (std::uint32_t major = 1; major <= host::host_stamp().sdk_major; ++major) {
      const std::string released = "fixture_skew-sdk" + std::to_string(major) + ".0.so";
      REQUIRE_MESSAGE(std::count(names.begin(), names.end(), released) == 1, kFolder, " lacks ", released);
    }
    std::vector<Kept> found;
    for (const std::string& name : names) {
      const std::string path = kFolder + "/" + name;
      const host::PluginFile file = host::inspect(path, host::own_facts());
      const std::string reason = other_build(file.refusal);
      if (!reason.empty()) {
        MESSAGE("skipped: ", name, ": ", reason);
        continue;
      }
      REQUIRE_MESSAGE((!file.refusal || file.refusal->code == 1002), file.refusal->text);
      found.push_back({path, base::read_file(path), file.stamp.sdk_major});
    }
    return found;
  }();
  return plugins;
}

/// Those of this major, or those of earlier ones.
std::vector<Kept> kept_of(bool this_major) {
  std::vector<Kept> chosen;
  for (const Kept& plugin : kept_plugins())
    if ((plugin.major == host::host_stamp().sdk_major) == this_major) chosen.push_back(plugin);
  return chosen;
}

/// This host as a later minor of its SDK would make it.
host::HostFacts later_host(std::uint32_t minor) {
  host::HostFacts facts = host::own_facts();
  facts.stamp.sdk_minor = minor;
  facts.stamp.values["sdk"] = std::to_string(facts.stamp.sdk_major) + "." + std::to_string(minor);
  return facts;
}

host::PluginRegistry registry_of(const PluginFolder& folder, host::HostFacts facts) {
  return {{{folder.path()}, {}, "", false}, std::move(facts)};
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

/// Checks that a host of the next minor refuses the plugin and says what it is, what this is, and why.
void check_refused(const std::string& bytes, const std::string& sdk, const std::string& why) {
  const PluginFolder folder;
  folder.write("taskonomy_task_fixture_skew.so", bytes);
  const host::HostFacts facts = later_host(host::host_stamp().sdk_minor + 1);
  auto registry = registry_of(folder, facts);
  REQUIRE(registry.refused().size() == 1);
  CHECK(registry.refused()[0].code == 1002);
  const auto message = message_of([&] { (void)registry.find(host::Kind::task, "fixture_skew"); });
  CAPTURE(message);
  CHECK(message.find("task \"fixture_skew\": TX1002: plugin not loaded: " + folder.path().string()) == 0);
  for (const std::string& part :
       {"SDK " + sdk, "SDK " + facts.stamp.at("sdk"), why, std::string("differs    : sdk")})
    CHECK(message.find(part) != std::string::npos);
}

char digit(std::uint32_t number) { return static_cast<char>('0' + number); }

}  // namespace

TEST_CASE(
    "a plugin built with this or an earlier minor of the SDK loads and works in this host and in later "
    "ones") {
  for (const Kept& plugin : kept_of(true)) {
    CAPTURE(plugin.file);
    for (const std::uint32_t minor : {host::host_stamp().sdk_minor, host::host_stamp().sdk_minor + 1}) {
      const PluginFolder folder;
      folder.write("taskonomy_task_fixture_skew.so", plugin.bytes);
      auto registry = registry_of(folder, later_host(minor));
      REQUIRE(registry.refused().empty());
      const auto task =
          registry.create_task("fixture_skew", {{"scale", {2.0, "recipe.toml:9"}}},
                               {"photos", "Photos", "", {"rgb"}, {sdk::ViewKind::single}, {}}, 8);
      use(*task);
    }
  }
}

TEST_CASE("a plugin built with an earlier major of the SDK is refused and told what to do") {
  for (const Kept& plugin : kept_of(false)) {
    CAPTURE(plugin.file);
    check_refused(plugin.bytes, std::to_string(plugin.major) + ".",
                  "interfaces change between major versions of the SDK");
    check_refused(plugin.bytes, std::to_string(plugin.major) + ".", "versioning.md lists what changed");
  }
}

TEST_CASE("a plugin built with a newer minor, or a newer major, is refused and told what to do") {
  const std::uint32_t major = host::host_stamp().sdk_major;
  for (const Kept& plugin : kept_plugins()) {
    CAPTURE(plugin.file);
    check_refused(with_sdk(plugin.bytes, digit(major), '9'), std::to_string(major) + ".9",
                  "the plugin may use parts of the SDK that this host does not have yet");
    check_refused(with_sdk(plugin.bytes, digit(major + 1), '0'), std::to_string(major + 1) + ".0",
                  "interfaces change between major versions of the SDK");
  }
}
