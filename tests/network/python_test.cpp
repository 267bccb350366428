// Networks exported on this machine, by the Python beside this LibTorch: whatever version it is, both agree.
#include <cstdlib>

#include "core/base/files.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "tests/network/exported.hpp"
#include "tests/support/folder.hpp"

namespace taskonomy::network {

using namespace tests;

namespace {

constexpr const char* kPython = "/usr/bin/python3";  // Debian's, whose torch is this LibTorch

bool has_torch() {
  return std::system((std::string(kPython) + " -c 'import torch' 2>/dev/null").c_str()) == 0;
}

}  // namespace

TEST_CASE("a network that Python exports now says the same here") {
  if (!has_torch()) {
    MESSAGE("skipped: ", kPython, " has no torch (apt-get install python3-torch)");
    return;
  }
  const Folder folder;
  const std::string command = std::string(kPython) + " " + (exported_folder() / "export.py").string() + " " +
                              folder.path().string() + " >/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  const data::TensorFile expected(folder / "expected.safetensors");
  const auto source = small_source(folder.path());
  PretrainedEncoder encoder(source, open_backbone(source, torch::kCPU), 16);
  CHECK(same_values(encoder.features(exported_images(expected)), expected.at("small.maps")));
  // The stored copies are what the script makes.
  const data::TensorFile stored(exported_folder() / "expected.safetensors");
  for (const auto& named : expected.all())
    CHECK_MESSAGE(same_values(named.second.to(torch::kFloat32), stored.at(named.first).to(torch::kFloat32)),
                  named.first);
}

}  // namespace taskonomy::network
