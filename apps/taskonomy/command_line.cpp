// Reads a command line: Boost.Program_options with the messages of this program.
#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <cmath>
#include <optional>

#include "apps/taskonomy/command.hpp"
#include "core/base/text.hpp"

namespace taskonomy::cli {

namespace po = boost::program_options;

namespace {

/// The name under which Boost collects positional arguments. It begins with a blank: no command line can name
/// it.
constexpr const char* kArguments = " arguments";

using Texts = std::vector<std::string>;

po::options_description described(const std::vector<Option>& options) {
  po::options_description all;
  auto add = all.add_options();
  for (const auto& option : options) {
    if (option.value.empty()) {
      add(option.name.c_str(), new po::untyped_value(true));
    } else if (option.repeated) {
      add(option.name.c_str(), po::value<Texts>()->composing());
    } else {
      add(option.name.c_str(), po::value<std::string>());
    }
  }
  add(kArguments, po::value<Texts>());
  return all;
}

/// An unknown option: the nearest one, its line of help, the examples.
base::Error unknown_option(const Command& command, const std::string& path, const std::string& given) {
  const std::string name = given.substr(std::min(given.find_first_not_of('-'), given.size()));
  Texts known{"help"};
  for (const auto& option : command.options) known.push_back(option.name);
  const std::string near = base::nearest(name, known);
  std::string message = path + ": unknown option \"" + given + "\"";
  if (!near.empty()) message += "; did you mean \"--" + near + "\"?";
  for (const auto& option : command.options)
    if (option.name == near) message += "\n  --" + near + " " + option.value + "  " + option.help;
  message += "\n" + examples_text(command) + "see taskonomy " + path + " --help";
  return base::Error(message, base::ExitCode::usage);
}

/// Boost's own errors in our words.
base::Error translated(const Command& command, const std::string& path, const po::error& error) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error))
    return unknown_option(command, path, unknown->get_option_name());
  if (const auto* syntax = dynamic_cast<const po::invalid_command_line_syntax*>(&error)) {
    if (syntax->kind() == po::invalid_syntax::missing_parameter)
      return usage_error_of(path, "option \"" + syntax->get_option_name() + "\" needs a value");
    if (syntax->kind() == po::invalid_syntax::extra_parameter)
      return usage_error_of(path, "option \"" + syntax->get_option_name() + "\" takes no value");
  }
  if (const auto* twice = dynamic_cast<const po::multiple_occurrences*>(&error))
    return usage_error_of(path, "option \"" + twice->get_option_name() + "\" is given twice");
  return usage_error_of(path, error.what());
}

/// The whole of text as a finite number, or nothing.
std::optional<double> parsed(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// Options and arguments as Boost understands them. Throws po::error.
po::variables_map parse(const Command& command, const Texts& args) {
  for (const auto& arg : args) {
    if (arg == "--") break;
    // Without short options "-x" would pass as an argument; only numbers and "-" may.
    if (arg.size() > 1 && arg[0] == '-' && arg[1] != '-' && !parsed(arg)) throw po::unknown_option(arg);
  }
  namespace style = po::command_line_style;
  constexpr int kStyle = style::allow_long | style::long_allow_adjacent | style::long_allow_next;
  const po::options_description options = described(command.options);
  po::positional_options_description positional;
  positional.add(kArguments, -1);
  po::variables_map map;
  po::store(po::command_line_parser(args).options(options).positional(positional).style(kStyle).run(), map);
  po::notify(map);
  return map;
}

/// Checks the number of arguments against what the command takes.
void check_arguments(const Command& command, const std::string& path, const Texts& given) {
  const auto required = std::count_if(command.arguments.begin(), command.arguments.end(),
                                      [](const auto& a) { return a.required; });
  if (std::ssize(given) < required)
    throw usage_error_of(path, command.arguments[given.size()].name + " is missing");
  const bool open = !command.arguments.empty() && command.arguments.back().repeated;
  if (given.size() > command.arguments.size() && !open)
    throw usage_error_of(path, "unexpected argument \"" + given[command.arguments.size()] + "\"");
}

}  // namespace

