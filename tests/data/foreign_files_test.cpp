// Files of a run folder that no run wrote: what they hold is checked before it becomes a size, an index or a
// pointer.
#include <cstring>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/data/examples.hpp"
#include "core/data/sample_store.hpp"
#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using data::save_tensors;
using tests::Folder;

namespace {

template <typename Body>
std::string message_of(const Body& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

/// A safetensors file as anybody may write it.
void write_raw(const std::filesystem::path& path, const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  base::write_file(path, bytes + header + data);
}

std::map<std::string, std::string> shard_metadata(const std::string& splits) {
  return {{"ids", R"(["a","b"])"}, {"splits", splits}, {"left_out", "[]"}, {"absent", "{}"}};
}

}  // namespace

TEST_CASE("a tensor that begins at any byte is read as it is") {
  const Folder folder;
  const float value = 2.5F;
  std::string data(1, '\1');
  data.append(reinterpret_cast<const char*>(&value), sizeof value);
  write_raw(folder / "odd",
            R"({"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]},)"
            R"("b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}})",
            data);
  const data::TensorFile file(folder / "odd");
  CHECK(file.at("b").item<float>() == value);
  CHECK(reinterpret_cast<std::uintptr_t>(file.at("b").data_ptr()) % sizeof value == 0);
  CHECK(file.at("a").item<bool>());
}

TEST_CASE("bytes that are neither true nor false are refused") {
  const Folder folder;
  write_raw(folder / "bool", R"({"mask":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}})",
            std::string("\0\1\2", 3));
  const data::TensorFile file(folder / "bool");
  CHECK(message_of([&] { static_cast<void>(file.at("mask")); }) ==
        "tensor \"mask\": its bytes are not all true (1) or false (0)");
  CHECK(torch::equal(file.bytes_of_bools("mask").ne(0), torch::tensor({false, true, true})));
}

TEST_CASE("a shard whose splits are none, or not one for each sample, is refused with its name") {
  const Folder folder;
  const auto path = folder / "shard";
  const auto refusal = [&](const std::map<std::string, std::string>& metadata) {
    save_tensors(path, {{"rgb", torch::zeros({2, 1, 3, 8, 8}, torch::kUInt8)}}, metadata);
    return message_of([&] { const data::Shard shard(path); });
  };
  CHECK(refusal(shard_metadata("[0,1]")).empty());
  for (const std::string splits : {"[0]", "[0,4]", "[-1,0]", "[0,1,2]", "[]"})
    CHECK_MESSAGE(refusal(shard_metadata(splits)) ==
                      path.string() + ": its metadata \"splits\" does not name a split for each of its ids",
                  splits);
  CHECK(refusal({}) == path.string() + ": its metadata has no \"ids\"");
  CHECK(refusal(shard_metadata("[0,")) == path.string() + ": its metadata \"splits\": not JSON at byte 4");
}

TEST_CASE("images and examples must be as many as there are ids") {
  const Folder folder;
  const std::string ids = R"({"train":["a","b"],"validation":[],"transfer":[],"test":[]})";
  const auto images = [&](const torch::Tensor& rgb) {
    save_tensors(folder / "images", {{"train.rgb", rgb}}, {{"ids", ids}});
    return message_of([&] { const data::ExampleSet set(folder / "images"); });
  };
  CHECK(images(torch::zeros({2, 1, 3, 8, 8}, torch::kUInt8)).empty());
  CHECK(images(torch::zeros({3, 1, 3, 8, 8}, torch::kUInt8)) ==
        (folder / "images").string() + ": holds [3, 1, 3, 8, 8] Byte as images, the images have 2 ids");
  CHECK(images(torch::zeros({2, 1, 3, 8, 8}, torch::kUInt8)).empty());
  const auto examples = [&](const torch::Tensor& target, const torch::Tensor& mask) {
    save_tensors(
        folder / "examples",
        {{"train.target", target}, {"train.mask", mask}, {"train.valid", torch::ones(2, torch::kBool)}}, {});
    return message_of([&] { const data::ExampleSet set(folder / "images", folder / "examples"); });
  };
  const auto mask = torch::ones({2, 1}, torch::kBool);
  CHECK(examples(torch::zeros({2, 4}), mask).empty());
  CHECK(examples(torch::zeros({1, 4}), mask).find("holds [1, 4] Float as examples") != std::string::npos);
  CHECK(examples(torch::zeros({2, 4}), mask.narrow(0, 0, 1)).find("as examples, the images have 2 ids") !=
        std::string::npos);
}

TEST_CASE("examples of other samples than the images are refused, also when they are as many") {
  const Folder folder;
  const std::string ids = R"({"train":["a","b"],"validation":[],"transfer":[],"test":[]})";
  save_tensors(folder / "images", {{"train.rgb", torch::zeros({2, 1, 3, 8, 8}, torch::kUInt8)}},
               {{"ids", ids}});
  const auto refusal = [&](const std::string& made_for) {
    save_tensors(folder / "examples",
                 {{"train.target", torch::zeros({2, 4})}, {"train.valid", torch::ones(2, torch::kBool)}},
                 {{"samples", base::fingerprint(made_for)}});
    return message_of([&] { const data::ExampleSet set(folder / "images", folder / "examples"); });
  };
  CHECK(refusal(ids).empty());
  CHECK(refusal(R"({"train":["b","a"],"validation":[],"transfer":[],"test":[]})") ==
        (folder / "examples").string() + ": its examples were made from other samples than " +
            (folder / "images").string() + " holds; remove both files and run again");
}
