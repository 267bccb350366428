// Every code with which a plugin is refused: one good plugin, a few bytes changed.
#include <filesystem>
#include <string>

#include <taskonomy/sdk/detail/stamp.hpp>
#include "core/base/error.hpp"
#include "core/host/registry.hpp"
#include "tests/host/plugin_folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using tests::good_plugin;
using tests::message_of;
using tests::patched;
using tests::PluginFolder;
using tests::with_sdk;

namespace {

constexpr const char* kFile = "taskonomy_task_fixture_good.so";

using taskonomy::tests::has;

/// The host's value of a key with its last letter changed, as it stands in the stamp.
std::string with_other(const std::string& bytes, const std::string& key) {
  const std::string line = key + "=" + host::host_stamp().at(key) + std::string(1, '\0');
  std::string other = line;
  other[line.size() - 2] = line[line.size() - 2] == '7' ? '8' : '7';
  return patched(bytes, line, other);
}

/// What inspect() says of these bytes.
host::Refusal refusal_of(const std::string& bytes) {
  const PluginFolder folder;
  const auto file = host::inspect(folder.write(kFile, bytes), host::own_facts());
  return file.refusal.value_or(host::Refusal{});
}

}  // namespace

TEST_CASE("the good plugin is not refused") { CHECK(refusal_of(good_plugin()).code == 0); }

TEST_CASE("TX1000: a file that is cut short anywhere") {
  const auto& good = good_plugin();
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{3}, std::size_t{15}, std::size_t{63}, std::size_t{64}, std::size_t{1000},
        good.size() / 4, good.size() / 2, good.size() - 1}) {
    CAPTURE(length);
    const auto refusal = refusal_of(good.substr(0, length));
    CHECK(refusal.code == 1000);
    CHECK(refusal.id == "fixture_good");  // by the file's name
  }
}

TEST_CASE("TX1000: not ELF, other word size, other processor, not a library, not a file") {
  CHECK(has(refusal_of("#!/bin/sh\necho this is no library\n").text, "not an ELF file"));
  std::string bytes = good_plugin();
  bytes[4] = 1;
  CHECK(refusal_of(bytes).code == 1000);
  CHECK(has(refusal_of(bytes).text, "word size"));
  bytes = good_plugin();
  bytes[5] = 2;
  CHECK(has(refusal_of(bytes).text, "byte order"));
  bytes = good_plugin();
  bytes[18] = static_cast<char>(bytes[18] ^ 0x55);
  CHECK(has(refusal_of(bytes).text, "another processor"));
  bytes = good_plugin();
  bytes[16] = 1;
  CHECK(has(refusal_of(bytes).text, "not a shared library"));
  const PluginFolder folder;
  std::filesystem::create_directory(folder.path() / kFile);
  CHECK(host::inspect(folder.path() / kFile, host::own_facts()).refusal.value_or(host::Refusal{}).code ==
        1000);
  CHECK(host::inspect(folder.path() / "none.so", host::own_facts()).refusal.value_or(host::Refusal{}).code ==
        1000);
}

TEST_CASE("TX1001: no stamp, or one that cannot be read") {
  const auto& good = good_plugin();
  CHECK(refusal_of(patched(good, std::string("txstamp\0", 8), std::string("txstomp\0", 8))).code == 1001);
  CHECK(refusal_of(patched(good, TX_STAMP_MAGIC, "XXSTAMP")).code == 1001);
  std::string bytes = good;
  bytes[bytes.find(TX_STAMP_MAGIC) + 8] = 2;
  CHECK(has(refusal_of(bytes).text, "format 2, this host reads 1"));
  bytes = good;
  bytes[bytes.find(TX_STAMP_MAGIC) + 14] = 1;
  CHECK(has(refusal_of(bytes).text, "wrong size"));
  CHECK(has(refusal_of(patched(good, "cxx11abi=", "cxx12abi=")).text, "lacks the key \"cxx11abi\""));
  CHECK(has(refusal_of(patched(good, "id=fixture_good", "id=Fixture good")).text, "not lower case"));
  CHECK(has(refusal_of(patched(good, "kind=task", "kind=tusk")).text, "neither task nor dataset"));
  CHECK(has(refusal_of(patched(good, "A task that", "A\x1b[31m that")).text, "control characters"));
  // A library of the system that has nothing to do with us.
  CHECK(refusal_of(base::read_file(std::filesystem::path(TASKONOMY_BINARY_DIR) / "lib/libtaskonomy_sdk.so"))
            .code == 1001);
}

TEST_CASE("TX1002: another major, or a newer minor, of the SDK") {
  const auto refusal = refusal_of(with_sdk(good_plugin(), '3', '0'));
  CHECK(refusal.code == 1002);
  CHECK(refusal.id == "fixture_good");
  CHECK(has(refusal.text, "SDK 3.0"));
  CHECK(refusal_of(with_sdk(good_plugin(), '2', '9')).code == 1002);
  const auto old = refusal_of(with_sdk(good_plugin(), '1', '0'));
  CHECK(old.code == 1002);
  CHECK(has(old.text, "versioning.md lists what changed"));
  // An older minor is welcome.
  const PluginFolder folder;
  host::HostFacts newer = host::own_facts();
  newer.stamp.sdk_minor = 4;
  newer.stamp.values["sdk"] = "2.4";
  CHECK_FALSE(host::inspect(folder.write(kFile, good_plugin()), newer).refusal);
}

