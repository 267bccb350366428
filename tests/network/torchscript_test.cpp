// TorchScript files say what Python says they say; everything else is refused with its reason.
#include <torch/script.h>

#include <limits>

#include "core/base/files.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "tests/network/exported.hpp"
#include "tests/support/folder.hpp"

namespace taskonomy::network {

using namespace tests;

namespace {

std::string refused_when_run(recipe::Pretrained source, const std::string& method,
                             const std::string& output = "") {
  source.method = method;
  source.output = output;
  return refusal([&] {
    PretrainedEncoder encoder(source, open_backbone(source, torch::kCPU), 8);
    static_cast<void>(encoder.features(torch::zeros({2, 3, 64, 64})));
  });
}

std::string refused_file(const std::filesystem::path& file, const std::string& content) {
  base::write_file(file, content);
  auto source = small_source(file.parent_path());
  source.file = file;
  return refusal([&] { check_pretrained_file(source); });
}

}  // namespace

TEST_CASE("a TorchScript network gives Python's values, by every method and form of output") {
  const torch::NoGradGuard no_grad;
  const data::TensorFile expected(exported_folder() / "expected.safetensors");
  const auto images = exported_images(expected);
  auto source = small_source(exported_folder());
  const auto maps_by = [&](const std::string& method, const std::string& output) {
    source.method = method;
    source.output = output;
    return PretrainedEncoder(source, open_backbone(source, torch::kCPU), 16).features(images);
  };
  const auto& maps = expected.at("small.maps");
  CHECK(same_values(maps_by("forward", "0"), maps));
  CHECK(same_values(maps_by("maps", ""), maps));
  CHECK(same_values(maps_by("by_name", "maps"), maps));
  CHECK(same_values(maps_by("listed", "0"), maps));
  // One vector per image is the same at every place.
  const auto vector = expected.at("small.vector").view({2, -1, 1, 1});
  CHECK(same_values(maps_by("forward", "1"), vector.expand({2, -1, 16, 16})));
  CHECK(same_values(maps_by("by_name", "vector"), vector.expand({2, -1, 16, 16})));
}

TEST_CASE("images are resized to the side that a network wants, its maps to the representation's") {
  const data::TensorFile expected(exported_folder() / "expected.safetensors");
  auto source = small_source(exported_folder());
  for (const std::int64_t side : {40, 96}) {
    source.side = side;
    PretrainedEncoder encoder(source, open_backbone(source, torch::kCPU), 8);
    CHECK(same_values(encoder.features(exported_images(expected)),
                      expected.at("small.side_" + std::to_string(side) + ".map_8")));
  }
}

TEST_CASE("the number of images at once changes nothing") {
  auto source = small_source(exported_folder());
  PretrainedEncoder encoder(source, open_backbone(source, torch::kCPU), 8);
  const auto images = torch::rand({70, 3, 64, 64}) * 2.0 - 1.0;
  const auto all = encoder.features(images);
  CHECK(same_values(all.narrow(0, 33, 1), encoder.features(images.narrow(0, 33, 1))));
  CHECK(same_values(all.narrow(0, 69, 1), encoder.features(images.narrow(0, 69, 1))));
}

TEST_CASE("what a recipe asks of a network and does not get is named") {
  const auto source = small_source(exported_folder());
  struct Mistake {
    std::string method, output, message;
  };
  for (const Mistake& mistake : std::vector<Mistake>{
           {"mapps", "", "has no method \"mapps\"; did you mean \"maps\"? (it has: "},
           {"forward", "", "gives a sequence of 2; output says which of them: output = 0 is the first"},
           {"forward", "2", "gives a sequence of 2, output = 2 lies behind the last"},
           {"forward", "maps", "gives a sequence of 2; output says which"},
           {"by_name", "", "gives a dictionary with maps, vector; output says which of them"},
           {"by_name", "vectr", "\"vectr\" is not there; did you mean \"vector\"?"},
           {"maps", "0", "gives a single tensor; output = \"0\" has nothing to choose from"},
           {"tokens", "", "gives [2, 256, 20] Float for 2 images; expected a feature map [B,K,h,w]"},
           {"number", "", "what it gives is of type Int, expected a tensor"},
           {"of_two", "",
            "its method of_two: fails on images [2, 3, 64, 64] Float: of_two() is missing value for "
            "argument"},
           {"not_finite", "", "gives NaN or infinity for some images"}}) {
    const auto text = refused_when_run(source, mistake.method, mistake.output);
    CHECK_MESSAGE(text.find(mistake.message) != std::string::npos, mistake.method, ": ", text);
    CHECK_MESSAGE(text.find('\n') == std::string::npos, text);
  }
}

TEST_CASE("files that hold no TorchScript are refused before a run begins") {
  const Folder folder;
  const std::string place = "demo.toml:9: [sources.small]: " + (folder / "a.pt").string() + ": ";
  CHECK(refusal([&] {
          check_pretrained_file(small_source(folder.path()));
        }).ends_with("small.pt: cannot read: No such file or directory"));
  CHECK(refused_file(folder / "a.pt", "weights").starts_with(place + "not a TorchScript file, or damaged"));
  CHECK(refused_file(folder / "a.pt", "").starts_with(place + "not a TorchScript file, or damaged"));
  const auto whole = base::read_file(exported_folder() / "small.pt");
  CHECK(refused_file(folder / "a.pt", whole.substr(0, whole.size() / 2))
            .starts_with(place + "not a TorchScript file, or damaged"));
  CHECK(refused_file(folder / "a.pt", base::read_file(exported_folder() / "weights.pt"))
            .starts_with(place + "holds weights alone (torch.save), not a TorchScript network"));
  CHECK(refused_file(folder / "a.pt", whole) == "");
}

TEST_CASE("a TorchScript network with NaN among its weights is refused, naming the tensor") {
  const Folder folder;
  auto module = torch::jit::load((exported_folder() / "small.pt").string());
  for (const auto& parameter : module.named_parameters())
    if (parameter.name == "body.bias") parameter.value.data().fill_(std::numeric_limits<float>::quiet_NaN());
  module.save((folder / "small.pt").string());
  const auto text =
      refusal([&] { static_cast<void>(open_backbone(small_source(folder.path()), torch::kCPU)); });
  CHECK_MESSAGE(text.ends_with("small.pt: \"body.bias\" holds NaN or infinity"), text);
}

TEST_CASE("damaged TorchScript never takes the process down") {
  const Folder folder;
  const auto whole = base::read_file(exported_folder() / "small.pt");
  for (std::size_t cut = 1; cut < 40; ++cut) {
    auto damaged = whole;
    damaged[whole.size() * cut / 40] ^= 0x55;
    base::write_file(folder / "small.pt", damaged);
    // Damage to padding or to weights may well go unnoticed; all else must be an Error.
    static_cast<void>(
        refusal([&] { static_cast<void>(open_backbone(small_source(folder.path()), torch::kCPU)); }));
  }
}

}  // namespace taskonomy::network
