// Its lock, its recipe, its log, and the records of its jobs. manifest.cpp has the manifest.
#include "core/jobs/run_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <set>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"

namespace taskonomy::jobs {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLockName = ".lock";

bool is_temporary(const fs::path& file) { return base::writer_of(file).has_value(); }

/// Settings that may change between two runs in one folder: they do not change what the recipe means, or the
/// keys of the jobs they touch say so.
bool may_differ(const recipe::Setting& setting) {
  if (setting.section.empty()) return setting.key == "name" || setting.key == "missing";
  // Where a pretrained network's file lies: jobs' keys bear its content.
  if (setting.section.starts_with("sources."))
    return setting.key == "torchscript" || setting.key == "safetensors" || setting.key == "label_cost";
  // Where networks begin: keys bear the content of these weights.
  if (setting.section == "source.start_of") return true;
  if (setting.section == "source" || setting.section == "scratch") return setting.key == "start";
  // Where the data lie: keys bear the state of their files, or the paths where the data set cannot tell it.
  if (setting.section == "data") return recipe::is_path_key(setting.key);
  return setting.section == "plugins" || setting.section == "compute" ||
         setting.section.rfind("taxonomy", 0) == 0;
}

/// "normal" of "task.normal" and of "sources.normal", "" of other sections.
std::string member_of(const std::string& section) {
  for (const std::string prefix : {"task.", "sources."})
    if (section.rfind(prefix, 0) == 0) return section.substr(prefix.size());
  return "";
}

/// The tasks and the sources trained elsewhere.
std::set<std::string> members(const recipe::Recipe& recipe) {
  std::set<std::string> result;
  for (const auto& task : recipe.tasks) result.insert(task.id);
  for (const auto& setting : recipe::settings(recipe))
    if (!member_of(setting.section).empty()) result.insert(member_of(setting.section));
  return result;
}

std::vector<std::string> missing_in(const std::set<std::string>& some, const std::set<std::string>& others) {
  std::vector<std::string> result;
  std::set_difference(others.begin(), others.end(), some.begin(), some.end(), std::back_inserter(result));
  return result;
}

/// The settings that must be the same; those of members in `joining` and the bare list of tasks left out.
std::map<std::string, std::string> binding_settings(const recipe::Recipe& recipe,
                                                    const std::vector<std::string>& joining) {
  std::map<std::string, std::string> result;
  const auto joins = [&](const std::string& member) {
    return std::find(joining.begin(), joining.end(), member) != joining.end();
  };
  for (const auto& setting : recipe::settings(recipe))
    if (!may_differ(setting) && !joins(member_of(setting.section)))
      result[(setting.section.empty() ? "" : "[" + setting.section + "] ") + setting.key] = setting.value;
  return result;
}

std::vector<std::string> differences(const recipe::Recipe& there, const recipe::Recipe& here) {
  const auto old_members = members(there), new_members = members(here);
  const auto joining = missing_in(old_members, new_members);
  auto old = binding_settings(there, {});
  auto now = binding_settings(here, joining);
  if (missing_in(new_members, old_members).empty()) now["tasks"] = old["tasks"];
  std::vector<std::string> result;
  for (const auto& [key, value] : old) {
    const auto found = now.find(key);
    if (found == now.end()) {
      result.push_back(key + " is " + value + " there and not set here");
    } else if (found->second != value) {
      result.push_back(key + " is " + value + " there and " + found->second + " here");
    }
  }
  for (const auto& [key, value] : now)
    if (old.count(key) == 0) result.push_back(key + " is not set there and " + value + " here");
  return result;
}

/// The recipe of a run whose jobs are done. Throws Error saying what helps when it cannot be read.
recipe::Recipe recipe_of_run(const RunDirectory& run) {
  try {
    return run.read_recipe();
  } catch (const base::Error& error) {
    throw base::Error(std::string(error.what()) +
                      "\nso the run in this folder cannot be compared with the recipe; take another folder "
                      "with --out, or go on in this one with --update, which writes its recipe.toml anew");
  }
}

/// Refuses a folder with things in it that no run made, so that a typing error in --out cannot mix them.
void check_not_foreign(const fs::path& root) {
  std::error_code error;
  if (fs::exists(root / "recipe.toml", error)) return;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    const std::string name = entry.path().filename().string();
    if (name != kLockName && name != "log" && !is_temporary(entry.path()))
      throw base::Error(root.string() + ": holds \"" + name +
                        "\" but no recipe.toml, so it is not a run folder; take another one with --out");
  }
}

/// Plugins are code, and a run's folder may come from a stranger: its recipe names no folder that came with
/// it. Runs write absolute ones.
void refuse_own_code(const fs::path& root, const fs::path& plugins) {
  std::error_code error;
  const auto inside = [&](const fs::path& folder, const fs::path& file) {
    const fs::path way = file.lexically_relative(folder);
    return !way.empty() && *way.begin() != "..";
  };
  const fs::path here = fs::absolute(root).lexically_normal();
  if (plugins.is_absolute() && !inside(here, plugins.lexically_normal()) &&
      !inside(fs::weakly_canonical(here, error), fs::weakly_canonical(plugins, error)))
    return;
  throw base::Error(
      (root / "recipe.toml").string() + ": [plugins] dirs: \"" + plugins.string() +
      "\" would take plugins, which are code, from what came with a run's folder; take it out, and "
      "name it with --plugin-dir if you trust it");
}

