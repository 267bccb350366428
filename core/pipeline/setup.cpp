#include "core/pipeline/setup.hpp"

#include <algorithm>
#include <utility>

#include <taskonomy/sdk/dataset_notes.hpp>
#include <taskonomy/sdk/shared_photographs.hpp>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/ingredients.hpp"
#include "core/base/text.hpp"
#include "core/host/boundary.hpp"
#include "core/host/child.hpp"
#include "core/host/dataset_record.hpp"
#include "core/host/requirements.hpp"
#include "core/network/pretrained_encoder.hpp"

namespace taskonomy::pipeline {

namespace {

/// Runs body and returns what it returns. An Error that leaves it gets the place `where` ("recipe.toml:4") before its
/// message, unless it names a place of the recipe already: that of a key, say, which is more exact.
template <typename Body>
auto at_place(const std::string& where, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const base::Error& error) {
    const std::string message = error.what(), file = where.substr(0, where.rfind(':'));
    if (message.starts_with(file + ":") || message.starts_with("--set: ")) throw;
    throw error.at(where);
  }
}

}  // namespace

TaskFactory::TaskFactory(const recipe::Recipe& recipe, host::PluginRegistry& registry, Guests guests)
    : TaskFactory(recipe, registry, at_place(recipe.data.where, [&] {
                    const auto& [dataset, side, params, where] = recipe.data;
                    return guests == Guests::apart
                               ? registry.open_dataset(dataset, params, side, recipe.seed)
                               : registry.create_dataset(dataset, params, side, recipe.seed);
                  })) {}

TaskFactory::TaskFactory(const recipe::Recipe& recipe, host::PluginRegistry& registry,
                         std::shared_ptr<sdk::Dataset> dataset)
    : registry_(&registry), side_(recipe.data.side), dataset_(std::move(dataset)) {}

std::string TaskFactory::explain(const std::string& reason, const sdk::TaskInfo& task) const {
  const auto* notes = dynamic_cast<const sdk::DatasetNotes*>(dataset_.get());
  if (notes == nullptr || reason.empty()) return reason;
  std::set<std::string> wanted(task.modalities.begin(), task.modalities.end());
  for (const auto& group : task.any_of) wanted.insert(group.begin(), group.end());
  std::string text = reason;
  for (const auto& modality : wanted) {
    const std::string why = host::call_dataset(dataset_->info().id, "why_not_offered",
                                               [&] { return notes->why_not_offered(modality); });
    if (!why.empty()) text += "; " + modality + ": " + why;
  }
  return text;
}

TaskFactory::Attempt TaskFactory::attempt(const recipe::TaskEntry& entry) const {
  return at_place(entry.where, [&]() -> Attempt {
    const auto& offered = dataset_->info();
    const auto made_for = [&](const sdk::DatasetInfo& info) {
      return unpacked_card(registry_->ask_task(entry.id, entry.params, info, side_, packed_card));
    };
    try {
      auto card = made_for(offered);
      const std::string reason = explain(host::lacking(card.info, offered), card.info);
      return reason.empty() ? Attempt{std::move(card), ""} : Attempt{std::nullopt, reason};
    } catch (const host::ChildFault&) {
      throw;  // another data set would change nothing
    } catch (const base::Error& error) {
      // Some tasks cannot even be made without their modality's class names: the imaginary data set that
      // offers everything tells what they need.
      std::string reason;
      try {
        const auto card = made_for(host::any_dataset());
        reason = explain(host::lacking(card.info, offered), card.info);
      } catch (const base::Error&) {
        throw error;
      }
      if (reason.empty()) throw;
      return {std::nullopt, reason};
    }
  });
}

TaskCard TaskFactory::card(const recipe::TaskEntry& entry) const {
  auto [card, reason] = attempt(entry);
  if (!card)
    throw base::Error(entry.where + ": task \"" + entry.id + "\": " + reason +
                      "\nleave it out of tasks, or let missing = \"skip\" do so");
  return *std::move(card);
}

std::shared_ptr<sdk::Task> TaskFactory::make(const recipe::TaskEntry& entry) const {
  return at_place(entry.where,
                  [&] { return registry_->create_task(entry.id, entry.params, dataset_->info(), side_); });
}

std::string TaskFactory::ask(const recipe::TaskEntry& entry,
                             const std::function<std::string(const sdk::Task&)>& question) const {
  return at_place(entry.where, [&] {
    return registry_->ask_task(entry.id, entry.params, dataset_->info(), side_, question);
  });
}

