// A run whose networks are as they were drawn: nothing is trained.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/data/tensor_file.hpp"
#include "core/network/weights.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/training/source_network.hpp"
#include "core/transfer/transfer_network.hpp"
#include "tests/pipeline/run_setup.hpp"

namespace taskonomy::tests {

/// Its recipe: pixels, an input that a task makes itself, a vector, a class, two and three views.
inline const std::string kDrawn =
    R"(tasks = ["edge_texture", "normal", "depth_zbuffer", "denoising", "class_scene", "vanishing_point",
         "fixated_pose", "egomotion", "segment_semantic"]
[data]
dataset = "scenes"
side = 32
[encoder]
width = 8
[compute]
precision = "float32"
)";

/// Source networks of all tasks, and the transfer depth_zbuffer + edge_texture -> normal.
struct DrawnRun {
  explicit DrawnRun(const std::filesystem::path& folder, const std::string& recipe = kDrawn)
      : root(folder), setup(setup_of(recipe)) {
    torch::manual_seed(1);
    for (const auto& entry : setup->recipe().tasks) {
      const auto task = setup->fresh_task(entry.id);
      sources[entry.id] = std::make_shared<training::SourceNetwork>(setup->recipe().network, *task,
                                                                    setup->recipe().data.side);
      save(*sources.at(entry.id), pipeline::artefact_of(pipeline::job::source(entry.id)));
    }
    transfer = draw_transfer("normal", {"depth_zbuffer", "edge_texture"});
  }
  /// Draws and saves a transfer.
  std::shared_ptr<transfer::TransferNetwork> draw_transfer(const std::string& target,
                                                           const std::vector<std::string>& from) const {
    const auto task = setup->fresh_task(target);
    auto network = std::make_shared<transfer::TransferNetwork>(setup->recipe(), *task, from.size());
    network->named_buffers()["low"].fill_(-1.0);  // bounds that clip something
    network->named_buffers()["high"].fill_(1.0);
    save(*network, pipeline::artefact_of(pipeline::job::transfer(target, from)));
    return network;
  }
  void save(torch::nn::Module& network, const std::filesystem::path& artefact) const {
    network.eval();
    data::save_tensors(root / artefact, network::weights_of(network), {});
  }
  /// What the transfer says of images [B,3,32,32] in [-1,1].
  [[nodiscard]] torch::Tensor normals(const torch::Tensor& images) const {
    const torch::NoGradGuard no_grad;
    return transfer->forward(torch::cat({sources.at("depth_zbuffer")->encoder().forward(images),
                                         sources.at("edge_texture")->encoder().forward(images)},
                                        1));
  }

  std::filesystem::path root;
  std::shared_ptr<const pipeline::Setup> setup;
  std::map<std::string, std::shared_ptr<training::SourceNetwork>> sources;
  std::shared_ptr<transfer::TransferNetwork> transfer;
};

}  // namespace taskonomy::tests
