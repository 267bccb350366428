#include "core/pretrained/backbone.hpp"

#include "core/base/error.hpp"
#include "core/pretrained/torchscript.hpp"
#include "core/pretrained/torchvision.hpp"

namespace taskonomy::pretrained {

std::unique_ptr<Backbone> open(const recipe::Pretrained& source, torch::Device device) {
  return base::with_context(source.file.string(), [&] {
    return source.is_torchscript() ? open_torchscript(source, device) : open_torchvision(source, device);
  });
}

void inspect(const recipe::Pretrained& source) {
  base::with_context(source.where + ": [sources." + source.id + "]: " + source.file.string(), [&] {
    if (source.is_torchscript()) {
      inspect_torchscript(source);
    } else {
      static_cast<void>(open_torchvision(source, torch::kCPU));
    }
  });
}

}  // namespace taskonomy::pretrained
