#include "apps/taskonomy/options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>
#include <sstream>

#include "core/base/text.hpp"

namespace taskonomy::cli {

namespace po = boost::program_options;

namespace {

std::string examples_text(const Usage& usage) {
  std::string text;
  for (const auto& example : usage.examples) text += "  " + example + "\n";
  return text.empty() ? "" : "examples:\n" + text;
}

base::Error error_of(const Usage& usage, const std::string& message) {
  return base::Error(usage.command + ": " + message + "\nsee taskonomy " + usage.command + " --help",
                     base::ExitCode::usage);
}

/// An unknown option: the nearest one, its line of help, the examples.
base::Error unknown_option(const Usage& usage, const po::options_description& options,
                           const std::string& given) {
  const std::string name = given.substr(std::min(given.find_first_not_of('-'), given.size()));
  std::vector<std::string> known{"help"};
  for (const auto& option : options.options()) known.push_back(option->long_name());
  const std::string near = base::nearest(name, known);
  std::string message = usage.command + ": unknown option \"" + given + "\"";
  if (!near.empty()) message += "; did you mean \"--" + near + "\"?";
  for (const auto& option : options.options()) {
    if (option->long_name() != near) continue;
    message += "\n  --" + near + " " + option->format_parameter() + "  " + option->description();
  }
  message += "\n" + examples_text(usage) + "see taskonomy " + usage.command + " --help";
  return base::Error(message, base::ExitCode::usage);
}

void print_help(const Usage& usage, const po::options_description& options) {
  std::cout << "usage: taskonomy " << usage.command << " " << usage.arguments << "\n\n"
            << usage.about << "\n";
  if (!options.options().empty()) {
    po::options_description shown("\noptions", 110, 70);
    for (const auto& option : options.options()) shown.add(option);
    std::cout << shown;
  }
  if (!usage.examples.empty()) std::cout << "\n" << examples_text(usage);
}

/// Checks the number of positional arguments against what the command takes.
void check_positionals(const Usage& usage, const std::vector<Positional>& positionals,
                       const std::vector<std::string>& given) {
  std::size_t required = 0;
  for (const auto& positional : positionals) required += positional.required ? 1 : 0;
  if (given.size() < required) throw error_of(usage, positionals[given.size()].name + " is missing");
  const bool open = !positionals.empty() && positionals.back().repeated;
  if (given.size() > positionals.size() && !open) {
    throw error_of(usage, "unexpected argument \"" + given[positionals.size()] + "\"");
  }
}

/// Words of Boost's own errors replaced by ours.
base::Error translated(const Usage& usage, const po::options_description& options, const po::error& error) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error)) {
    return unknown_option(usage, options, unknown->get_option_name());
  }
  if (const auto* syntax = dynamic_cast<const po::invalid_command_line_syntax*>(&error)) {
    if (syntax->kind() == po::invalid_syntax::missing_parameter) {
      return error_of(usage, "option \"" + syntax->get_option_name() + "\" needs a value");
    }
    if (syntax->kind() == po::invalid_syntax::extra_parameter) {
      return error_of(usage, "option \"" + syntax->get_option_name() + "\" takes no value");
    }
  }
  if (const auto* twice = dynamic_cast<const po::multiple_occurrences*>(&error)) {
    return error_of(usage, "option \"" + twice->get_option_name() + "\" is given twice");
  }
  return error_of(usage, error.what());
}

