#include "apps/learning/plugin_listing.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "core/base/csv.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace {

using base::Json;

std::string plural(host::Kind kind) { return host::name_of(kind) + "s"; }

bool concerns(const host::Refusal& refusal, host::Kind kind) {
  return !refusal.kind || *refusal.kind == kind;
}

Json json_of(const host::PluginEntry& entry) {
  return Json::object()
      .set("id", entry.id)
      .set("summary", entry.summary)
      .set("version", entry.version)
      .set("licence", entry.licence)
      .set("file", entry.path.string())
      .set("notes", entry.notes);
}

}  // namespace

Json folders_json(const std::vector<host::SearchFolder>& searched) {
  Json folders = Json::array();
  for (const auto& folder : searched) {
    folders.add(Json::object()
                    .set("folder", folder.path.string())
                    .set("origin", folder.origin)
                    .set("exists", folder.exists));
  }
  return folders;
}

namespace {

std::string json_list(const host::PluginRegistry& registry, host::Kind kind) {
  Json found = Json::array(), shadowed = Json::array(), refused = Json::array();
  for (const auto& entry : registry.entries(kind)) found.add(json_of(entry));
  for (const auto& entry : registry.shadowed()) {
    if (entry.kind == kind) shadowed.add(json_of(entry));
  }
  for (const auto& refusal : registry.refused()) {
    if (!concerns(refusal, kind)) continue;
    refused.add(Json::object()
                    .set("code", "TX" + std::to_string(refusal.code))
                    .set("id", refusal.id)
                    .set("file", refusal.path.string())
                    .set("reason", refusal.reason));
  }
  const Json content = Json::object()
                           .set(plural(kind), std::move(found))
                           .set("shadowed", std::move(shadowed))
                           .set("refused", std::move(refused))
                           .set("searched", folders_json(registry.searched()));
  return content.dump(2) + "\n";
}

/// The loadable plugins alone.
std::string csv_list(const host::PluginRegistry& registry, host::Kind kind) {
  base::CsvWriter table({"id", "summary", "version", "licence", "file"});
  for (const auto& entry : registry.entries(kind))
    table.add(entry.id, entry.summary, entry.version, entry.licence, entry.path.string());
  return table.text();
}

/// The plugins of each folder under its name; their files' names are in JSON and CSV.
std::string text_list(const host::PluginRegistry& registry, host::Kind kind) {
  const auto entries = registry.entries(kind);
  std::vector<std::pair<std::filesystem::path, report::TextTable>> folders;
  for (const auto& entry : entries) {
    const auto folder = entry.path.parent_path();
    auto table =
        std::find_if(folders.begin(), folders.end(), [&](const auto& f) { return f.first == folder; });
    if (table == folders.end()) table = folders.insert(table, {folder, report::TextTable("lwl")});
    table->second.add({entry.id, entry.summary, entry.version});
  }
  std::string text;
  for (const auto& [folder, table] : folders) text += folder.string() + ":\n" + table.text();
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

recipe::Recipe recipe_of(const Values& values, const std::string& task, const std::string& dataset) {
  auto overrides = values.list("set");
  if (values.has("side")) overrides.push_back("data.side=" + std::to_string(values.integer("side", 64, 1)));
  if (values.has("recipe")) return recipe::read_recipe(values.text("recipe"), overrides);
  const std::string small = "tasks = [\"" + task + "\"]\n[data]\ndataset = \"" + dataset + "\"\n";
  return recipe::parse_recipe(small, "command line", overrides);
}

base::ExitCode list_plugins(host::Kind kind, const Values& values) {
  const std::string format = values.format();
  const host::PluginRegistry registry(host::search_options(values.list("plugin-dir")));
  std::cout << (format == "json"  ? json_list(registry, kind)
                : format == "csv" ? csv_list(registry, kind)
                                  : text_list(registry, kind));
  return base::ExitCode::done;
}

void warn_of_refused(const host::PluginRegistry& registry) {
  for (const auto& refusal : registry.refused()) std::cerr << "warning: " << refusal.line() << "\n";
}

void print_manual(const host::PluginEntry& entry) {
  if (entry.manual.empty()) return;
  // Flushed now: while a plugin runs, standard output leads elsewhere.
  std::cout << entry.manual << (entry.manual.back() == '\n' ? "\n" : "\n\n") << std::flush;
}

void print_fields(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::size_t width = 0;
  for (const auto& [name, value] : fields) width = std::max(width, name.size());
  for (const auto& [name, value] : fields) {
    if (!value.empty()) std::cout << "  " << base::pad(name, width) << "  " << value << "\n";
  }
}

}  // namespace taskonomy::cli
