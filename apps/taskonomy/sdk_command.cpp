// taskonomy sdk prefix|info: what a build of a plugin asks, and what a person asks whose plugin was refused.
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/plugin_listing.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/base/text.hpp"
#include "core/host/discovery.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

const Usage kPrefixUsage{
    "sdk prefix",
    "",
    "Prints the folder to give to CMake as CMAKE_PREFIX_PATH when a plugin is built for "
    "this program.",
    {"cmake -S my_task -B my_task/build -DCMAKE_PREFIX_PATH=\"$(taskonomy sdk prefix)\""}};

const Usage kInfoUsage{
    "sdk info",
    "[--json]",
    "What plugins must agree with: version of the SDK, LibTorch, C++ ABI; the compiler this program was "
    "built with;\nand the folders in which plugins are looked for, in order.",
    {"taskonomy sdk info", "taskonomy sdk info --json"}};

/// What find_package(Taskonomy) looks for below the prefix.
constexpr const char* kPackageFile = "lib/cmake/Taskonomy/TaskonomyConfig.cmake";

bool has_sdk(const fs::path& prefix) {
  std::error_code failed;
  return fs::exists(prefix / kPackageFile, failed);
}

base::ExitCode print_prefix(const std::vector<std::string>& args) {
  if (!parse_options(kPrefixUsage, {}, {}, args)) return base::ExitCode::done;
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
  nlohmann::ordered_json content{{"sdk", stamp.at("sdk")},
                                 {"prefix", installation_prefix().string()},
                                 {"installed", has_sdk(installation_prefix())},
                                 {"torch", stamp.at("torch")},
                                 {"torch_kind", stamp.at("torch_kind")},
                                 {"torch_libraries", nlohmann::ordered_json::array()},
                                 {"cxx11abi", stamp.at("cxx11abi")},
                                 {"stdlib", stamp.at("stdlib")},
                                 {"compiler", stamp.at("compiler")},
                                 {"abi", host::abi_name(stamp)},
                                 {"searched", nlohmann::ordered_json::array()}};
  for (const auto& library : facts.torch_libraries) content["torch_libraries"].push_back(library.string());
  for (const auto& folder : folders) {
    content["searched"].push_back(
        {{"folder", folder.path.string()}, {"origin", folder.origin}, {"exists", folder.exists}});
  }
  std::cout << content.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
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

base::ExitCode info(const std::vector<std::string>& args) {
  boost::program_options::options_description options;
  options.add_options()("json", "print one JSON object");
  const auto values = parse_options(kInfoUsage, options, {}, args);
  if (!values) return base::ExitCode::done;
  const host::HostFacts facts = host::own_facts();
  const auto folders = host::search_folders({}, facts);
  if (values->has("json")) {
    print_json(facts, folders);
  } else {
    print_text(facts, folders);
  }
  return base::ExitCode::done;
}

}  // namespace

base::ExitCode sdk(const std::vector<std::string>& args) {
  return dispatch("sdk",
                  {{"prefix", "", "the folder to build plugins against", print_prefix},
                   {"info", "", "versions that plugins must agree with, folders that are searched", info}},
                  args);
}

}  // namespace taskonomy::cli
