// manners.*: a plugin is a guest in the host's process. It prints nothing, reads nothing that was meant for others,
// writes no files, leaves no threads, processes and memory behind, and says what is wrong when it throws.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <taskonomy/sdk/modality.hpp>

#include "core/base/text.hpp"
#include "core/checks/dataset_checks.hpp"
#include "core/checks/exercise.hpp"
#include "core/checks/plugin_check.hpp"
#include "core/checks/process_watch.hpp"
#include "core/host/stamp.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::checks {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kCalls = 200;

Finding silent(CheckedPlugin& plugin) {
  (void)plugin.library();  // load.silent looks at that
  std::vector<std::string> steps;
  std::string text, ended_early;
  {
    const CapturedOutput out(STDOUT_FILENO);
    std::uint64_t before = 0;
    ended_early = exercise(plugin, [&](const std::string& step) {
      const auto now = out.size();
      if (now > before) steps.push_back(step);
      before = now;
    });
    text = base::trim(out.text());
  }
  if (steps.empty()) return finding_of({}, ended_early);
  return finding_of({base::join(steps, ", ") + " printed to standard output: \"" + text + "\""});
}

/// All files under a folder.
std::set<std::string> files_under(const fs::path& folder) {
  std::set<std::string> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    files.insert(entry->path().lexically_relative(folder).string());
  }
  return files;
}

/// Bytes that this process has written, wherever they went. 0 where the system does not count them, and under
/// sanitizers, because UBSan tests whether memory can be read by writing it into a pipe.
std::uint64_t bytes_written() {
  if (host::host_stamp().at("sanitizer") != "none") return 0;
  std::ifstream file("/proc/self/io");
  for (std::string key; file >> key;) {
    std::uint64_t value = 0;
    file >> value;
    if (key == "wchar:") return value;
  }
  return 0;
}

/// Looks at the current folder, which is also the home and temporary folder, and at the number of bytes that
/// were written to anything but the two outputs.
Finding no_files(CheckedPlugin& plugin) {
  const fs::path here = fs::current_path();
  std::vector<std::string> problems;
  auto known = files_under(here);
  const CapturedOutput out(STDOUT_FILENO), err(STDERR_FILENO);
  const auto elsewhere = [&] {
    const std::uint64_t printed =
        out.size() + err.size();  // before bytes_written(), because it empties buffers
    return std::max(bytes_written(), printed) - printed;
  };
  auto written = elsewhere();
  const auto look = [&](const std::string& step) {
    bool named = false;
    for (const auto& file : files_under(here)) {
      if (!known.insert(file).second) continue;
      problems.push_back(step + " makes the file " + file);
      named = true;
    }
    const auto now = elsewhere();
    if (now > written && !named)
      problems.push_back(step + " writes " + std::to_string(now - written) + " bytes to a file");
    written = now;
  };
  (void)plugin.library();
  look("loading");
  const auto ended_early = exercise(plugin, look);
  return finding_of(problems, ended_early);
}

std::size_t threads_now() { return jobs::usage_of(::getpid()).threads; }

