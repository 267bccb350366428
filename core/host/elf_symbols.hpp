// What a shared library offers to others and asks of them, read from its file without loading it. Needed by
// whoever judges a plugin; loading it needs only elf.hpp.
#pragma once

#include <string>
#include <vector>

#include "core/host/elf.hpp"

namespace taskonomy::host {

/// One entry of the table of dynamic symbols.
struct Symbol {
  std::string name;      ///< mangled
  bool defined = false;  ///< offered by this library; else asked of others
  bool unique = false;   ///< GNU-unique: one for the whole process, whoever loaded it and however
};

/// What was read, or what is wrong with the file.
struct LinkFacts {
  std::string problem;                    ///< empty: the rest holds
  std::vector<Symbol> symbols;            ///< global, weak and unique ones, in the order of the file
  std::vector<std::string> search_paths;  ///< DT_RUNPATH or DT_RPATH, $ORIGIN replaced by `folder`
};

/// The dynamic symbols of a library that lies in `folder`. Never reads outside the source, whatever the bytes
/// are. [any thread]
[[nodiscard]] LinkFacts read_link_facts(const ByteSource& source, const Platform& platform,
                                        const std::string& folder);

/// Whether a mangled name belongs to the C++ library: what it declares has default visibility and gets into
/// every library that uses it.
[[nodiscard]] bool is_of_std(const std::string& mangled);

/// The name as it is written in C++, or as it is where it is no mangled one.
[[nodiscard]] std::string demangled(const std::string& name);

}  // namespace taskonomy::host
