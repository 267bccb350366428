// taskonomy data lint: reports what a person should know of a recipe's samples and labels before a run.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <set>

#include "apps/learning/actions.hpp"
#include "apps/learning/workshop.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/checks/data_lint.hpp"
#include "core/data/example_writer.hpp"
#include "core/host/boundary.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace {

using base::Json;

/// What was found in the samples of one kind of views.
struct KindLint {
  sdk::ViewKind kind;
  std::map<std::string, std::size_t> splits;  ///< samples per split
  std::int64_t looked_at = 0;
  std::vector<std::string> unreadable;
  std::vector<checks::ModalityLint> modalities;
  std::vector<std::shared_ptr<const sdk::Task>> tasks;  ///< those of labels
  std::vector<checks::LabelLint> labels;
};

KindLint begin_kind(const pipeline::Setup& setup, sdk::ViewKind kind) {
  KindLint result{kind, {}, 0, {}, {}, {}, {}};
  for (const auto& key : setup.samples(kind)) ++result.splits[data::name_of(key.split)];
  const auto& names = setup.dataset().info().class_names;
  for (const auto& modality : setup.modalities(kind)) {
    const auto classes = names.find(modality);
    result.modalities.emplace_back(
        modality, classes == names.end() ? 0 : static_cast<std::int64_t>(classes->second.size()));
  }
  for (const auto& entry : setup.recipe().tasks) {
    if (!setup.info(entry.id).trained || setup.info(entry.id).view_kind != kind) continue;
    result.tasks.push_back(setup.fresh_task(entry.id));
    result.labels.emplace_back(*result.tasks.back(), setup.recipe().seed, setup.recipe().missing == "skip");
  }
  return result;
}

void look_at(const pipeline::Setup& setup, const data::SampleKey& key,
             const std::vector<std::string>& modalities, KindLint& result) {
  ++result.looked_at;
  sdk::Sample sample;
  try {
    sample = host::call_dataset(setup.recipe().data.dataset, "sample", [&] {
      return setup.dataset().sample(key.scene, key.index, result.kind, modalities);
    });
  } catch (const base::Error& error) {
    result.unreadable.push_back(key.scene + "/" + std::to_string(key.index) + ": " + error.what());
    return;
  }
  const auto camera = sample.data.find("intrinsics");
  const torch::Tensor intrinsics = camera == sample.data.end() ? torch::Tensor() : camera->second;
  for (auto& modality : result.modalities) {
    const auto values = sample.data.find(modality.modality());
    const auto absent = sample.absent.find(modality.modality());
    if (values != sample.data.end())
      modality.add(values->second, sample.id, setup.recipe().data.side, intrinsics);
    if (absent != sample.absent.end()) modality.add_absent(sample.id, absent->second);
  }
  for (auto& label : result.labels) label.add(sample);
}

/// Tells how long the look at one kind of views takes: after its first samples, unless it is soon over, and after
/// every tenth.
class Clock {
 public:
  Clock(sdk::ViewKind kind, std::size_t samples) : kind_(kind), samples_(samples) {}

  void tell(std::size_t done) const {
    constexpr std::size_t kFirst = 16;
    constexpr double kSoon = 10.0;
    const std::size_t tenth = std::max<std::size_t>(100, samples_ / 10);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    const double left = seconds * static_cast<double>(samples_ - done) / static_cast<double>(done);
    if (done == kFirst && left > kSoon)
      std::cerr << sdk::word_of(kind_) << ": " << samples_ << " samples, about " << base::duration(left)
                << "; --samples N looks at N of them\n";
    else if (done % tenth == 0)
      std::cerr << sdk::word_of(kind_) << ": " << done << " of " << samples_ << " samples, about "
                << base::duration(left) << " left\n";
  }

