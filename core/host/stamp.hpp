// The host's side of the plugin stamp (taskonomy/sdk/detail/stamp.hpp): reads one, and knows
// the host's own values.
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

/// A stamp, or why the bytes are not one.
struct StampReading {
  std::string problem;  ///< empty: `stamp` holds
  Stamp stamp;
};

/// Reads the bytes of the section "txstamp". Unknown keys are kept and harmless. A stamp is invalid when it
/// lacks a key that the host compares, when its id is not [a-z][a-z0-9_]*, its kind unknown, or its text
/// unprintable. [any thread]
[[nodiscard]] StampReading read_stamp(std::string_view bytes);

/// The text of the section "txmanual", fit for a terminal: control characters other than line ends
/// become spaces. [any thread]
[[nodiscard]] std::string read_manual(std::string_view bytes);

/// What this program was built with, from the same header that fills the plugins' stamps.
[[nodiscard]] const Stamp& host_stamp();

/// Name of the folder of per-user plugins for exactly this SDK and this build of LibTorch:
/// "sdk1-torch1.13.0-cxx11abi1".
[[nodiscard]] std::string abi_name(const Stamp& stamp);

/// True for [a-z][a-z0-9_]*.
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace taskonomy::host