TEST_CASE("TX1003, TX1004: the message names all differences, why they matter and what mends them") {
  std::string bytes = with_other(with_other(good_plugin(), "torch"), "cxx11abi");
  const auto refusal = refusal_of(bytes);
  CHECK(refusal.code == 1003);
  const auto& ours = host::host_stamp();
  std::string theirs = ours.at("torch");
  theirs.back() = '7';
  const std::string shared = ", " + ours.at("compiler") + ", SDK " TX_STAMP_SDK "\n";
  const std::string expected =
      "TX1003: plugin not loaded: " + refusal.path.string() + "\n  built with : LibTorch " + theirs +
      ", cxx11abi 7" + shared + "  this host  : LibTorch " + ours.at("torch") + ", cxx11abi " +
      ours.at("cxx11abi") + shared +
      "  differs    : torch, cxx11abi\n"
      "  why        : torch::Tensor and torch::nn only work inside one LibTorch build\n"
      "  fix        : build the plugin again with this host's SDK and LibTorch: "
      "cmake -S <plugin> -B build --fresh -DCMAKE_PREFIX_PATH=\"$(taskonomy sdk prefix)\" && cmake --build "
      "build";
  CHECK(refusal.text == expected);
  CHECK(refusal.line() ==
        "TX1003: plugin not loaded: " + refusal.path.string() + " (differs: torch, cxx11abi)");
  CHECK(refusal_of(with_other(good_plugin(), "cxx11abi")).code == 1004);
}

TEST_CASE("TX1005: a plugin that would bring a second LibTorch") {
  const auto host = host::own_facts();
  const auto facts = host::read_elf(host::memory_bytes(good_plugin()), host.platform);
  REQUIRE(facts.problem.empty());
  std::string needed;
  for (const auto& name : facts.needed) {
    if (name.rfind("libc10", 0) == 0) needed = name;
  }
  REQUIRE(!needed.empty());
  std::string other = needed;
  other.back() = '~';
  const auto refusal =
      refusal_of(patched(good_plugin(), needed + std::string(1, '\0'), other + std::string(1, '\0')));
  CHECK(refusal.code == 1005);
  CHECK(has(refusal.text, "needs      : " + other));
  CHECK(has(refusal.text, needed));
}

TEST_CASE("TX1006 and TX1007: language settings, sanitizers") {
  for (const char* key : {"stdlib", "debug", "rtti", "exceptions"}) {
    CAPTURE(key);
    const auto refusal = refusal_of(with_other(good_plugin(), key));
    CHECK(refusal.code == 1006);
    CHECK(has(refusal.text, std::string("differs    : ") + key));
    CHECK(has(refusal.text, std::string(key) + " " + host::host_stamp().at(key)));
  }
  CHECK(refusal_of(with_other(good_plugin(), "sanitizer")).code == 1007);
}

TEST_CASE("another compiler is a note, not a refusal") {
  const PluginFolder folder;
  const auto file =
      host::inspect(folder.write(kFile, with_other(good_plugin(), "compiler")), host::own_facts());
  CHECK_FALSE(file.refusal);
  REQUIRE(file.notes.size() == 1);
  CHECK(has(file.notes[0], "this host's is " + host::host_stamp().at("compiler")));
}

TEST_CASE("TX1009: what only loading can find") {
  const auto create = [](const std::string& bytes, const std::string& id) {
    const PluginFolder folder;
    folder.write(kFile, bytes);
    host::SearchOptions options{{folder.path()}, {}, {}, false};
    host::PluginRegistry registry(options);
    return message_of([&] { (void)registry.create_task(id, {}, {}, 32); });
  };
  const auto missing = create(patched(good_plugin(), "libgcc_s.so.1", "libgcc_x.so.1"), "fixture_good");
  CHECK(has(missing, "task \"fixture_good\": TX1009"));
  CHECK(has(missing, "libgcc_x.so.1"));
  const auto renamed = create(patched(good_plugin(), "id=fixture_good", "id=fixture_goad"), "fixture_goad");
  CHECK(has(renamed, "TX1009"));
  CHECK(has(renamed, "the stamp says task \"fixture_goad\", the entry something else"));
}

TEST_CASE("TX1010: one id twice in one folder names both files; a link to the same file is no duplicate") {
  const PluginFolder folder;
  folder.write("taskonomy_task_fixture_good.so", good_plugin());
  folder.write("taskonomy_task_copy.so", good_plugin());
  const host::SearchOptions options{{folder.path()}, {}, {}, false};
  {
    host::PluginRegistry registry(options);
    CHECK(registry.entries(host::Kind::task).empty());
    const auto message = message_of([&] { (void)registry.create_task("fixture_good", {}, {}, 32); });
    CHECK(has(message, "TX1010"));
    CHECK(has(message, "taskonomy_task_copy.so"));
    CHECK(has(message, "taskonomy_task_fixture_good.so"));
  }
  std::filesystem::remove(folder.path() / "taskonomy_task_copy.so");
  std::filesystem::create_symlink(folder.path() / kFile, folder.path() / "taskonomy_task_copy.so");
  host::PluginRegistry registry(options);
  CHECK(registry.entries(host::Kind::task).size() == 1);
  CHECK(registry.refused().empty());
}

TEST_CASE("a refused plugin that nobody asks for does not hinder the others") {
  const PluginFolder folder;
  folder.add_good();
  folder.write("taskonomy_task_torn.so", good_plugin().substr(0, 9000));
  folder.write("taskonomy_task_text.so", "hello");
  host::PluginRegistry registry({{folder.path()}, {}, {}, false});
  CHECK(registry.entries(host::Kind::task).size() == 1);
  REQUIRE(registry.refused().size() == 2);
  CHECK(registry.refused()[0].id == "text");
  CHECK(registry.refused()[1].id == "torn");
}
