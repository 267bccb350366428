// The contract of a task, tried on every task plugin that was built; and on plugins that break it, to see it
// fail.
#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "core/host/boundary.hpp"
#include "core/host/registry.hpp"
#include "tests/plugins/subject.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;

namespace {

host::PluginRegistry& registry() {
  static host::PluginRegistry instance({{std::string(TASKONOMY_BINARY_DIR) + "/lib/taskonomy",
                                         std::string(TASKONOMY_BINARY_DIR) + "/fixtures/taskonomy"},
                                        {},
                                        {},
                                        false});
  return instance;
}

Subject subject_of(const std::string& id) { return {registry().create_task(id, {}, everything(), 32), 32}; }

/// Every plugin of lib/taskonomy, and the good fixture.
std::vector<std::string> task_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : registry().entries(host::Kind::task)) {
    const bool fixture = entry.path.parent_path().parent_path().filename() == "fixtures";
    if (!fixture || entry.id == "fixture_good") ids.push_back(entry.id);
  }
  return ids;
}

/// The problems of one check; an exception is one, too.
std::vector<std::string> problems_of(const Check& check, const Subject& subject) {
  try {
    return host::call(subject.info().id, check.name, [&] { return check.problems(subject); });
  } catch (const std::exception& error) {
    return {error.what()};
  }
}

void try_all(const std::vector<Check>& checks) {
  for (const auto& id : task_ids()) {
    const Subject subject = subject_of(id);
    // The host never asks an untrained source for an example or a loss.
    if (!subject.info().trained) continue;
    for (const auto& check : checks) {
      const auto problems = problems_of(check, subject);
      std::string list;
      for (const auto& problem : problems) list += "\n    " + problem;
      INFO("plugin ", id, ", check \"", check.name, "\":", list);
      CHECK(problems.empty());
    }
  }
}

/// Names of the checks that a plugin breaks.
std::vector<std::string> broken(const std::string& id) {
  const Subject subject = subject_of(id);
  std::vector<std::string> names;
  for (const auto& checks : {label_checks(), loss_checks(), decoder_checks()}) {
    for (const auto& check : checks) {
      if (!problems_of(check, subject).empty()) names.push_back(check.name);
    }
  }
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
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

TEST_CASE("labels") { try_all(label_checks()); }
TEST_CASE("losses") { try_all(loss_checks()); }
TEST_CASE("decoders") { try_all(decoder_checks()); }

TEST_CASE("plugins that break the contract are found out") {
  CHECK(broken("fixture_good").empty());
  CHECK(contains(broken("fixture_nan_loss"), "the loss is one finite float32 per image"));
  CHECK(contains(broken("fixture_loss_shape"), "the loss is one finite float32 per image"));
  CHECK(contains(broken("fixture_loss_shape"), "an image's loss does not depend on the rest of the batch"));
  CHECK(contains(broken("fixture_throws"), "label, mask and input have the record's shapes and types"));
  CHECK_FALSE(contains(broken("fixture_throws"), "the same seed gives the same weights"));
}
