// The one folder of a run: recipe.toml, manifest.json, log, artefacts, and jobs/<job>.json, a record
// per finished job. A job is done when its record bears its key and its artefacts are there: nothing
// else is remembered between runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/machine.hpp"
#include "core/jobs/job.hpp"
#include "core/recipe/prices.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::jobs {

/// A file name (no folder) for a job id, different for different ids: "transfer/normal/a+b" ->
/// "transfer.normal.a+b". Other characters become %XX; names too long for a file system end in a fingerprint.
[[nodiscard]] std::string safe_name(const std::string& id);

/// A plugin that a run was made with.
struct PluginRecord {
  std::string kind, id, version;       ///< "task", "normal", "1.0.0"
  std::string file;                    ///< absolute path
  std::string fingerprint;             ///< of the file's bytes
  bool own = false;                    ///< came with the program
  std::vector<std::string> shadows{};  ///< files of plugins with the same id, which it runs in place of

  static void visit(auto& self, auto&& field) {
    field("kind", self.kind);
    field("id", self.id);
    field("version", self.version);
    field("file", self.file);
    field("fingerprint", self.fingerprint);
    field("own", self.own);
    field("shadows", self.shadows);
  }
};

/// A sentence for each plugin that did not come with the program, or that runs in place of another with its id: `task
/// "normal" 0.3.1 (PATH, fingerprint 3f2a...) runs in place of OTHER`.
[[nodiscard]] std::vector<std::string> plugin_sentences(const std::vector<PluginRecord>& plugins);

/// What manifest.json says: what a run was made with, and when and where.
struct Manifest {
  std::string program_version;
  std::string sdk_version;
  std::string libtorch_version;
  std::uint64_t seed = 0;
  std::vector<std::string> tasks;                 ///< in the order of the recipe
  recipe::Prices prices;                          ///< of every task, after the recipe's [taxonomy]
  std::map<std::string, std::string> left_out{};  ///< tasks whose labels the dataset lacks -> why
  std::vector<PluginRecord> plugins{};  ///< the dataset's and the tasks', in the order of the recipe
  std::map<std::string, std::vector<std::string>> samples_left_out{};  ///< by job: "sample: reason"
  // Set by write_manifest(), given back by read_manifest().
  std::string created{}, last_run{};  ///< UTC, of the first and the last run in the folder
  base::Machine machine{};
};

/// The record of a finished job.
struct JobRecord {
  std::string id;
  std::string key;
  std::string ingredients;  ///< Job::ingredients of that time; "" in records of version 1.0
  double seconds = 0.0;
  std::map<std::string, std::uint64_t> files;  ///< relative path -> bytes
  std::map<std::string, std::string> sums{};   ///< relative path -> base::checksum(); empty in older records
  std::map<std::string, double> figures;
  std::vector<std::string> left_out{};  ///< samples that it goes on without: "sample: reason"
};

/// "images/single goes on without 2 samples: kitchen/3: FILE: damaged JPEG; ..." about the samples that a job left
/// out; names the first three. "" where it left out none.
[[nodiscard]] std::string left_out_text(const JobRecord& record);

/// Records by the ids of their jobs.
using JobRecords = std::map<std::string, JobRecord>;

/// Who holds the lock of a run folder, as the lock's file says; a version 1.0 wrote the process only.
struct LockHolder {
  int pid = 0;
  std::string host;
  std::string since;  ///< UTC
};

/// What to say when the lock of a run folder could not be had: `cause` is the errno of flock().
/// EWOULDBLOCK: the holder, as far as it is known. ENOLCK, ENOSYS, EOPNOTSUPP: this file system has no
/// locks. Others: the system's words.
[[nodiscard]] std::string lock_refusal(const std::filesystem::path& root, int cause,
                                       const LockHolder& holder);

