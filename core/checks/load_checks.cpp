// load.*: from the file to an object and back.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <stdexcept>
#include <vector>

#include "core/base/text.hpp"
#include "core/checks/plugin_check.hpp"
#include "core/checks/process_watch.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::checks {

namespace {

// Processor time, because a busy machine is not the plugin's fault. An ordinary plugin takes a hundredth of it.
constexpr jobs::TimeLimit kSlowLoad{0.5};
constexpr double kSlowConstruction = 1.0;           // seconds of processor time
constexpr double kLongSleep = 3.0, kAsleep = 0.02;  // seconds on the clock, with less than this share at work
constexpr std::size_t kCreations = 100;

const Finding kAlreadyLoaded{Outcome::skip, "the plugin was loaded before in this process (--in-process)"};

Finding opens(CheckedPlugin& plugin) {
  (void)plugin.library();
  return {Outcome::pass, ""};
}

Finding loads_silently(CheckedPlugin& plugin) {
  if (plugin.loaded()) return kAlreadyLoaded;
  std::string text;
  {
    const CapturedOutput out(STDOUT_FILENO), err(STDERR_FILENO);
    (void)plugin.library();
    text = out.text() + err.text();
  }
  if (text.empty()) return {Outcome::pass, ""};
  return {Outcome::fail, "loading printed \"" + base::trim(text) + "\""};
}

Finding quick(CheckedPlugin& plugin) {
  if (plugin.loaded()) return kAlreadyLoaded;
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const std::clock_t used = std::clock();
  (void)plugin.library();
  const double processor = static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC;
  const double clock = std::chrono::duration<double>(Clock::now() - begin).count();
  const bool slow = kSlowLoad.exceeded_by(processor, clock).has_value();
  const std::string text =
      "loading took " + base::fixed(clock, 3) + " s, " + base::fixed(processor, 3) + " s of processor time";
  return {slow ? Outcome::fail : Outcome::pass, text};
}

Finding offers_dataset(CheckedPlugin& plugin) {
  const auto& table = plugin.library().table();
  if (table.create_dataset == nullptr || table.destroy_dataset == nullptr)
    return {Outcome::fail, "its entry cannot create and destroy a dataset"};
  if (table.create_task != nullptr || table.destroy_task != nullptr)
    return {Outcome::fail, "its stamp says dataset, its entry offers a task besides"};
  return {Outcome::pass, ""};
}

Finding offers(CheckedPlugin& plugin) {
  if (plugin.kind() == host::Kind::dataset) return offers_dataset(plugin);
  const auto& table = plugin.library().table();
  if (table.create_task == nullptr || table.destroy_task == nullptr)
    return {Outcome::fail, "its entry cannot create and destroy a task"};
  if (table.create_dataset != nullptr || table.destroy_dataset != nullptr)
    return {Outcome::fail, "its stamp says task, its entry offers a dataset besides"};
  return {Outcome::pass, ""};
}

/// Makes an object and destroys it.
void make_one(CheckedPlugin& plugin) {
  if (plugin.kind() == host::Kind::dataset) {
    (void)plugin.dataset();
  } else {
    const auto subject = plugin.subject();
    (void)subject.make(subject.side());
  }
}

Finding creates(CheckedPlugin& plugin) {
  const auto type = torch::get_default_dtype();
  try {
    make_one(plugin);
  } catch (const std::exception& error) {
    // Nobody can tell a dataset that needs a folder from one that is broken, without a folder.
    if (plugin.kind() == host::Kind::task || plugin.has_params()) throw;
    return {Outcome::unchecked, std::string("its constructor says: ") + error.what() +
                                    "; give it its keys with --recipe RECIPE or --set KEY=VALUE"};
  }
  if (torch::get_default_dtype() != type)  // everything that is computed later would be of another type
    return {Outcome::fail, "it changes LibTorch's default type"};
  const auto unread = plugin.unread_keys();
  if (unread.empty()) return {Outcome::pass, ""};
  return {Outcome::fail, "its constructor does not read the key \"" + unread.front() + "\""};
}

/// Every check pays for it, and every worker of a run, for each plugin of the recipe.
Finding creates_soon(CheckedPlugin& plugin) {
  (void)plugin.library();
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const std::clock_t used = std::clock();
  make_one(plugin);
  const double processor = static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC;
  const double clock = std::chrono::duration<double>(Clock::now() - begin).count();
  const bool slow = processor > kSlowConstruction || (clock > kLongSleep && processor < kAsleep * clock);
  const std::string text = "making and destroying one took " + base::fixed(clock, 3) + " s, " +
                           base::fixed(processor, 3) + " s of processor time";
  return {slow ? Outcome::warn : Outcome::pass, text};
}

Finding ids_agree(CheckedPlugin& plugin) {
  const std::string in_table = plugin.library().id();
  const std::string in_info =
      plugin.kind() == host::Kind::dataset ? plugin.dataset()->info().id : plugin.subject().info().id;
  const std::string& in_stamp = plugin.stamped("id");
  if (in_table == in_stamp && in_info == in_stamp) return {Outcome::pass, ""};
  return {Outcome::fail, "its stamp says \"" + in_stamp + "\", its entry \"" + in_table +
                             "\", its info() \"" + in_info + "\""};
}

Finding unknown_extension(CheckedPlugin& plugin) {
  const auto subject = plugin.subject();
  for (const char* id : {"taskonomy.no-such-thing/1", "taskonomy.metrics/999", "taskonomy.none-is-answer/0",
                         "taskonomy.visualize/0", "taskonomy.illustrate/0", "x", ""}) {
    if (subject.task().extension(id) != nullptr)
      return {Outcome::fail, "extension(\"" + std::string(id) + "\") is not null"};
  }
  return {Outcome::pass, ""};
}

Finding gives_back(CheckedPlugin& plugin) {
  (void)plugin.library();
  const auto growth = growth_over(kCreations, [&] { make_one(plugin); });
  if (!growth) return {Outcome::pass, ""};
  return {Outcome::fail, "creating and destroying it keeps " + *growth};
}

}  // namespace

