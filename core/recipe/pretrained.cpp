// Reads, writes and describes [sources.NAME] tables.
#include "core/recipe/pretrained.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/recipe/document.hpp"
#include "core/recipe/recipe.hpp"
#include "core/recipe/schema.hpp"

namespace taskonomy::recipe {

namespace {

constexpr const char* kPrefix = "sources.";
constexpr const char* kTorchScript = "torchscript";
constexpr const char* kSafetensors = "safetensors";

/// One key beside the two that name the file.
struct Key {
  std::string name;
  std::string expected;
  std::function<bool(Pretrained&, const Value&)> read;  ///< false: not what was expected
  std::function<Value(const Pretrained&)> value;
};

bool read_text(const Value& value, std::string& text) {
  const auto* given = std::get_if<std::string>(&value.value);
  if (given == nullptr || given->empty()) return false;
  text = *given;
  return true;
}

/// A place in a tuple is written as a number, one in a dictionary as a text.
bool read_output(const Value& value, std::string& output) {
  if (const auto* index = std::get_if<std::int64_t>(&value.value); index != nullptr && *index >= 0) {
    output = std::to_string(*index);
    return true;
  }
  return read_text(value, output);
}

bool read_numbers(const Value& value, std::size_t count, std::vector<double>& numbers) {
  const auto* given = std::get_if<std::vector<double>>(&value.value);
  if (given == nullptr || given->size() != count) return false;
  if (!std::all_of(given->begin(), given->end(), [](double number) { return std::isfinite(number); }))
    return false;
  numbers = *given;
  return true;
}

bool read_deviation(const Value& value, std::vector<double>& deviation) {
  return read_numbers(value, 3, deviation) && *std::min_element(deviation.begin(), deviation.end()) > 0.0;
}

bool read_side(const Value& value, std::int64_t& side) {
  const auto* given = std::get_if<std::int64_t>(&value.value);
  if (given == nullptr || *given < 0 || *given > 4096) return false;
  side = *given;
  return true;
}

bool read_cost(const Value& value, double& cost) {
  const auto* real = std::get_if<double>(&value.value);
  const auto* integer = std::get_if<std::int64_t>(&value.value);
  if (real == nullptr && integer == nullptr) return false;
  cost = real != nullptr ? *real : static_cast<double>(*integer);
  return std::isfinite(cost) && cost >= 0.0;
}

Value value_of(std::vector<double> numbers) { return {std::move(numbers), ""}; }

const std::vector<Key>& keys() {
  static const std::vector<Key> all{
      {"architecture", "one of \"" + base::join(pretrained_architectures(), "\", \"") + "\"",
       [](Pretrained& source, const Value& value) {
         const auto& known = pretrained_architectures();
         return read_text(value, source.architecture) &&
                std::find(known.begin(), known.end(), source.architecture) != known.end();
       },
       [](const Pretrained& source) {
         return Value{source.architecture, ""};
       }},
      {"method", "the name of a method of the TorchScript module",
       [](Pretrained& source, const Value& value) { return read_text(value, source.method); },
       [](const Pretrained& source) {
         return Value{source.method, ""};
       }},
      {"output", "the index in a tuple, the key in a dictionary, or the layer of an architecture",
       [](Pretrained& source, const Value& value) { return read_output(value, source.output); },
       [](const Pretrained& source) {
         return Value{source.output, ""};
       }},
      {"side", "an integer from 0 to 4096, pixels (0 = the images as they are)",
       [](Pretrained& source, const Value& value) { return read_side(value, source.side); },
       [](const Pretrained& source) {
         return Value{source.side, ""};
       }},
      {"range", "two rising numbers, what black and white become, as in [0, 1]",
       [](Pretrained& source, const Value& value) {
         return read_numbers(value, 2, source.range) && source.range[0] < source.range[1];
       },
       [](const Pretrained& source) { return value_of(source.range); }},
      {"mean", "three numbers, for red, green and blue",
       [](Pretrained& source, const Value& value) { return read_numbers(value, 3, source.mean); },
       [](const Pretrained& source) { return value_of(source.mean); }},
      {"std", "three numbers above 0, for red, green and blue",
       [](Pretrained& source, const Value& value) { return read_deviation(value, source.deviation); },
       [](const Pretrained& source) { return value_of(source.deviation); }},
      {"label_cost", "a number of at least 0",
       [](Pretrained& source, const Value& value) { return read_cost(value, source.label_cost); },
       [](const Pretrained& source) {
         return Value{source.label_cost, ""};
       }}};
  return all;
}

std::vector<std::string> known_keys() {
  std::vector<std::string> names{kTorchScript, kSafetensors};
  for (const Key& key : keys()) names.push_back(key.name);
  return names;
}

[[noreturn]] void refuse(const Section& content, const std::string& section, const std::string& what) {
  throw base::Error(content.where + ": [" + section + "]: " + what);
}

void read_key(const std::string& section, const std::string& name, const Value& value, Pretrained& source) {
  const auto fail = [&](const std::string& what) {
    throw base::Error(value.where + ": " + label(section, name) + ": " + what);
  };
  for (const Key& key : keys()) {
    if (key.name != name) continue;
    if (!key.read(source, value)) fail("expected " + key.expected + ", got " + toml_text(value));
    return;
  }
  fail("unknown key" + base::did_you_mean(name, known_keys()) + " (known: " + base::join(known_keys(), ", ") +
       ")");
}

std::filesystem::path read_file_name(const std::string& section, const std::string& key, const Value& value,
                                     const std::filesystem::path& folder) {
  std::string file;
  if (!read_text(value, file))
    throw base::Error(value.where + ": " + label(section, key) + ": expected the path of a file, got " +
                      toml_text(value));
  const std::filesystem::path start = value.where == kOverridePlace ? "" : folder;
  return std::filesystem::absolute(start / file).lexically_normal();
}

/// Keys that only one of the two forms has.
void check_form(const std::string& section, const Section& content, const Pretrained& source) {
  const auto given = [&](const char* key) { return content.entries.count(key) > 0; };
  if (given(kTorchScript) && given("architecture"))
    refuse(content, section, "architecture belongs to safetensors; a TorchScript file holds its own");
  if (!given(kSafetensors)) return;
  if (!given("architecture"))
    refuse(content, section,
           "safetensors holds numbers alone; architecture says of which network: \"" +
               base::join(pretrained_architectures(), "\" or \"") + "\"");
  if (given("method"))
    refuse(content, section, "method belongs to torchscript; output = \"layer3\" chooses a stage");
  const std::vector<std::string> stages{"layer1", "layer2", "layer3", "layer4"};
  if (!source.output.empty() && std::find(stages.begin(), stages.end(), source.output) == stages.end())
    throw base::Error(content.entries.at("output").where + ": " + label(section, "output") +
                      ": expected one of \"" + base::join(stages, "\", \"") + "\", got " +
                      toml_text(content.entries.at("output")));
}

}  // namespace

const std::vector<std::string>& pretrained_architectures() {
  static const std::vector<std::string> known{"resnet18", "resnet50"};
  return known;
}

std::string source_of(const std::string& section) {
  const std::string prefix = kPrefix;
  return section.starts_with(prefix) ? section.substr(prefix.size()) : "";
}

Pretrained read_pretrained(const std::string& section, const Section& content,
                           const std::filesystem::path& folder) {
  Pretrained source;
  source.id = source_of(section);
  source.where = content.where;
  if (source.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos ||
      source.id.front() < 'a')
    refuse(content, section, "expected a name of small letters, digits and _, beginning with a letter");
  const auto torchscript = content.entries.find(kTorchScript),
             safetensors = content.entries.find(kSafetensors);
  const bool scripted = torchscript != content.entries.end();
  if (scripted == (safetensors != content.entries.end()))
    refuse(content, section,
           std::string(scripted ? "both torchscript and" : "neither torchscript nor") +
               " safetensors given; expected one of them, the file");
  const auto& file = scripted ? *torchscript : *safetensors;
  source.file = read_file_name(section, file.first, file.second, folder);
  for (const auto& [name, value] : content.entries)
    if (name != file.first) read_key(section, name, value, source);
  check_form(section, content, source);
  return source;
}

std::vector<Setting> settings_of(const Pretrained& source) {
  const std::string section = kPrefix + source.id;
  std::vector<Setting> all{
      {section, source.is_torchscript() ? kTorchScript : kSafetensors, toml_text(source.file.string())}};
  for (const Key& key : keys()) {
    const bool absent = (key.name == "architecture" && source.is_torchscript()) ||
                        (key.name == "method" && !source.is_torchscript()) ||
                        (key.name == "output" && source.output.empty());
    if (!absent) all.push_back({section, key.name, toml_text(key.value(source))});
  }
  return all;
}

std::string describe(const Pretrained& source) {
  return source.id + ": " +
         (source.is_torchscript() ? "TorchScript network " : source.architecture + ", weights of ") +
         source.file.string();
}

}  // namespace taskonomy::recipe
