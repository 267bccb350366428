// The SDK library and the LibTorch that this process has loaded, named for the keys of results.
#include "core/host/library.hpp"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/host/stamp.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

TEST_CASE("the SDK's fingerprint is that of the library which this process has mapped") {
  const auto file = host::sdk_library();
  CHECK(file.filename().string().rfind("libtaskonomy_sdk.so", 0) == 0);
  CHECK(host::sdk_fingerprint() == base::fingerprint(base::read_file(file)));
  CHECK(host::sdk_fingerprint().size() == 32);
  // The kernel's list of mappings is the independent witness.
  std::ifstream maps("/proc/self/maps");
  const std::string listed(std::istreambuf_iterator<char>(maps), {});
  CHECK(listed.find(std::filesystem::canonical(file).string()) != std::string::npos);
}

TEST_CASE("the loaded LibTorch is the one of the headers, for this build was not upgraded under its feet") {
  const std::string& version = host::torch_version();
  CHECK(std::isdigit(static_cast<unsigned char>(version.front())) != 0);
  CHECK(version == host::host_stamp().at("torch"));
}
