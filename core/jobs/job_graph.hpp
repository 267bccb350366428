// The jobs of a run and who reads whose artefacts. A job's key names all that it is made from:
// same key, same artefact.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace taskonomy::jobs {

/// How the files of a stage's jobs grow: for a forecast of the disk that a run takes.
enum class Disk {
  grows,      ///< with the weight of the job: samples, labels, features of images
  fixed,      ///< not at all: weights of networks
  negligible  ///< so small, and made so quickly, that a forecast passes them over
};

/// One unit of work: a pure function of its inputs and its ingredients.
struct Job {
  /// "transfer/normal/depth_zbuffer+reshading"; the part before the first / is its stage.
  std::string id;
  /// Ids of the jobs whose artefacts it reads. They may be added to the graph later.
  std::vector<std::string> inputs;
  /// All else that it is made from, as base::Ingredients::text() gives it: parts of the
  /// recipe, the code, the seed.
  std::string ingredients;
  /// Expected cost relative to other jobs, for the time left and to begin with the longest chain.
  double weight = 1.0;
  /// True: runs without the inputs that failed or were never planned (a taxonomy of the tasks that remain).
  /// The inputs that are left enter its key, so that it is made again once the others are there. False:
  /// such an input blocks it.
  bool tolerant = false;
  /// Optional replacement for this job's key when readers compute theirs. Set it when every reader
  /// uses only a part of the artefact that its own ingredients name: then more in the artefact does
  /// not make readers again.
  std::string passed_on{};
  Disk disk = Disk::fixed;
};

/// The part of an id before the first '/': "transfer/normal/rgb" -> "transfer".
[[nodiscard]] std::string stage_of(const std::string& id);

/// A directed acyclic graph of jobs that may grow while it is worked on. Everything is in order of addition
/// where the order is free, so that nothing depends on addresses or timing.
class JobGraph {
 public:
  /// Adds a job. Throws std::logic_error, naming the job, for an id that is empty, holds white space, an
  /// empty part or a part "." or "..", for a second job of the same id, an input named twice, a weight that
  /// is not positive, and a cycle.
  void add(Job job);

  [[nodiscard]] bool contains(const std::string& id) const { return index_.count(id) > 0; }
  [[nodiscard]] std::size_t size() const { return jobs_.size(); }
  /// Throws std::logic_error for an unknown id; so do the functions below.
  [[nodiscard]] const Job& job(const std::string& id) const;
  /// All jobs in order of addition.
  [[nodiscard]] const std::vector<Job>& jobs() const { return jobs_; }

  /// Inputs that no job in the graph makes, sorted, with one job that reads each: {input, reader}.
  [[nodiscard]] std::map<std::string, std::string> missing() const;
  /// Every job after its inputs; ties in order of addition. Throws std::logic_error naming a missing input.
  [[nodiscard]] std::vector<std::string> order() const;
  /// The jobs that read the artefact of `id` directly, in order of addition; `id` itself may be missing.
  [[nodiscard]] std::vector<std::string> readers(const std::string& id) const;
  /// The jobs that read it directly or through others, in order of addition.
  [[nodiscard]] std::vector<std::string> downstream(const std::string& id) const;

  /// Fingerprint of the id, the ingredients and the keys of its inputs (or what they pass on in their
  /// place), transitively; the order in which inputs are listed does not matter. Throws std::logic_error
  /// when an input is missing and was not left out.
  [[nodiscard]] std::string key(const std::string& id) const;
  /// Declares that the artefact `id` will not be there in this run: tolerant readers go on without it.
  void leave_out(const std::string& id);
  /// Inputs of a job that were not left out.
  [[nodiscard]] std::vector<std::string> present_inputs(const std::string& id) const;

 private:
  void check(const Job& job) const;

  std::vector<Job> jobs_;
  std::map<std::string, std::size_t> index_;
  std::map<std::string, std::vector<std::size_t>> readers_;
  std::set<std::string> left_out_;
  mutable std::map<std::string, std::string> keys_;  ///< computed so far
};

}  // namespace taskonomy::jobs