/// Keeps other runs out of a folder while it lives; the system releases it when the process dies.
class RunLock {
 public:
  explicit RunLock(int descriptor) : descriptor_(descriptor) {}
  ~RunLock();
  RunLock(RunLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int descriptor_;
};

/// RUN/log: what happened in a run and what its workers printed, with the time. A log that cannot be written
/// never stops a run: a full disk shows elsewhere.
class RunLog {
 public:
  /// Opens the file to append to it. Lines are dropped when it cannot be opened.
  explicit RunLog(const std::filesystem::path& file);
  /// Writes to this stream instead, which outlives the log.
  explicit RunLog(std::ostream& stream) : out_(stream) {}
  /// Appends one line, "2026-03-01 12:34:56 worker 3: text", and flushes it, so that it survives a crash.
  /// `who` is "run" or "worker 3". Local time.
  void write(const std::string& who, const std::string& text);

 private:
  std::ofstream file_;
  std::ostream& out_ = file_;
};

/// A run folder. Stateless but for the path: several processes look at the same folder. [any thread]
class RunDirectory {
 public:
  explicit RunDirectory(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path recipe_file() const { return root_ / "recipe.toml"; }
  [[nodiscard]] std::filesystem::path manifest_file() const { return root_ / "manifest.json"; }
  [[nodiscard]] std::filesystem::path log_file() const { return root_ / "log"; }
  [[nodiscard]] std::filesystem::path plan_file() const { return root_ / "jobs" / "plan.json"; }

  /// Creates the folder where it is missing and locks it against other runs. Throws Error when it cannot be
  /// written to, when another run works there, and when it holds files of something else than a run.
  [[nodiscard]] RunLock lock() const;
  /// The process that holds the lock, or 0: nobody does, or the file system has no locks.
  [[nodiscard]] int locked_by() const;

  /// The tasks and sources that this recipe adds to the run in the folder. Throws Error naming the keys that
  /// differ when jobs of another recipe are done there, and when its recipe.toml cannot be read. Only name,
  /// missing, [plugins], [compute] and [taxonomy] may always differ; and there may be more tasks and
  /// [sources] than before, in any order, with tables of their own.
  std::vector<std::string> require_recipe(const recipe::Recipe& recipe) const;
  /// [under lock(), after require_recipe() unless the user said --update] Makes the folder that of this
  /// recipe: writes recipe.toml and removes temporary files of killed runs. What is done stays; its keys
  /// say what still counts.
  void prepare(const recipe::Recipe& recipe) const;
  /// [under lock()] Writes manifest.json with machine and date; the date of the first run stays.
  void write_manifest(const Manifest& manifest) const;
  /// Throws Error when there is none or it is malformed.
  [[nodiscard]] Manifest read_manifest() const;
  /// The prices of manifest.json; empty without one. Needs no other key of it. Throws Error when it is malformed.
  [[nodiscard]] recipe::Prices prices() const;
  /// The resolved recipe. Throws Error saying that this is no run folder when there is none.
  [[nodiscard]] recipe::Recipe read_recipe() const;

  [[nodiscard]] std::filesystem::path record_file(const std::string& id) const;
  /// The record of a job, whatever its key; nothing when there is none or it is malformed.
  [[nodiscard]] std::optional<JobRecord> record(const std::string& id) const;
  /// The record of a job that was made with this key and whose artefacts are all there, else nothing.
  [[nodiscard]] std::optional<JobRecord> record(const std::string& id, const std::string& key) const;
  /// Whether a job was made with this key and its artefacts are all there.
  [[nodiscard]] bool done(const std::string& id, const std::string& key) const {
    return record(id, key).has_value();
  }
  /// Whether all artefacts of a record are there with the recorded sizes.
  [[nodiscard]] bool intact(const JobRecord& record) const;
  /// The first file of a record whose content is not what its job wrote, "" for none: a disk lost a bit, or
  /// something else wrote into it. Reads the files whole. Records without sums cannot tell.
  [[nodiscard]] std::string damaged_file(const JobRecord& record) const;
  /// Records a finished job. Throws Error when one of its files is missing or lies outside the folder.
  void write_record(const JobReport& report, const std::string& key, const std::string& ingredients) const;
  void remove_record(const std::string& id) const;

 private:
  void remove_leftovers() const;
  [[nodiscard]] bool has_records() const;

  std::filesystem::path root_;
};

}  // namespace taskonomy::jobs
