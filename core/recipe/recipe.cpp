// From a document to a validated recipe, and back to text.
#include "core/recipe/recipe.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/recipe/document.hpp"
#include "core/recipe/pretrained.hpp"
#include "core/recipe/schema.hpp"

namespace taskonomy::recipe {

namespace {

constexpr const char* kTaskPrefix = "task.";

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw base::Error(where + ": " + what);
}

std::string task_of(const std::string& section) {
  const std::string prefix = kTaskPrefix;
  return section.rfind(prefix, 0) == 0 ? section.substr(prefix.size()) : "";
}

/// Sections whose keys name tasks rather than settings.
bool is_per_task(const std::string& section) {
  return section == "source.steps_of" || section == "source.clip_of" || section == "source.start_of" ||
         section == "taxonomy.importance" || section == "taxonomy.cost";
}

std::vector<std::string> known_keys(const std::string& section) {
  std::vector<std::string> keys;
  for (const Field& field : fields())
    if (field.section == section) keys.push_back(field.key);
  return keys;
}

std::vector<std::string> known_sections() {
  std::vector<std::string> names;
  for (const Field& field : fields())
    if (names.empty() || names.back() != field.section) names.push_back(field.section);
  names.insert(names.end(), {"source.steps_of", "source.clip_of", "source.start_of", "taxonomy.importance",
                             "taxonomy.cost", "task.ID", "sources.NAME", "cluster"});
  return names;
}

std::vector<std::string> task_ids(const Recipe& recipe) {
  std::vector<std::string> ids;
  for (const TaskEntry& task : recipe.tasks) ids.push_back(task.id);
  return ids;
}

/// Fills the host's own fields and takes their entries out of the document.
void read_fields(Document& document, const std::string& name, Recipe& recipe) {
  for (const Field& field : fields()) {
    const auto section = document.find(field.section);
    const bool there = section != document.end();
    const auto entry = there ? section->second.entries.find(field.key) : Table::iterator{};
    if (!there || entry == section->second.entries.end()) {
      if (field.required)
        fail(there && !section->second.where.empty() ? section->second.where : name,
             label(field.section, field.key) + ": missing; expected " + field.expected);
      continue;
    }
    if (!field.read(recipe, entry->second))
      fail(entry->second.where, label(field.section, field.key) + ": expected " + field.expected + ", got " +
                                    toml_text(entry->second));
    section->second.entries.erase(entry);
  }
}

/// Reads a [task.ID] table. When --set replaced the list of tasks, the file's tables for tasks no longer
/// in it are ignored.
void read_task(const std::string& section, Section& content, bool tasks_overridden, Recipe& recipe) {
  const std::string id = task_of(section);
  for (TaskEntry& task : recipe.tasks)
    if (task.id == id) {
      task.params = content.entries;
      return;
    }
  if (tasks_overridden && content.where != kOverridePlace) return;
  fail(content.where,
       "[" + section + "]: \"" + id + "\" is not in tasks" + base::did_you_mean(id, task_ids(recipe)));
}

/// Reads a [sources.NAME] table. A name stands for one thing only, so that of a task is refused.
void read_source(const std::string& section, const Section& content, Recipe& recipe) {
  const std::string id = source_of(section);
  for (const TaskEntry& task : recipe.tasks)
    if (task.id == id)
      fail(content.where, "[" + section + "]: \"" + id + "\" is a task of this recipe (" + task.where +
                              "); give the source a name of its own");
  recipe.sources.push_back(
      read_pretrained(section, content, std::filesystem::path(recipe.file).parent_path()));
}

/// What a section with a value per task may name: tasks; [taxonomy.cost] also sources trained elsewhere.
std::vector<std::string> counted_ids(const std::string& section, const Recipe& recipe) {
  auto ids = task_ids(recipe);
  if (section == "taxonomy.cost")
    for (const Pretrained& source : recipe.sources) ids.push_back(source.id);
  return ids;
}

/// Reads one entry of [source.start_of].
void read_start_of(const std::string& section, const std::string& id, const Value& value, Recipe& recipe) {
  auto start = read_start(value, recipe);
  if (!start)
    fail(value.where, label(section, id) + ": expected " + kStartExpected + ", got " + toml_text(value));
  recipe.start_of[id] = *std::move(start);
}

/// Reads one entry of [source.steps_of], [source.clip_of], [taxonomy.cost] or [taxonomy.importance].
void read_number_of(const std::string& section, const std::string& id, const Value& value, Recipe& recipe) {
  const auto* real = std::get_if<double>(&value.value);
  const auto* integer = std::get_if<std::int64_t>(&value.value);
  const auto expect = [&](bool met, const std::string& what) {
    if (!met) fail(value.where, label(section, id) + ": expected " + what + ", got " + toml_text(value));
  };
  if (section == "source.steps_of") {
    expect(integer != nullptr && *integer >= 1, "an integer of at least 1");
    recipe.steps_of[id] = *integer;
    return;
  }
  const double number = real != nullptr ? *real : integer != nullptr ? static_cast<double>(*integer) : -1.0;
  expect(std::isfinite(number) && number >= 0.0, "a number of at least 0");
  (section == "source.clip_of"  ? recipe.clip_of
   : section == "taxonomy.cost" ? recipe.taxonomy.cost
                                : recipe.taxonomy.importance)[id] = number;
}

/// Reads a section that holds a value per task.
void read_per_task(const std::string& section, const Section& content, bool tasks_overridden,
                   Recipe& recipe) {
  const auto ids = counted_ids(section, recipe);
  for (const auto& [id, value] : content.entries) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
      if (tasks_overridden && value.where != kOverridePlace) continue;
      fail(value.where,
           label(section, id) + ": \"" + id + "\" is not in tasks" + base::did_you_mean(id, ids));
    }
    (section == "source.start_of" ? read_start_of : read_number_of)(section, id, value, recipe);
  }
}

