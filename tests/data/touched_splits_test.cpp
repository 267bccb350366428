// What a transfer reads of files that hold every split: at the paper's size, labels of the training split are 60 GB of a task's file.
#include <fstream>
#include <string>

#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// Bytes of a mapped file that this process has looked at (Rss of proc(5), smaps).
std::uint64_t bytes_seen_of(const std::filesystem::path& file) {
  std::ifstream maps("/proc/self/smaps");
  std::uint64_t bytes = 0;
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    if (line.find('-') < line.find(' ') && line.find(' ') != std::string::npos)
      inside = line.ends_with(file.string());
    if (inside && line.starts_with("Rss:")) bytes += std::strtoull(line.c_str() + 4, nullptr, 10) * 1024;
  }
  return bytes;
}

}  // namespace

TEST_CASE("labels of a split are read without those of others, masks included") {
  constexpr std::int64_t kTrain = 200, kOthers = 3, kImageSide = 128;
  const tests::Folder folder;
  data::NamedTensors images, examples;
  std::string ids;
  for (const std::string split : {"train", "validation", "transfer", "test"}) {
    const std::int64_t count = split == "train" ? kTrain : kOthers;
    images[split + ".rgb"] = torch::zeros({count, 1, 3, kImageSide, kImageSide}, torch::kUInt8);
    examples[split + ".target"] = torch::zeros({count, 3, kImageSide, kImageSide}, torch::kFloat16);
    examples[split + ".mask"] = torch::ones({count, 1, kImageSide, kImageSide}, torch::kBool);
    examples[split + ".valid"] = torch::ones({count}, torch::kBool);
    ids += (ids.empty() ? "\"" : ",\"") + split + "\":[";
    for (std::int64_t i = 0; i < count; ++i) ids += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
    ids += "]";
  }
  const auto file = std::filesystem::canonical(folder.path()) / "examples";
  data::save_tensors(folder / "images", images, {{"ids", "{" + ids + "}"}});
  data::save_tensors(file, examples, {});
  constexpr std::uint64_t kBytes = kTrain * 7 * kImageSide * kImageSide;  // 3 halves and a mask a pixel

  const data::ExampleSet set(folder / "images", file);
  const auto all = torch::arange(kOthers);
  CHECK(set.labels(data::Split::transfer, all, torch::kCPU).mask.all().item<bool>());
  CHECK(set.labels(data::Split::test, all, torch::kCPU).target.size(0) == kOthers);
  CHECK(bytes_seen_of(file) < kBytes / 10);
  CHECK(bytes_seen_of(file) > 0);
  // All of it is seen where it is asked for, so that the count above can tell.
  static_cast<void>(set.labels(data::Split::train, torch::arange(kTrain), torch::kCPU));
  CHECK(bytes_seen_of(file) > kBytes / 2);
}
