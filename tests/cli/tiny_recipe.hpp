// A recipe that is over in seconds, in the sizes that the tests need.
#pragma once

#include <string>
#include <vector>

namespace taskonomy::cli_test {

/// What one tiny recipe is about. Images are 16 px wide. Training is too short to learn anything, because what the
/// tests state holds for any weights; `--workers 0` saves what each worker needs to load LibTorch.
struct TinyRecipe {
  /// Three targets, and four sources: `random` is none of the targets.
  std::vector<std::string> tasks = {"edge_texture", "normal", "depth_zbuffer", "random"};
  std::string head = {};    ///< lines above the first table: name = ..., missing = ...
  std::string photos = {};  ///< folder of the dataset `taskonomy`; without one the dataset is `scenes`
  int rooms = 16;           ///< of `scenes`, half of them for training
  int views_per_room = 4;
  int source_steps = 20;
  int transfer_steps = 8;
  std::string orders = "[1, 2]";
  std::string tail = {};  ///< more tables
};

/// Its text.
inline std::string tiny_recipe(const TinyRecipe& of = {}) {
  const auto line = [](const std::string& key, auto value) {
    return key + " = " + std::to_string(value) + "\n";
  };
  std::string tasks;
  for (const std::string& task : of.tasks) tasks += (tasks.empty() ? "\"" : ", \"") + task + "\"";
  std::string text = "tasks = [" + tasks + "]\n" + of.head + "[data]\nside = 16\n";
  if (of.photos.empty()) {
    text += "dataset = \"scenes\"\nsamples = 1\n" + line("rooms", of.rooms) +
            line("views_per_room", of.views_per_room);
  } else {
    text += "dataset = \"taskonomy\"\nroot = \"" + of.photos + "\"\n";
  }
  text += "[split]\ntrain = 0.5\ntransfer = 0.25\ntest = 0.25\n[encoder]\nwidth = 8\n";
  text += "[source]\nbatch = 8\n" + line("steps", of.source_steps);
  text +=
      "[transfer]\nbatch = 8\n" + line("steps", of.transfer_steps) + "orders = " + of.orders + "\ntop = 3\n";
  return text + of.tail;
}

}  // namespace taskonomy::cli_test
