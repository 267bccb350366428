// What the host must know of a library, from its records.
#include "core/host/elf.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include <taskonomy/sdk/detail/stamp.hpp>

#include "core/base/error.hpp"
#include "core/host/elf_records.hpp"

namespace taskonomy::host {

namespace {

using namespace elf;

constexpr const char* kManualSection = "txmanual";  // written by sdk/cmake/TaskonomyPluginManual.cmake

/// Bytes of the sections that the SDK adds to a plugin.
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

}  // namespace taskonomy::host
