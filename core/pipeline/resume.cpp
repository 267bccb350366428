#include "core/pipeline/resume.hpp"

#include <algorithm>

#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/pipeline/ingredients.hpp"
#include "core/pipeline/job_name.hpp"

namespace taskonomy::pipeline {

namespace {

const std::vector<std::string> kHeader{"scene", "sample", "split"};

std::filesystem::path file_of(const jobs::RunDirectory& run, sdk::ViewKind kind) {
  return run.root() / "splits" / (sdk::word_of(kind) + ".csv");
}

std::string csv_of(const std::vector<data::SampleKey>& keys) {
  base::CsvWriter table(kHeader);
  for (const auto& key : keys) table.add(key.scene, key.index, data::name_of(key.split));
  return table.text();
}

data::SampleKey key_of(const base::CsvRow& row) {
  const auto split = data::split_named(row.text(2));
  if (!split) row.refuse(2, "a split");
  return {row.text(0), static_cast<std::int64_t>(row.count(1)), *split};
}

using Places = std::map<std::pair<std::string, std::int64_t>, data::Split>;

Places places_of(const std::vector<data::SampleKey>& keys) {
  Places places;
  for (const auto& key : keys) places[{key.scene, key.index}] = key.split;
  return places;
}

/// "3 samples are gone", nothing for none.
void say(std::vector<std::string>& parts, std::size_t count, const std::string& one,
         const std::string& many) {
  if (count > 0) parts.push_back(std::to_string(count) + (count == 1 ? one : many));
}

/// A change of an ingredient for people: fingerprints say nothing to them.
std::string cause_text(const base::IngredientChange& change) {
  const std::string& name = change.name;
  if (name.starts_with("plugin of ") || name == "SDK library") return "another build: " + name;
  if (name.starts_with(kFiles + ".")) return "files of " + name.substr(kFiles.size() + 1) + " changed";
  if (name == kPairingFiles) return "files changed that decide which views make a sample";
  if (name.starts_with("weights of ")) return "changed: " + name;
  if (name == kStart)
    return change.before && change.now ? "other weights that it starts from"
           : change.now                ? "it starts from the weights of another network now"
                                       : "it started from the weights of another network";
  if (name.starts_with("version of stage ")) return "this version of taskonomy computes otherwise: " + name;
  return change.text();
}

/// Causes in order of appearance, each with the jobs whose ingredients it changes.
std::vector<std::pair<std::string, std::vector<std::string>>> causes_of(const jobs::Inventory& inventory) {
  std::vector<std::pair<std::string, std::vector<std::string>>> causes;
  const auto add = [&](const std::string& cause, const std::string& job) {
    auto found =
        std::find_if(causes.begin(), causes.end(), [&](const auto& known) { return known.first == cause; });
    if (found == causes.end()) found = causes.insert(causes.end(), {cause, {}});
    found->second.push_back(job);
  };
  for (const auto& job : inventory.stale()) {
    if (job.unknown) add("made by an earlier version, whose records do not say from what", job.id);
    for (const auto& change : job.changes)
      if (const auto name = JobName::parse(job.id); name && needs_consent(name->stage, change))
        add(change.name == kSamplesAndSplits ? kSamplesAndSplits : cause_text(change), job.id);
  }
  return causes;
}

/// "examples 1, source 1, transfer 12"
std::string counts_text(const std::vector<jobs::StaleJob>& jobs) {
  std::vector<std::string> parts;
  for (const auto& row : stages()) {
    const auto count = std::count_if(jobs.begin(), jobs.end(),
                                     [&](const auto& job) { return jobs::stage_of(job.id) == row.name; });
    if (count > 0) parts.push_back(row.name + " " + std::to_string(count));
  }
  return base::join(parts, ", ");
}

}  // namespace

Splits splits_of(const Setup& setup) {
  Splits splits;
  for (const auto& entry : setup.recipe().tasks) {
    const auto kind = setup.info(entry.id).view_kind;
    if (splits.count(kind) == 0) splits[kind] = setup.samples(kind);
  }
  return splits;
}

void write_splits(const jobs::RunDirectory& run, const Splits& splits) {
  for (const auto& [kind, keys] : splits) {
    const auto file = file_of(run, kind);
    const std::string text = csv_of(keys);
    if (!std::filesystem::exists(file) || base::read_file(file) != text) base::write_file(file, text);
  }
}

Splits read_splits(const jobs::RunDirectory& run, const Splits& like) {
  Splits splits;
  for (const auto& [kind, now] : like) {
    const auto file = file_of(run, kind);
    if (!std::filesystem::exists(file)) continue;
    try {
      std::vector<data::SampleKey> keys;
      for (const auto& row : base::read_csv(file, kHeader)) keys.push_back(key_of(row));
      splits[kind] = std::move(keys);
    } catch (const base::Error&) {  // damaged, so that it is not known; the run writes it again
    }
  }
  return splits;
}

std::vector<std::string> split_changes(const Splits& before, const Splits& now) {
  std::vector<std::string> sentences;
  for (const auto& [kind, keys] : now) {
    const auto known = before.find(kind);
    if (known == before.end()) continue;
    const Places old = places_of(known->second), present = places_of(keys);
    std::size_t added = 0, gone = 0, moved = 0;
    for (const auto& [place, split] : present) {
      const auto found = old.find(place);
      found == old.end() ? ++added : moved += found->second != split;
    }
    for (const auto& [place, split] : old) gone += present.count(place) == 0;
    std::vector<std::string> parts;
    say(parts, added, " sample is new", " samples are new");
    say(parts, gone, " is gone", " are gone");
    say(parts, moved, " moves to another split", " move to another split");
    if (!parts.empty()) sentences.push_back(sdk::word_of(kind) + " views: " + base::join(parts, ", "));
  }
  return sentences;
}

std::string stale_text(const jobs::RunDirectory& run, const jobs::Inventory& inventory, const Splits& now) {
  const auto causes = causes_of(inventory);
  if (causes.empty()) return "";
  const auto splits = split_changes(read_splits(run, now), now);
  std::string text = "the run was made from something else:";
  for (const auto& [cause, jobs] : causes) {
    if (cause == kSamplesAndSplits && !splits.empty()) {
      for (const auto& sentence : splits) text += "\n  " + sentence;
    } else {
      text += "\n  " + cause + " (" + base::join_first(jobs, ", ", 3) + ")";
    }
  }
  return text + "\nmade again would be these, and what follows from them: " + counts_text(inventory.stale());
}

}  // namespace taskonomy::pipeline