namespace {

/// The checks of the library, before an object of it is made.
std::vector<PluginCheck> opening_checks(const std::string& one) {
  return {
      {"load.opens",
       "the system's loader takes it with all symbols found, and its entry returns a whole table",
       "link what defines the symbol that is named, and run nothing that can fail in static initialisers",
       Level::quick,
       {"file.stamp", "file.one_torch", "file.libraries"},
       opens},
      {"load.silent",
       "its static initialisers print nothing: they run before anybody asked for it",
       "take output out of constructors of global objects",
       Level::quick,
       {"load.opens"},
       loads_silently},
      {"load.quick",
       "its static initialisers take no time: every worker of a run pays for them",
       "make tables in the constructor or where they are first used",
       Level::quick,
       {"load.opens"},
       quick},
      {"load.offers",
       "its entry makes " + one + "s, and only those, as its stamp says",
       "one TASKONOMY_EXPORT macro a library, nothing else",
       Level::quick,
       {"load.opens"},
       offers},
  };
}

}  // namespace

std::vector<PluginCheck> load_checks(host::Kind kind) {
  const bool task = kind == host::Kind::task;
  std::vector<PluginCheck> checks = opening_checks(host::name_of(kind));
  const std::vector<std::string> created{"load.creates"};
  checks.push_back(
      {"load.creates",
       task ? "its constructor makes a task for a dataset that offers everything, without any keys"
            : "its constructor makes a dataset and reads every key that it is given",
       task ? "give every parameter a default; where it cannot have one: --set KEY=VALUE"
            : "ask context.params for every key; see whether the folder that it names is there",
       Level::quick,
       {"load.offers"},
       creates});
  checks.push_back(
      {"load.soon",
       "an object is made and destroyed within a second: every worker of a run does so, in silence",
       "make tables where they are first used, under std::call_once; read lists of files lazily",
       Level::quick, created, creates_soon});
  checks.push_back({"load.ids", "stamp, entry and info() say the same id, so that results get the right name",
                    "set the id of info() to the id of the TASKONOMY_EXPORT macro", Level::quick, created,
                    ids_agree});
  if (task)
    checks.push_back({"load.unknown_extension",
                      "extension() gives null for ids it does not know: later hosts will ask for more",
                      "return the base class's extension(id) for all other ids", Level::quick, created,
                      unknown_extension});
  checks.push_back({"load.gives_back",
                    "creating and destroying it a hundred times keeps no memory and no open files",
                    "give back in the destructor what the constructor took; smart pointers do", Level::full,
                    created, gives_back});
  return checks;
}

}  // namespace taskonomy::checks
