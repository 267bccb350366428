// TOML text to plain values and back. The one file that includes toml++.
#include "core/recipe/document.hpp"

#include <toml++/toml.h>

#include <cstdio>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::recipe {

namespace {

std::string place(const std::string& name, const toml::source_region& source) {
  return source.begin.line > 0 ? name + ":" + std::to_string(source.begin.line) : name;
}

/// A list of numbers or of texts; nothing when it is neither. An empty one counts as numbers.
std::optional<decltype(Value::value)> list_of(const toml::array& array) {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  for (const toml::node& item : array) {
    if (const auto* integer = item.as_integer()) {
      numbers.push_back(static_cast<double>(integer->get()));
    } else if (const auto* real = item.as_floating_point()) {
      numbers.push_back(real->get());
    } else if (const auto* text = item.as_string()) {
      texts.push_back(text->get());
    } else {
      return std::nullopt;
    }
  }
  if (!numbers.empty() && !texts.empty()) return std::nullopt;
  if (!texts.empty()) return texts;
  return numbers;
}

/// The plain value of a node; nothing for dates, tables and mixed lists.
std::optional<decltype(Value::value)> value_of(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* real = node.as_floating_point()) return real->get();
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* array = node.as_array()) return list_of(*array);
  return std::nullopt;
}

void flatten(const toml::table& table, const std::string& section, const std::string& name,
             Document& document) {
  document[section].where = place(name, table.source());
  for (const auto& [key, node] : table) {
    const std::string word(key.str());
    if (const auto* inner = node.as_table()) {
      flatten(*inner, section.empty() ? word : section + "." + word, name, document);
      continue;
    }
    const auto value = value_of(node);
    const std::string where = place(name, key.source());
    if (!value)
      throw base::Error(where + ": " + (section.empty() ? "" : "[" + section + "] ") + word +
                        ": expected true or false, a number, a text, or a list of numbers or of texts");
    document[section].entries[word] = {*value, where};
  }
}

/// Where the string or comment that begins at `at` ends: behind its last character.
std::size_t end_of(std::string_view toml, std::size_t at) {
  const auto behind = [&](std::size_t found, std::size_t size) {
    return found == std::string_view::npos ? toml.size() : found + size;
  };
  if (toml[at] == '#') return behind(toml.find('\n', at), 0);
  const char quote = toml[at];
  const std::string_view three = toml.substr(at, 3);
  const bool long_one = three == "\"\"\"" || three == "'''";
  for (std::size_t i = at + (long_one ? 3 : 1); i < toml.size(); ++i) {
    if (toml[i] == '\\' && quote == '"') {
      ++i;
    } else if (!long_one && (toml[i] == quote || toml[i] == '\n')) {
      return toml[i] == quote ? i + 1 : i;
    } else if (long_one && toml.substr(i, 3) == three) {
      return i + 3;
    }
  }
  return toml.size();
}

/// Whether a character may stand within a key, between its dots.
bool of_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == ' ' || c == '\t';
}

}  // namespace

std::size_t line_of_deep_key(std::string_view toml, std::size_t most) {
  std::size_t line = 1, dots = 0;
  for (std::size_t i = 0; i < toml.size();) {
    const char c = toml[i];
    if (c == '#' || c == '"' || c == '\'') {
      const std::size_t end = end_of(toml, i);
      for (; i < end; ++i) line += toml[i] == '\n';
      continue;
    }
    if (c == '\n') ++line;
    if (c == '.') {
      if (++dots >= most) return line;
    } else if (!of_key(c)) {
      dots = 0;
    }
    ++i;
  }
  return 0;
}

Document parse_document(const std::string& text, const std::string& name) {
  constexpr std::size_t kMostNames = 64;
  if (const std::size_t line = line_of_deep_key(text, kMostNames); line > 0)
    throw base::Error(name + ":" + std::to_string(line) + ": a key of more than " +
                      std::to_string(kMostNames) + " names joined by dots");
  try {
    Document document;
    flatten(toml::parse(text, name), "", name, document);
    document[""].where = name;
    return document;
  } catch (const toml::parse_error& error) {
    throw base::Error(place(name, error.source()) + ": " + std::string(error.description()));
  }
}

void apply_override(Document& document, const std::string& override) {
  const std::size_t equals = override.find('=');
  const std::string path = base::trim(override.substr(0, equals));
  if (equals == std::string::npos || path.empty() || path.back() == '.')
    throw base::Error("--set " + override + ": expected section.key=value, as in --set source.steps=500");
  const std::string text = base::trim(override.substr(equals + 1));
  const std::size_t dot = path.rfind('.');
  const std::string section = dot == std::string::npos ? "" : path.substr(0, dot);
  const std::string key = dot == std::string::npos ? path : path.substr(dot + 1);
  Value value{text, kOverridePlace};
  if (text.find('\n') == std::string::npos) {
    try {
      const toml::table table = toml::parse("value = " + text);
      const toml::node& node = *table.get("value");
      if (const auto* inner = node.as_table()) {
        flatten(*inner, path, kOverridePlace, document);
        for (auto& [word, entry] : document[path].entries)
          if (inner->contains(word)) entry.where = kOverridePlace;
        return;
      }
      if (const auto parsed = value_of(node)) value.value = *parsed;
    } catch (const toml::parse_error&) {
      // A bare word: the text itself.
    }
  }
  Section& target = document[section];
  if (target.where.empty()) target.where = kOverridePlace;
  target.entries[key] = value;
}

std::string toml_text(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", byte);
      result += escape;
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string toml_key(const std::string& key) {
  const char* bare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !key.empty() && key.find_first_not_of(bare) == std::string::npos ? key : toml_text(key);
}

std::string toml_text(double value) {
  const std::string text = base::number(value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string toml_text(const Value& value) {
  struct Writer {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t integer) const { return std::to_string(integer); }
    std::string operator()(double real) const { return toml_text(real); }
    std::string operator()(const std::string& text) const { return toml_text(text); }
    std::string operator()(const std::vector<double>& numbers) const {
      std::vector<std::string> parts;
      for (const double number : numbers) parts.push_back(base::number(number));
      return "[" + base::join(parts, ", ") + "]";
    }
    std::string operator()(const std::vector<std::string>& texts) const {
      std::vector<std::string> parts;
      for (const std::string& text : texts) parts.push_back(toml_text(text));
      return "[" + base::join(parts, ", ") + "]";
    }
  };
  return std::visit(Writer{}, value.value);
}

}  // namespace taskonomy::recipe
