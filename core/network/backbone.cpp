#include "core/network/backbone.hpp"

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/data/tensor_file.hpp"
#include "core/network/torchscript.hpp"
#include "core/network/torchvision.hpp"

namespace taskonomy::network {

std::unique_ptr<Backbone> open(const recipe::Pretrained& source, torch::Device device) {
  // Readers name the file themselves.
  if (source.is_torchscript()) {
    const base::MappedFile readable(source.file);
    return base::with_context(source.file.string(), [&] { return open_torchscript(source, device); });
  }
  const auto weights = data::TensorFile(source.file).all();
  return base::with_context(source.file.string(), [&] { return open_torchvision(source, weights, device); });
}

void inspect(const recipe::Pretrained& source) {
  base::with_context(source.where + ": [sources." + source.id + "]", [&] {
    if (source.is_torchscript()) {
      const base::MappedFile readable(source.file);
      base::with_context(source.file.string(), [&] { inspect_torchscript(source); });
    } else {
      static_cast<void>(open(source, torch::kCPU));
    }
  });
}

}  // namespace taskonomy::network
