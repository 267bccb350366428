// Key functions: they keep each interface's vtable in this one library.
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

Task::~Task() = default;
Dataset::~Dataset() = default;
Decoder::~Decoder() = default;
Augment::~Augment() = default;
Visualize::~Visualize() = default;
Metrics::~Metrics() = default;

const void* Task::extension(std::string_view) const noexcept { return nullptr; }

}  // namespace taskonomy::sdk
