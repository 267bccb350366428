#include "core/jobs/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace taskonomy::jobs {

namespace {

constexpr double kPatience = 20.0;             // times the expected duration
constexpr double kLeastLimit = 600.0;          // seconds
constexpr double kUnknownLimit = 24 * 3600.0;  // seconds

/// Seconds of the longest chain of jobs. `left`: of each that is not done.
double longest_chain(const std::vector<Job>& jobs, const std::map<std::string, double>& left) {
  std::map<std::string, const Job*> by_id;
  for (const Job& job : jobs) by_id[job.id] = &job;
  std::map<std::string, double> chains;  // that end with this job
  const std::function<double(const Job&)> chain = [&](const Job& job) {
    if (const auto known = chains.find(job.id); known != chains.end()) return known->second;
    double before = 0.0;
    for (const auto& input : job.inputs)
      if (const auto found = by_id.find(input); found != by_id.end())
        before = std::max(before, chain(*found->second));
    const auto own = left.find(job.id);
    return chains[job.id] = before + (own == left.end() ? 0.0 : own->second);
  };
  double longest = 0.0;
  for (const Job& job : jobs) longest = std::max(longest, chain(job));
  return longest;
}

double size_of(const JobRecord& record) {
  double bytes = 0.0;
  for (const auto& [file, size] : record.files) bytes += static_cast<double>(size);
  return bytes;
}

}  // namespace

void Durations::add(const std::string& id, double weight, double seconds) {
  auto& rates = rates_[stage_of(id)];
  const double rate = seconds / weight;
  rates.insert(std::upper_bound(rates.begin(), rates.end(), rate), rate);
  weight_ += weight;
  seconds_ += seconds;
}

std::optional<double> Durations::expected(const std::string& id, double weight) const {
  const auto stage = rates_.find(stage_of(id));
  if (stage != rates_.end()) return weight * stage->second[stage->second.size() / 2];
  if (weight_ > 0.0) return weight * seconds_ / weight_;
  return std::nullopt;
}

double Durations::limit(const std::string& id, double weight, double timeout) const {
  if (timeout > 0.0) return timeout;
  const auto usual = expected(id, weight);
  return usual ? std::max(kLeastLimit, kPatience * *usual) : kUnknownLimit;
}

void Costs::learn(const std::vector<Job>& jobs, const JobRecords& records) {
  for (const Job& job : jobs) {
    const auto record = records.find(job.id);
    if (record == records.end()) continue;
    durations_.add(job.id, job.weight, record->second.seconds);
    auto& sizes = bytes_[stage_of(job.id)];
    sizes.bytes += size_of(record->second);
    sizes.weight += job.weight;
    sizes.jobs += 1.0;
  }
}

std::optional<double> Costs::seconds(const Job& job) const {
  if (knows(stage_of(job.id))) return durations_.expected(job.id, job.weight);
  if (job.disk == Disk::negligible) return 0.0;
  return std::nullopt;
}

std::optional<double> Costs::bytes(const Job& job) const {
  const std::string stage = stage_of(job.id);
  const auto found = bytes_.find(stage);
  if (found == bytes_.end()) return job.disk == Disk::negligible ? std::optional<double>(0.0) : std::nullopt;
  const Sizes& sizes = found->second;
  return job.disk == Disk::grows ? sizes.bytes / sizes.weight * job.weight : sizes.bytes / sizes.jobs;
}

std::size_t Forecast::all() const {
  std::size_t count = 0;
  for (const auto& stage : stages) count += stage.all;
  return count;
}

std::size_t Forecast::done() const {
  std::size_t count = 0;
  for (const auto& stage : stages) count += stage.done;
  return count;
}

double Forecast::seconds_with(std::size_t workers) const {
  return std::max(longest, seconds / static_cast<double>(std::max<std::size_t>(workers, 1)));
}

std::size_t Forecast::workers_worth_having() const {
  if (chain <= 0.0) return 1;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(seconds / chain - 1e-9)));
}

Forecast forecast(const std::vector<Job>& jobs, const JobRecords& done, const Costs& costs) {
  Forecast result;
  std::map<std::string, double> left;  // seconds of the jobs that are not done
  const auto stage_named = [&](const std::string& name) -> StageForecast& {
    for (auto& stage : result.stages)
      if (stage.name == name) return stage;
    result.stages.push_back({name});
    return result.stages.back();
  };
  for (const Job& job : jobs) {
    StageForecast& stage = stage_named(stage_of(job.id));
    ++stage.all;
    if (const auto record = done.find(job.id); record != done.end()) {
      ++stage.done;
      stage.bytes += size_of(record->second);
      continue;
    }
    const auto seconds = costs.seconds(job), bytes = costs.bytes(job);
    if (!seconds || !bytes) {
      stage.known = false;
      continue;
    }
    stage.seconds += *seconds;
    stage.bytes += *bytes;
    result.longest = std::max(result.longest, *seconds);
    left[job.id] = *seconds;
  }
  result.chain = longest_chain(jobs, left);
  for (const auto& stage : result.stages) {
    result.seconds += stage.seconds;
    result.bytes += stage.bytes;
  }
  return result;
}

}  // namespace taskonomy::jobs
