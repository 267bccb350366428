// [cluster]: the machines that a run may use beside this one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace taskonomy::recipe {

struct Section;

/// A pilot is one `taskonomy agent` on one machine: it runs jobs in worker processes, as a run on one machine does,
/// and an engine carries it there. Nothing of this changes what is computed. It stands in a file of its own
/// (`--cluster FILE`) or in the recipe; a run's folder never keeps it, because `launch` is a command.
struct Cluster {
  /// launch: every pilot is a command, and its standard input and output are the connection (srun, ssh, sh). slurm:
  /// pilots are an array of batch jobs that call back over the network; they outlive a restart of the run.
  std::string engine = "launch";
  /// What stands before `taskonomy agent RUN`, for the shell: "srun --ntasks=1 --cpus-per-task=8", "ssh host-a".
  /// Of several, pilots take one after the other.
  std::vector<std::string> launch;
  std::int64_t pilots = 1;   ///< at a time; `taskonomy plan` says how many are worth having
  std::int64_t workers = 0;  ///< of one pilot; 0 = one per core that its machine gives it
  /// How long a pilot may live, as Slurm writes it: "30" minutes, "8:00:00", "2-00:00:00". A job goes only to a
  /// pilot with time enough for it. "": no limit (launch), the partition's own (slurm).
  std::string time;
  std::string program;  ///< the program on the other machines; "" = this program's own path
  /// Seconds to wait for a file that another machine wrote. Network file systems show files late: NFS after up to
  /// 60 s as it is set up as a rule.
  double settle = 60.0;
  /// A folder on the pilots' own disks, as in "/scratch" or "$TMPDIR": pilots read images, labels and features from
  /// copies there. "": from the run's folder.
  std::string copies;
  // For engine = "slurm": options of sbatch, each without a value where it is "".
  std::string partition, account, constraint;
  std::int64_t gpus = 0;           ///< of one pilot
  std::vector<std::string> extra;  ///< further options: ["--mem=32G", "--qos=long"]
  std::string address;             ///< under which pilots reach this machine; "" = its host name
  std::int64_t port = 0;           ///< that they call; 0 = any that is free

  /// `time` in seconds; 0 without a limit.
  [[nodiscard]] double seconds() const;
};

/// Seconds of a time as Slurm writes it: MINUTES, M:S, H:M:S, D-H, D-H:M, D-H:M:S; 0 where it is none.
[[nodiscard]] double slurm_seconds(const std::string& text);

/// Reads the section [cluster]. Throws Error "FILE:LINE: ..." naming the key, what was expected and the nearest
/// known key.
[[nodiscard]] Cluster cluster_in(const Section& section);

/// Reads the section of a file, which may be a whole recipe, with "key=value" on top. Throws the same errors, and
/// one for a file without the section.
[[nodiscard]] Cluster read_cluster(const std::filesystem::path& file,
                                   const std::vector<std::string>& overrides);

}  // namespace taskonomy::recipe
