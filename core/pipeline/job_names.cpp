#include "core/pipeline/job_names.hpp"

#include <cstdio>

#include "core/base/text.hpp"
#include "core/pipeline/session.hpp"

namespace taskonomy::pipeline::names {

namespace {

std::string three_digits(std::size_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%03zu", number);
  return text;
}

/// Targets with a plain input share each source's features; the others have features of their own.
std::string input_of(const sdk::TaskInfo& target) {
  return target.input == sdk::InputKind::own ? target.id : word_of(target.view_kind);
}

std::string shards_of(sdk::ViewKind kind, const std::string& task) {
  return word_of(kind) + (task.empty() ? "" : "+" + task);
}

}  // namespace

std::string samples(sdk::ViewKind kind, std::size_t shard, const std::string& task) {
  return "samples/" + shards_of(kind, task) + "/" + three_digits(shard);
}
std::string images(sdk::ViewKind kind) { return "images/" + word_of(kind); }
std::string examples(const std::string& task) { return "examples/" + task; }
std::string constant(const std::string& task) { return "constant/" + task; }
std::string source(const std::string& task) { return "source/" + task; }
std::string scratch(const std::string& task) { return "scratch/" + task; }
std::string features(const std::string& source, const sdk::TaskInfo& target) {
  return "features/" + source + "/" + input_of(target);
}
std::string transfer(const std::string& target, const Sources& sources) {
  return "transfer/" + target + "/" + transfer::name_of(sources);
}
std::string shortlist(const std::string& target) { return "shortlist/" + target; }
std::string affinity(const std::string& target) { return "affinity/" + target; }
std::string pictures(const std::string& task) { return "pictures/" + task; }

std::vector<std::string> parts(const std::string& job) { return base::split(job, '/'); }

namespace file {

std::filesystem::path samples(sdk::ViewKind kind, std::size_t shard, const std::string& task) {
  return "samples/" + shards_of(kind, task) + "-" + three_digits(shard) + ".safetensors";
}
std::filesystem::path images(sdk::ViewKind kind) {
  return "examples/images-" + word_of(kind) + ".safetensors";
}
std::filesystem::path examples(const std::string& task) { return "examples/" + task + ".safetensors"; }
std::filesystem::path source(const std::string& task) { return "sources/" + task + ".safetensors"; }
std::filesystem::path scratch(const std::string& task) { return "sources/scratch/" + task + ".safetensors"; }
std::filesystem::path features(const std::string& source, const sdk::TaskInfo& target) {
  return "features/" + source + "/" + input_of(target) + ".safetensors";
}
std::filesystem::path transfer(const std::string& target, const Sources& sources) {
  return "transfers/" + target + "/" + transfer::name_of(sources) + ".safetensors";
}
std::filesystem::path losses(const std::string& target, const std::string& competitor) {
  return "losses/" + target + "/" + competitor + ".safetensors";
}
std::filesystem::path shortlist(const std::string& target) {
  return "tournaments/" + target + ".shortlist.json";
}
std::filesystem::path affinity(const std::string& target) { return "affinities/" + target + ".csv"; }
std::filesystem::path tournament(const std::string& target) { return "tournaments/" + target + ".csv"; }

}  // namespace file
}  // namespace taskonomy::pipeline::names