/// The texts of path keys as absolute paths; others, and what is no text, as they are.
void make_paths_absolute(Table& params, const std::filesystem::path& folder) {
  for (auto& [key, value] : params) {
    auto* text = std::get_if<std::string>(&value.value);
    if (text == nullptr || text->empty() || !is_path_key(key)) continue;
    const std::filesystem::path start = value.where == kOverridePlace ? "" : folder;
    *text = std::filesystem::absolute(start / *text).lexically_normal().string();
  }
}

/// Reads what read_fields() left over: tables of plugins, or mistakes. Sections come in alphabetical order,
/// so that [sources.NAME] is known before [taxonomy.cost] names it.
void read_rest(Document& document, bool tasks_overridden, Recipe& recipe) {
  const auto sections = known_sections();
  for (auto& [section, content] : document) {
    if (section == "data") {
      recipe.data.params = content.entries;
      make_paths_absolute(recipe.data.params, std::filesystem::path(recipe.file).parent_path());
      recipe.data.where = content.where;
    } else if (!task_of(section).empty()) {
      read_task(section, content, tasks_overridden, recipe);
    } else if (is_per_task(section)) {
      read_per_task(section, content, tasks_overridden, recipe);
    } else if (section == "cluster") {
      recipe.cluster = cluster_in(content);
    } else if (!source_of(section).empty()) {
      read_source(section, content, recipe);
    } else if ((section == "task" || section == "sources") && content.entries.empty()) {
      continue;  // toml++ makes [task] a parent of [task.ID]
    } else if (section == "sources") {
      fail(content.where, "[sources]: expected a table [sources.NAME] for each pretrained source");
    } else if (std::find(sections.begin(), sections.end(), section) == sections.end()) {
      fail(content.where, "[" + section + "]: unknown section" + base::did_you_mean(section, sections) +
                              " (known: " + base::join({sections.begin() + 1, sections.end()}, ", ") + ")");
    } else if (!content.entries.empty()) {
      const auto& [key, value] = *content.entries.begin();
      const auto keys = known_keys(section);
      fail(value.where, label(section, key) + ": unknown key" + base::did_you_mean(key, keys) +
                            " (known: " + base::join(keys, ", ") + ")");
    }
  }
}

/// Where a section stands; the file where it does not.
std::string place_of(const std::string& section, const Document& document, const std::string& name) {
  const auto found = document.find(section);
  return found != document.end() && !found->second.where.empty() ? found->second.where : name;
}

/// Orders 2 to 4 are combinations of the `top` best sources.
void check_orders(const std::string& where, const Recipe& recipe) {
  const auto top = recipe.transfer.top;
  for (const auto order : recipe.transfer.orders)
    if (order >= 2 && order <= 4 && order > top)
      fail(where, "[transfer] orders: order " + std::to_string(order) + " joins " + std::to_string(order) +
                      " of the top = " + std::to_string(top) + " best sources, which is none; set top to " +
                      std::to_string(order) + " or more, or leave the order out");
}

/// What decides when a training ends must be there.
void check_schedule(const Document& document, const std::string& name, const Recipe& recipe) {
  if (recipe.source.schedule == "until_flat" && recipe.split.validation == 0.0)
    fail(place_of("source", document, name),
         "[source] schedule: \"until_flat\" watches the loss on images that are held out, and [split] "
         "validation = 0 "
         "holds out none; set validation to 0.1, say, or take another schedule");
}

/// Checks the rules that join several keys.
void check(const Document& document, const std::string& name, const Recipe& recipe) {
  check_orders(place_of("transfer", document, name), recipe);
  check_schedule(document, name, recipe);
  const std::string where = place_of("split", document, name);
  const Split& split = recipe.split;
  for (const auto& [key, share] :
       {std::pair{"train", split.train}, {"transfer", split.transfer}, {"test", split.test}})
    if (share <= 0.0)
      fail(where, label("split", key) + ": expected a number above 0, got " + base::number(share));
  const double sum = split.train + split.transfer + split.test;
  if (sum > 1.0 + 1e-9)
    fail(where, "[split]: train + transfer + test is " + base::number(sum) + ", expected at most 1");
}

}  // namespace

