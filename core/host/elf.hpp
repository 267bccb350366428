// Reads the little that the host must know of a shared library before it dares to load it: is the file whole,
// is it for this machine, which libraries it needs, and the bytes of its stamp. Loading a half-copied library
// ends the process with SIGBUS, and its static initialisers run before any symbol can be asked; so all of
// this is read from the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace taskonomy::host {

/// Bytes that can be read at any offset. read() returns false when [offset, offset + count) cannot be read.
struct ByteSource {
  std::uint64_t size = 0;
  std::function<bool(std::uint64_t offset, void* to, std::size_t count)> read;
};

/// A file, read by position: unlike a mapping it survives being cut short by somebody else meanwhile.
/// Throws base::Error naming the path and the reason.
[[nodiscard]] ByteSource file_bytes(const std::filesystem::path& path);
/// Bytes in memory; the caller keeps them alive.
[[nodiscard]] ByteSource memory_bytes(std::string_view bytes);

/// The processor and word size that a library is for.
struct Platform {
  unsigned char word_class = 0;  ///< ELFCLASS64 or ELFCLASS32
  unsigned char byte_order = 0;  ///< ELFDATA2LSB or ELFDATA2MSB
  std::uint16_t machine = 0;     ///< EM_X86_64, ...
};

/// The platform of the running program, from its own file.
[[nodiscard]] Platform own_platform();

/// What was read, or what is wrong with the file.
struct ElfFacts {
  std::string problem;               ///< empty: the file is sound and for this platform
  std::vector<std::string> needed;   ///< DT_NEEDED, in order
  std::optional<std::string> stamp;  ///< bytes of section "txstamp", if there is one
  std::string manual;                ///< bytes of section "txmanual", a plugin's manual page; "" without one
};

/// Never reads outside the source, whatever the bytes are. [any thread]
[[nodiscard]] ElfFacts read_elf(const ByteSource& source, const Platform& platform);

}  // namespace taskonomy::host