std::vector<Option> joined(std::vector<Option> options, const std::vector<Option>& more) {
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

Option format_option(const std::string& words) {
  return {"format", words, "form of the answer (" + base::split(words, '|').front() + ")"};
}

Option json_option() { return {"json", "", "the same as --format json"}; }

Option plugin_dir_option() {
  return {"plugin-dir", "DIR", "look for plugins in this folder first; may be repeated", true};
}

Option set_option() {
  return {"set", "SECTION.KEY=VALUE", "override a key of the recipe; may be repeated", true};
}

Values::Values(const Command& command, std::string path, const std::vector<std::string>& args)
    : path_(std::move(path)) {
  Texts arguments;
  try {
    const po::variables_map map = parse(command, args);
    for (const auto& option : command.options) {
      if (option.value.find('|') != std::string::npos) words_[option.name] = base::split(option.value, '|');
      if (map.count(option.name) == 0) continue;
      const boost::any& value = map[option.name].value();
      const auto* several = boost::any_cast<Texts>(&value);
      const auto* one = boost::any_cast<std::string>(&value);
      given_[option.name] = several != nullptr ? *several : Texts{one != nullptr ? *one : ""};
    }
    if (map.count(kArguments) > 0) arguments = map[kArguments].as<Texts>();
  } catch (const po::error& error) {
    throw translated(command, path_, error);
  }
  check_arguments(command, path_, arguments);
  for (std::size_t i = 0; i < arguments.size(); ++i)
    given_[command.arguments[std::min(i, command.arguments.size() - 1)].name].push_back(arguments[i]);
}

std::string Values::text(const std::string& name, const std::string& fallback) const {
  return has(name) ? given_.at(name).front() : fallback;
}

double Values::real(const std::string& name, double fallback, double low) const {
  if (!has(name)) return fallback;
  const auto value = parsed(text(name));
  if (!value || *value < low)
    throw usage_error("--" + name + ": expected a number >= " + base::number(low) + ", got \"" + text(name) +
                      "\"");
  return *value;
}

long Values::integer(const std::string& name, long fallback, long low) const {
  const double value = real(name, static_cast<double>(fallback), static_cast<double>(low));
  if (value != std::floor(value) || value > 1e15)
    throw usage_error("--" + name + ": expected a whole number >= " + std::to_string(low) + ", got \"" +
                      text(name) + "\"");
  return static_cast<long>(value);
}

long Values::integer(const std::string& name, long fallback, long low, long high) const {
  const long value = integer(name, fallback, low);
  if (has(name) && value > high)
    throw usage_error("--" + name + ": expected a whole number from " + std::to_string(low) + " to " +
                      std::to_string(high) + ", got \"" + text(name) + "\"");
  return value;
}

std::size_t Values::count(const std::string& name, std::size_t fallback, std::size_t low) const {
  return static_cast<std::size_t>(integer(name, static_cast<long>(fallback), static_cast<long>(low)));
}

std::vector<std::string> Values::list(const std::string& name) const {
  return has(name) ? given_.at(name) : Texts{};
}

std::vector<std::string> Values::names(const std::string& name) const {
  Texts result;
  for (const auto& value : list(name)) {
    for (const auto& part : base::split(value, ',')) {
      if (base::trim(part).empty()) throw usage_error("--" + name + ": empty name in \"" + value + "\"");
      result.push_back(base::trim(part));
    }
  }
  return result;
}

std::map<std::string, double> Values::numbers(const std::string& name, double low) const {
  std::map<std::string, double> result;
  for (const auto& part : names(name)) {
    const auto equals = part.find('=');
    const auto value = equals == std::string::npos ? std::nullopt : parsed(part.substr(equals + 1));
    if (!value || *value < low || equals == 0)
      throw usage_error("--" + name + ": expected NAME=NUMBER with a number >= " + base::number(low) +
                        ", got \"" + part + "\"");
    if (!result.emplace(part.substr(0, equals), *value).second)
      throw usage_error("--" + name + ": \"" + part.substr(0, equals) + "\" is given twice");
  }
  return result;
}

std::string Values::choice(const std::string& name) const {
  const Texts& words = words_.at(name);
  const std::string word = text(name, words.front());
  if (std::find(words.begin(), words.end(), word) != words.end()) return word;
  throw usage_error("--" + name + ": expected " + base::join(words, ", ") + ", got \"" + word + "\"" +
                    base::did_you_mean(word, words));
}

std::string Values::required_choice(const std::string& name) const {
  if (!has(name)) throw usage_error("needs --" + name + " " + base::join(words_.at(name), "|"));
  return choice(name);
}

std::string Values::format() const {
  const Texts& words = words_.at("format");
  Texts options{"format"};
  options.insert(options.end(), words.begin(), words.end());
  at_most_one(options);
  for (const auto& word : words)
    if (has(word)) return word;
  return choice("format");
}

void Values::at_most_one(const std::vector<std::string>& options) const {
  Texts both;
  for (const auto& option : options)
    if (has(option)) both.push_back("--" + option);
  if (both.size() > 1) throw usage_error(base::join(both, " and ") + " exclude each other");
}

base::Error Values::usage_error(const std::string& message) const { return usage_error_of(path_, message); }

}  // namespace taskonomy::cli
