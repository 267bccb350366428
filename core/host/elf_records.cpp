// Headers, segments, sections and the dynamic section of an ELF file.
#include "core/host/elf_records.hpp"

#include <cstring>

namespace taskonomy::host::elf {

namespace {

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

}  // namespace

bool inside(std::uint64_t offset, std::uint64_t bytes, std::uint64_t size) {
  return offset <= size && bytes <= size - offset;
}

std::string extent(const std::string& what, std::uint64_t offset, std::uint64_t bytes, std::uint64_t size) {
  return what + " has bytes " + std::to_string(offset) + " to " + std::to_string(offset) + "+" +
         std::to_string(bytes) + ", the file has " + std::to_string(size);
}

std::string read_text(const ByteSource& source, std::uint64_t offset, std::uint64_t bytes,
                      const std::string& what) {
  const auto letters = read_records<char>(source, offset, bytes, what);
  return {letters.begin(), letters.end()};
}

std::string text_at(const std::string& table, std::uint64_t offset, const std::string& what) {
  const auto end = offset < table.size() ? table.find('\0', offset) : std::string::npos;
  if (end == std::string::npos) throw Damage{what + " points outside its string table"};
  return table.substr(offset, end - offset);
}

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

std::vector<Section> read_sections(const ByteSource& source, const FileHeader& header) {
  if (header.e_shnum == 0) return {};
  if (header.e_shentsize != sizeof(Section)) throw Damage{"the section header table is malformed"};
  // The table lies at the end of what a linker writes: a copy that stopped early is found here at the latest.
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

}  // namespace taskonomy::host::elf
