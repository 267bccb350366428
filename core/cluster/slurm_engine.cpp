#include "core/cluster/slurm_engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/cluster/shared_files.hpp"

namespace taskonomy::cluster {

namespace {

constexpr double kBetweenQueries = 60.0, kQueryLimit = 30.0, kSubmitLimit = 120.0;  // seconds
constexpr std::size_t kMostNodeFailures = 2;
constexpr std::size_t kMostIds = 100;  // of one scancel

/// States after which a batch job does nothing any more. Slurm requeues what was preempted only if it was told to.
bool is_over(const std::string& state) {
  static const std::set<std::string> over{"BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
                                          "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "TIMEOUT"};
  return over.count(state.substr(0, state.find(' '))) > 0;
}

std::filesystem::path memory_of(const jobs::RunDirectory& run) { return cluster_folder(run) / "slurm.json"; }

/// What helps against an answer of sbatch.
std::string cure_of(const std::string& error) {
  const auto says = [&](const char* words) { return error.find(words) != std::string::npos; };
  if (says("invalid partition"))
    return "; see `sinfo` for the partitions there are (--cluster-set partition=NAME)";
  if (says("account"))
    return "; see `sacctmgr show associations` for your accounts (--cluster-set account=NAME)";
  if (says("time limit")) return "; see `sinfo` for the limits of partitions (--cluster-set time=H:MM:SS)";
  if (says("array")) return "; ask for fewer pilots (--cluster-set pilots=N)";
  return "";
}

}  // namespace

SlurmEngine::SlurmEngine(jobs::RunDirectory run, recipe::Cluster options, std::vector<std::string> agent,
                         std::string token, jobs::RunLog& log)
    : run_(std::move(run)),
      options_(std::move(options)),
      agent_(std::move(agent)),
      token_(std::move(token)),
      name_("taskonomy-" + base::fingerprint(std::filesystem::absolute(run_.root()).string()).substr(0, 12)),
      log_(log),
      listener_(options_.address, static_cast<int>(options_.port)) {
  if (const Answer answer = ask({"sbatch", "--version"}, "", kQueryLimit); !answer.good)
    throw base::Error("[cluster] engine = \"slurm\": sbatch does not work here (" + answer.error +
                      "); start the run on a machine from which you can submit batch jobs, or use launch");
  CallAddress where = listener_.where();
  where.token = token_;
  write_call_address(cluster_folder(run_) / "address", where);
  recall();
}

SlurmEngine::~SlurmEngine() {
  if (left_) return;
  for (auto& query : cancelling_)
    while (!query->answer()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::vector<std::string> ids;
  for (const auto& [pilot, batch] : batches_)
    if (!batch.ended) ids.push_back(batch.id);
  for (std::size_t begin = 0; begin < ids.size(); begin += kMostIds) {
    std::vector<std::string> words{"scancel"};
    words.insert(words.end(), ids.begin() + static_cast<std::ptrdiff_t>(begin),
                 ids.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kMostIds, ids.size())));
    if (const Answer answer = ask(words, "", kSubmitLimit); !answer.good)
      log_.write("run", "scancel: " + answer.error);
  }
  std::error_code ignored;
  std::filesystem::remove(memory_of(run_), ignored);
  std::filesystem::remove(cluster_folder(run_) / "address", ignored);
}

bool SlurmEngine::leave() {
  left_ = true;
  return true;
}

/// Writes down which batch jobs there are, for a host after this one.
void SlurmEngine::remember() const {
  base::Json ids = base::Json::object();
  for (const auto& [pilot, batch] : batches_)
    if (!batch.ended) ids.set(std::to_string(pilot), batch.id);
  base::write_file(memory_of(run_), base::Json::object().set("pilots", std::move(ids)).dump(1) + "\n");
}

/// Finds the pilots of a host before this one that may still live.
void SlurmEngine::recall() {
  if (!std::filesystem::exists(memory_of(run_))) return;
  std::map<std::size_t, Batch> known;
  try {
    const auto content = base::parse_json(base::read_file(memory_of(run_)));
    for (const auto& [pilot, id] : content.at("pilots").members()) known[std::stoul(pilot)].id = id.text();
  } catch (const std::exception&) {  // damaged: agents that live will call
    return;
  }
  batches_ = std::move(known);
  const Answer answer =
      ask({"squeue", "-h", "-r", "-t", "all", "--name", name_, "-o", "%i|%T|%r|%N"}, "", kQueryLimit);
  if (answer.good) take(answer.text);
  for (auto batch = batches_.begin(); batch != batches_.end();) {
    // Of those before this host, only what Slurm still lists is waited for.
    const bool gone = batch->second.ended || (answer.good && batch->second.state.empty());
    if (!gone) inherited_.push_back(batch->first);
    batch = gone ? batches_.erase(batch) : std::next(batch);
  }
}

std::vector<std::string> SlurmEngine::submission(std::size_t pilots) const {
  const std::string logs = (cluster_folder(run_) / "pilot-%A_%a.log").string();
  std::vector<std::string> words{"sbatch",
                                 "--parsable",
                                 "--array=1-" + std::to_string(pilots),
                                 "--job-name=" + name_,
                                 "--output=" + logs,
                                 "--open-mode=append",
                                 "--no-requeue",
                                 "--ntasks=1"};
  if (options_.workers > 0) words.push_back("--cpus-per-task=" + std::to_string(options_.workers));
  if (!options_.time.empty()) words.push_back("--time=" + options_.time);
  // A word two minutes before the end, which Slurm may say a minute early; not to pilots that hardly live longer.
  constexpr double kWorthWarning = 600.0;
  if (const double seconds = options_.seconds(); seconds == 0.0 || seconds >= kWorthWarning)
    words.push_back("--signal=B:TERM@120");
  if (!options_.partition.empty()) words.push_back("--partition=" + options_.partition);
  if (!options_.account.empty()) words.push_back("--account=" + options_.account);
  if (!options_.constraint.empty()) words.push_back("--constraint=" + options_.constraint);
  if (options_.gpus > 0) words.push_back("--gpus=" + std::to_string(options_.gpus));
  std::vector<std::string> excluded;
  for (const auto& [node, failures] : failures_)
    if (failures >= kMostNodeFailures) excluded.push_back(node);
  if (!excluded.empty()) words.push_back("--exclude=" + base::join(excluded, ","));
  words.insert(words.end(), options_.extra.begin(), options_.extra.end());
  return words;
}

void SlurmEngine::submit(const std::vector<std::size_t>& pilots) {
  std::string script = "#!/bin/sh\nexec";
  for (const auto& word : agent_) script += " " + base::shell_quoted(word);
  // Numbers follow each other; tasks of an array are counted from 1.
  script += " --pilot $((" + std::to_string(pilots.front() - 1) + " + SLURM_ARRAY_TASK_ID))\n";
  const Answer answer = ask(submission(pilots.size()), script, kSubmitLimit);
  if (!answer.good) throw base::Error("Slurm takes no pilots: " + answer.error + cure_of(answer.error));
  // What sites print before it is no id; a cluster's name may follow it: "4711;alpha".
  const std::string text = base::trim(answer.text);
  const std::string last = text.substr(text.rfind('\n') + 1);
  const std::string id = last.substr(0, last.find(';'));
  if (id.empty() || id.find_first_not_of("0123456789") != std::string::npos)
    throw base::Error("sbatch was expected to print the number of a job and said: " + text.substr(0, 500));
  for (std::size_t i = 0; i < pilots.size(); ++i) batches_[pilots[i]].id = id + "_" + std::to_string(i + 1);
  log_.write("run", "Slurm has " + std::to_string(pilots.size()) +
                        (pilots.size() == 1 ? " pilot" : " pilots") + " as job " + id);
  remember();
}

std::vector<Arrival> SlurmEngine::arrivals() {
  look();
  std::vector<Arrival> arrivals;
  for (auto& link : listener_.accept()) arrivals.push_back({std::move(link), token_, false});
  return arrivals;
}

/// Asks what batch jobs do, when it is time, and takes the answer, when it is there.
void SlurmEngine::look() {
  cancelling_.erase(std::remove_if(cancelling_.begin(), cancelling_.end(),
                                   [](const auto& query) { return query->answer().has_value(); }),
                    cancelling_.end());
  if (query_) {
    const auto answer = query_->answer();
    if (!answer) return;
    query_.reset();
    if (answer->good) {
      unanswered_ = 0;
      take(answer->text);
    } else {
      log_.write("run", "squeue: " + answer->error + "; what it said last counts");
      ++unanswered_;
    }
    const double pause =
        kBetweenQueries * std::pow(2.0, static_cast<double>(std::min<std::size_t>(unanswered_, 4)));
    next_query_ = Clock::now() + std::chrono::milliseconds(static_cast<int>(1000 * pause));
    return;
  }
  const bool open =
      std::any_of(batches_.begin(), batches_.end(), [](const auto& one) { return !one.second.ended; });
  if (!open || Clock::now() < next_query_) return;
  query_ = std::make_unique<Query>(
      std::vector<std::string>{"squeue", "-h", "-r", "-t", "all", "--name", name_, "-o", "%i|%T|%r|%N"}, "",
      kQueryLimit);
}

/// Takes lines "4711_3|PENDING|Priority|"; others, which sites print, are none.
void SlurmEngine::take(const std::string& listing) {
  for (const auto& line : base::split(listing, '\n')) {
    const auto cells = base::split(line, '|');
    if (cells.size() != 4) continue;
    for (auto& [pilot, batch] : batches_) {
      if (batch.id != base::trim(cells[0])) continue;
      batch.state = cells[1];
      batch.reason = cells[2] == "None" ? "" : cells[2];
      batch.node = cells[3];
      batch.ended = is_over(batch.state);
    }
  }
}

std::optional<std::string> SlurmEngine::end_of(std::size_t pilot) {
  const auto batch = batches_.find(pilot);
  if (batch == batches_.end() || !batch->second.ended) return std::nullopt;
  return "Slurm says " + batch->second.state + " of job " + batch->second.id;
}

std::string SlurmEngine::waits_for(std::size_t pilot) {
  const auto batch = batches_.find(pilot);
  return batch == batches_.end() ? "" : batch->second.reason;
}

std::string SlurmEngine::log_of(std::size_t pilot) const {
  const auto batch = batches_.find(pilot);
  return batch == batches_.end() ? ""
                                 : (cluster_folder(run_) / ("pilot-" + batch->second.id + ".log")).string();
}

void SlurmEngine::distrust(std::size_t pilot, const std::string& node) {
  const auto batch = batches_.find(pilot);
  const std::string name = batch != batches_.end() && !batch->second.node.empty() ? batch->second.node : node;
  if (!name.empty() && ++failures_[name] == kMostNodeFailures)
    log_.write("run", "node " + name + " is left out: " + std::to_string(kMostNodeFailures) +
                          " pilots failed there");
}

void SlurmEngine::cancel(std::size_t pilot) {
  const auto batch = batches_.find(pilot);
  if (batch == batches_.end() || batch->second.ended) return;
  batch->second.ended = true;
  cancelling_.push_back(
      std::make_unique<Query>(std::vector<std::string>{"scancel", batch->second.id}, "", kSubmitLimit));
  remember();
}

}  // namespace taskonomy::cluster
