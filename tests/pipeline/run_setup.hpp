// A recipe with the built plugins, for tests of planning. Nothing is trained.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/jobs/job.hpp"
#include "core/pipeline/plan.hpp"
#include "core/pipeline/setup.hpp"
#include "core/recipe/recipe.hpp"
#include "tests/plugins/built_plugins.hpp"

namespace taskonomy::tests {

/// Three targets and an untrained source on rendered rooms, two orders.
inline const std::string kRooms = R"(tasks = ["edge_texture", "normal", "denoising", "random"]
[data]
dataset = "scenes"
side = 32
rooms = 160
views_per_room = 2
[split]
train = 0.5
transfer = 0.25
test = 0.25
[encoder]
width = 8
[source]
steps = 60
batch = 8
[transfer]
steps = 25
batch = 8
orders = [1, 2]
top = 3
[compute]
precision = "float32"
)";

inline std::shared_ptr<const pipeline::Setup> setup_of(const std::string& recipe,
                                                       const std::vector<std::string>& overrides = {}) {
  return std::make_shared<const pipeline::Setup>(recipe::parse_recipe(recipe, "test.toml", overrides),
                                                 built_plugins());
}

/// All jobs that can be named beforehand, with arbitrary rankings, and their keys.
inline std::map<std::string, std::string> keys_of(const std::shared_ptr<const pipeline::Setup>& setup) {
  auto plan = pipeline::make_plan(setup, "unused");
  for (const auto& entry : setup->recipe().tasks)
    if (setup->info(entry.id).role != sdk::Role::source)
      for (auto& job : pipeline::foreseen_jobs(*setup, entry.id)) plan.graph.add(std::move(job));
  std::map<std::string, std::string> keys;
  for (const auto& job : plan.graph.jobs()) keys[job.id] = plan.graph.key(job.id);
  return keys;
}

}  // namespace taskonomy::tests
