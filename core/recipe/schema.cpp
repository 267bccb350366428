// The table of the host's recipe keys.
#include "core/recipe/schema.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "core/base/text.hpp"
#include "core/recipe/document.hpp"

namespace taskonomy::recipe {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

/// Integers count as real numbers, not the other way round.
std::optional<double> real_of(const Value& value) {
  if (const auto* real = std::get_if<double>(&value.value)) return *real;
  if (const auto* integer = std::get_if<std::int64_t>(&value.value)) return static_cast<double>(*integer);
  return std::nullopt;
}

/// A field whose member is found by `member(recipe)`, for reading and writing alike.
template <typename Member>
auto copy_of(const Member& member, const Recipe& recipe) {
  Recipe copy = recipe;
  return member(copy);
}

template <typename Member>
Field integer(const char* section, const char* key, Member member, std::int64_t low,
              std::int64_t high = kLargest) {
  const std::string range = high == kLargest ? "of at least " + std::to_string(low)
                                             : "from " + std::to_string(low) + " to " + std::to_string(high);
  return {section,
          key,
          "an integer " + range,
          false,
          [=](Recipe& recipe, const Value& value) {
            const auto* number = std::get_if<std::int64_t>(&value.value);
            if (number == nullptr || *number < low || *number > high) return false;
            member(recipe) = *number;
            return true;
          },
          [=](const Recipe& recipe) { return std::to_string(copy_of(member, recipe)); }};
}

/// low <= value <= high, or low < value where `above` is set; never NaN, never infinite.
template <typename Member>  // NOLINTNEXTLINE(readability-function-size): the columns of the table below
Field real(const char* section, const char* key, Member member, double low, double high = kInfinity,
           bool above = false) {
  const std::string range = std::isfinite(high) ? "from " + base::number(low) + " to " + base::number(high)
                            : above             ? "above " + base::number(low)
                                                : "of at least " + base::number(low);
  return {section,
          key,
          "a number " + range,
          false,
          [=](Recipe& recipe, const Value& value) {
            const auto number = real_of(value);
            if (!number || !std::isfinite(*number) || *number < low || *number > high) return false;
            if (above && *number == low) return false;
            member(recipe) = *number;
            return true;
          },
          [=](const Recipe& recipe) { return toml_text(copy_of(member, recipe)); }};
}

template <typename Member>
Field flag(const char* section, const char* key, Member member) {
  return {section,
          key,
          "true or false",
          false,
          [=](Recipe& recipe, const Value& value) {
            const auto* given = std::get_if<bool>(&value.value);
            if (given != nullptr) member(recipe) = *given;
            return given != nullptr;
          },
          [=](const Recipe& recipe) -> std::string { return copy_of(member, recipe) ? "true" : "false"; }};
}

template <typename Member>
Field choice(const char* section, const char* key, Member member, const std::vector<std::string>& choices) {
  return {section,
          key,
          "one of \"" + base::join(choices, "\", \"") + "\"",
          false,
          [=](Recipe& recipe, const Value& value) {
            const auto* text = std::get_if<std::string>(&value.value);
            if (text == nullptr) return false;
            for (const std::string& known : choices)
              if (known == *text) {
                member(recipe) = *text;
                return true;
              }
            return false;
          },
          [=](const Recipe& recipe) { return toml_text(copy_of(member, recipe)); }};
}

/// A name that is also a file name or a plugin id.
template <typename Member>
Field name(const char* section, const char* key, const char* expected, bool required, Member member) {
  return {section,
          key,
          expected,
          required,
          [=](Recipe& recipe, const Value& value) {
            const auto* text = std::get_if<std::string>(&value.value);
            if (text == nullptr || text->empty() || text->find_first_of("/ \t\r\n") != std::string::npos)
              return false;
            if (*text == "." || *text == "..") return false;
            member(recipe) = *text;
            return true;
          },
          [=](const Recipe& recipe) { return toml_text(copy_of(member, recipe)); }};
}

/// Any text, or none.
template <typename Member>
Field text(const char* section, const char* key, const char* expected, Member member) {
  return {section,
          key,
          expected,
          false,
          [=](Recipe& recipe, const Value& value) {
            const auto* given = std::get_if<std::string>(&value.value);
            if (given != nullptr) member(recipe) = *given;
            return given != nullptr;
          },
          [=](const Recipe& recipe) { return toml_text(copy_of(member, recipe)); }};
}

Field seed() {
  return {"",
          "seed",
          "an integer of at least 0",
          false,
          [](Recipe& recipe, const Value& value) {
            const auto* number = std::get_if<std::int64_t>(&value.value);
            if (number == nullptr || *number < 0) return false;
            recipe.seed = static_cast<std::uint64_t>(*number);
            return true;
          },
          [](const Recipe& recipe) { return std::to_string(recipe.seed); }};
}

/// The list of ids only; [task.ID] tables are filled in by the reader.
Field tasks() {
  return {"",
          "tasks",
          "a list of different task ids, as in [\"normal\", \"edge_texture\"]",
          true,
          [](Recipe& recipe, const Value& value) {
            const auto* ids = std::get_if<std::vector<std::string>>(&value.value);
            if (ids == nullptr || ids->empty()) return false;
            std::set<std::string> seen;
            recipe.tasks.clear();
            for (const std::string& id : *ids) {
              if (toml_key(id) != id) return false;
              if (!seen.insert(id).second) return false;
              recipe.tasks.push_back({id, {}, value.where});
            }
            return true;
          },
          [](const Recipe& recipe) {
            std::vector<std::string> ids;
            for (const TaskEntry& task : recipe.tasks) ids.push_back(task.id);
            return toml_text(Value{ids, ""});
          }};
}

Field plugin_dirs() {
  return {"plugins",
          "dirs",
          "a list of folders, as in [\"build/plugins\"]",
          false,
          [](Recipe& recipe, const Value& value) {
            if (const auto* none = std::get_if<std::vector<double>>(&value.value);
                none != nullptr && none->empty()) {
              recipe.plugin_dirs.clear();
              return true;
            }
            const auto* folders = std::get_if<std::vector<std::string>>(&value.value);
            if (folders != nullptr) recipe.plugin_dirs = *folders;
            return folders != nullptr;
          },
          [](const Recipe& recipe) {
            return toml_text(Value{recipe.plugin_dirs, ""});
          }};
}

Field orders() {
  return {"transfer",
          "orders",
          "increasing integers starting at 1, as in [1, 2, 3]",
          false,
          [](Recipe& recipe, const Value& value) {
            const auto* numbers = std::get_if<std::vector<double>>(&value.value);
            if (numbers == nullptr || numbers->empty() || numbers->front() != 1.0) return false;
            recipe.transfer.orders.clear();
            double previous = 0.0;
            for (const double number : *numbers) {
              if (number != std::floor(number) || number <= previous || number > 1000.0) return false;
              recipe.transfer.orders.push_back(static_cast<std::int64_t>(number));
              previous = number;
            }
            return true;
          },
          [](const Recipe& recipe) {
            return toml_text(
                Value{std::vector<double>(recipe.transfer.orders.begin(), recipe.transfer.orders.end()), ""});
          }};
}

/// A list of numbers of at least 0, which may be empty.
template <typename Member>
Field numbers(const char* section, const char* key, const char* expected, Member member) {
  return {section,
          key,
          expected,
          false,
          [member](Recipe& recipe, const Value& value) {
            const auto* numbers = std::get_if<std::vector<double>>(&value.value);
            if (numbers == nullptr) return false;
            for (const double number : *numbers)
              if (!std::isfinite(number) || number < 0.0) return false;
            member(recipe) = *numbers;
            return true;
          },
          [member](const Recipe& recipe) {
            return toml_text(Value{std::vector<double>(member(recipe)), ""});
          }};
}

template <typename Member>
Field start(const char* section, Member member) {
  return {section,
          "start",
          kStartExpected,
          false,
          [=](Recipe& recipe, const Value& value) {
            auto given = read_start(value, recipe);
            if (given) member(recipe) = *std::move(given);
            return given.has_value();
          },
          [=](const Recipe& recipe) { return toml_text(copy_of(member, recipe)); }};
}

/// [source] and [transfer] train in the same way, but for the schedules that they may take.
template <typename Member>
void add_training(std::vector<Field>& fields, const char* section, const std::vector<std::string>& schedules,
                  Member of) {
  fields.push_back(integer(
      section, "steps", [=](Recipe & r) -> auto& { return of(r).steps; }, 1));
  fields.push_back(integer(
      section, "batch", [=](Recipe & r) -> auto& { return of(r).batch; }, 1));
  fields.push_back(real(
      section, "learning_rate", [=](Recipe & r) -> auto& { return of(r).learning_rate; }, 0.0, kInfinity,
      true));
  fields.push_back(choice(
      section, "schedule", [=](Recipe & r) -> auto& { return of(r).schedule; }, schedules));
  fields.push_back(real(
      section, "step_at", [=](Recipe & r) -> auto& { return of(r).step_at; }, 0.0, 1.0));
  fields.push_back(real(
      section, "weight_decay", [=](Recipe & r) -> auto& { return of(r).weight_decay; }, 0.0));
  fields.push_back(real(
      section, "gradient_clip", [=](Recipe & r) -> auto& { return of(r).gradient_clip; }, 0.0));
}

/// [encoder] to [finish]: what networks are and how they are trained.
void add_networks(std::vector<Field>& all) {
  const auto add = [&](Field field) { all.push_back(std::move(field)); };
  add(choice("encoder", "name", [](Recipe & r) -> auto& { return r.network.encoder; },
             {"resnet_small", "resnet18", "resnet50"}));
  add(integer(
      "encoder", "width", [](Recipe & r) -> auto& { return r.network.width; }, 1, 4096));
  add(integer(
      "encoder", "channels", [](Recipe & r) -> auto& { return r.network.channels; }, 1, 4096));
  add(choice("decoder", "name", [](Recipe & r) -> auto& { return r.network.decoder; },
             {"auto", "small", "paper"}));
  add_training(
      all, "source", {"one_cycle", "cosine", "step", "constant", "until_flat"},
      [](Recipe & r) -> auto& { return r.source; });
  add(real(
      "source", "first_layer_rate", [](Recipe & r) -> auto& { return r.source.first_layer_rate; }, 0.001,
      1.0));
  add(flag(
      "source", "curve", [](Recipe & r) -> auto& { return r.learning_curve; }));
  add(choice("source", "augment", [](Recipe & r) -> auto& { return r.source.augment; },
             {"none", "light", "strong"}));
  add(start(
      "source", [](Recipe & r) -> auto& { return r.start; }));
  add(real(
      "source", "start_rate", [](Recipe & r) -> auto& { return r.start_rate; }, 0.0, 1.0, true));
  add_training(
      all, "transfer", {"one_cycle", "cosine", "step", "constant"},
      [](Recipe & r) -> auto& { return r.transfer.training; });
  add(numbers(
      "transfer", "weight_decay_of_orders", "a list of numbers of at least 0, as in [1e-5, 1e-6]",
      [](auto& r) -> auto& { return r.transfer.weight_decay_of_orders; }));
  add(orders());
  add(integer(
      "transfer", "top", [](Recipe & r) -> auto& { return r.transfer.top; }, 1));
  add(flag(
      "transfer", "from_own_encoder", [](Recipe & r) -> auto& { return r.transfer.from_own_encoder; }));
  add(integer(
      "scratch", "steps", [](Recipe & r) -> auto& { return r.scratch.steps; }, 0));
  add(real(
      "scratch", "learning_rate", [](Recipe & r) -> auto& { return r.scratch.learning_rate; }, 0.0));
  add(start(
      "scratch", [](Recipe & r) -> auto& { return r.scratch.start; }));
  add(integer(
      "finish", "steps", [](Recipe & r) -> auto& { return r.finish.steps; }, 0));
  add(real(
      "finish", "learning_rate", [](Recipe & r) -> auto& { return r.finish.learning_rate; }, 0.0));
  add(flag(
      "finish", "tune", [](Recipe & r) -> auto& { return r.finish.tune; }));
  add(real(
      "finish", "tune_rate", [](Recipe & r) -> auto& { return r.finish.tune_rate; }, 0.001, 1.0));
}

std::vector<Field> make_fields() {
  std::vector<Field> all;
  const auto add = [&](Field field) { all.push_back(std::move(field)); };
  add(name(
      "", "name", "a name without spaces and slashes", false, [](Recipe & r) -> auto& { return r.name; }));
  add(seed());
  add(tasks());
  add(choice("", "missing", [](Recipe & r) -> auto& { return r.missing; }, {"error", "skip"}));
  add(plugin_dirs());
  add(name(
      "data", "dataset", "the id of a dataset plugin", true,
      [](Recipe & r) -> auto& { return r.data.dataset; }));
  add(integer(
      "data", "side", [](Recipe & r) -> auto& { return r.data.side; }, 8, 4096));
  add(choice("split", "unit", [](Recipe & r) -> auto& { return r.split.unit; }, {"scene", "image"}));
  add(real(
      "split", "train", [](Recipe & r) -> auto& { return r.split.train; }, 0.0, 1.0));
  add(real(
      "split", "transfer", [](Recipe & r) -> auto& { return r.split.transfer; }, 0.0, 1.0));
  add(real(
      "split", "test", [](Recipe & r) -> auto& { return r.split.test; }, 0.0, 1.0));
  add(real(
      "split", "validation", [](Recipe & r) -> auto& { return r.split.validation; }, 0.0, 0.9));
  add_networks(all);
  add(choice("compute", "precision", [](Recipe & r) -> auto& { return r.compute.precision; },
             {"auto", "float32", "bfloat16"}));
  add(choice("compute", "device", [](Recipe & r) -> auto& { return r.compute.device; }, {"cpu", "cuda"}));
  add(integer(
      "compute", "workers", [](Recipe & r) -> auto& { return r.compute.workers; }, 0, kMostWorkers));
  add(integer(
      "compute", "workers_per_gpu", [](Recipe & r) -> auto& { return r.compute.workers_per_gpu; }, 0, 64));
  add(flag(
      "compute", "fast", [](Recipe & r) -> auto& { return r.compute.fast; }));
  add(real(
      "compute", "job_timeout", [](Recipe & r) -> auto& { return r.compute.job_timeout; }, 0.0));
  add(real(
      "compute", "memory_limit", [](Recipe & r) -> auto& { return r.compute.memory_limit; }, 0.0));
  add(numbers(
      "taxonomy", "budgets", "a list of numbers of at least 0, as in [2, 4, 8]",
      [](auto& r) -> auto& { return r.taxonomy.budgets; }));
  add(choice("taxonomy", "costs", [](Recipe & r) -> auto& { return r.taxonomy.costs; }, {"own", "paper"}));
  add(text(
      "taxonomy", "unit", "a word, as in \"hours\"", [](Recipe & r) -> auto& { return r.taxonomy.unit; }));
  return all;
}

}  // namespace

const std::vector<Field>& fields() {
  static const std::vector<Field> all = make_fields();
  return all;
}

std::optional<std::string> read_start(const Value& value, const Recipe& recipe) {
  namespace fs = std::filesystem;
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr || text->empty()) return std::nullopt;
  if (*text == kNoStart) return kNoStart;
  const fs::path folder = value.where == kOverridePlace ? fs::path() : fs::path(recipe.file).parent_path();
  const fs::path path = fs::absolute(folder / *text).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).string();  // "runs/rooms/" is "runs/rooms"
}

std::string label(const std::string& section, const std::string& key) {
  return section.empty() ? key : "[" + section + "] " + key;
}

}  // namespace taskonomy::recipe
