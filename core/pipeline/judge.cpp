#include "core/pipeline/judge.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/evaluate/loss_file.hpp"
#include "core/pipeline/job_names.hpp"

namespace taskonomy::pipeline {

namespace {

namespace file = names::file;

std::vector<std::string> test_images(Session& session, const std::filesystem::path& folder,
                                     const std::string& target) {
  const auto& info = session.task(target).info();
  return data::ExampleSet(folder / file::images(info.view_kind), folder / file::examples(target))
      .ids(data::Split::test);
}

}  // namespace

losses::LossTable loss_table(Session& session, const std::filesystem::path& folder, const std::string& target,
                             const std::vector<std::string>& inputs) {
  losses::LossTable table{target, test_images(session, folder, target), {}, {}};
  const auto add = [&](const std::string& competitor, const std::string& name) {
    table.add(competitor, evaluate::read_losses(folder / file::losses(target, name)));
  };
  const auto there = [&](const std::string& job) {
    return std::find(inputs.begin(), inputs.end(), job) != inputs.end();
  };
  if (!there(names::source(target)))
    throw base::Error("target \"" + target +
                      "\": its own fully supervised network failed, and nothing can be judged without it");
  add(target, file::kSelf);
  if (there(names::scratch(target))) add(losses::kScratch, file::kScratch);
  if (there(names::constant(target))) add(losses::kConstant, file::kConstant);
  for (const auto& input : inputs) {
    const auto parts = names::parts(input);
    if (parts.front() != "transfer" || parts[2] == target) continue;
    add(parts[2], parts[2]);
  }
  return table;
}

std::vector<std::string> write_report(Session&, const std::filesystem::path& folder,
                                      const std::vector<std::string>& inputs) {
  affinity::AffinityTable all;
  for (const auto& input : inputs) {
    const auto parts = names::parts(input);
    if (parts.front() != "affinity") continue;
    const auto part = affinity::read_affinity(folder / file::affinity(parts[1])).table;
    all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
  }
  if (all.rows.empty()) throw base::Error("no target has a tournament; see the jobs that failed");
  affinity::write_affinity(folder / "affinity.csv", all);
  return {"affinity.csv"};
}

}  // namespace taskonomy::pipeline
