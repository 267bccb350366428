// Every offset and size comes from the file, and is compared with the file's size before use.
#include "core/host/elf.hpp"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <taskonomy/sdk/detail/stamp.hpp>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::host {

namespace {

using FileHeader = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using DynamicEntry = ElfW(Dyn);

/// Thrown with what is wrong with a file, and caught by the public functions.
struct Damage {
  std::string what;
};

/// Whether [offset, offset + bytes) lies in [0, size), also where offset + bytes overflows.
bool inside(std::uint64_t offset, std::uint64_t bytes, std::uint64_t size) {
  return offset <= size && bytes <= size - offset;
}

/// "WHAT has bytes 10 to 10+20, the file has 15".
std::string extent(const std::string& what, std::uint64_t offset, std::uint64_t bytes, std::uint64_t size) {
  return what + " has bytes " + std::to_string(offset) + " to " + std::to_string(offset) + "+" +
         std::to_string(bytes) + ", the file has " + std::to_string(size);
}

/// Reads `count` records at `offset`; count < 2^16 or bounded by the file's size.
/// Throws Damage naming `what`.
template <typename Record>
std::vector<Record> read_records(const ByteSource& source, std::uint64_t offset, std::uint64_t count,
                                 const std::string& what) {
  const std::uint64_t bytes = count * sizeof(Record);
  if (!inside(offset, bytes, source.size)) throw Damage{extent(what, offset, bytes, source.size)};
  std::vector<Record> records(count);
  if (count > 0 && !source.read(offset, records.data(), bytes)) throw Damage{what + " cannot be read"};
  return records;
}

std::string read_text(const ByteSource& source, std::uint64_t offset, std::uint64_t bytes,
                      const std::string& what) {
  const auto letters = read_records<char>(source, offset, bytes, what);
  return {letters.begin(), letters.end()};
}

/// The NUL-terminated text at `offset` of a string table.
std::string text_at(const std::string& table, std::uint64_t offset, const std::string& what) {
  const auto end = offset < table.size() ? table.find('\0', offset) : std::string::npos;
  if (end == std::string::npos) throw Damage{what + " points outside its string table"};
  return table.substr(offset, end - offset);
}

/// Throws Damage unless the file is a shared library for this platform.
FileHeader read_header(const ByteSource& source, const Platform& platform) {
  unsigned char ident[EI_NIDENT] = {};
  if (source.size < EI_NIDENT || !source.read(0, ident, EI_NIDENT)) throw Damage{"too short for an ELF file"};
  if (std::memcmp(ident, ELFMAG, SELFMAG) != 0) throw Damage{"not an ELF file"};
  if (ident[EI_CLASS] != platform.word_class)
    throw Damage{"for another word size (32 or 64 bit) than this program"};
  if (ident[EI_DATA] != platform.byte_order) throw Damage{"for another byte order than this program"};
  const auto header = read_records<FileHeader>(source, 0, 1, "the ELF header").front();
  if (header.e_machine != platform.machine) {
    throw Damage{"for another processor (ELF machine " + std::to_string(header.e_machine) +
                 ", this program's is " + std::to_string(platform.machine) + ")"};
  }
  if (header.e_type != ET_DYN) throw Damage{"not a shared library"};
  return header;
}

/// Throws Damage unless all that is to be loaded lies inside the file.
std::vector<Segment> read_segments(const ByteSource& source, const FileHeader& header) {
  if (header.e_phnum == 0 || header.e_phentsize != sizeof(Segment))
    throw Damage{"the program header table is malformed"};
  auto segments = read_records<Segment>(source, header.e_phoff, header.e_phnum, "the program header table");
  bool loads = false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto& segment = segments[i];
    const std::string name = "segment " + std::to_string(i);
    if (segment.p_type == PT_LOAD || segment.p_type == PT_DYNAMIC) {
      if (!inside(segment.p_offset, segment.p_filesz, source.size)) {
        throw Damage{extent(name, segment.p_offset, segment.p_filesz, source.size)};
      }
    }
    if (segment.p_type != PT_LOAD) continue;
    loads = true;
    if (segment.p_filesz > segment.p_memsz) throw Damage{name + " is larger in the file than in memory"};
    if (segment.p_vaddr + segment.p_memsz < segment.p_vaddr)
      throw Damage{name + " lies outside the address space"};
  }
  if (!loads) throw Damage{"no segment to load"};
  return segments;
}

