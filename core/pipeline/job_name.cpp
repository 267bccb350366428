#include "core/pipeline/job_name.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "core/base/text.hpp"

namespace taskonomy::pipeline {

namespace {

std::string three_digits(std::size_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%03zu", number);
  return text;
}

/// Whose views a shard holds: "single", or "single+normal" for those of a placed task.
std::string shards_text(const JobName& name) {
  return sdk::word_of(*name.view_kind) + (name.task.empty() ? "" : "+" + name.task);
}

/// What an encoder looks at: the plain images of a view kind, or a task's own images.
std::string input_text(const JobName& name) {
  return name.view_kind ? sdk::word_of(*name.view_kind) : name.task;
}

/// The parts of an id behind its stage.
std::vector<std::string> subject_of(const JobName& name) {
  switch (name.stage) {
    case Stage::samples:
      return {shards_text(name), three_digits(name.shard)};
    case Stage::images:
      return {sdk::word_of(*name.view_kind)};
    case Stage::features:
      return {name.sources.front(), input_text(name)};
    case Stage::transfer:
    case Stage::finish:
      return {name.task, transfer::name_of(name.sources)};
    case Stage::report:
      return {};
    case Stage::curve:
      return {name.task + "@" + std::to_string(name.divisor)};
    case Stage::examples:
    case Stage::source:
    case Stage::constant:
    case Stage::scratch:
    case Stage::shortlist:
    case Stage::affinity:
    case Stage::pictures:
    case Stage::predictions:
      return {name.task};
  }
  throw std::logic_error("unknown stage");
}

/// Fills in what the parts behind the stage say; false where they make no sense. parse() finds out afterwards
/// whether they are written as text() would.
bool read_subject(JobName& name, const std::vector<std::string>& parts) {
  const auto read_kind = [&](const std::string& word) {
    name.view_kind = sdk::view_kind_of(word);
    return name.view_kind.has_value();
  };
  switch (name.stage) {
    case Stage::samples: {
      if (parts.size() != 2) return false;
      const auto plus = parts[0].find('+');
      if (plus != std::string::npos) name.task = parts[0].substr(plus + 1);
      const char* end = parts[1].data() + parts[1].size();
      return std::from_chars(parts[1].data(), end, name.shard).ec == std::errc() &&
             read_kind(parts[0].substr(0, plus));
    }
    case Stage::images:
      return parts.size() == 1 && read_kind(parts[0]);
    case Stage::features:
      if (parts.size() != 2) return false;
      name.sources = {parts[0]};
      if (!read_kind(parts[1])) name.task = parts[1];
      return true;
    case Stage::transfer:
    case Stage::finish:
      if (parts.size() != 2) return false;
      name.task = parts[0];
      name.sources = base::split(parts[1], '+');
      return std::count(name.sources.begin(), name.sources.end(), "") == 0;
    case Stage::report:
      return parts.empty();
    case Stage::curve: {
      const auto at = parts.empty() ? std::string::npos : parts[0].find('@');
      if (parts.size() != 1 || at == std::string::npos) return false;
      name.task = parts[0].substr(0, at);
      return std::from_chars(parts[0].data() + at + 1, parts[0].data() + parts[0].size(), name.divisor).ec ==
             std::errc();
    }
    case Stage::examples:
    case Stage::source:
    case Stage::constant:
    case Stage::scratch:
    case Stage::shortlist:
    case Stage::affinity:
    case Stage::pictures:
    case Stage::predictions:
      if (parts.size() != 1) return false;
      name.task = parts[0];
      return true;
  }
  return false;
}

JobName of_task(Stage stage, const std::string& task) { return {.stage = stage, .task = task}; }

std::filesystem::path loss_file(const std::string& task, const std::string& competitor) {
  return std::filesystem::path("losses") / task / (competitor + ".safetensors");
}

}  // namespace

std::string JobName::text() const {
  std::string text = row_of(stage).name;
  for (const std::string& part : subject_of(*this)) text += "/" + part;
  return text;
}

std::optional<JobName> JobName::parse(std::string_view id) {
  auto parts = base::split(std::string(id), '/');
  const auto row = std::find_if(stages().begin(), stages().end(),
                                [&](const StageRow& known) { return known.name == parts.front(); });
  if (row == stages().end()) return std::nullopt;
  JobName name{.stage = row->stage};
  parts.erase(parts.begin());
  if (std::count(parts.begin(), parts.end(), "") > 0) return std::nullopt;
  if (!read_subject(name, parts) || name.text() != id) return std::nullopt;
  return name;
}

namespace job {

JobName samples(sdk::ViewKind kind, std::size_t shard, const std::string& placed) {
  return {.stage = Stage::samples, .task = placed, .view_kind = kind, .shard = shard};
}
JobName images(sdk::ViewKind kind) { return {.stage = Stage::images, .view_kind = kind}; }
JobName examples(const std::string& task) { return of_task(Stage::examples, task); }
JobName source(const std::string& task) { return of_task(Stage::source, task); }
JobName constant(const std::string& task) { return of_task(Stage::constant, task); }
JobName scratch(const std::string& task) { return of_task(Stage::scratch, task); }
JobName pictures(const std::string& task) { return of_task(Stage::pictures, task); }
JobName curve(const std::string& task, std::size_t divisor) {
  return {.stage = Stage::curve, .task = task, .divisor = divisor};
}
JobName shortlist(const std::string& target) { return of_task(Stage::shortlist, target); }
JobName affinity(const std::string& target) { return of_task(Stage::affinity, target); }
JobName report() { return {.stage = Stage::report}; }
JobName predictions(const std::string& target) { return of_task(Stage::predictions, target); }

JobName features(const std::string& source, const sdk::TaskInfo& target) {
  JobName name{.stage = Stage::features, .sources = {source}};
  if (target.input == sdk::InputKind::own)
    name.task = target.id;
  else
    name.view_kind = target.view_kind;
  return name;
}

JobName transfer(const std::string& target, const Sources& sources) {
  return {.stage = Stage::transfer, .task = target, .sources = sources};
}

JobName finish(const std::string& target, const Sources& sources) {
  return {.stage = Stage::finish, .task = target, .sources = sources};
}

}  // namespace job

std::filesystem::path artefact_of(const JobName& name) {
  const std::string weights = ".safetensors";
  switch (name.stage) {
    case Stage::samples:
      return "samples/" + shards_text(name) + "-" + three_digits(name.shard) + weights;
    case Stage::images:
      return "examples/images-" + sdk::word_of(*name.view_kind) + weights;
    case Stage::examples:
      return "examples/" + name.task + weights;
    case Stage::source:
      return "sources/" + name.task + weights;
    case Stage::scratch:
      return "sources/scratch/" + name.task + weights;
    case Stage::features:
      return "features/" + name.sources.front() + "/" + input_text(name) + weights;
    case Stage::transfer:
      return "transfers/" + name.task + "/" + transfer::name_of(name.sources) + weights;
    case Stage::finish:
      return "finished/" + name.task + "/" + transfer::name_of(name.sources) + weights;
    case Stage::shortlist:
      return "tournaments/" + name.task + ".shortlist.json";
    case Stage::affinity:
      return "affinities/" + name.task + ".csv";
    case Stage::constant:
    case Stage::pictures:
    case Stage::curve:
    case Stage::report:
    case Stage::predictions:
      break;
  }
  throw std::logic_error("job \"" + name.text() + "\" has no single artefact");
}

std::filesystem::path losses_of(const JobName& name) {
  const auto file = [&](const std::string& competitor) { return loss_file(name.task, competitor); };
  switch (name.stage) {
    case Stage::source:
      return file(affinity::kSelfFile);
    case Stage::scratch:
      return file(affinity::kScratchFile);
    case Stage::constant:
      return file(affinity::kConstantFile);
    case Stage::curve:
      return file(affinity::kCurveFile + std::to_string(name.divisor));
    case Stage::transfer:
      return file(transfer::name_of(name.sources));
    case Stage::finish:  // stands in no tournament
      return "finished/" + name.task + "/" + transfer::name_of(name.sources) + ".losses.safetensors";
    default:
      throw std::logic_error("job \"" + name.text() + "\" is no competitor: it has no losses");
  }
}

std::filesystem::path average_losses_of(const std::string& task) {
  return loss_file(task, affinity::kAverageFile);
}

std::filesystem::path tournament_of(const std::string& target) { return "tournaments/" + target + ".csv"; }

std::filesystem::path verdicts_of(const std::string& target) {
  return "tournaments/" + target + ".verdicts.csv";
}

std::string plugin_of(const std::string& id, const recipe::Recipe& recipe) {
  const auto name = JobName::parse(id);
  if (!name) return "";
  if (name->stage == Stage::samples) return "dataset \"" + recipe.data.dataset + "\"";
  const std::string& task = name->stage == Stage::features ? name->sources.front() : name->task;
  const bool known = std::any_of(recipe.tasks.begin(), recipe.tasks.end(),
                                 [&](const auto& entry) { return entry.id == task; });
  return known ? "task \"" + task + "\"" : "";
}

}  // namespace taskonomy::pipeline
