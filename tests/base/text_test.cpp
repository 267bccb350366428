// Text, numbers, hashes, seeds and machine facts.
#include "core/base/text.hpp"

#include <cmath>
#include <cstring>
#include <random>
#include <set>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/machine.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

TEST_CASE("split undoes join") {
  for (const std::vector<std::string>& parts :
       std::vector<std::vector<std::string>>{{""}, {"a"}, {"a", "b"}, {"", "", "x", ""}})
    CHECK(base::split(base::join(parts, "+"), '+') == parts);
  CHECK(base::join({}, ",").empty());
  CHECK(base::trim(" \t a b\r\n") == "a b");
  CHECK(base::trim(" \n").empty());
}

TEST_CASE("numbers read back exactly") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t bits = random();
    double value = 0.0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    CHECK(std::strtod(base::number(value).c_str(), nullptr) == value);
  }
  CHECK(base::number(0.1) == "0.1");
  CHECK(base::number(3.0) == "3");
  CHECK(base::number(std::nan("")) == "nan");
  CHECK(base::number(INFINITY) == "inf");
  CHECK(base::fixed(2.345, 1) == "2.3");
}

TEST_CASE("durations as people say them") {
  CHECK(base::duration(3.4) == "3 s");
  CHECK(base::duration(59.6) == "1 min 00 s");
  CHECK(base::duration(125) == "2 min 05 s");
  CHECK(base::duration(4800) == "1 h 20 min");
}

TEST_CASE("the nearest word is offered only when it is near") {
  const std::vector<std::string> words{"steps", "batch", "schedule"};
  CHECK(base::nearest("stepps", words) == "steps");
  CHECK(base::nearest("shedule", words) == "schedule");
  CHECK(base::nearest("qqqqq", words).empty());
  CHECK(base::nearest("x", {}).empty());
  CHECK(base::did_you_mean("bach", words) == "; did you mean \"batch\"?");
  CHECK(base::did_you_mean("qqqqq", words).empty());
}

TEST_CASE("hashes and seeds are those of every machine, and differ with every byte") {
  // From another implementation: a change of these would make every old run folder stale and every seed
  // another.
  CHECK(base::hash("") == 0xc3817c016ba4ff30ULL);
  CHECK(base::hash("taskonomy") == 0x5047a62deae5d453ULL);
  CHECK(base::fingerprint("taskonomy").size() == 32);
  std::set<std::string> seen;
  std::string text(40, 'a');
  for (std::size_t i = 0; i < text.size(); ++i)
    for (int c = 0; c < 256; ++c) {
      std::string changed = text;
      changed[i] = static_cast<char>(c);
      seen.insert(base::fingerprint(changed));
    }
  CHECK(seen.size() == 40 * 255 + 1);
  CHECK(base::seed_of(1, "source/a") != base::seed_of(1, "source/b"));
  CHECK(base::seed_of(1, "source/a") != base::seed_of(2, "source/a"));
}

TEST_CASE("errors gain their place on the way out and keep their exit code") {
  try {
    base::with_context("demo.toml:3", [] {
      base::with_context("task \"a\"",
                         []() -> void { throw base::Error("no budget", base::ExitCode::infeasible); });
    });
    FAIL("nothing was thrown");
  } catch (const base::Error& error) {
    CHECK(std::string(error.what()) == "demo.toml:3: task \"a\": no budget");
    CHECK(error.code() == base::ExitCode::infeasible);
  }
  CHECK_THROWS_AS(base::with_context("x", []() -> void { throw std::logic_error("bug"); }), std::logic_error);
  CHECK_THROWS_WITH_AS(base::with_context("x", []() -> void { throw std::runtime_error("y"); }), "x: y",
                       base::Error);
  CHECK(base::with_context("x", [] { return 3; }) == 3);
}

TEST_CASE("the machine has a core, memory and a clock") {
  CHECK(base::usable_cores() >= 1);
  CHECK(base::this_machine().memory_gib > 0.1);
  CHECK(base::utc_now().size() == 20);
  CHECK(base::this_program().find("test_base") != std::string::npos);
}
