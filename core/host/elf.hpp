// What the host must know of a shared library before it dares to load it, read from the file alone: whether
// it is whole and for this machine, which libraries it needs, its stamp, and the symbols it offers and asks
// for. Loading a half-copied library ends the process with SIGBUS, and a library's static initialisers run
// before any symbol can be asked for; so nothing here loads anything.
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

/// What loading a library depends on, or what is wrong with the file.
struct ElfFacts {
  std::string problem;               ///< empty: the file is sound and for this platform
  std::vector<std::string> needed;   ///< DT_NEEDED, in order
  std::optional<std::string> stamp;  ///< bytes of section "txstamp", if there is one
  std::string manual;                ///< bytes of section "txmanual", a plugin's manual page; "" without one
};

/// Never reads outside the source, whatever the bytes are. [any thread]
[[nodiscard]] ElfFacts read_elf(const ByteSource& source, const Platform& platform);

/// One entry of the table of dynamic symbols.
struct Symbol {
  std::string name;      ///< mangled
  bool defined = false;  ///< offered by this library; else asked of others
  bool unique = false;   ///< GNU-unique: one for the whole process, whoever loaded it and however
};

/// What judging a plugin depends on, beyond loading it; or what is wrong with the file.
struct LinkFacts {
  std::string problem;                    ///< empty: the rest holds
  std::vector<Symbol> symbols;            ///< global, weak and unique ones, in the order of the file
  std::vector<std::string> search_paths;  ///< DT_RUNPATH or DT_RPATH, $ORIGIN replaced by `folder`
};

/// The dynamic symbols of a library that lies in `folder`. Never reads outside the source, whatever the
/// bytes are. [any thread]
[[nodiscard]] LinkFacts read_link_facts(const ByteSource& source, const Platform& platform,
                                        const std::string& folder);

/// Whether a mangled name belongs to the C++ library: what that declares has default visibility and gets into
/// every library that uses it.
[[nodiscard]] bool is_of_std(const std::string& mangled);

/// The name as it is written in C++; a name that is not mangled comes back as it is.
[[nodiscard]] std::string demangled(const std::string& name);

}  // namespace taskonomy::host
