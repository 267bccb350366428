// The ELF and stamp readers face arbitrary bytes: they may refuse, never read outside or throw.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#include "core/host/elf.hpp"
#include "core/host/stamp.hpp"
#include "tests/host/plugin_folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// Bytes that complain when somebody asks for more than there is; counts what was read.
struct Watched {
  std::string bytes;
  std::uint64_t outside = 0;
  std::uint64_t read = 0;

  host::ByteSource source() {
    return {bytes.size(), [this](std::uint64_t offset, void* to, std::size_t count) {
              if (offset > bytes.size() || count > bytes.size() - offset) {
                ++outside;
                return false;
              }
              std::copy_n(bytes.data() + offset, count, static_cast<char*>(to));
              read += count;
              return true;
            }};
  }
};

/// Cuts the bytes, or overwrites a few of them; headers are hit more often than the rest, extreme values too.
void mutate(std::string& bytes, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  if (below(4) == 0) bytes.resize(below(bytes.size()));
  if (bytes.empty()) return;
  for (std::size_t change = 1 + below(6); change > 0; --change) {
    const std::size_t zone = below(4);
    std::size_t at = zone == 0   ? below(std::min<std::size_t>(64, bytes.size()))
                     : zone == 1 ? below(std::min<std::size_t>(1024, bytes.size()))
                     : zone == 2 ? bytes.size() - 1 - below(std::min<std::size_t>(3000, bytes.size()))
                                 : below(bytes.size());
    const std::size_t width = std::size_t{1} << below(4);
    const std::uint64_t value = below(3) == 0 ? ~std::uint64_t{0} >> below(64) : random();
    for (std::size_t i = 0; i < width && at < bytes.size(); ++i, ++at)
      bytes[at] = static_cast<char>(value >> (8 * i));
  }
}

}  // namespace

TEST_CASE("a real plugin reads as what it is") {
  const auto facts = host::read_elf(host::memory_bytes(tests::good_plugin()), host::own_platform());
  CHECK(facts.problem.empty());
  CHECK(std::find(facts.needed.begin(), facts.needed.end(), "libtaskonomy_sdk.so.2") != facts.needed.end());
  REQUIRE(facts.stamp);
  const auto reading = host::read_stamp(*facts.stamp);
  CHECK(reading.problem.empty());
  CHECK(reading.stamp.at("id") == "fixture_good");
  CHECK(reading.stamp.at("kind") == "task");
  for (const auto& [key, value] : host::host_stamp().values) CHECK(reading.stamp.at(key) == value);
  CHECK(host::read_manual(facts.manual) == "A task that does all it promises.\n");
}

TEST_CASE("a manual page keeps its lines and loses what does things on terminals") {
  const std::string page =
      std::string("Title.\n\n  label\tnone \x1b[31m\x7f\xc3\xa4\n") + '\0' + "behind the end";
  CHECK(host::read_manual(page) == "Title.\n\n  label none  [31m \xc3\xa4\n");
  CHECK(host::read_manual("").empty());
}

TEST_CASE("a library that no taskonomy_add_task() made has no manual page and no stamp") {
  const auto sdk = std::filesystem::path(TASKONOMY_BINARY_DIR) / "lib/libtaskonomy_sdk.so";
  const auto facts = host::read_elf(host::file_bytes(sdk), host::own_platform());
  CHECK(facts.problem.empty());
  CHECK(facts.manual.empty());
  CHECK_FALSE(facts.stamp);
}

TEST_CASE("no truncation and no change of bytes makes the reader read outside the file") {
  const auto platform = host::own_platform();
  std::mt19937_64 random(20240501);
  int sound = 0, refused = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    Watched watched{tests::good_plugin()};
    mutate(watched.bytes, random);
    const auto facts = host::read_elf(watched.source(), platform);
    CHECK(watched.outside == 0);
    CHECK(watched.read < 20 * watched.bytes.size() + 10000000);
    if (facts.stamp) (void)host::read_stamp(*facts.stamp);
    (facts.problem.empty() ? sound : refused)++;
  }
  // The trial is only worth something when both happen often.
  CHECK(sound > 1000);
  CHECK(refused > 1000);
}

TEST_CASE("no change of the stamp's bytes makes its reader read outside") {
  const auto good =
      host::read_elf(host::memory_bytes(tests::good_plugin()), host::own_platform()).stamp.value();
  std::mt19937_64 random(7);
  int accepted = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::string bytes = good;
    mutate(bytes, random);
    bytes.shrink_to_fit();
    accepted += host::read_stamp(bytes).problem.empty() ? 1 : 0;
  }
  CHECK(accepted < 20000);
}

TEST_CASE("ids") {
  CHECK(host::is_id("depth_zbuffer"));
  CHECK(host::is_id("keypoints2d"));
  for (const char* text : {"", "2d", "_a", "Normal", "a-b", "a b", "../x", "\xc3\xa4"})
    CHECK_FALSE(host::is_id(text));
}
