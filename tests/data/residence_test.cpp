// Data that stays on a device during a training: batches are the same, and lie there, wherever they were gathered. The
// device is one that needs no hardware.
#include "core/data/residence.hpp"
#include "core/data/examples.hpp"
#include "core/transfer/features.hpp"
#include "sdk/testing/second_device.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/stored_examples.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::data {

namespace {

using sdk::testing::SecondDevice;

constexpr std::uint64_t kPlenty = 1 << 30;

void check_same(const torch::Tensor& there, const torch::Tensor& here, const SecondDevice& device) {
  CHECK(there.device() == device.device());
  CHECK(torch::equal(there.to(torch::kCPU), here));
}

}  // namespace

TEST_CASE("room on a device is given to the first who ask and fit; on a CPU all stays where it is") {
  const torch::NoGradGuard no_grad;
  const SecondDevice device;
  Residence residence(device.device(), 100);
  const auto large = torch::ones({26}), small = torch::ones({12});  // 104 and 48 bytes
  CHECK(residence.kept(large).is_cpu());
  CHECK(residence.kept(small).device() == device.device());
  CHECK(residence.kept(small).device() == device.device());
  CHECK(residence.kept(small).is_cpu());
  CHECK_FALSE(residence.kept(torch::Tensor()).defined());
  CHECK(Residence(torch::kCPU, kPlenty).kept(large).data_ptr() == large.data_ptr());
  CHECK(Residence(device.device(), 0).kept(small).is_cpu());
}

TEST_CASE("batches of examples are the same from a device as from files, in part and whole") {
  const torch::NoGradGuard no_grad;
  const SecondDevice device;
  const tests::Folder folder;
  const auto examples = tests::store_examples(folder, tests::random_targets());
  const tests::PixelTask task;
  const Epoch epoch{torch::tensor({4, 0, 4, 8}), torch::zeros({4}, torch::kInt64)};
  const auto batch = examples.batch(Split::train, epoch.indices, torch::kCPU);
  constexpr std::uint64_t kInputs = 9 * 3 * tests::kStoredSide * tests::kStoredSide;  // without the targets
  for (const std::uint64_t room : {std::uint64_t{0}, kInputs, kPlenty}) {
    CAPTURE(room);
    ExampleSet kept = examples;
    Residence residence(device.device(), room);
    kept.keep_batches_in_epoch(Split::train, {task}, residence);
    const auto there = kept.batch_in_epoch(Split::train, epoch, {task}, device.device());
    check_same(there.input, batch.input, device);
    check_same(there.target, batch.target, device);
    check_same(kept.labels_in_epoch(Split::train, epoch, {task}, device.device()).target, batch.target,
               device);
    // The other splits, and who asks for the CPU, see no difference.
    CHECK(torch::equal(kept.batch(Split::train, epoch.indices, torch::kCPU).target, batch.target));
    CHECK(torch::equal(kept.inputs(Split::test, torch::tensor({2}), torch::kCPU),
                       examples.inputs(Split::test, torch::tensor({2}), torch::kCPU)));
  }
}

TEST_CASE("features of several sources are joined the same from a device as from files, in part and whole") {
  const torch::NoGradGuard no_grad;
  const SecondDevice device;
  const tests::Folder folder;
  torch::manual_seed(9);
  const auto store = [&](const char* name) {
    const auto values = torch::randn({6, 1, 2, 3, 3}).to(torch::kFloat16);
    save_tensors(folder / name,
                 {{"transfer", values},
                  {"test", values + 1},
                  {"mean", torch::zeros({2})},
                  {"deviation", torch::ones({2})}},
                 {});
    return folder / name;
  };
  const transfer::FeatureSet features({store("a"), store("b")});
  const auto indices = torch::tensor({5, 1, 1});
  const auto batch = features.batch(Split::transfer, indices, torch::kCPU);
  for (const std::uint64_t room : {std::uint64_t{0}, std::uint64_t{6 * 18 * 2}, kPlenty}) {
    CAPTURE(room);
    transfer::FeatureSet kept = features;
    Residence residence(device.device(), room);
    kept.keep(residence);
    check_same(kept.batch(Split::transfer, indices, device.device()), batch, device);
    check_same(kept.batch(Split::test, indices, device.device()),
               features.batch(Split::test, indices, torch::kCPU), device);
  }
}

}  // namespace taskonomy::data
