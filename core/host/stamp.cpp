// Reads the stamp's text; makes the host's own stamp.
#include "core/host/stamp.hpp"

#include <algorithm>
#include <cstring>

#include <taskonomy/sdk/detail/stamp.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/base/text.hpp"

namespace taskonomy::host {

namespace {

/// Keys that the host compares or shows. Every stamp has all of them.
constexpr const char* kRequiredKeys[] = {"kind",  "id",         "summary", "version", "sdk",
                                         "torch", "cxx11abi",   "stdlib",  "debug",   "sanitizer",
                                         "rtti",  "exceptions", "compiler"};

std::map<std::string, std::string> read_text(std::string_view text) {
  std::map<std::string, std::string> values;
  for (const auto& line : base::split(text, '\0')) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) values.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return values;
}

/// Stamps and manual pages are shown on terminals.
bool printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char letter) { return letter != 0 && base::is_control(letter); });
}

}  // namespace

const std::string& Stamp::at(const std::string& key) const {
  static const std::string none;
  const auto found = values.find(key);
  return found == values.end() ? none : found->second;
}

StampReading read_stamp(std::string_view bytes) {
  sdk::StampHeader header{};
  if (bytes.size() < sizeof header) return {"its stamp is too short", {}};
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, TX_STAMP_MAGIC, sizeof header.magic) != 0)
    return {"its stamp has other first bytes", {}};
  if (header.format != TX_STAMP_FORMAT) {
    return {"its stamp has format " + std::to_string(header.format) + ", this host reads " +
                std::to_string(TX_STAMP_FORMAT),
            {}};
  }
  if (header.bytes < sizeof header || header.bytes > bytes.size()) return {"its stamp says a wrong size", {}};
  const std::string_view text = bytes.substr(sizeof header, header.bytes - sizeof header);
  if (!printable(text)) return {"its stamp has control characters", {}};
  StampReading reading{"", {header.sdk_major, header.sdk_minor, read_text(text)}};
  const Stamp& stamp = reading.stamp;
  for (const char* key : kRequiredKeys) {
    if (stamp.values.count(key) == 0) return {std::string("its stamp lacks the key \"") + key + "\"", {}};
  }
  if (!is_id(stamp.at("id")))
    return {"its id \"" + stamp.at("id") + "\" is not lower case letters, digits and _", {}};
  if (stamp.at("kind") != "task" && stamp.at("kind") != "dataset") {
    return {"its kind \"" + stamp.at("kind") + "\" is neither task nor dataset", {}};
  }
  if (stamp.at("sdk") != std::to_string(header.sdk_major) + "." + std::to_string(header.sdk_minor)) {
    return {"its stamp names two SDK versions", {}};
  }
  return reading;
}

std::string read_manual(std::string_view bytes) {
  std::string page(bytes.substr(0, bytes.find('\0')));  // the NUL that ends the C++ string
  std::replace_if(
      page.begin(), page.end(), [](char letter) { return letter != '\n' && base::is_control(letter); }, ' ');
  return page;
}

const Stamp& host_stamp() {
  static const Stamp stamp = [] {
    static constexpr char text[] = TX_STAMP_BUILD;
    return Stamp{TX_SDK_MAJOR, TX_SDK_MINOR, read_text({text, sizeof text - 1})};
  }();
  return stamp;
}

std::string abi_name(const Stamp& stamp) {
  return "sdk" + std::to_string(stamp.sdk_major) + "-torch" + stamp.at("torch") + "-cxx11abi" +
         stamp.at("cxx11abi");
}

bool is_id(std::string_view text) { return sdk::is_id(text); }

}  // namespace taskonomy::host
