// Files that another machine wrote into the run's folder. Network file systems show them late, and keep for a while
// what a name led to, or that it led nowhere, before.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "core/jobs/run_directory.hpp"

namespace taskonomy::cluster {

/// RUN/cluster: what concerns pilots: their logs, cluster/mark, cluster/pilots.json.
[[nodiscard]] inline std::filesystem::path cluster_folder(const jobs::RunDirectory& run) {
  return run.root() / "cluster";
}
/// A file whose random content tells that two machines see the same folder.
[[nodiscard]] inline std::filesystem::path mark_file(const jobs::RunDirectory& run) {
  return cluster_folder(run) / "mark";
}

/// The file's content, or nothing while this machine does not see it. Opens it without asking for its state first,
/// and lists its folder where it is not there: both make a network file system look anew.
[[nodiscard]] std::optional<std::string> read_shared(const std::filesystem::path& file);

/// The first file of a finished job that this machine does not see as it was written, relative to the run's folder:
/// its record with this key, or an artefact with the size that the record says. "" when it sees all. `sums`: what
/// the record must say of the artefacts; empty: anything.
[[nodiscard]] std::string unseen_file(const jobs::RunDirectory& run, const std::string& id,
                                      const std::string& key,
                                      const std::map<std::string, std::string>& sums = {});

}  // namespace taskonomy::cluster
