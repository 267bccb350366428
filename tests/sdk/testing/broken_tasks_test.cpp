// The checks of tasks are checked: each finds the task that breaks its promise, no other finds fault with it,
// and none finds fault with a good task.
#include "tests/fixtures/broken/broken_tasks.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fixtures/broken/good_task.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
namespace checking = sdk::testing;

namespace {

std::vector<fixtures::BrokenTask> all_broken_tasks() {
  std::vector<fixtures::BrokenTask> all;
  for (auto&& group : {fixtures::broken_specs(), fixtures::broken_labels(), fixtures::broken_label_inputs(),
                       fixtures::broken_augments(), fixtures::broken_losses(), fixtures::broken_metrics(),
                       fixtures::broken_decoders()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

/// Small, because every broken task goes through every check.
checking::SubjectOptions small() {
  checking::SubjectOptions options;
  options.side = 16;
  return options;
}

}  // namespace

TEST_CASE("a good task passes every check, pedantic ones too") {
  auto subject = checking::subject_of<fixtures::GoodTask>(small());
  for (const auto& check : checking::task_checks()) {
    const auto finding = check.run(subject);
    INFO(check.id, ": ", finding.reason);
    // It has no classes, no figures, no components, no chance, no augmentation, no metrics and no input of its own.
    static const std::set<std::string> not_tried{
        "label.class_ids",      "label.figure",           "label.redraw",       "label.encoder_input",
        "label.whitening",      "augment.shape",          "decoder.components", "augment.identity",
        "augment.mirror_twice", "augment.mirrored_sample"};
    const bool skips = not_tried.count(check.id) > 0 || check.id.rfind("metrics.", 0) == 0;
    CHECK((finding.outcome == checking::Outcome::pass ||
           (skips && finding.outcome == checking::Outcome::skip)));
  }
}

TEST_CASE("good tasks that offer augmentation or metrics pass their checks") {
  auto augments = checking::subject_of<fixtures::GoodAugment>(small());
  auto measures = checking::subject_of<fixtures::GoodMetrics>(small());
  for (const auto& check : checking::task_checks()) {
    const bool of_metrics = check.id.rfind("metrics.", 0) == 0;
    if (check.id.rfind("augment.", 0) != 0 && !of_metrics) continue;
    const auto finding = check.run(of_metrics ? measures : augments);
    INFO(check.id, ": ", finding.reason);
    CHECK(finding.outcome == checking::Outcome::pass);
  }
}

TEST_CASE("every broken task is found out by its check alone") {
  for (const auto& broken : all_broken_tasks()) {
    checking::Subject subject(broken.factory, small());
    std::ostringstream out;
    for (const auto& result :
         checking::run_checks(subject, {.level = checking::Level::pedantic, .out = &out})) {
      const auto& [outcome, reason] = result.finding;
      const bool found = outcome == checking::Outcome::fail || outcome == checking::Outcome::warn;
      const std::string& id = result.check->id;
      INFO("for ", broken.check, " (", broken.defect, "): ", id, " says ", reason);
      CHECK(found == (id == broken.check || broken.also.count(id) > 0));
      if (found) CHECK_FALSE(reason.empty());
    }
  }
}

TEST_CASE("every check has a broken task") {
  std::set<std::string> tried;
  for (const auto& broken : all_broken_tasks()) tried.insert(broken.check);
  for (const auto& check : checking::task_checks()) {
    INFO(check.id);
    CHECK(tried.count(check.id) == 1);
  }
  CHECK(tried.size() == checking::task_checks().size());
}
