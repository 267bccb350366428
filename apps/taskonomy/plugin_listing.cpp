#include "apps/taskonomy/plugin_listing.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"

namespace taskonomy::cli {

namespace po = boost::program_options;

namespace {

using nlohmann::ordered_json;

std::string plural(host::Kind kind) { return host::name_of(kind) + "s"; }

bool concerns(const host::Refusal& refusal, host::Kind kind) {
  return !refusal.kind || *refusal.kind == kind;
}

ordered_json json_of(const host::PluginEntry& entry) {
  return {{"id", entry.id},           {"summary", entry.summary},    {"version", entry.version},
          {"licence", entry.licence}, {"file", entry.path.string()}, {"notes", entry.notes}};
}

std::string json_list(const host::PluginRegistry& registry, host::Kind kind) {
  ordered_json content{{plural(kind), ordered_json::array()},
                       {"shadowed", ordered_json::array()},
                       {"refused", ordered_json::array()},
                       {"searched", ordered_json::array()}};
  for (const auto& entry : registry.entries(kind)) content[plural(kind)].push_back(json_of(entry));
  for (const auto& entry : registry.shadowed()) {
    if (entry.kind == kind) content["shadowed"].push_back(json_of(entry));
  }
  for (const auto& refusal : registry.refused()) {
    if (!concerns(refusal, kind)) continue;
    content["refused"].push_back({{"code", "TX" + std::to_string(refusal.code)},
                                  {"id", refusal.id},
                                  {"file", refusal.path.string()},
                                  {"reason", refusal.reason}});
  }
  for (const auto& folder : registry.searched()) {
    content["searched"].push_back(
        {{"folder", folder.path.string()}, {"origin", folder.origin}, {"exists", folder.exists}});
  }
  return content.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

std::string text_list(const host::PluginRegistry& registry, host::Kind kind) {
  const auto entries = registry.entries(kind);
  std::size_t id_width = 0, summary_width = 0, version_width = 0;
  for (const auto& entry : entries) {
    id_width = std::max(id_width, entry.id.size());
    summary_width = std::max(summary_width, entry.summary.size());
    version_width = std::max(version_width, entry.version.size());
  }
  std::string text;
  for (const auto& entry : entries) {
    text += padded(entry.id, id_width) + "  " + padded(entry.summary, summary_width) + "  " +
            padded(entry.version, version_width) + "  " + entry.path.string() + "\n";
  }
  if (entries.empty())
    text += "no " + plural(kind) + "; searched: " + host::describe(registry.searched()) + "\n";
  for (const auto& entry : registry.shadowed()) {
    if (entry.kind == kind) text += "shadowed: " + entry.id + ": " + entry.path.string() + "\n";
  }
  for (const auto& refusal : registry.refused()) {
    if (concerns(refusal, kind)) text += "refused: " + refusal.line() + "\n";
  }
  return text;
}

}  // namespace

po::options_description plugin_options(bool show) {
  po::options_description all;
  all.add_options()("plugin-dir", list_value("DIR"), "look for plugins here first; may be repeated");
  if (show) {
    all.add_options()("recipe", text_value("FILE"), "with this recipe's dataset, side and keys");
    all.add_options()("set", list_value("SECTION.KEY=VALUE"),
                      "override a key of the recipe; may be repeated");
    all.add_options()("side", text_value("PIXELS"), "image side (default: the recipe's, or 64)");
  }
  all.add_options()("json", "print one JSON object");
  return all;
}

recipe::Recipe recipe_of(const Values& values, const std::string& task, const std::string& dataset) {
  auto overrides = values.list("set");
  if (values.has("side")) overrides.push_back("data.side=" + std::to_string(values.integer("side", 64, 1)));
  if (values.has("recipe")) return recipe::read_recipe(values.text("recipe"), overrides);
  const std::string small = "tasks = [\"" + task + "\"]\n[data]\ndataset = \"" + dataset + "\"\n";
  return recipe::parse_recipe(small, "command line", overrides);
}

base::ExitCode list_plugins(host::Kind kind, const std::vector<std::string>& args) {
  const std::string command = plural(kind) + " list";
  const Usage usage{
      command,
      "[--plugin-dir DIR]... [--json]",
      "One line per " + host::name_of(kind) +
          " plugin: id, what it is, version, file. Reads the files' stamps and loads none of them.\n"
          "Files that would be refused follow with their codes.",
      {"taskonomy " + command, "taskonomy " + command + " --plugin-dir build/lib/taskonomy"}};
  const auto values = parse_options(usage, plugin_options(false), {}, args);
  if (!values) return base::ExitCode::done;
  const host::PluginRegistry registry(host::search_options(values->list("plugin-dir")));
  std::cout << (values->has("json") ? json_list(registry, kind) : text_list(registry, kind));
  return base::ExitCode::done;
}

void warn_of_refused(const host::PluginRegistry& registry) {
  for (const auto& refusal : registry.refused()) std::cerr << "warning: " << refusal.line() << "\n";
}

void print_manual(const host::PluginEntry& entry) {
  if (entry.manual.empty()) return;
  // Flushed, because what is written while a plugin runs goes elsewhere.
  std::cout << entry.manual << (entry.manual.back() == '\n' ? "\n" : "\n\n") << std::flush;
}

void print_fields(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::size_t width = 0;
  for (const auto& [name, value] : fields) width = std::max(width, name.size());
  for (const auto& [name, value] : fields) {
    if (!value.empty()) std::cout << "  " << padded(name, width) << "  " << value << "\n";
  }
}

namespace {

/// The help of a command that has subcommands; with --all, theirs too.
void print_help(const std::string& command, const std::vector<Subcommand>& subcommands, bool all) {
  std::vector<std::string> names;
  std::size_t width = 0;
  for (const auto& [name, arguments, help, run] : subcommands) {
    names.push_back(name);
    width = std::max(width, name.size() + 1 + arguments.size());
  }
  std::cout << "usage: taskonomy " << command << " " << base::join(names, "|") << " [ARGUMENTS]\n\n";
  for (const auto& [name, arguments, help, run] : subcommands) {
    std::cout << "  " << padded(name + " " + arguments, width) << "  " << help << "\n";
  }
  for (const auto& subcommand : subcommands) {
    if (!all) break;
    std::cout << "\n";
    static_cast<void>(subcommand.run({"--help"}));
  }
}

}  // namespace

base::ExitCode dispatch(const std::string& command, const std::vector<Subcommand>& subcommands,
                        const std::vector<std::string>& args) {
  std::vector<std::string> names;
  for (const auto& subcommand : subcommands) names.push_back(subcommand.name);
  const bool lists = std::find(names.begin(), names.end(), "list") != names.end();
  const std::string see = "\nsee taskonomy " + command + " --help";
  if (args.empty() && !lists) {
    throw base::Error(command + ": say one of " + base::join(names, ", ") + see, base::ExitCode::usage);
  }
  const std::string first = args.empty() ? "list" : args.front();
  for (const auto& subcommand : subcommands) {
    if (subcommand.name == first)
      return subcommand.run({args.empty() ? args.end() : args.begin() + 1, args.end()});
  }
  if (first == "--help" || first == "-h") {
    print_help(command, subcommands, args.size() > 1 && args[1] == "--all");
    return base::ExitCode::done;
  }
  throw base::Error(
      command + ": unknown subcommand \"" + first + "\"" + base::did_you_mean(first, names) + see,
      base::ExitCode::usage);
}

}  // namespace taskonomy::cli