 private:
  sdk::ViewKind kind_;
  std::size_t samples_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Looks at `samples` of the samples of one kind of views, 0 = all, and makes every task's labels.
KindLint lint_kind(const pipeline::Setup& setup, sdk::ViewKind kind, std::size_t samples) {
  KindLint result = begin_kind(setup, kind);
  const auto& all = setup.samples(kind);
  const auto keys = samples == 0 ? all : data::pick_evenly(all, static_cast<std::int64_t>(samples));
  const auto modalities = setup.modalities(kind);
  const Clock clock(kind, keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    look_at(setup, keys[i], modalities, result);
    clock.tell(i + 1);
  }
  return result;
}

std::vector<checks::Remark> remarks_of(const KindLint& result) {
  std::vector<checks::Remark> all;
  if (!result.unreadable.empty()) {
    const double share =
        static_cast<double>(result.unreadable.size()) / static_cast<double>(result.looked_at);
    all.push_back({share > data::kToleratedShare ? checks::Gravity::fault : checks::Gravity::suspicion,
                   "views " + sdk::word_of(result.kind),
                   std::to_string(result.unreadable.size()) + " of " + std::to_string(result.looked_at) +
                       " samples cannot be read, first " + result.unreadable.front()});
  }
  const auto append = [&](const auto& part) {
    for (auto& remark : part.remarks()) all.push_back(std::move(remark));
  };
  for (const auto& modality : result.modalities) append(modality);
  for (const auto& label : result.labels) append(label);
  return all;
}

std::string range_text(const checks::ValueSummary& values) {
  if (values.valid == 0.0) return "-";
  return base::fixed(values.low, 3) + " .. " + base::fixed(values.high, 3);
}

std::string text_of(const KindLint& result) {
  std::string text = "views " + sdk::word_of(result.kind) + ": " + std::to_string(result.looked_at) +
                     " samples looked at, " + std::to_string(result.unreadable.size()) + " unreadable; ";
  std::vector<std::string> splits;
  for (const auto& [split, count] : result.splits) splits.push_back(split + " " + std::to_string(count));
  text += base::join(splits, ", ") + "\n\n";
  report::TextTable table("lrrrrr");
  table.add({"", "samples", "missing", "valid, %", "mean", "range"});
  table.rule();
  const auto row = [&](const std::string& name, const checks::ValueSummary& values, std::int64_t missing) {
    table.add({name, std::to_string(values.tensors), std::to_string(missing),
               base::fixed(100.0 * values.valid_share(), 1), base::fixed(values.mean(), 3),
               range_text(values)});
  };
  for (const auto& modality : result.modalities)
    row(modality.modality(), modality.values(), modality.absent());
  table.rule();
  for (const auto& label : result.labels) row("label of " + label.task(), label.values(), label.left_out());
  return text + table.text() + "\n";
}

Json json_of(const checks::ValueSummary& values, std::int64_t missing) {
  Json content = Json::object()
                     .set("samples", values.tensors)
                     .set("missing", missing)
                     .set("constant", values.constant)
                     .set("empty", values.empty)
                     .set("valid_share", values.valid_share())
                     .set("saturated_share", values.saturated_share());
  if (values.valid > 0.0) content.set("mean", values.mean()).set("low", values.low).set("high", values.high);
  return content;
}

Json json_of(const KindLint& result) {
  Json modalities = Json::object(), labels = Json::object();
  for (const auto& modality : result.modalities)
    modalities.set(modality.modality(), json_of(modality.values(), modality.absent()));
  for (const auto& label : result.labels) labels.set(label.task(), json_of(label.values(), label.left_out()));
  return Json::object()
      .set("views", sdk::word_of(result.kind))
      .set("samples", result.looked_at)
      .set("unreadable", result.unreadable)
      .set("splits", result.splits)
      .set("modalities", std::move(modalities))
      .set("labels", std::move(labels));
}

std::string word_of(checks::Gravity gravity) {
  return gravity == checks::Gravity::fault ? "fault" : "suspicion";
}

void print_text(const pipeline::Setup& setup, const std::vector<KindLint>& results,
                const std::vector<checks::Remark>& remarks) {
  for (const auto& result : results) std::cout << report::fitted(text_of(result));
  for (const auto& [task, reason] : setup.left_out())
    std::cout << "left out: " << task << ": " << reason << "\n";
  for (const auto& remark : remarks)
    std::cout << report::fitted(word_of(remark.gravity) + ": " + remark.subject + ": " + remark.text + "\n");
  if (remarks.empty()) std::cout << "nothing suspicious\n";
}

void print_json(const pipeline::Setup& setup, const std::vector<KindLint>& results,
                const std::vector<checks::Remark>& remarks) {
  Json views = Json::array(), left_out = Json::object(), found = Json::array();
  for (const auto& result : results) views.add(json_of(result));
  for (const auto& [task, reason] : setup.left_out()) left_out.set(task, reason);
  for (const auto& remark : remarks)
    found.add(Json::object()
                  .set("gravity", word_of(remark.gravity))
                  .set("subject", remark.subject)
                  .set("text", remark.text));
  const Json content = Json::object()
                           .set("views", std::move(views))
                           .set("left_out", std::move(left_out))
                           .set("findings", std::move(found));
  std::cout << content.dump(2) << "\n";
}

}  // namespace

base::ExitCode lint_data(const Values& values) {
  const std::size_t samples = values.count("samples", 0, 1);
  const std::string format = values.format();
  Workshop workshop = open_workshop(values);
  const pipeline::Setup& setup = *workshop.working_setup();
  (void)setup.dataset();  // first, so that its errors are reported as its own
  std::set<sdk::ViewKind> kinds;
  for (const auto& entry : setup.recipe().tasks) kinds.insert(setup.info(entry.id).view_kind);
  std::vector<KindLint> results;
  std::vector<checks::Remark> remarks;
  for (const auto& note : setup.data_notes())
    remarks.push_back({checks::Gravity::suspicion, "dataset " + setup.recipe().data.dataset, note});
  for (const auto kind : kinds) {
    results.push_back(lint_kind(setup, kind, samples));
    for (auto& remark : remarks_of(results.back())) remarks.push_back(std::move(remark));
  }
  format == "json" ? print_json(setup, results, remarks) : print_text(setup, results, remarks);
  const bool fault = std::any_of(remarks.begin(), remarks.end(),
                                 [](const auto& remark) { return remark.gravity == checks::Gravity::fault; });
  return fault ? base::ExitCode::bad_input : base::ExitCode::done;
}

}  // namespace taskonomy::cli
