#include "core/pipeline/stages.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/pipeline/job_name.hpp"

namespace taskonomy::pipeline {

const std::vector<StageRow>& stages() {
  using jobs::Disk;
  static const std::vector<StageRow> table{
      {Stage::samples, "samples", "decodes or renders the data set's samples, in shards", Until::sources,
       MadeBy::tensors, 1, Disk::grows, 8.0},
      {Stage::images, "images", "gathers the images that networks see", Until::sources, MadeBy::tensors, 1,
       Disk::grows, 0.2},
      {Stage::examples, "examples", "makes each task's labels", Until::sources, MadeBy::tensors, 2,
       Disk::grows, 0.2},
      {Stage::source, "source", "step I: trains each task's own network", Until::sources, MadeBy::networks, 4,
       Disk::fixed, 3.0},
      {Stage::constant, "constant", "finds the best constant guesses of each task", Until::sources,
       MadeBy::networks, 4, Disk::fixed, 350.0},
      {Stage::pictures, "pictures", "draws sample predictions", Until::sources, MadeBy::networks, 1,
       Disk::negligible, 0.3},
      {Stage::curve, "curve", "trains networks on a half and a quarter of the training images",
       Until::sources, MadeBy::networks, 2, Disk::fixed, 3.0},
      {Stage::scratch, "scratch", "trains networks without a source, for Gain", Until::transfers,
       MadeBy::networks, 4, Disk::fixed, 3.0},
      {Stage::features, "features", "looks through each frozen encoder once", Until::transfers,
       MadeBy::networks, 4, Disk::grows, 0.3},
      {Stage::transfer, "transfer", "step II: trains the transfers", Until::transfers, MadeBy::networks, 4,
       Disk::fixed, 2.5},
      {Stage::shortlist, "shortlist", "ranks first-order sources for the higher orders", Until::transfers,
       MadeBy::numbers, 1, Disk::negligible, 1.0},
      {Stage::affinity, "affinity", "step III: tournaments, and affinities from them", Until::end,
       MadeBy::numbers, 4, Disk::negligible, 1.0},
      {Stage::report, "report", "step IV: taxonomies, tables and figures", Until::end, MadeBy::numbers, 7,
       Disk::negligible, 10.0},
      {Stage::predictions, "predictions", "draws what the chosen transfers predict", Until::end,
       MadeBy::networks, 1, Disk::negligible, 2.0},
      {Stage::finish, "finish", "trains chosen transfers on until their loss stops falling", Until::end,
       MadeBy::networks, 2, Disk::fixed, 2.5}};
  return table;
}

const StageRow& row_of(Stage stage) { return stages().at(static_cast<std::size_t>(stage)); }

const std::vector<std::string>& stopping_points() {
  static const std::vector<std::string> points{"sources", "transfers"};
  return points;
}

jobs::Plan stop_after(jobs::Plan plan, const std::string& point) {
  const auto& points = stopping_points();
  const auto found = std::find(points.begin(), points.end(), point);
  if (found == points.end()) throw std::logic_error("no stopping point \"" + point + "\"");
  const auto last = static_cast<Until>(found - points.begin());
  const auto keep = [last](const std::vector<jobs::Job>& jobs) {
    std::vector<jobs::Job> kept;
    for (const auto& job : jobs)
      if (const auto name = JobName::parse(job.id); name && row_of(name->stage).until <= last)
        kept.push_back(job);
    return kept;
  };
  jobs::Plan part;
  for (auto& job : keep(plan.graph.jobs())) part.graph.add(std::move(job));
  if (plan.expand)
    part.expand = [keep, expand = std::move(plan.expand)](const std::string& finished) {
      return keep(expand(finished));
    };
  return part;
}

}  // namespace taskonomy::pipeline
