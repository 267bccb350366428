// The plugins of this build, for tests of what they compute.
#pragma once

#include <cstdint>
#include <string>

#include "core/host/registry.hpp"

namespace taskonomy::tests {

constexpr std::int64_t kSide = 64;  ///< pixels, of the images that labels are made of

inline host::PluginRegistry& built_plugins() {
  static host::PluginRegistry instance(
      {{std::string(TASKONOMY_BINARY_DIR) + "/lib/taskonomy"}, {}, {}, false});
  return instance;
}

}  // namespace taskonomy::tests