/// Throws Damage unless all sections lie inside the file. Empty where the file has no section table.
std::vector<Section> read_sections(const ByteSource& source, const FileHeader& header) {
  if (header.e_shnum == 0) return {};
  if (header.e_shentsize != sizeof(Section)) throw Damage{"the section header table is malformed"};
  // Linkers write this table at the end of the file, so that a copy that stopped early is noticed
  // here at the latest.
  auto sections = read_records<Section>(source, header.e_shoff, header.e_shnum, "the section header table");
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const auto& section = sections[i];
    if (section.sh_type == SHT_NULL || section.sh_type == SHT_NOBITS) continue;
    if (!inside(section.sh_offset, section.sh_size, source.size)) {
      throw Damage{extent("section " + std::to_string(i), section.sh_offset, section.sh_size, source.size)};
    }
  }
  return sections;
}

/// The dynamic section up to its end mark, and the string table that it names.
struct Dynamic {
  std::vector<DynamicEntry> entries;
  std::string strings;

  /// The texts of all entries with this tag (DT_NEEDED, DT_RUNPATH), in order.
  [[nodiscard]] std::vector<std::string> texts(std::int64_t tag, const std::string& what) const;
};

/// File offset of the `bytes` bytes at a virtual address.
std::uint64_t offset_of(const std::vector<Segment>& segments, std::uint64_t address, std::uint64_t bytes,
                        const std::string& what) {
  for (const auto& segment : segments) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    const std::uint64_t within = address - segment.p_vaddr;
    if (inside(within, bytes, segment.p_filesz)) return segment.p_offset + within;
  }
  throw Damage{what + " lies in no loaded segment"};
}

std::vector<std::string> Dynamic::texts(std::int64_t tag, const std::string& what) const {
  std::vector<std::string> found;
  for (const auto& entry : entries) {
    if (entry.d_tag == tag) found.push_back(text_at(strings, entry.d_un.d_val, what));
  }
  return found;
}

Dynamic read_dynamic(const ByteSource& source, const std::vector<Segment>& segments) {
  const Segment* segment = nullptr;
  for (const auto& candidate : segments) {
    if (candidate.p_type == PT_DYNAMIC) segment = &candidate;
  }
  if (segment == nullptr) throw Damage{"no dynamic section"};
  Dynamic dynamic;
  std::uint64_t table = 0;
  std::uint64_t table_bytes = 0;
  for (const auto& entry : read_records<DynamicEntry>(
           source, segment->p_offset, segment->p_filesz / sizeof(DynamicEntry), "the dynamic section")) {
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_STRTAB) table = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRSZ) table_bytes = entry.d_un.d_val;
    dynamic.entries.push_back(entry);
  }
  const std::string what = "the dynamic string table";
  dynamic.strings = read_text(source, offset_of(segments, table, table_bytes, what), table_bytes, what);
  return dynamic;
}

constexpr const char* kManualSection = "txmanual";  // written by sdk/cmake/TaskonomyPluginManual.cmake

/// Reads the sections that the SDK adds to a plugin.
void read_plugin_sections(const ByteSource& source, const FileHeader& header, ElfFacts& facts) {
  const auto sections = read_sections(source, header);
  if (sections.empty()) return;
  if (header.e_shstrndx >= sections.size()) throw Damage{"the section names are missing"};
  const auto& names = sections[header.e_shstrndx];
  if (names.sh_type == SHT_NOBITS) throw Damage{"the section names are missing"};
  const std::string strings = read_text(source, names.sh_offset, names.sh_size, "the section names");
  for (const auto& section : sections) {
    if (section.sh_type != SHT_PROGBITS) continue;
    const std::string name = text_at(strings, section.sh_name, "a section's name");
    if (name == TX_STAMP_SECTION && !facts.stamp)
      facts.stamp = read_text(source, section.sh_offset, section.sh_size, "the stamp");
    if (name == kManualSection && facts.manual.empty())
      facts.manual = read_text(source, section.sh_offset, section.sh_size, "the manual page");
  }
}

using SymbolRecord = ElfW(Sym);

// The fields have the same layout in both word sizes.
unsigned binding_of(const SymbolRecord& record) { return ELF64_ST_BIND(record.st_info); }

std::vector<Symbol> read_symbols(const ByteSource& source, const FileHeader& header) {
  const auto sections = read_sections(source, header);
  for (const auto& section : sections) {
    if (section.sh_type != SHT_DYNSYM) continue;
    if (section.sh_entsize != sizeof(SymbolRecord) || section.sh_link >= sections.size())
      throw Damage{"the table of dynamic symbols is malformed"};
    const auto& names = sections[section.sh_link];
    const std::string strings =
        read_text(source, names.sh_offset, names.sh_size, "the names of dynamic symbols");
    std::vector<Symbol> symbols;
    for (const auto& record :
         read_records<SymbolRecord>(source, section.sh_offset, section.sh_size / sizeof(SymbolRecord),
                                    "the table of dynamic symbols")) {
      if (binding_of(record) == STB_LOCAL) continue;
      symbols.push_back({text_at(strings, record.st_name, "a symbol's name"), record.st_shndx != SHN_UNDEF,
                         binding_of(record) == STB_GNU_UNIQUE});
    }
    return symbols;
  }
  throw Damage{"no table of dynamic symbols"};
}

