// Pilots as tasks of batch arrays of Slurm, which call this machine.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/cluster/call.hpp"
#include "core/cluster/engine.hpp"
#include "core/cluster/query.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/recipe/cluster.hpp"

namespace taskonomy::cluster {

/// Asks Slurm at most once a minute, and only while it does not know what a pilot does. An error and a missing answer
/// never count as an end: truth is what agents say over their connections.
class SlurmEngine : public Engine {
 public:
  /// `agent`: the words of the agent's command line, without --pilot. Listens, and finds out which pilots of an
  /// earlier host still live. Throws Error when Slurm is not there.
  SlurmEngine(jobs::RunDirectory run, recipe::Cluster options, std::vector<std::string> agent,
              std::string token, jobs::RunLog& log);
  /// Ends all pilots, unless leave() was called.
  ~SlurmEngine() override;
  void submit(const std::vector<std::size_t>& pilots) override;
  [[nodiscard]] std::vector<Arrival> arrivals() override;
  [[nodiscard]] std::optional<std::string> end_of(std::size_t pilot) override;
  [[nodiscard]] std::string waits_for(std::size_t pilot) override;
  [[nodiscard]] std::string log_of(std::size_t pilot) const override;
  void distrust(std::size_t pilot, const std::string& node) override;
  void cancel(std::size_t pilot) override;
  [[nodiscard]] int door() const override { return listener_.descriptor(); }
  bool leave() override;
  [[nodiscard]] std::vector<std::size_t> inherited() override { return inherited_; }

 private:
  /// A task of an array.
  struct Batch {
    std::string id;                   ///< "4711_3"
    std::string state, reason, node;  ///< as Slurm said last
    bool ended = false;
  };
  void remember() const;
  void recall();
  void look();
  void take(const std::string& listing);
  [[nodiscard]] std::vector<std::string> submission(std::size_t pilots) const;

  jobs::RunDirectory run_;
  recipe::Cluster options_;
  std::vector<std::string> agent_;
  std::string token_, name_;  ///< of the batch jobs
  jobs::RunLog& log_;
  Listener listener_;
  std::map<std::size_t, Batch> batches_;  ///< by pilot
  std::vector<std::size_t> inherited_;
  std::map<std::string, std::size_t> failures_;  ///< by node
  std::unique_ptr<Query> query_;
  Clock::time_point next_query_ = Clock::now();
  std::size_t unanswered_ = 0;
  std::vector<std::unique_ptr<Query>> cancelling_;
  bool left_ = false;
};

}  // namespace taskonomy::cluster