/// "PID HOST SINCE"; what is missing or unreadable stays empty.
LockHolder holder_in(const fs::path& file) {
  LockHolder holder;
  std::ifstream(file) >> holder.pid >> holder.host >> holder.since;
  return holder;
}

/// Writes down who holds the lock. Errors do not matter: a full disk must not keep anybody from
/// looking at a finished run.
void write_holder(int descriptor) {
  const base::ProcessId process = base::this_process();
  const std::string text = std::to_string(process.pid) + " " + process.host + " " + base::utc_now() + "\n";
  if (::ftruncate(descriptor, 0) == 0 && ::write(descriptor, text.data(), text.size()) < 0) errno = 0;
}

std::string checksum_of(const fs::path& path) {
  const base::MappedFile file(path);
  return base::checksum({reinterpret_cast<const char*>(file.data()), file.size()});
}

/// 0, or the errno of flock().
int try_lock(int descriptor, int kind) {
  while (::flock(descriptor, kind | LOCK_NB) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

}  // namespace

std::string safe_name(const std::string& id) {
  constexpr std::size_t kLongest =
      180;  // file systems take 255 bytes; suffixes and temporary names come on top
  std::string name;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || c == '+';
    if (plain) {
      name += c;
    } else if (c == '/') {
      name += '.';
    } else {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
      name += code;
    }
  }
  if (name.size() > kLongest) name = name.substr(0, kLongest - 33) + "~" + base::fingerprint(id);
  return name;
}

std::string left_out_text(const JobRecord& record) {
  constexpr std::size_t kNamed = 3;
  const std::size_t count = record.left_out.size();
  if (count == 0) return "";
  return record.id + " goes on without " + std::to_string(count) + (count == 1 ? " sample: " : " samples: ") +
         base::join_first(record.left_out, "; ", kNamed);
}

std::string lock_refusal(const fs::path& root, int cause, const LockHolder& holder) {
  if (cause == EWOULDBLOCK) {
    std::string who = "process " + (holder.pid > 0 ? std::to_string(holder.pid) : std::string("unknown"));
    if (!holder.host.empty()) who += " on " + holder.host;
    if (!holder.since.empty()) who += " since " + holder.since;
    return root.string() + ": another taskonomy run works in this folder (" + who +
           "); wait for it, or take another folder with --out";
  }
  if (cause == ENOLCK || cause == ENOSYS || cause == EOPNOTSUPP)
    return root.string() + ": this file system has no locks (" + std::strerror(cause) +
           "), so nothing would keep two runs in one folder apart; mount it with locks (Lustre: option "
           "flock; NFS: lockd), or take a folder on another file system with --out";
  return root.string() + ": cannot lock the run folder: " + std::strerror(cause) +
         "; take another one with --out";
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

RunLog::RunLog(const std::filesystem::path& file) : file_(file, std::ios::app) {}

void RunLog::write(const std::string& who, const std::string& text) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S", &local);
  out_ << time.data() << ' ' << who << ": " << text << std::endl;
  out_.clear();  // after a failed write, so that later lines are tried again
}

RunLock RunDirectory::lock() const {
  std::error_code error;
  fs::create_directories(root_, error);
  if (error || !fs::is_directory(root_))
    throw base::Error(root_.string() + ": cannot create the run folder: " +
                      (error ? error.message() : std::string("a file has this name")) +
                      "; take another one with --out");
  check_not_foreign(root_);
  const fs::path file = root_ / kLockName;
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0)
    throw base::Error(root_.string() + ": the run folder is not writable: " + std::strerror(errno) +
                      "; check its permissions, or work in a copy of it");
  if (const int cause = try_lock(descriptor, LOCK_EX); cause != 0) {
    ::close(descriptor);
    throw base::Error(lock_refusal(root_, cause, holder_in(file)));
  }
  write_holder(descriptor);
  return RunLock(descriptor);
}

int RunDirectory::locked_by() const {
  const fs::path file = root_ / kLockName;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  const bool busy = try_lock(descriptor, LOCK_SH) == EWOULDBLOCK;
  ::close(descriptor);
  return busy ? std::max(1, holder_in(file).pid) : 0;
}

std::vector<std::string> RunDirectory::require_recipe(const recipe::Recipe& recipe) const {
  if (!has_records() || !fs::exists(recipe_file())) return {};
  const recipe::Recipe there = recipe_of_run(*this);
  const auto different = differences(there, recipe);
  if (different.empty()) return missing_in(members(there), members(recipe));
  constexpr std::size_t kShown = 8;
  std::vector<std::string> shown(
      different.begin(), different.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, different.size())));
  if (different.size() > kShown)
    shown.push_back("and " + std::to_string(different.size() - kShown) + " more");
  throw base::Error(
      root_.string() + ": holds a run of another recipe:\n  " + base::join(shown, "\n  ") +
      "\ntake another folder with --out, or go on in this one with --update: what the changes do not "
      "touch is kept, the rest is made again (new tasks may join a run without it)");
}

