// The host's side of the plugin stamp (taskonomy/sdk/detail/stamp.hpp): reading one, and the host's own
// values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace taskonomy::host {

/// A stamp's text as keys and values, and the SDK version of its header.
struct Stamp {
  std::uint32_t sdk_major = 0;
  std::uint32_t sdk_minor = 0;
  std::map<std::string, std::string> values;

  /// The value of a key, "" where the stamp lacks it.
  [[nodiscard]] const std::string& at(const std::string& key) const;
};

/// A stamp, or why the bytes are none.
struct StampReading {
  std::string problem;  ///< empty: `stamp` holds
  Stamp stamp;
};

/// Reads the bytes of the section "txstamp". Unknown keys are kept and harmless; a missing one that the host
/// compares, an id that is not [a-z][a-z0-9_]*, an unknown kind or unprintable text make the stamp invalid.
/// [any thread]
[[nodiscard]] StampReading read_stamp(std::string_view bytes);

/// The text of the section "txmanual", fit for a terminal: other control characters than line ends become
/// spaces. [any thread]
[[nodiscard]] std::string read_manual(std::string_view bytes);

/// What this program was built with, from the same header that fills the plugins' stamps.
[[nodiscard]] const Stamp& host_stamp();

/// Name of the folder under which per-user plugins for exactly this build of LibTorch and this SDK lie.
[[nodiscard]] std::string abi_name(const Stamp& stamp);

/// True for [a-z][a-z0-9_]*.
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace taskonomy::host