Setup::Setup(const recipe::Recipe& recipe, host::PluginRegistry& registry, std::string placed, Guests guests)
    : Setup(recipe, registry, std::move(placed), TaskFactory(recipe, registry, guests)) {}

Setup::Setup(const recipe::Recipe& recipe, host::PluginRegistry& registry, const sdk::DatasetInfo& recorded)
    : Setup(recipe, registry, "", TaskFactory(recipe, registry, host::dataset_by_record(recorded))) {}

Setup::Setup(const recipe::Recipe& recipe, host::PluginRegistry& registry, std::string placed,
             TaskFactory factory)
    : recipe_(recipe), placed_(std::move(placed)), registry_(registry), factory_(std::move(factory)) {
  if (!placed_.empty())
    recipe_.start_of[placed_] = recipe::kNoStart;  // what others start from need not know it
  std::vector<recipe::TaskEntry> kept;
  for (const auto& entry : recipe.tasks) {
    auto [card, reason] =
        recipe.missing == "skip" ? factory_.attempt(entry) : TaskFactory::Attempt{factory_.card(entry), ""};
    if (card) {
      cards_[entry.id] = *std::move(card);
      kept.push_back(entry);
    } else {
      left_out_.push_back({entry.id, reason});
    }
  }
  if (kept.empty() && !left_out_.empty())
    throw base::Error(recipe.tasks.front().where +
                      ": tasks: the dataset has labels for none of them; the first one, \"" +
                      left_out_.front().task + "\", " + left_out_.front().reason);
  recipe_.tasks = std::move(kept);
}

std::vector<std::string> Setup::data_notes() const {
  const auto* notes = dynamic_cast<const sdk::DatasetNotes*>(&dataset());
  if (notes == nullptr) return {};
  return host::call_dataset(recipe_.data.dataset, "notes", [&] { return notes->notes(); });
}

std::string Setup::augmentation_note() const {
  if (recipe_.source.augment == "none") return "";
  std::vector<std::string> without;
  for (const auto& entry : recipe_.tasks)
    if (info(entry.id).trained && !card(entry.id).augments) without.push_back(entry.id);
  if (without.empty()) return "";
  return base::join(without, ", ") +
         (without.size() == 1 ? " offers no augmentation and trains" : " offer no augmentation and train") +
         " without it ([source] augment = \"" + recipe_.source.augment + "\")";
}

const recipe::TaskEntry& Setup::entry_of(const std::string& id) const {
  const auto entry =
      std::find_if(recipe_.tasks.begin(), recipe_.tasks.end(), [&](const auto& e) { return e.id == id; });
  if (entry != recipe_.tasks.end()) return *entry;
  std::vector<std::string> known;
  for (const auto& task : recipe_.tasks) known.push_back(task.id);
  throw base::Error("the recipe has no task \"" + id + "\"" + base::did_you_mean(id, known));
}

const TaskCard& Setup::card(const std::string& id) const { return cards_.at(entry_of(id).id); }

std::string Setup::ask(const std::string& id,
                       const std::function<std::string(const sdk::Task&)>& question) const {
  return factory_.ask(entry_of(id), question);
}

std::shared_ptr<sdk::Task> Setup::fresh_task(const std::string& id,
                                             const std::optional<data::WhiteningConstants>& measured) const {
  auto entry = entry_of(id);
  if (measured) {
    const std::string where = "measured on the training split";
    entry.params["mean"] = {measured->mean, where};
    entry.params["deviation"] = {measured->deviation, where};
  }
  return factory_.make(entry);
}

const recipe::Pretrained* Setup::pretrained(const std::string& id) const {
  const auto found = std::find_if(recipe_.sources.begin(), recipe_.sources.end(),
                                  [&](const auto& source) { return source.id == id; });
  return found == recipe_.sources.end() ? nullptr : &*found;
}

double Setup::label_cost(const std::string& id) const {
  const auto given = recipe_.taxonomy.cost.find(id);
  if (given != recipe_.taxonomy.cost.end()) return given->second;
  const auto* source = pretrained(id);
  if (source != nullptr) return source->label_cost;
  if (recipe_.taxonomy.costs == "paper") return info(id).trained ? 1.0 : 0.0;
  return info(id).label_cost;
}

