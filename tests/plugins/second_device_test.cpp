// Networks on a device that is not the CPU and needs no hardware (sdk/testing/second_device.hpp): an encoder, a decoder or
// an encoder's input that makes a tensor of its own on the CPU fails here as it would on a GPU.
#include <string>
#include <vector>

#include "core/data/examples.hpp"
#include "core/network/encoder.hpp"
#include "core/training/source_network.hpp"
#include "core/training/test_scores.hpp"
#include "sdk/testing/second_device.hpp"
#include "tests/plugins/built_plugins.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/stored_examples.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using sdk::testing::SecondDevice;

namespace {

/// Module::to() knows the devices of LibTorch alone. [no gradients]
void move_module(torch::nn::Module& module, const SecondDevice& device) {
  for (const auto& tensors : {module.parameters(), module.buffers()})
    for (const auto& tensor : tensors)
      tensor.unsafeGetTensorImpl()->shallow_copy_from(device.moved(tensor.detach()).getIntrusivePtr());
}

/// The outputs agree, and lie where the inputs did.
void check_same(const torch::Tensor& there, const torch::Tensor& here, const SecondDevice& device) {
  CHECK(there.device() == device.device());
  CHECK(torch::allclose(there.to(torch::kCPU), here, 1e-4, 1e-5));
}

}  // namespace

TEST_CASE("every task's network, of either decoder, gives the same on another device") {
  const torch::NoGradGuard no_grad;
  const SecondDevice device;
  for (const auto& entry : tests::built_plugins().entries(host::Kind::task)) {
    const auto task = tests::built_plugins().create_task(entry.id, {}, sdk::any_dataset(), tests::kSide);
    for (const std::string decoder : {"small", "paper"}) {
      INFO(entry.id, ", decoder ", decoder);
      recipe::Network options;
      options.width = 16;
      options.decoder = decoder;
      const auto network = std::make_shared<training::SourceNetwork>(options, *task, tests::kSide);
      network->eval();
      const auto side = sdk::input_side(task->info(), tests::kSide);
      const auto images = torch::rand({sdk::input_views(task->info()), 3, side, side}) * 2.0 - 1.0;
      const auto here = network->forward(images);
      move_module(*network, device);
      check_same(network->forward(device.moved(images)), here, device);
    }
  }
}

TEST_CASE("what encoders are shown by tasks with an input of their own is made on the images' device") {
  const torch::NoGradGuard no_grad;
  const SecondDevice device;
  for (const auto& entry : tests::built_plugins().entries(host::Kind::task)) {
    const auto task = tests::built_plugins().create_task(entry.id, {}, sdk::any_dataset(), tests::kSide);
    const auto* input = sdk::extension_of<sdk::EncoderInput>(*task);
    if (input == nullptr) continue;
    INFO(entry.id);
    const auto images = torch::rand({2, 3, tests::kSide, tests::kSide}) * 2.0 - 1.0;
    check_same(input->encoder_input(device.moved(images)), input->encoder_input(images), device);
  }
}

TEST_CASE("the host judges on another device as on the CPU") {
  const torch::NoGradGuard no_grad;
  const tests::Folder folder;
  const auto examples = tests::store_examples(folder, tests::random_targets());
  const tests::PixelTask task;
  recipe::Network options;
  options.width = 16;
  const auto network = std::make_shared<training::SourceNetwork>(options, task, tests::kStoredSide);
  const auto here = training::score_network(*network, task, examples, {.hardware = tests::kExactCpu});
  const SecondDevice device;
  move_module(*network, device);
  const auto there = training::score_network(*network, task, examples, {.hardware = {device.device()}});
  CHECK(there.losses.device().is_cpu());
  CHECK(torch::allclose(there.losses, here.losses, 1e-4, 1e-5));
}
