// The parts of an ELF file, read with bounds: every offset and size comes from the file and is compared with
// the file's size before use. What elf.cpp and elf_symbols.cpp are made of.
#pragma once

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/host/elf.hpp"

namespace taskonomy::host::elf {

using FileHeader = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using DynamicEntry = ElfW(Dyn);

/// Says what is wrong with a file; caught by the readers' public functions.
struct Damage {
  std::string what;
};

/// Whether [offset, offset + bytes) lies in 0..size, whatever overflows.
[[nodiscard]] bool inside(std::uint64_t offset, std::uint64_t bytes, std::uint64_t size);

/// "WHAT has bytes 10 to 10+20, the file has 15".
[[nodiscard]] std::string extent(const std::string& what, std::uint64_t offset, std::uint64_t bytes,
                                 std::uint64_t size);

/// `count` records at `offset`; count < 2^16 or bounded by the file's size. Throws Damage naming `what`.
template <typename Record>
[[nodiscard]] std::vector<Record> read_records(const ByteSource& source, std::uint64_t offset,
                                               std::uint64_t count, const std::string& what) {
  const std::uint64_t bytes = count * sizeof(Record);
  if (!inside(offset, bytes, source.size)) throw Damage{extent(what, offset, bytes, source.size)};
  std::vector<Record> records(count);
  if (count > 0 && !source.read(offset, records.data(), bytes)) throw Damage{what + " cannot be read"};
  return records;
}

[[nodiscard]] std::string read_text(const ByteSource& source, std::uint64_t offset, std::uint64_t bytes,
                                    const std::string& what);
/// The NUL-terminated text at `offset` of a string table.
[[nodiscard]] std::string text_at(const std::string& table, std::uint64_t offset, const std::string& what);

/// Throws Damage unless the file is a shared library for this platform.
[[nodiscard]] FileHeader read_header(const ByteSource& source, const Platform& platform);
/// Throws Damage unless all that is to be loaded lies inside the file.
[[nodiscard]] std::vector<Segment> read_segments(const ByteSource& source, const FileHeader& header);
/// Throws Damage unless all sections lie inside the file. Empty where the file has no section table.
[[nodiscard]] std::vector<Section> read_sections(const ByteSource& source, const FileHeader& header);

/// The dynamic section up to its end mark, and the string table that it names.
struct Dynamic {
  std::vector<DynamicEntry> entries;
  std::string strings;

  /// The texts of all entries with this tag (DT_NEEDED, DT_RUNPATH), in order.
  [[nodiscard]] std::vector<std::string> texts(std::int64_t tag, const std::string& what) const;
};
[[nodiscard]] Dynamic read_dynamic(const ByteSource& source, const std::vector<Segment>& segments);

}  // namespace taskonomy::host::elf
