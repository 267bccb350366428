// taskonomy sdk prefix, sdk info: where a plugin's build finds the SDK, and what plugins must agree with.
#include <filesystem>
#include <iostream>
#include <utility>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/plugin_listing.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/host/discovery.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

/// The file that find_package(Taskonomy) looks for below the prefix.
constexpr const char* kPackageFile = "lib/cmake/Taskonomy/TaskonomyConfig.cmake";

bool has_sdk(const fs::path& prefix) {
  std::error_code failed;
  return fs::exists(prefix / kPackageFile, failed);
}

base::ExitCode print_prefix(const Values&) {
  const fs::path prefix = installation_prefix();
  if (!has_sdk(prefix)) {
    throw base::Error("sdk prefix: " + (prefix / kPackageFile).string() +
                      " is not there; install the SDK (cmake --install BUILD --prefix DIR, or the Debian "
                      "package taskonomy-dev)");
  }
  std::cout << prefix.string() << "\n";
  return base::ExitCode::done;
}

void print_json(const host::HostFacts& facts, const std::vector<host::SearchFolder>& folders) {
  const host::Stamp& stamp = facts.stamp;
  base::Json libraries = base::Json::array();
  for (const auto& library : facts.torch_libraries) libraries.add(library.string());
  const base::Json content = base::Json::object()
                                 .set("sdk", stamp.at("sdk"))
                                 .set("prefix", installation_prefix().string())
                                 .set("installed", has_sdk(installation_prefix()))
                                 .set("torch", stamp.at("torch"))
                                 .set("torch_kind", stamp.at("torch_kind"))
                                 .set("torch_libraries", std::move(libraries))
                                 .set("cxx11abi", stamp.at("cxx11abi"))
                                 .set("stdlib", stamp.at("stdlib"))
                                 .set("compiler", stamp.at("compiler"))
                                 .set("abi", host::abi_name(stamp))
                                 .set("searched", folders_json(folders));
  std::cout << content.dump(2) << "\n";
}

void print_text(const host::HostFacts& facts, const std::vector<host::SearchFolder>& folders) {
  const host::Stamp& stamp = facts.stamp;
  const fs::path prefix = installation_prefix();
  std::vector<std::string> libraries;
  for (const auto& library : facts.torch_libraries) libraries.push_back(library.string());
  std::vector<std::pair<std::string, std::string>> fields{
      {"SDK", stamp.at("sdk")},
      {"prefix", prefix.string() + (has_sdk(prefix) ? "" : " (no SDK there: Debian package taskonomy-dev)")},
      {"LibTorch", stamp.at("torch") + " (" + stamp.at("torch_kind") + ")"},
      {"libraries", base::join(libraries, ", ")},
      {"cxx11abi", stamp.at("cxx11abi") + ", " + stamp.at("stdlib")},
      {"compiler", stamp.at("compiler")},
      {"ABI", host::abi_name(stamp)}};
  std::string label = "plugins in";
  for (const auto& folder : folders) fields.emplace_back(std::exchange(label, ""), host::describe({folder}));
  print_fields(fields);
}

base::ExitCode print_info(const Values& values) {
  const bool json = values.format() == "json";
  const host::HostFacts facts = host::own_facts();
  const auto folders = host::search_folders({}, facts);
  json ? print_json(facts, folders) : print_text(facts, folders);
  return base::ExitCode::done;
}

}  // namespace

Command sdk_prefix_command() {
  return {.name = "prefix",
          .summary = "the folder to build plugins against",
          .about = R"(Prints the folder to give to CMake as CMAKE_PREFIX_PATH when a plugin is
built for this program.)",
          .examples = R"text(cmake -S my_task -B my_task/build \
    -DCMAKE_PREFIX_PATH="$(taskonomy sdk prefix)")text",
          .run = print_prefix};
}

Command sdk_info_command() {
  return {.name = "info",
          .summary = "what plugins must agree with, and where they lie",
          .about = R"(Prints what plugins must agree with: the version of the SDK, LibTorch and the
C++ ABI; the compiler that this program was built with; and the folders in
which plugins are looked for, in order.)",
          .examples = R"(taskonomy sdk info
taskonomy sdk info --format json)",
          .options = {format_option("text|json"), json_option()},
          .run = print_info};
}

}  // namespace taskonomy::cli