/// The whole of text as a number, or nothing.
std::optional<double> parsed(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::string Values::text(const std::string& name, const std::string& fallback) const {
  return has(name) ? map_[name].as<std::string>() : fallback;
}

double Values::real(const std::string& name, double fallback, double low) const {
  if (!has(name)) return fallback;
  const auto value = parsed(text(name));
  if (!value || *value < low) {
    throw usage_error("--" + name + ": expected a number >= " + base::number(low) + ", got \"" + text(name) +
                      "\"");
  }
  return *value;
}

long Values::integer(const std::string& name, long fallback, long low) const {
  const double value = real(name, static_cast<double>(fallback), static_cast<double>(low));
  if (value != std::floor(value) || value > 1e15) {
    throw usage_error("--" + name + ": expected a whole number >= " + std::to_string(low) + ", got \"" +
                      text(name) + "\"");
  }
  return static_cast<long>(value);
}

std::vector<std::string> Values::list(const std::string& name) const {
  return has(name) ? map_[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::vector<std::string> Values::names(const std::string& name) const {
  std::vector<std::string> result;
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
    if (!value || *value < low || equals == 0) {
      throw usage_error("--" + name + ": expected NAME=NUMBER with a number >= " + base::number(low) +
                        ", got \"" + part + "\"");
    }
    if (!result.emplace(part.substr(0, equals), *value).second) {
      throw usage_error("--" + name + ": \"" + part.substr(0, equals) + "\" is given twice");
    }
  }
  return result;
}

std::string Values::choice(const std::string& name, const std::vector<std::string>& words) const {
  const std::string word = text(name, words.front());
  if (std::find(words.begin(), words.end(), word) != words.end()) return word;
  throw usage_error("--" + name + ": expected " + base::join(words, ", ") + ", got \"" + word + "\"" +
                    base::did_you_mean(word, words));
}

void Values::at_most_one(const std::vector<std::string>& options) const {
  std::vector<std::string> given;
  for (const auto& option : options) {
    if (has(option)) given.push_back("--" + option);
  }
  if (given.size() > 1) throw usage_error(base::join(given, " and ") + " exclude each other");
}

base::Error Values::usage_error(const std::string& message) const { return error_of(usage_, message); }

std::optional<Values> parse_options(const Usage& usage, const po::options_description& options,
                                    const std::vector<Positional>& positionals,
                                    const std::vector<std::string>& args) {
  for (const auto& arg : args) {
    if (arg == "--") break;
    if (arg != "--help" && arg != "-h") continue;
    print_help(usage, options);
    return std::nullopt;
  }
  constexpr const char* kRest = " arguments";  // a blank in front: no command line can name it
  po::options_description all;
  all.add(options);
  all.add_options()(kRest, po::value<std::vector<std::string>>());
  po::positional_options_description rest;
  rest.add(kRest, -1);
  namespace style = po::command_line_style;
  constexpr int kStyle = style::allow_long | style::long_allow_adjacent | style::long_allow_next;
  po::variables_map map;
  std::vector<std::string> given;
  try {
    for (const auto& arg : args) {
      if (arg == "--") break;
      // Without short options "-x" would pass as an argument; only numbers and "-" may.
      if (arg.size() > 1 && arg[0] == '-' && arg[1] != '-' && !parsed(arg)) throw po::unknown_option(arg);
    }
    po::store(po::command_line_parser(args).options(all).positional(rest).style(kStyle).run(), map);
    po::notify(map);
    if (map.count(kRest) > 0) given = map[kRest].as<std::vector<std::string>>();
  } catch (const po::error& error) {
    throw translated(usage, options, error);
  }
  check_positionals(usage, positionals, given);
  for (std::size_t i = 0; i < positionals.size() && i < given.size(); ++i) {
    const auto& positional = positionals[i];
    const boost::any value = positional.repeated
                                 ? boost::any(std::vector<std::string>(given.begin() + i, given.end()))
                                 : boost::any(given[i]);
    map.insert({positional.name, po::variable_value(value, false)});
  }
  return Values(std::move(map), usage);
}

po::typed_value<std::string>* text_value(const std::string& meta) {
  return po::value<std::string>()->value_name(meta);
}

po::typed_value<std::vector<std::string>>* list_value(const std::string& meta) {
  return po::value<std::vector<std::string>>()->value_name(meta)->composing();
}

}  // namespace taskonomy::cli
