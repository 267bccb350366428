#include "core/cluster/pilots.hpp"

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/cluster/shared_files.hpp"

namespace taskonomy::cluster {

namespace {

std::filesystem::path states_file(const jobs::RunDirectory& run) {
  return cluster_folder(run) / "pilots.json";
}

PilotState state_in(const base::JsonReader& content) {
  PilotState state;
  state.number = content.at("number").as<std::size_t>();
  state.state = content.at("state").text();
  state.node = content.at("node").text();
  state.reason = content.at("reason").text();
  state.workers = content.at("workers").as<std::size_t>();
  state.at_work = content.at("at_work").as<std::size_t>();
  state.done = content.at("done").as<std::size_t>();
  if (content.has("left") && content.at("left").is_number()) state.left = content.at("left").number();
  return state;
}

}  // namespace

void write_pilots(const jobs::RunDirectory& run, const Pilots& pilots) {
  try {
    base::write_file(states_file(run), base::to_json(pilots).dump(1) + "\n");
  } catch (const base::Error&) {
  }
}

void remove_pilots(const jobs::RunDirectory& run) {
  std::error_code ignored;
  std::filesystem::remove(states_file(run), ignored);
}

std::optional<Pilots> read_pilots(const jobs::RunDirectory& run) {
  std::error_code error;
  if (!std::filesystem::exists(states_file(run), error)) return std::nullopt;
  try {
    const auto content = base::parse_json(base::read_file(states_file(run)));
    Pilots pilots;
    for (const auto& one : content.at("pilots").elements()) pilots.pilots.push_back(state_in(one));
    pilots.jobs_per_hour = content.get("jobs_per_hour", 0.0);
    pilots.stopped = content.get("stopped", std::string());
    return pilots;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::string pilots_text(const Pilots& pilots) {
  std::string text;
  for (const auto& pilot : pilots.pilots) {
    text += "pilot " + std::to_string(pilot.number) + ": " + pilot.state;
    if (!pilot.node.empty()) text += " on " + pilot.node;
    if (!pilot.reason.empty()) text += " (" + pilot.reason + ")";
    if (pilot.workers > 0)
      text += ", " + std::to_string(pilot.at_work) + " of " + std::to_string(pilot.workers) +
              " workers at work, " + std::to_string(pilot.done) + " jobs done";
    if (pilot.left) text += ", " + base::duration(*pilot.left) + " left";
    text += "\n";
  }
  if (pilots.jobs_per_hour > 0.0)
    text += "pilots: " + base::fixed(pilots.jobs_per_hour, 0) + " jobs an hour\n";
  if (!pilots.stopped.empty()) text += "no more pilots are asked for: " + pilots.stopped + "\n";
  return text;
}

}  // namespace taskonomy::cluster