recipe::Prices Setup::prices() const {
  recipe::Prices prices{{}, {}, recipe_.taxonomy.unit};
  for (const auto& entry : recipe_.tasks) {
    prices.cost[entry.id] = label_cost(entry.id);
    if (!info(entry.id).trained) prices.untrained.insert(entry.id);
  }
  for (const auto& source : recipe_.sources) prices.cost[source.id] = label_cost(source.id);
  return prices;
}

void Setup::add_modalities(const sdk::TaskInfo& info, std::set<std::string>& wanted) const {
  const auto& offered = dataset().info().modalities;
  wanted.insert(info.modalities.begin(), info.modalities.end());
  for (const auto& alternatives : info.any_of) {
    const auto first =
        std::find_first_of(alternatives.begin(), alternatives.end(), offered.begin(), offered.end());
    if (first != alternatives.end()) wanted.insert(*first);
  }
}

std::vector<std::string> Setup::modalities(const std::string& id) const {
  std::set<std::string> wanted{"rgb"};
  add_modalities(info(id), wanted);
  return {wanted.begin(), wanted.end()};
}

std::vector<std::string> Setup::modalities(sdk::ViewKind kind) const {
  std::set<std::string> wanted{"rgb"};
  bool of_run = false;
  for (const auto& entry : recipe_.tasks) {
    if (info(entry.id).view_kind != kind || entry.id == placed_) continue;
    of_run = true;
    add_modalities(info(entry.id), wanted);
  }
  // No task of the run looks at such views: the samples are the placed task's alone.
  if (!of_run && !placed_.empty()) return modalities(placed_);
  return {wanted.begin(), wanted.end()};
}

const std::vector<data::SampleKey>& Setup::samples(sdk::ViewKind kind) const {
  auto& keys = samples_[kind];
  if (!keys.empty()) return keys;
  if (recipe_.split.unit == "image" && dynamic_cast<const sdk::SharedPhotographs*>(&dataset()) != nullptr) {
    if (!photographs_) {
      std::vector<data::SampleViews> kinds;
      for (const auto offered : dataset().info().view_kinds) kinds.push_back(views_of(offered));
      photographs_ = data::divide_photographs(kinds, recipe_.split, recipe_.seed);
    }
    auto samples = base::with_context(recipe_.file, [&] {
      return data::make_splits(views_of(kind), *photographs_, recipe_.split, recipe_.seed);
    });
    straddling_[kind] = samples.straddling;
    return keys = std::move(samples.keys);
  }
  const auto scenes = scenes_of(kind);
  return keys = base::with_context(recipe_.file,
                                   [&] { return data::make_splits(scenes, recipe_.split, recipe_.seed); });
}

std::vector<sdk::Scene> Setup::scenes_of(sdk::ViewKind kind) const {
  return host::call_dataset(recipe_.data.dataset, "scenes", [&] { return dataset().scenes(kind); });
}

data::SampleViews Setup::views_of(sdk::ViewKind kind) const {
  const auto& shared = dynamic_cast<const sdk::SharedPhotographs&>(dataset());
  const auto photographs = [this, &shared, kind](const std::string& scene, std::int64_t index) {
    return host::call_dataset(recipe_.data.dataset, "photographs",
                              [&] { return shared.photographs(scene, index, kind); });
  };
  const bool fixated = kind == sdk::ViewKind::fixated_pair || kind == sdk::ViewKind::fixated_triplet;
  return {scenes_of(kind), photographs, fixated};
}

std::vector<std::string> Setup::split_notes() const {
  constexpr std::size_t kFewSamples = 50;
  std::vector<std::string> sentences;
  std::set<sdk::ViewKind> kinds;
  for (const auto& entry : recipe_.tasks) kinds.insert(info(entry.id).view_kind);
  for (const auto kind : kinds) {
    const auto& keys = samples(kind);
    const std::size_t kept = keys.size();
    const std::string of_kind = "samples of \"" + sdk::word_of(kind) + "\"";
    if (kept < kFewSamples)
      sentences.push_back(
          "there are only " + std::to_string(kept) + " " + of_kind + "; with fewer than " +
          std::to_string(kFewSamples) +
          " networks learn next to nothing and tests can tell little: add images, or let networks "
          "start from others ([source] start, `taskonomy pretrain`)");
    const bool validates = std::any_of(keys.begin(), keys.end(),
                                       [](const auto& key) { return key.split == data::Split::validation; });
    if (!validates && recipe_.split.validation > 0.0)
      sentences.push_back("none of the " + of_kind +
                          " can be held out for validation: networks keep their last weights");
    const auto straddling = straddling_.find(kind);
    if (straddling == straddling_.end() || straddling->second == 0) continue;
    sentences.push_back(
        std::to_string(straddling->second) + " of " +
        std::to_string(static_cast<std::int64_t>(kept) + straddling->second) + " " + of_kind +
        " are left out, because they show photographs of two splits; [split] unit = \"scene\" "
        "keeps them");
  }
  return sentences;
}

