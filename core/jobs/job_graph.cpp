// The jobs of a run: checks, order and keys.
#include "core/jobs/job_graph.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"

namespace taskonomy::jobs {

namespace {

[[noreturn]] void reject(const std::string& id, const std::string& reason) {
  throw std::logic_error("job \"" + id + "\": " + reason);
}

/// Ids become file names and words of a line, so white space and folders that lead elsewhere are out.
bool sound(const std::string& id) {
  if (id.find_first_of(" \t\r\n") != std::string::npos) return false;
  for (const std::string& part : base::split(id, '/'))
    if (part.empty() || part == "." || part == "..") return false;
  return true;
}

/// Length before content: no two different lists of fields give the same text.
void append_field(std::string& text, const std::string& field) {
  text += std::to_string(field.size());
  text += ':';
  text += field;
}

}  // namespace

std::string stage_of(const std::string& id) { return id.substr(0, id.find('/')); }

void JobGraph::check(const Job& job) const {
  if (!sound(job.id)) reject(job.id, "not a sound id");
  if (contains(job.id)) reject(job.id, "added twice");
  if (!(job.weight > 0.0) || !std::isfinite(job.weight)) reject(job.id, "its weight must be positive");
  const std::set<std::string> distinct(job.inputs.begin(), job.inputs.end());
  if (distinct.size() != job.inputs.size()) reject(job.id, "names an input twice");
  // Only a job that someone already waits for can close a cycle.
  for (const std::string& reader : downstream(job.id))
    if (distinct.count(reader) > 0) reject(job.id, "needs \"" + reader + "\", which needs it");
  if (distinct.count(job.id) > 0) reject(job.id, "needs itself");
}

void JobGraph::add(Job job) {
  check(job);
  const std::size_t position = jobs_.size();
  index_[job.id] = position;
  for (const std::string& input : job.inputs) readers_[input].push_back(position);
  jobs_.push_back(std::move(job));
}

const Job& JobGraph::job(const std::string& id) const {
  const auto found = index_.find(id);
  if (found == index_.end()) reject(id, "unknown");
  return jobs_[found->second];
}

std::map<std::string, std::string> JobGraph::missing() const {
  std::map<std::string, std::string> result;
  for (const auto& [input, readers] : readers_)
    if (!contains(input)) result[input] = jobs_[readers.front()].id;
  return result;
}

std::vector<std::string> JobGraph::order() const {
  const auto absent = missing();
  if (!absent.empty())
    reject(absent.begin()->second, "no job makes its input \"" + absent.begin()->first + "\"");
  std::vector<std::size_t> open(jobs_.size());
  std::set<std::size_t> ready;  // by order of addition
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    open[i] = jobs_[i].inputs.size();
    if (open[i] == 0) ready.insert(i);
  }
  std::vector<std::string> result;
  while (!ready.empty()) {
    const std::size_t next = *ready.begin();
    ready.erase(ready.begin());
    result.push_back(jobs_[next].id);
    const auto found = readers_.find(jobs_[next].id);
    if (found == readers_.end()) continue;
    for (const std::size_t reader : found->second)
      if (--open[reader] == 0) ready.insert(reader);
  }
  return result;
}

std::vector<std::string> JobGraph::readers(const std::string& id) const {
  std::vector<std::string> result;
  const auto found = readers_.find(id);
  if (found == readers_.end()) return result;
  for (const std::size_t reader : found->second) result.push_back(jobs_[reader].id);
  return result;
}

std::vector<std::string> JobGraph::downstream(const std::string& id) const {
  std::set<std::size_t> seen;
  std::vector<std::string> front{id};
  while (!front.empty()) {
    const std::string current = front.back();
    front.pop_back();
    const auto found = readers_.find(current);
    if (found == readers_.end()) continue;
    for (const std::size_t reader : found->second)
      if (seen.insert(reader).second) front.push_back(jobs_[reader].id);
  }
  std::vector<std::string> result;
  for (const std::size_t reader : seen) result.push_back(jobs_[reader].id);
  return result;
}

std::string JobGraph::key(const std::string& id) const {
  const auto known = keys_.find(id);
  if (known != keys_.end()) return known->second;
  const Job& job = this->job(id);
  std::vector<std::string> inputs = present_inputs(id);
  std::sort(inputs.begin(), inputs.end());
  std::string text;
  append_field(text, job.id);
  append_field(text, job.ingredients);
  for (const std::string& input : inputs) {
    if (!contains(input)) reject(id, "no job makes its input \"" + input + "\"");
    const std::string& passed_on = this->job(input).passed_on;
    append_field(text, passed_on.empty() ? input : "");
    append_field(text, passed_on.empty() ? key(input) : passed_on);
  }
  return keys_[id] = base::fingerprint(text);
}

void JobGraph::leave_out(const std::string& id) {
  if (left_out_.insert(id).second) keys_.clear();
}

std::vector<std::string> JobGraph::present_inputs(const std::string& id) const {
  std::vector<std::string> result;
  for (const std::string& input : job(id).inputs)
    if (left_out_.count(input) == 0) result.push_back(input);
  return result;
}

}  // namespace taskonomy::jobs
