// The contract of a task, all checks of the SDK at level full, tried on every task plugin that was built.
// Checks that find what they should are tests/sdk/testing's matter.
#include <string>
#include <vector>

#include <taskonomy/sdk/testing.hpp>

#include "core/host/registry.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
namespace checks = sdk::testing;

namespace {

host::PluginRegistry& registry() {
  static host::PluginRegistry instance({{std::string(TASKONOMY_BINARY_DIR) + "/lib/taskonomy",
                                         std::string(TASKONOMY_BINARY_DIR) + "/fixtures/taskonomy"},
                                        {},
                                        {},
                                        false});
  return instance;
}

checks::Subject subject_of(const std::string& id) {
  return checks::Subject([id](const sdk::DatasetInfo& dataset, std::int64_t side) {
    return registry().create_task(id, {}, dataset, side);
  });
}

/// Every plugin of lib/taskonomy, and the good fixture.
std::vector<std::string> task_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : registry().entries(host::Kind::task)) {
    const bool fixture = entry.path.parent_path().parent_path().filename() == "fixtures";
    if (!fixture || entry.id == "fixture_good") ids.push_back(entry.id);
  }
  return ids;
}

}  // namespace

TEST_CASE("every built plugin can be loaded") {
  for (const auto& refusal : registry().refused()) {
    INFO(refusal.text);
    CHECK(refusal.code == 0);
  }
  CHECK(task_ids().size() > 1);
  for (const auto& entry : registry().entries(host::Kind::task)) {
    INFO("plugin ", entry.id);
    CHECK(entry.path.filename() == "taskonomy_task_" + entry.id + ".so");
    CHECK(!entry.summary.empty());
  }
}

TEST_CASE("every built task keeps the contract") {
  for (const auto& id : task_ids()) {
    auto subject = subject_of(id);
    for (const auto& check : checks::task_checks()) {
      if (check.level > checks::Level::full) continue;
      const auto finding = check.run(subject);
      INFO("plugin ", id, ", ", check.id, ": ", finding.reason, "\n  must: ", check.contract);
      CHECK(finding.outcome != checks::Outcome::fail);
      CHECK(finding.outcome != checks::Outcome::warn);
    }
  }
}
