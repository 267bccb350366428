// Dynamic symbols and search paths of a library.
#include "core/host/elf_symbols.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

#include "core/base/text.hpp"
#include "core/host/elf_records.hpp"

namespace taskonomy::host {

namespace {

using SymbolRecord = ElfW(Sym);

// The fields have the same layout in both word sizes.
unsigned binding_of(const SymbolRecord& record) { return ELF64_ST_BIND(record.st_info); }

std::vector<Symbol> read_symbols(const ByteSource& source, const elf::FileHeader& header) {
  const auto sections = elf::read_sections(source, header);
  for (const auto& section : sections) {
    if (section.sh_type != SHT_DYNSYM) continue;
    if (section.sh_entsize != sizeof(SymbolRecord) || section.sh_link >= sections.size())
      throw elf::Damage{"the table of dynamic symbols is malformed"};
    const auto& names = sections[section.sh_link];
    const std::string strings =
        elf::read_text(source, names.sh_offset, names.sh_size, "the names of dynamic symbols");
    std::vector<Symbol> symbols;
    for (const auto& record :
         elf::read_records<SymbolRecord>(source, section.sh_offset, section.sh_size / sizeof(SymbolRecord),
                                         "the table of dynamic symbols")) {
      if (binding_of(record) == STB_LOCAL) continue;
      symbols.push_back({elf::text_at(strings, record.st_name, "a symbol's name"),
                         record.st_shndx != SHN_UNDEF, binding_of(record) == STB_GNU_UNIQUE});
    }
    return symbols;
  }
  throw elf::Damage{"no table of dynamic symbols"};
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
std::vector<std::string> search_paths(const elf::Dynamic& dynamic, const std::string& folder) {
  auto lists = dynamic.texts(DT_RUNPATH, "the search path");
  if (lists.empty()) lists = dynamic.texts(DT_RPATH, "the search path");
  std::vector<std::string> paths;
  for (const auto& list : lists) {
    for (const auto& path : base::split(list, ':')) paths.push_back(with_origin(path, folder));
  }
  return paths;
}

}  // namespace

LinkFacts read_link_facts(const ByteSource& source, const Platform& platform, const std::string& folder) {
  try {
    const auto header = elf::read_header(source, platform);
    const auto dynamic = elf::read_dynamic(source, elf::read_segments(source, header));
    return {"", read_symbols(source, header), search_paths(dynamic, folder)};
  } catch (const elf::Damage& damage) {
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
  // Tables, type information and guards of what follows; then a local name; then qualifiers of a nested one.
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