std::string with_origin(std::string path, const std::string& folder) {
  for (const std::string_view word : {"${ORIGIN}", "$ORIGIN"}) {
    for (auto at = path.find(word); at != std::string::npos; at = path.find(word, at + folder.size())) {
      path.replace(at, word.size(), folder);
    }
  }
  return path;
}

/// DT_RUNPATH replaces DT_RPATH where both are there.
std::vector<std::string> search_paths(const Dynamic& dynamic, const std::string& folder) {
  auto lists = dynamic.texts(DT_RUNPATH, "the search path");
  if (lists.empty()) lists = dynamic.texts(DT_RPATH, "the search path");
  std::vector<std::string> paths;
  for (const auto& list : lists) {
    for (const auto& path : base::split(list, ':')) paths.push_back(with_origin(path, folder));
  }
  return paths;
}

}  // namespace

ByteSource file_bytes(const std::filesystem::path& path) {
  const auto fail = [&](int cause) {
    throw base::Error(path.string() + ": cannot read: " + std::strerror(cause));
  };
  // O_NONBLOCK: a named pipe in a plugin folder must not hang the program.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) fail(errno);
  const std::shared_ptr<const int> file(new int(descriptor), [](const int* held) {
    ::close(*held);
    delete held;
  });
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail(errno);
  if (!S_ISREG(status.st_mode)) throw base::Error(path.string() + ": not a regular file");
  return {static_cast<std::uint64_t>(status.st_size),
          [file](std::uint64_t offset, void* to, std::size_t count) {
            char* next = static_cast<char*>(to);
            while (count > 0) {
              const ssize_t got = ::pread(*file, next, count, static_cast<off_t>(offset));
              if (got < 0 && errno == EINTR) continue;
              if (got <= 0) return false;
              next += got;
              offset += static_cast<std::uint64_t>(got);
              count -= static_cast<std::size_t>(got);
            }
            return true;
          }};
}

ByteSource memory_bytes(std::string_view bytes) {
  return {bytes.size(), [bytes](std::uint64_t offset, void* to, std::size_t count) {
            if (!inside(offset, count, bytes.size())) return false;
            std::memcpy(to, bytes.data() + offset, count);
            return true;
          }};
}

Platform own_platform() {
  const ByteSource self = file_bytes("/proc/self/exe");
  FileHeader header{};
  if (self.size < sizeof header || !self.read(0, &header, sizeof header)) {
    throw base::Error("/proc/self/exe: cannot read this program's own ELF header");
  }
  return {header.e_ident[EI_CLASS], header.e_ident[EI_DATA], header.e_machine};
}

ElfFacts read_elf(const ByteSource& source, const Platform& platform) {
  ElfFacts facts;
  try {
    const FileHeader header = read_header(source, platform);
    const auto segments = read_segments(source, header);
    facts.needed = read_dynamic(source, segments).texts(DT_NEEDED, "a needed library's name");
    read_plugin_sections(source, header, facts);
  } catch (const Damage& damage) {
    facts = {};
    facts.problem = damage.what;
  }
  return facts;
}

LinkFacts read_link_facts(const ByteSource& source, const Platform& platform, const std::string& folder) {
  try {
    const auto header = read_header(source, platform);
    const auto dynamic = read_dynamic(source, read_segments(source, header));
    return {"", read_symbols(source, header), search_paths(dynamic, folder)};
  } catch (const Damage& damage) {
    return {damage.what, {}, {}};
  }
}

bool is_of_std(const std::string& mangled) {
  std::string_view rest = mangled;
  const auto skip = [&](std::string_view prefix) {
    const bool there = rest.substr(0, prefix.size()) == prefix;
    if (there) rest.remove_prefix(prefix.size());
    return there;
  };
  if (!skip("_Z")) return false;
  // Skips the marks of virtual tables, type information and guards, then of local names, then
  // qualifiers of nested names.
  for (const std::string_view special : {"TV", "TI", "TS", "TT", "GV"}) {
    if (skip(special)) break;
  }
  while (skip("Z")) {
  }
  if (skip("N")) {
    while (skip("r") || skip("V") || skip("K") || skip("R") || skip("O")) {
    }
  }
  if (skip("St") || skip("9__gnu_cxx")) return true;
  return rest.size() > 1 && rest[0] == 'S' && std::string_view("absiod").find(rest[1]) != std::string::npos;
}

std::string demangled(const std::string& name) {
  int failed = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &failed), std::free);
  return failed == 0 && text != nullptr ? text.get() : name;
}

}  // namespace taskonomy::host
