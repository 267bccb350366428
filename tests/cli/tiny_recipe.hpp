// A recipe that is over in seconds.
#pragma once

#include <string>
#include <vector>

namespace taskonomy::cli_test {

/// These tasks on sixteen rooms of 16 px; without others, three targets and four sources.
inline std::string tiny_recipe(const std::vector<std::string>& tasks = {"edge_texture", "normal",
                                                                        "depth_zbuffer", "random"}) {
  std::string list;
  for (const std::string& task : tasks) list += (list.empty() ? "\"" : ", \"") + task + "\"";
  return "tasks = [" + list + R"(]
[data]
dataset = "scenes"
side = 16
rooms = 16
views_per_room = 4
samples = 1
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
job_timeout = 20
)";
}

}  // namespace taskonomy::cli_test
