// ResNets under torchvision's names give torchvision's features; files of anything else are refused.
#include <limits>

#include "core/network/pretrained_encoder.hpp"
#include "tests/network/exported.hpp"
#include "tests/support/folder.hpp"

namespace taskonomy::network {

using namespace tests;

TEST_CASE("resnet18 and resnet50 give torchvision's features, at the last stage and before it") {
  const Folder folder;
  const data::TensorFile expected(exported_folder() / "expected.safetensors");
  const auto image = exported_images(expected).narrow(0, 0, 1);
  struct Row {
    const char *architecture, *stage;
    std::int64_t side;
  };
  for (const Row& row :
       {Row{"resnet18", "layer4", 2}, Row{"resnet18", "layer2", 8}, Row{"resnet50", "layer4", 2}}) {
    data::save_tensors(folder / "weights.safetensors", resnet_tensors(row.architecture), {});
    auto source = resnet_source(row.architecture, folder / "weights.safetensors");
    source.output = row.stage;
    PretrainedEncoder encoder(source, open_backbone(source, torch::kCPU), row.side);
    CHECK_MESSAGE(
        same_values(encoder.features(image), expected.at(std::string(row.architecture) + "." + row.stage)),
        row.architecture, row.stage);
  }
}

TEST_CASE("classifier, counters and half precision are no reason to refuse weights") {
  const Folder folder;
  auto tensors = resnet_tensors("resnet18");
  tensors["fc.weight"] = torch::zeros({1000, 512});
  tensors["fc.bias"] = torch::zeros({1000});
  tensors["bn1.num_batches_tracked"] = torch::tensor(std::int64_t{7});
  for (auto& [name, tensor] : tensors)
    if (tensor.is_floating_point()) tensor = tensor.to(torch::kFloat16);
  data::save_tensors(folder / "w.safetensors", tensors, {});
  CHECK_NOTHROW(check_pretrained_file(resnet_source("resnet18", folder / "w.safetensors")));
}

TEST_CASE("other tensors than the architecture's are counted and named") {
  const Folder folder;
  const auto whole = resnet_tensors("resnet18");
  const auto refused = [&](const data::NamedTensors& tensors, const std::string& architecture = "resnet18") {
    data::save_tensors(folder / "w.safetensors", tensors, {});
    return refusal([&] { check_pretrained_file(resnet_source(architecture, folder / "w.safetensors")); });
  };
  const std::string place = "demo.toml:9: [sources.imagenet]: " + (folder / "w.safetensors").string() + ": ";

  auto tensors = whole;
  tensors.erase("layer1.0.conv1.weight");
  CHECK(refused(tensors) == place + "lacks 1 of the 100 tensors of resnet18: layer1.0.conv1.weight");

  tensors.clear();
  for (const auto& [name, tensor] : whole) tensors["module." + name] = tensor;
  CHECK(refused(tensors) == place +
                                "lacks 100 of the 100 tensors of resnet18: bn1.bias, bn1.running_mean, "
                                "bn1.running_var and 97 more; it holds \"module.bn1.bias\": take \"module.\" "
                                "off its names");

  tensors = whole;
  tensors["layer1.0.conv.weight"] = tensors["layer1.0.conv1.weight"];
  tensors.erase("layer1.0.conv1.weight");
  CHECK(refused(tensors) == place +
                                "lacks 1 of the 100 tensors of resnet18: layer1.0.conv1.weight; did you mean "
                                "\"layer1.0.conv.weight\"?");

  tensors = whole;
  tensors["layer5.0.weight"] = torch::zeros({1});
  CHECK(refused(tensors) ==
        place + "holds tensors, 1 in all, that resnet18 lacks: layer5.0.weight; is it another architecture?");

  tensors = whole;
  tensors["conv1.weight"] = torch::zeros({64, 1, 7, 7});
  CHECK(refused(tensors) == place +
                                "1 of the 100 tensors of resnet18 have another shape: conv1.weight is "
                                "[64, 1, 7, 7] Float and not [64, 3, 7, 7] Float");

  tensors = whole;
  tensors["bn1.running_var"] = tensors["bn1.running_var"].clone();
  tensors["bn1.running_var"][3] = std::numeric_limits<float>::quiet_NaN();
  CHECK(refused(tensors) == place + "1 of the 100 tensors of resnet18 hold NaN or infinity: bn1.running_var");

  CHECK(refused(whole, "resnet50").find("lacks 165 of the 265 tensors of resnet50") != std::string::npos);
}

TEST_CASE("files that are no safetensors are refused") {
  const auto text =
      refusal([&] { check_pretrained_file(resnet_source("resnet18", exported_folder() / "small.pt")); });
  CHECK_MESSAGE(text.find("small.pt: not a sound safetensors file") != std::string::npos, text);
  CHECK(refusal([&] {
          check_pretrained_file(resnet_source("resnet18", "/nonexistent/w.safetensors"));
        }).find("/nonexistent/w.safetensors: cannot read: No such file") != std::string::npos);
}

}  // namespace taskonomy::network
