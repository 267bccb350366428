#include <taskonomy/sdk/toolbox/file_bytes.hpp>

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace taskonomy::sdk {

void unreadable(const std::string& name, const std::string& reason) {
  throw std::runtime_error(name + ": " + reason);
}

std::string read_bytes(const std::filesystem::path& file, std::int64_t max_bytes) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) unreadable(file.string(), "cannot read: " + error.message());
  if (size > static_cast<std::uintmax_t>(max_bytes)) {
    unreadable(file.string(),
               std::to_string(size) + " bytes, at most " + std::to_string(max_bytes) + " are read");
  }
  std::string bytes(size, '\0');
  std::ifstream stream(file, std::ios::binary);
  if (!stream) unreadable(file.string(), "cannot open it (check its permissions)");
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(size)))
    unreadable(file.string(), "cannot read the whole file");
  return bytes;
}

}  // namespace taskonomy::sdk