void RunDirectory::prepare(const recipe::Recipe& recipe) const {
  remove_leftovers();
  const std::string text = recipe::to_toml(recipe);
  if (!fs::exists(recipe_file()) || base::read_file(recipe_file()) != text)
    base::write_file(recipe_file(), text);
}

bool RunDirectory::has_records() const {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root_ / "jobs", error))
    if (entry.path() != plan_file() && !is_temporary(entry.path())) return true;
  return false;
}

void RunDirectory::remove_leftovers() const {
  std::error_code error;
  std::vector<fs::path> leftovers;
  for (fs::recursive_directory_iterator it(root_, error), end; !error && it != end; it.increment(error))
    if (it->is_regular_file(error) && base::is_abandoned(it->path())) leftovers.push_back(it->path());
  for (const fs::path& file : leftovers) fs::remove(file, error);
}

recipe::Recipe RunDirectory::read_recipe() const {
  if (!fs::exists(recipe_file()))
    throw base::Error(root_.string() + ": not a run folder: it has no recipe.toml");
  const recipe::Recipe recipe = recipe::read_recipe(recipe_file());
  for (const std::string& dir : recipe.plugin_dirs) refuse_own_code(root_, dir);
  if (recipe.cluster)
    throw base::Error(recipe_file().string() +
                      ": [cluster] would run commands that came with a run's folder; take " +
                      "it out, and name it with --cluster FILE if you trust it");
  return recipe;
}

fs::path RunDirectory::record_file(const std::string& id) const {
  return root_ / "jobs" / (safe_name(id) + ".json");
}

std::optional<JobRecord> RunDirectory::record(const std::string& id) const {
  std::error_code error;
  if (!fs::is_regular_file(record_file(id), error)) return std::nullopt;
  try {
    const auto content = base::parse_json(base::read_file(record_file(id)));
    JobRecord record;
    record.id = content.at("id").text();
    record.key = content.at("key").text();
    record.seconds = content.at("seconds").number();
    record.files = content.at("files").as<std::map<std::string, std::uint64_t>>();
    record.figures = content.at("figures").as<std::map<std::string, double>>();
    record.sums = content.get("sums", record.sums);
    record.ingredients = content.get("ingredients", std::string());  // version 1.0 wrote none
    record.left_out = content.get("left_out", record.left_out);
    if (record.id != id) return std::nullopt;
    return record;
  } catch (const base::Error&) {
    return std::nullopt;  // damaged: the job is made again
  }
}

bool RunDirectory::intact(const JobRecord& record) const {
  for (const auto& [file, bytes] : record.files) {
    std::error_code error;
    const auto size = fs::file_size(root_ / file, error);
    if (error || size != bytes) return false;
  }
  return true;
}

std::string RunDirectory::damaged_file(const JobRecord& record) const {
  for (const auto& [file, sum] : record.sums)
    if (checksum_of(root_ / file) != sum) return file;
  return "";
}

std::optional<JobRecord> RunDirectory::record(const std::string& id, const std::string& key) const {
  auto found = record(id);
  if (!found || found->key != key || !intact(*found)) return std::nullopt;
  return found;
}

void RunDirectory::write_record(const JobReport& report, const std::string& key,
                                const std::string& ingredients) const {
  base::Json files = base::Json::object(), sums = base::Json::object(), figures = base::Json::object();
  for (const std::string& file : report.files) {
    const fs::path path = fs::path(file).lexically_normal();
    if (path.is_absolute() || path.empty() || *path.begin() == "..")
      throw base::Error("job \"" + report.id + "\": its file " + file + " lies outside the run folder");
    std::error_code error;
    const auto size = fs::file_size(root_ / path, error);
    if (error) throw base::Error("job \"" + report.id + "\": its file " + file + ": " + error.message());
    files.set(path.string(), size);
    sums.set(path.string(), checksum_of(root_ / path));
  }
  for (const auto& [name, value] : report.figures)
    if (std::isfinite(value)) figures.set(name, value);
  base::Json content = base::Json::object()
                           .set("id", report.id)
                           .set("key", key)
                           .set("seconds", report.seconds)
                           .set("files", std::move(files))
                           .set("sums", std::move(sums))
                           .set("figures", std::move(figures))
                           .set("ingredients", ingredients);
  if (!report.left_out.empty()) content.set("left_out", report.left_out);
  base::write_file(record_file(report.id), content.dump(1) + "\n");
}

void RunDirectory::remove_record(const std::string& id) const {
  std::error_code error;
  fs::remove(record_file(id), error);
  if (error) throw base::Error(record_file(id).string() + ": cannot remove: " + error.message());
}

}  // namespace taskonomy::jobs
