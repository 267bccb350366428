// TorchScript files, and what their loader and interpreter have to say.
#pragma once

#include <torch/script.h>

#include <exception>
#include <filesystem>
#include <string>

namespace taskonomy::network {

/// Loads a file's code and weights. Throws Error saying that this LibTorch cannot load it, and why, without the file's name.
[[nodiscard]] torch::jit::Module load_script(const std::filesystem::path& file, torch::Device device);

/// Why a module failed at work, in a line: LibTorch's messages are pages long, and the interpreter's ends with it.
[[nodiscard]] std::string reason_of_failing(const std::exception& error);

}  // namespace taskonomy::network