std::string Setup::plugin_summary(const std::string& id) const {
  return registry_.find(host::Kind::task, id).summary;
}

bool Setup::is_guest(const std::string& task) const { return !registry_.find(host::Kind::task, task).own; }

std::string Setup::plugin_fingerprint(host::Kind kind, const std::string& id) const {
  const auto path = registry_.find(kind, id).path;
  auto& known = fingerprints_[path.string()];
  if (known.empty()) known = host::plugin_fingerprint(path);
  return known;
}

std::string Setup::weights_fingerprint(const recipe::Pretrained& source) const {
  auto& known = fingerprints_["sources." + source.id];
  if (known.empty()) {
    network::check_pretrained_file(source);
    const base::MappedFile file(source.file);
    known = base::fingerprint({reinterpret_cast<const char*>(file.data()), file.size()});
  }
  return known;
}

const std::string& Setup::files_state(const std::string& scene, const std::string& modality) const {
  const auto key = std::make_pair(scene, modality);
  if (const auto known = files_states_.find(key); known != files_states_.end()) return known->second;
  const std::string state = host::call_dataset(recipe_.data.dataset, "files_state",
                                               [&] { return dataset().files_state(scene, modality); });
  // A scene may have thousands of files, so that only a fingerprint of what it says is kept.
  return files_states_.emplace(key, state.empty() ? "" : base::fingerprint(state)).first->second;
}

std::string Setup::files_fingerprint(const std::set<std::string>& scenes, const std::string& modality) const {
  base::Ingredients states;
  bool known = false;
  for (const auto& scene : scenes) {
    const std::string& state = files_state(scene, modality);
    known = known || !state.empty();
    states.add(scene, state);
  }
  return known ? states.fingerprint() : "";
}

std::vector<std::string> require_targets(const Setup& setup) {
  const auto& recipe = setup.recipe();
  const auto has_role = [&](sdk::Role role) {
    return [&setup, role](const auto& entry) { return setup.info(entry.id).role == role; };
  };
  if (std::all_of(recipe.tasks.begin(), recipe.tasks.end(), has_role(sdk::Role::source)))
    throw base::Error(
        recipe.tasks.front().where + ": tasks: none of them is a target, so nothing could be judged: \"" +
        recipe.tasks.front().id + "\" can only be a source; add the tasks that you want to solve");
  auto sources = recipe.sources.size();
  for (const auto& target : recipe.tasks) {
    if (setup.info(target.id).role == sdk::Role::source) continue;
    const auto others = std::count_if(recipe.tasks.begin(), recipe.tasks.end(), [&](const auto& entry) {
      return entry.id != target.id && setup.info(entry.id).role != sdk::Role::target;
    });
    sources = std::max(sources, recipe.sources.size() + static_cast<std::size_t>(others));
  }
  const auto& wished = recipe.transfer;
  const recipe::Transfer usual;
  const std::string there =
      "a target has at most " + std::to_string(sources) + (sources == 1 ? " source" : " sources");
  std::vector<std::string> sentences;
  std::vector<std::string> beyond;
  for (const auto order : wished.orders)
    if (order > static_cast<std::int64_t>(sources)) beyond.push_back(std::to_string(order));
  if (!beyond.empty() && wished.orders != usual.orders)
    sentences.push_back("[transfer] orders: no transfer of order " + base::join(beyond, ", ") +
                        " can be made, because " + there);
  const bool chooses = wished.orders.size() > 1;
  if (chooses && wished.top > static_cast<std::int64_t>(sources) && wished.top != usual.top)
    sentences.push_back("[transfer] top = " + std::to_string(wished.top) + " takes them all, because " +
                        there);
  return sentences;
}

}  // namespace taskonomy::pipeline