Recipe parse_recipe(const std::string& text, const std::string& name,
                    const std::vector<std::string>& overrides) {
  Document document = parse_document(text, name);
  for (const std::string& override : overrides) apply_override(document, override);
  const auto tasks = document[""].entries.find("tasks");
  const bool tasks_overridden = tasks != document[""].entries.end() && tasks->second.where == kOverridePlace;
  Recipe recipe;
  recipe.file = name;
  recipe.name = std::filesystem::path(name).stem().string();
  recipe.data.where = name;
  read_fields(document, name, recipe);
  read_rest(document, tasks_overridden, recipe);
  check(document, name, recipe);
  return recipe;
}

bool is_path_key(const std::string& key) {
  return key == "root" || key.ends_with("_file") || key.ends_with("_folder") || key.ends_with("_dir") ||
         key.ends_with("_path");
}

Training source_training(const Recipe& recipe, const std::string& task) {
  Training training = recipe.source;
  const auto own = recipe.steps_of.find(task);
  if (own != recipe.steps_of.end()) training.steps = own->second;
  const auto clip = recipe.clip_of.find(task);
  if (clip != recipe.clip_of.end()) training.gradient_clip = clip->second;
  if (source_start(recipe, task) != kNoStart) training.learning_rate *= recipe.start_rate;
  return training;
}

Training transfer_training(const Recipe& recipe, std::size_t order) {
  Training training = recipe.transfer.training;
  if (const auto& decay = recipe.transfer.weight_decay_of_orders; !decay.empty())
    training.weight_decay = decay[std::min(order, decay.size()) - 1];
  return training;
}

std::string source_start(const Recipe& recipe, const std::string& task) {
  const auto own = recipe.start_of.find(task);
  return own != recipe.start_of.end() ? own->second : recipe.start;
}

Training scratch_training(const Recipe& recipe) {
  Training training = recipe.transfer.training;
  if (recipe.scratch.steps > 0) training.steps = recipe.scratch.steps;
  if (recipe.scratch.learning_rate > 0.0) training.learning_rate = recipe.scratch.learning_rate;
  return training;
}

Training finish_training(const Recipe& recipe, std::size_t order) {
  constexpr std::int64_t kTimesSteps = 4;
  Training training = transfer_training(recipe, order);
  training.steps = recipe.finish.steps > 0 ? recipe.finish.steps : kTimesSteps * training.steps;
  training.learning_rate =
      recipe.finish.learning_rate > 0.0 ? recipe.finish.learning_rate : training.learning_rate / 3.0;
  if (recipe.finish.tune)
    training.augment = recipe.source.augment;  // frozen encoders have seen the images as they are
  return training;
}

Recipe read_recipe(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  std::error_code ignored;  // read_input() says what is wrong
  const bool plain = file != "-" && (std::filesystem::is_regular_file(file, ignored) ||
                                     !std::filesystem::exists(file, ignored));
  // What comes through a pipe lies in no folder: its paths go by the current one.
  const std::string name = file == "-" ? base::name_of_input(file) : file.filename().string();
  return parse_recipe(base::read_input(file), plain ? file.string() : name, overrides);
}

std::vector<Setting> settings(const Recipe& recipe) {
  std::vector<Setting> result;
  std::string previous;
  const auto close_section = [&](const std::string& section) {
    if (section == "data")
      for (const auto& [key, value] : recipe.data.params) result.push_back({section, key, toml_text(value)});
    if (section == "data")
      for (const TaskEntry& task : recipe.tasks)
        for (const auto& [key, value] : task.params)
          result.push_back({kTaskPrefix + task.id, key, toml_text(value)});
    if (section == "data")
      for (const Pretrained& source : recipe.sources)
        for (auto& setting : settings_of(source)) result.push_back(std::move(setting));
  };
  for (const Field& field : fields()) {
    if (field.section != previous) close_section(previous);
    previous = field.section;
    result.push_back({field.section, field.key, field.toml(recipe)});
  }
  for (const auto& [id, steps] : recipe.steps_of)
    result.push_back({"source.steps_of", id, std::to_string(steps)});
  for (const auto& [id, clip] : recipe.clip_of) result.push_back({"source.clip_of", id, toml_text(clip)});
  for (const auto& [id, start] : recipe.start_of) result.push_back({"source.start_of", id, toml_text(start)});
  for (const auto& [id, value] : recipe.taxonomy.importance)
    result.push_back({"taxonomy.importance", id, toml_text(value)});
  for (const auto& [id, value] : recipe.taxonomy.cost)
    result.push_back({"taxonomy.cost", id, toml_text(value)});
  return result;
}

std::string to_toml(const Recipe& recipe) {
  std::string text;
  std::string section;
  for (const Setting& setting : settings(recipe)) {
    if (setting.section != section) {
      section = setting.section;
      text += "\n[" + section + "]\n";
    }
    text += toml_key(setting.key) + " = " + setting.value + "\n";
  }
  return text;
}

std::string canonical(const Table& table) {
  std::string text;
  for (const auto& [key, value] : table) text += (text.empty() ? "" : "; ") + key + " = " + toml_text(value);
  return text;
}

}  // namespace taskonomy::recipe
