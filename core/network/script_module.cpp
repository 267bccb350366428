#include "core/network/script_module.hpp"

#include <torch/version.h>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::network {

namespace {

std::vector<std::string> lines_of(const std::exception& error) {
  const auto* own = dynamic_cast<const c10::Error*>(&error);
  return base::split(base::trim(own != nullptr ? own->what_without_backtrace() : error.what()), '\n');
}

}  // namespace

torch::jit::Module load_script(const std::filesystem::path& file, torch::Device device) {
  try {
    return torch::jit::load(file.string(), device);
  } catch (const std::exception& error) {  // what went wrong stands in the loader's first line
    throw base::Error("this LibTorch (" + std::string(TORCH_VERSION) +
                      ") cannot load it: " + lines_of(error).front());
  }
}

std::string reason_of_failing(const std::exception& error) { return lines_of(error).back(); }

}  // namespace taskonomy::network