Finding no_threads(CheckedPlugin& plugin) {
  constexpr auto kPatience = std::chrono::seconds(1);  // for threads that are ending
  constexpr double kLeastWork = 0.2;                   // seconds of processor time meanwhile
  warm_up_torch();
  const std::size_t before = threads_now();
  const auto ended_early = exercise(plugin, [](const std::string&) {});
  const double worked = jobs::usage_of(::getpid()).processor_seconds;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (threads_now() > before && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const std::size_t after = threads_now();
  if (after <= before) return finding_of({}, ended_early);
  // Libraries that read or render keep pools for themselves, whose threads sleep.
  const bool asleep = jobs::usage_of(::getpid()).processor_seconds - worked < kLeastWork;
  if (plugin.kind() == host::Kind::dataset && asleep)
    return {Outcome::pass, "threads that a library keeps, asleep: " + std::to_string(after - before)};
  return finding_of({"a second after its last object was destroyed there are " + std::to_string(after) +
                     " threads, before it was loaded " + std::to_string(before)});
}

Finding no_growth(CheckedPlugin& plugin) {
  warm_up_torch();
  const RepeatedCall call(plugin);
  if (!call.called()) return {Outcome::skip, "the task is never trained, so nobody calls it"};
  const auto growth = growth_over(kCalls, [&] { call(); });
  if (!growth) return {Outcome::pass, ""};
  const bool task = plugin.kind() == host::Kind::task;
  return {Outcome::fail, (task ? "make_example and loss keep " : "sample keeps ") + *growth};
}

Finding reads_nothing(CheckedPlugin& plugin) {
  std::vector<std::string> steps;
  const OfferedInput input;
  std::size_t before = 0;
  const auto look = [&](const std::string& step) {
    if (const std::size_t now = input.taken(); now > before) {
      steps.push_back(step);
      before = now;
    }
  };
  (void)plugin.library();
  look("loading");
  const auto ended_early = exercise(plugin, look);
  if (steps.empty()) return finding_of({}, ended_early);
  return finding_of({base::join(steps, ", ") + " reads standard input, or closes it"});
}

/// A process that is left behind is a failure. One that was waited for was started from the middle of a process
/// with LibTorch's threads and locks, which is worth knowing.
Finding no_children(CheckedPlugin& plugin) {
  constexpr auto kPatience = std::chrono::seconds(1);  // for those that are ending
  adopt_descendants();
  const auto before = traces_of_children();
  const auto ended_early = exercise(plugin, [](const std::string&) {});
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (children_now() > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  if (const std::size_t left = children_now(); left > 0)
    return finding_of({"a second after its last object was destroyed there are " + std::to_string(left) +
                       " processes that it started"});
  if (traces_of_children() > before) return {Outcome::warn, "it starts other processes and waits for them"};
  return finding_of({}, ended_early);
}

/// Beginnings of messages of the C++ library, which name neither place nor cure.
constexpr std::array kEmptyTexts{
    "std::exception",         "std::bad_",      "bad_",      "bad optional access",
    "bad any_cast",           "_Map_base::at",  "map::at",   "unordered_map::at",
    "vector::_M_range_check", "basic_string::", "array::at", "deque::_M_range_check",
    "invalid stoi argument",  "stoi",           "stod"};

/// What is wrong with the exception that `body` throws; "" when it throws none, or a useful one.
template <typename Body>
std::string complaint_about(const std::string& when, Body&& body) {
  std::string text;
  try {
    body();
    return "";
  } catch (const std::exception& error) {
    text = base::trim(std::string(error.what()).substr(0, std::string(error.what()).find('\n')));
  } catch (...) {
    return when + " it throws something that is not a std::exception";
  }
  const bool of_library = std::any_of(kEmptyTexts.begin(), kEmptyTexts.end(),
                                      [&](const char* start) { return text.rfind(start, 0) == 0; });
  const bool one_word = text.find(' ') == std::string::npos;
  return of_library || one_word ? when + " it only says \"" + text + "\"" : "";
}

Finding useful_what_of_dataset(CheckedPlugin& plugin) {
  const auto dataset = plugin.dataset();
  const DatasetSubject subject([&](std::int64_t) { return dataset; });
  const auto place = subject.places(1).front();
  std::vector<std::string> problems{
      complaint_about("for a scene that it does not have",
                      [&] { (void)dataset->sample("no such scene", 0, place.kind, {"rgb"}); }),
      complaint_about("for a sample behind the last",
                      [&] { (void)dataset->sample(place.scene, 1'000'000'000, place.kind, {"rgb"}); })};
  problems.erase(std::remove(problems.begin(), problems.end(), ""), problems.end());
  return finding_of(problems);
}

Finding useful_what(CheckedPlugin& plugin) {
  if (plugin.kind() == host::Kind::dataset) return useful_what_of_dataset(plugin);
  const auto subject = plugin.subject();
  const auto& task = subject.task();
  if (!task.info().trained) return {Outcome::skip, "the task is never trained, so nobody calls it"};
  const auto example_of = [&](const sdk::Sample& sample) {
    auto generator = at::detail::createCPUGenerator(1);
    (void)task.make_example(sample, generator);
  };
  std::vector<std::string> problems{complaint_about("for a sample without any modality", [&] {
    example_of({"empty", {}});
  })};
  sdk::Sample misshapen{"misshapen", {}};
  for (const auto& name : sdk::known_modalities()) misshapen.data[name] = torch::ones({2});
  problems.push_back(complaint_about("for modalities of one dimension", [&] { example_of(misshapen); }));
  auto config = subject.decoder_config();
  config.in_side = 0;
  problems.push_back(
      complaint_about("for a representation of 0 x 0 pixels", [&] { (void)task.make_decoder(config); }));
  problems.erase(std::remove(problems.begin(), problems.end(), ""), problems.end());
  return finding_of(problems);
}

}  // namespace

std::vector<PluginCheck> manners_checks(host::Kind kind, const std::vector<std::string>& needs) {
  const bool task = kind == host::Kind::task;
  const std::string calls = task ? "two hundred calls" : "two hundred samples";
  std::vector<PluginCheck> checks{
      {"manners.stdout", "it prints nothing to standard output, where the host's results go",
       "throw what is wrong; while writing a plugin, print to standard error", Level::quick, needs, silent},
      {"manners.stdin", "it reads nothing from standard input: a run has none, and would wait for it",
       "take what it needs from keys of the recipe", Level::quick, needs, reads_nothing},
      {"manners.files", "it writes no files: a run's folder holds what the run made, and nothing else",
       "return what is to be kept; read what you need from paths in the recipe", Level::full, needs,
       no_files},
      {"manners.children", "it leaves no processes behind, better starts none",
       "link the library instead of calling its program; wait for what is started", Level::full, needs,
       no_children},
      {"manners.threads_left", "no thread of it runs on when its last object is gone",
       "join threads in the destructor; better start none, the host runs plugins side by side", Level::full,
       needs, no_threads},
      {"manners.growth", calls + " keep no memory and no open files: a run makes millions",
       "keep no example, no graph and no cache without a bound; detach() what is kept", Level::full, needs,
       no_growth},
      {"manners.what", "what it throws is a std::exception whose text tells what is wrong",
       task ? "sdk::require() and sdk::require_view() (modality.hpp) name sample, modality and shapes"
            : "name the scene, the sample's number and the file",
       Level::full, needs, useful_what},
  };
  for (auto& check : global_state_checks(needs)) checks.push_back(std::move(check));
  return checks;
}

}  // namespace taskonomy::checks
