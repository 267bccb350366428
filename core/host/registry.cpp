// Finds, loads and makes.
#include "core/host/registry.hpp"

#include <optional>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/host/boundary.hpp"
#include "core/host/child.hpp"
#include "core/host/process_guards.hpp"
#include "core/host/remote_dataset.hpp"
#include "core/host/requirements.hpp"

namespace taskonomy::host {

namespace {

/// Seconds that making a task may take. It takes milliseconds; a dataset has no limit, because it may have
/// thousands of files to look at first.
constexpr unsigned kMostSeconds = 60;
constexpr ChildLimit kTaskLimit{10.0, 10.0};

std::string place_of(Kind kind, const std::string& id) { return name_of(kind) + " \"" + id + "\""; }

sdk::Params params_of(const recipe::Table& table) {
  std::map<std::string, sdk::ParamValue> values;
  for (const auto& [key, value] : table) values[key] = {value.value, value.where};
  return sdk::Params(std::move(values));
}

/// The error of a constructor. The message about a parameter begins with its place in the recipe, which then
/// stays in front: recipe.toml:14: task "normal": sigma: expected ...
base::Error creation_error(const std::string& place, const std::string& text, const recipe::Table& params) {
  for (const auto& [key, value] : params) {
    const std::string prefix = value.where + ": ";
    if (text.rfind(prefix, 0) == 0) return base::Error(text.substr(prefix.size())).at(place).at(value.where);
  }
  // A message that begins with a key's path ("photos: no images found", "photos/kitchen/rgb: ...") is about that key.
  for (const auto& [key, value] : params) {
    const auto* path = std::get_if<std::string>(&value.value);
    const std::string given = path == nullptr ? "" : path->substr(0, path->find_last_not_of('/') + 1);
    if (!given.empty() && (text.starts_with(given + ":") || text.starts_with(given + "/")))
      return base::Error(key + ": " + text).at(place).at(value.where);
  }
  // Some constructors begin their message with the plugin's name; it is not said twice.
  return base::Error(place + ": cannot be created: " +
                     (text.rfind(place + ": ", 0) == 0 ? text.substr(place.size() + 2) : text));
}

void refuse_unread(const std::string& place, const sdk::Params& read, const recipe::Table& params) {
  const auto unread = read.unread();
  if (unread.empty()) return;
  const std::vector<std::string> known(read.asked().begin(), read.asked().end());
  std::string cure = base::did_you_mean(unread.front(), known);
  if (cure.empty()) cure = known.empty() ? "; it takes no keys" : "; known keys: " + base::join(known, ", ");
  throw base::Error(params.at(unread.front()).where + ": " + place + ": unknown key \"" + unread.front() +
                    "\"" + cure);
}

/// What a plugin's table has for an interface.
template <typename Interface, typename Context>
struct Functions {
  Interface* (*create)(const Context*, const sdk::FailureSink*) noexcept;
  void (*destroy)(Interface*) noexcept;
};

/// Calls the plugin's create function, checks what came, and ties the library to it.
template <typename Interface, typename Context>
std::shared_ptr<Interface> make(const std::pair<Kind, std::string>& name,
                                const std::shared_ptr<const Library>& library,
                                const Functions<Interface, Context>& plugin, const Context& context,
                                const recipe::Table& table) {
  const std::string place = place_of(name.first, name.second);
  std::optional<std::string> failure;
  const sdk::FailureSink sink{&failure, [](void* to, const char* text) noexcept {
                                *static_cast<std::optional<std::string>*>(to) = text;
                              }};
  Interface* object = plugin.create(&context, &sink);
  if (object == nullptr) throw creation_error(place, failure.value_or("it gave no reason"), table);
  const std::shared_ptr<Interface> made(object, [library, plugin](Interface* dead) { plugin.destroy(dead); });
  refuse_unread(place, context.params, table);
  check_info(made->info(), name.second);
  return made;
}

/// TX1010 for plugins with one id.
Refusal refusal_of_twins(const std::vector<PluginEntry>& plugins, const std::string& why,
                         const std::string& fix) {
  std::vector<std::string> paths;
  for (const auto& plugin : plugins) paths.push_back(plugin.path.string());
  const std::string place = place_of(plugins.front().kind, plugins.front().id);
  Refusal twice =
      make_refusal(1010, plugins.front().path, place + " is also in " + paths.back(),
                   {{"found", place + " in " + base::join(paths, " and in ")}, {"why", why}, {"fix", fix}});
  twice.kind = plugins.front().kind;
  twice.id = plugins.front().id;
  return twice;
}

}  // namespace

PluginRegistry::PluginRegistry(const SearchOptions& options) : PluginRegistry(options, own_facts()) {}

PluginRegistry::PluginRegistry(const SearchOptions& options, HostFacts host)
    : host_(std::move(host)), folders_(search_folders(options, host_)) {
  for (const auto& folder : folders_) {
    if (folder.refusal) {
      refused_.push_back(*folder.refusal);
    } else if (folder.exists) {
      read_folder(folder);
    }
  }
}

void PluginRegistry::read_folder(const SearchFolder& folder) {
  std::map<Name, std::vector<PluginEntry>> found;
  std::map<Name, Refusal> refused_here;
  for (const auto& path : plugin_files(folder.path)) {
    PluginFile file = inspect(path, host_);
    if (file.refusal) {
      refused_.push_back(*file.refusal);
      if (file.refusal->kind)
        refused_here.emplace(Name(*file.refusal->kind, file.refusal->id), *file.refusal);
      continue;
    }
    const Kind kind = file.stamp.at("kind") == "task" ? Kind::task : Kind::dataset;
    found[{kind, file.stamp.at("id")}].push_back({kind, file.stamp.at("id"), file.stamp.at("summary"),
                                                  file.stamp.at("version"), file.stamp.at("licence"), path,
                                                  file.notes, folder.origin, folder.origin == kOwnOrigin,
                                                  file.manual});
  }
  for (auto& [name, plugins] : found) {
    const auto known = entries_.find(name);
    if (plugins.size() > 1) {
      refused_.push_back(refusal_of_twins(plugins,
                                          "the order of files in a folder must not decide which one runs",
                                          "remove all but one of them, or move one to a folder of its own"));
      refused_here.emplace(name, refused_.back());
    } else if (known != entries_.end() && known->second.origin == kAskedOrigin &&
               folder.origin == kAskedOrigin) {
      refused_.push_back(
          refusal_of_twins({known->second, plugins.front()},
                           "you named both folders, and their order must not decide which one runs",
                           "give the folder of the one that you mean alone"));
      entries_.erase(known);
      refused_here.emplace(name, refused_.back());
    } else if (entries_.count(name) > 0 || first_hit_refused_.count(name) > 0) {
      shadowed_.push_back(std::move(plugins.front()));
    } else if (refused_here.count(name) == 0) {
      entries_.emplace(name, std::move(plugins.front()));
    }
  }
  // A refused file ends the search for its id, so that it does not depend on a broken file which plugin runs.
  for (const auto& [name, refusal] : refused_here) {
    if (entries_.count(name) == 0) first_hit_refused_.emplace(name, refusal);
  }
}

std::vector<PluginEntry> PluginRegistry::entries(Kind kind) const {
  std::vector<PluginEntry> of_kind;
  for (const auto& [name, entry] : entries_) {
    if (name.first == kind) of_kind.push_back(entry);
  }
  return of_kind;
}

const PluginEntry& PluginRegistry::find(Kind kind, const std::string& id) const {
  const auto found = entries_.find({kind, id});
  if (found != entries_.end()) return found->second;
  const auto refused = first_hit_refused_.find({kind, id});
  if (refused != first_hit_refused_.end()) throw base::Error(refused->second.text).at(place_of(kind, id));
  std::vector<std::string> known;
  for (const auto& entry : entries(kind)) known.push_back(entry.id);
  throw base::Error("unknown " + place_of(kind, id) + base::did_you_mean(id, known) +
                    "\n  known      : " + (known.empty() ? "none" : base::join(known, ", ")) +
                    "\n  searched   : " + describe(folders_));
}

/// [holding loading_]
std::shared_ptr<const Library> PluginRegistry::load(Kind kind, const std::string& id) {
  const PluginEntry& entry = find(kind, id);
  auto& library = loaded_[{kind, id}];
  if (library != nullptr) return library;
  const auto fail = [&](const Refusal& refusal) { throw base::Error(refusal.text).at(place_of(kind, id)); };
  // The file may have been replaced since its stamp was read.
  const PluginFile again = inspect(entry.path, host_);
  if (again.refusal) fail(*again.refusal);
  std::shared_ptr<const Library> loaded;
  try {
    loaded = load_library(entry.path);
  } catch (const std::exception& error) {  // a static initialiser may throw anything
    fail(make_refusal(1009, entry.path, error.what(),
                      {{"found", error.what()},
                       {"why", "the system could not make a running library of this file"},
                       {"fix", "install the library that is named, or build the plugin again"}}));
  }
  const auto& table = loaded->table();
  const bool creates = kind == Kind::task
                           ? table.create_task != nullptr && table.destroy_task != nullptr
                           : table.create_dataset != nullptr && table.destroy_dataset != nullptr;
  if (!creates || loaded->id() != id) {
    fail(make_refusal(1009, entry.path, "its entry disagrees with its stamp",
                      {{"found", "the stamp says " + place_of(kind, id) + ", the entry something else"},
                       {"why", "it would run under a name that is not its own"},
                       {"fix", "export the plugin with one TASKONOMY_EXPORT macro and build it again"}}));
  }
  library = loaded;
  return library;
}

std::string PluginRegistry::full_name(Kind kind, const std::string& id) const {
  return place_of(kind, id) + " (" + find(kind, id).path.string() + ")";
}

std::shared_ptr<sdk::Task> PluginRegistry::make_task(const std::string& id, const recipe::Table& params,
                                                     const sdk::DatasetInfo& dataset, std::int64_t side) {
  const auto library = load(Kind::task, id);
  const recipe::Table table = with_keys_of(*library, params);
  sdk::Params read = params_of(table);
  const sdk::TaskContext context{read, dataset, side};
  return make<sdk::Task, sdk::TaskContext>({Kind::task, id}, library,
                                           {library->table().create_task, library->table().destroy_task},
                                           context, table);
}

std::shared_ptr<sdk::Dataset> PluginRegistry::make_dataset(const std::string& id, const recipe::Table& params,
                                                           std::int64_t side, std::uint64_t seed) {
  const auto library = load(Kind::dataset, id);
  sdk::Params read = params_of(params);
  const sdk::DatasetContext context{read, side, seed};
  return make<sdk::Dataset, sdk::DatasetContext>(
      {Kind::dataset, id}, library, {library->table().create_dataset, library->table().destroy_dataset},
      context, params);
}

std::shared_ptr<sdk::Task> PluginRegistry::create_task(const std::string& id, const recipe::Table& params,
                                                       const sdk::DatasetInfo& dataset, std::int64_t side) {
  const std::lock_guard<std::mutex> lock(loading_);
  const StateGuard state_guard;  // static initialisers and constructors may change the state
  const PrintGuard print_guard;
  const std::string name = full_name(Kind::task, id);
  const NotedCall noted(name, "while it was loaded or made");
  const auto guard = calls_are_noted() ? nullptr : std::make_unique<const CrashGuard>(name, kMostSeconds);
  return make_task(id, params, dataset, side);
}

std::shared_ptr<sdk::Dataset> PluginRegistry::create_dataset(const std::string& id,
                                                             const recipe::Table& params, std::int64_t side,
                                                             std::uint64_t seed) {
  const std::lock_guard<std::mutex> lock(loading_);
  const StateGuard state_guard;
  const PrintGuard print_guard;
  const std::string name = full_name(Kind::dataset, id);
  const NotedCall noted(name, "while it was loaded or made");
  const auto guard = calls_are_noted() ? nullptr : std::make_unique<const CrashGuard>(name);
  return make_dataset(id, params, side, seed);
}

std::string PluginRegistry::ask_task(const std::string& id, const recipe::Table& params,
                                     const sdk::DatasetInfo& dataset, std::int64_t side,
                                     const std::function<std::string(const sdk::Task&)>& question) {
  const PluginEntry& entry = find(Kind::task, id);
  if (entry.own) return question(*create_task(id, params, dataset, side));
  const std::lock_guard<std::mutex> lock(loading_);
  const PrintGuard print_guard;
  const std::string answer = ask_in_child(full_name(Kind::task, id), kTaskLimit, [&]() -> Made {
    const auto task = make_task(id, params, dataset, side);
    return {task, question(*task)};
  });
  std::error_code failed;
  if (!std::filesystem::exists(entry.path, failed))
    throw ChildFault(
        full_name(Kind::task, id) +
        " removed its own file while it was loaded or made; build or copy it again, or leave it out");
  return answer;
}

std::shared_ptr<sdk::Dataset> PluginRegistry::open_dataset(const std::string& id, const recipe::Table& params,
                                                           std::int64_t side, std::uint64_t seed) {
  if (find(Kind::dataset, id).own) return create_dataset(id, params, side, seed);
  const std::lock_guard<std::mutex> lock(loading_);
  const PrintGuard print_guard;
  return make_remote_dataset(full_name(Kind::dataset, id),
                             [=, this] { return make_dataset(id, params, side, seed); });
}

}  // namespace taskonomy::host
