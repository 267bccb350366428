// The stamp of a plugin, which the export macros of plugin.hpp write: what the plugin is and what it was
// built with, in an ELF section that the host reads without running a line of the plugin's code. Only the
// preprocessor fills it, so it cannot disagree with the build it describes.
//
// Layout of section "txstamp": StampHeader, then NUL-separated "key=value" text up to `bytes`. Readers ignore
// keys they do not know; a later SDK may add some. This header needs no LibTorch code, only its version
// number.
#pragma once

#include <cstdint>

#include <torch/version.h>

#include <taskonomy/sdk/detail/api.hpp>

#define TX_STAMP_SECTION "txstamp"
#define TX_STAMP_MAGIC "TXSTAMP"
#define TX_STAMP_FORMAT 1

namespace taskonomy::sdk {

/// First bytes of the section, in the byte order of the machine it was built for.
struct StampHeader {
  char magic[8];         ///< TX_STAMP_MAGIC with its NUL
  std::uint32_t format;  ///< TX_STAMP_FORMAT
  std::uint32_t bytes;   ///< header and text together
  std::uint32_t sdk_major;
  std::uint32_t sdk_minor;
  std::uint32_t reserved[2];
};
static_assert(sizeof(StampHeader) == 32, "the stamp's layout is part of the plugin format");

}  // namespace taskonomy::sdk

#define TX_STRING_OF_(x) #x
#define TX_STRING_OF(x) TX_STRING_OF_(x)

#if defined(__clang__)
#define TX_STAMP_COMPILER "clang " __clang_version__
#else
#define TX_STAMP_COMPILER \
  "gcc " TX_STRING_OF(__GNUC__) "." TX_STRING_OF(__GNUC_MINOR__) "." TX_STRING_OF(__GNUC_PATCHLEVEL__)
#endif

#if defined(_LIBCPP_VERSION)
#define TX_STAMP_STDLIB "libc++"
#else
#define TX_STAMP_STDLIB "libstdc++"
#endif

#if defined(_GLIBCXX_USE_CXX11_ABI) && !_GLIBCXX_USE_CXX11_ABI
#define TX_STAMP_CXX11ABI "0"
#else
#define TX_STAMP_CXX11ABI "1"
#endif

// Checked containers have another layout; plain assertions do not and are only the build type.
#if defined(_GLIBCXX_DEBUG)
#define TX_STAMP_DEBUG "1"
#else
#define TX_STAMP_DEBUG "0"
#endif

#if defined(__OPTIMIZE__)
#define TX_STAMP_BUILD_TYPE "optimised"
#else
#define TX_STAMP_BUILD_TYPE "unoptimised"
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TX_STAMP_SANITIZER "address"
#elif __has_feature(thread_sanitizer)
#define TX_STAMP_SANITIZER "thread"
#endif
#endif
#if !defined(TX_STAMP_SANITIZER)
#if defined(__SANITIZE_ADDRESS__)
#define TX_STAMP_SANITIZER "address"
#elif defined(__SANITIZE_THREAD__)
#define TX_STAMP_SANITIZER "thread"
#else
#define TX_STAMP_SANITIZER "none"
#endif
#endif

#if defined(__cpp_rtti)
#define TX_STAMP_RTTI "1"
#else
#define TX_STAMP_RTTI "0"
#endif

#if defined(__cpp_exceptions)
#define TX_STAMP_EXCEPTIONS "1"
#else
#define TX_STAMP_EXCEPTIONS "0"
#endif

// Only a LibTorch built for CUDA installs this header.
#if __has_include(<c10/cuda/impl/cuda_cmake_macros.h>)
#define TX_STAMP_TORCH_KIND "cuda"
#else
#define TX_STAMP_TORCH_KIND "cpu"
#endif

// Set by taskonomy_add_task() and taskonomy_add_dataset().
#if !defined(TX_PLUGIN_VERSION)
#define TX_PLUGIN_VERSION "unspecified"
#endif
#if !defined(TX_PLUGIN_LICENCE)
#define TX_PLUGIN_LICENCE "unspecified"
#endif

#define TX_STAMP_SDK TX_STRING_OF(TX_SDK_MAJOR) "." TX_STRING_OF(TX_SDK_MINOR)

/// What the including file is built with; the host compares this text of its own with that of each plugin.
#define TX_STAMP_BUILD \
  "sdk=" TX_STAMP_SDK "\0"                   \
  "torch=" TORCH_VERSION "\0"                \
  "torch_kind=" TX_STAMP_TORCH_KIND "\0"     \
  "cxx11abi=" TX_STAMP_CXX11ABI "\0"         \
  "stdlib=" TX_STAMP_STDLIB "\0"             \
  "debug=" TX_STAMP_DEBUG "\0"               \
  "sanitizer=" TX_STAMP_SANITIZER "\0"       \
  "rtti=" TX_STAMP_RTTI "\0"                 \
  "exceptions=" TX_STAMP_EXCEPTIONS "\0"     \
  "compiler=" TX_STAMP_COMPILER "\0"         \
  "standard=" TX_STRING_OF(__cplusplus) "\0" \
  "build=" TX_STAMP_BUILD_TYPE "\0"

/// The whole text of a plugin's stamp; all arguments are string literals.
#define TX_STAMP_TEXT(kind, id, summary) \
  "kind=" kind                           \
  "\0"                                   \
  "id=" id                               \
  "\0"                                   \
  "summary=" summary                     \
  "\0"                                   \
  "version=" TX_PLUGIN_VERSION           \
  "\0"                                   \
  "licence=" TX_PLUGIN_LICENCE "\0" TX_STAMP_BUILD

/// Defines the stamp object. A literal in a section of its own survives strip; `used` keeps it though nothing
/// refers to it.
#define TX_DEFINE_STAMP(kind, id, summary)                                                           \
  extern "C" {                                                                                       \
  struct TaskonomyStamp {                                                                            \
    ::taskonomy::sdk::StampHeader header;                                                            \
    char text[sizeof(TX_STAMP_TEXT(kind, id, summary))];                                             \
  };                                                                                                 \
  __attribute__((visibility("default"))) extern const TaskonomyStamp taskonomy_stamp;                \
  __attribute__((section(TX_STAMP_SECTION), used)) const TaskonomyStamp taskonomy_stamp = {          \
      {TX_STAMP_MAGIC, TX_STAMP_FORMAT, sizeof(TaskonomyStamp), TX_SDK_MAJOR, TX_SDK_MINOR, {0, 0}}, \
      TX_STAMP_TEXT(kind, id, summary)};                                                             \
  }
