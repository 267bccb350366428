// spec.*: what a task says of itself, before it computes anything.
#include <algorithm>
#include <set>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/task.hpp>

#include "batch.hpp"
#include "checks.hpp"

namespace taskonomy::sdk::testing {

namespace {

Finding complete(Subject& subject) {
  Problems problems;
  const TaskInfo& info = subject.info();
  problems.expect(is_id(info.id), "the id \"" + info.id + "\" is not made of a-z, 0-9 and _, a letter first");
  const std::string problem = problem_of(info);
  problems.expect(problem.empty(), problem);
  problems.advise(!info.family.empty(), "family is empty; the report groups tasks by it");
  problems.advise(!info.reference.empty(), "reference is empty; readers cannot tell where the label is from");
  const auto again = subject.make(subject.side());
  problems.expect(again->info().id == info.id && again->info().title == info.title,
                  "a second object of the task has another record");
  problems.expect(&subject.task().info() == &info, "info() returns another object each time");
  return problems.finding(info.id);
}

/// Every modality that the record mentions.
std::set<std::string> mentioned(const TaskInfo& info) {
  std::set<std::string> names(info.modalities.begin(), info.modalities.end());
  for (const auto& group : info.any_of) names.insert(group.begin(), group.end());
  return names;
}

Finding modalities(Subject& subject) {
  Problems problems;
  const auto& known = known_modalities();
  const auto& offered = subject.options().dataset.modalities;
  for (const auto& name : mentioned(subject.info())) {
    const auto in = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    problems.advise(in(known) || in(offered),
                    "modality \"" + name + "\" is none of sample.hpp's: only a dataset of your own has it");
  }
  return problems.finding();
}

/// A task that is never a target needs no decoder beyond its own training; one that is not trained none at
/// all. Whatever can be a target must build one, and its prediction must be what the loss takes.
Finding role_and_decoder(Subject& subject) {
  Problems problems;
  const TaskInfo& info = subject.info();
  problems.expect(info.role != Role::target || info.input == InputKind::plain,
                  "a task that is only a target has an input of its own, so it can use no source's features");
  problems.advise(info.label_cost == 0.0 || info.trained, "a source that is never trained costs no labels");
  if (!info.trained) return problems.finding();
  const auto decoder = subject.task().make_decoder(subject.decoder_config());
  if (!problems.expect(decoder != nullptr, "make_decoder returns null")) return problems.finding();
  problems.expect(decoder != subject.task().make_decoder(subject.decoder_config()),
                  "make_decoder returns the same decoder twice; every transfer trains its own");
  problems.expect(torch::isFloatingType(info.prediction.dtype),
                  "the prediction's type is not floating, so nothing can learn it");
  return problems.finding();
}

}  // namespace

std::vector<Check> spec_checks() {
  return {
      make_check(
          "spec.complete", Level::quick,
          "the record (TaskInfo) is complete and does not contradict itself: generic code decides by it",
          "fill in every field of TaskInfo; pixel_task_info() and vector_task_info() give good defaults",
          complete, false),
      make_check("spec.modalities_known", Level::quick,
                 "the modalities a task asks for are those of sample.hpp, or its own dataset's",
                 "compare the names in TaskInfo::modalities and any_of with sample.hpp", modalities, false),
      make_check(
          "spec.role_and_decoder", Level::quick,
          "a task that is trained makes a new decoder whenever it is asked, as its role says",
          "return make_pixel_decoder() or make_vector_decoder() from make_decoder; see Role in task.hpp",
          role_and_decoder, false),
  };
}

}  // namespace taskonomy::sdk::testing
