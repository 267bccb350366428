// taskonomy sdk info: what plugins must agree with, and what LibTorch can compute with.
#include <filesystem>
#include <iostream>
#include <utility>

#include "apps/learning/actions.hpp"
#include "apps/learning/plugin_listing.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/host/discovery.hpp"
#include "core/network/gpus.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

/// "2, NVIDIA H100 80GB HBM3 (9.0, 79.1 GiB); CUDA 13.0, cuDNN 9.19.0; MPS answers", or why there are none.
std::string gpus_text(const network::Gpus& gpus) {
  if (!gpus.missing.empty()) return "none: " + gpus.missing;
  std::string text = std::to_string(gpus.count);
  if (!gpus.known.empty()) {
    const auto& first = gpus.known.front();
    text += ", " + first.name + " (" + std::to_string(first.major) + "." + std::to_string(first.minor) +
            ", " + base::byte_size(static_cast<double>(first.memory)) + ")";
  }
  text += "; CUDA " + gpus.cuda + ", " + (gpus.cudnn.empty() ? "no cuDNN" : "cuDNN " + gpus.cudnn);
  return text + (base::mps_answers() ? "; MPS answers" : "; no MPS");
}

void print_json(const host::HostFacts& facts, const std::vector<host::SearchFolder>& folders) {
  const host::Stamp& stamp = facts.stamp;
  const network::Gpus& gpus = network::gpus();
  base::Json libraries = base::Json::array();
  for (const auto& library : facts.torch_libraries) libraries.add(library.string());
  const base::Json content = base::Json::object()
                                 .set("sdk", stamp.at("sdk"))
                                 .set("prefix", installation_prefix().string())
                                 .set("installed", has_sdk_package(installation_prefix()))
                                 .set("torch", stamp.at("torch"))
                                 .set("torch_kind", stamp.at("torch_kind"))
                                 .set("torch_libraries", std::move(libraries))
                                 .set("cxx11abi", stamp.at("cxx11abi"))
                                 .set("stdlib", stamp.at("stdlib"))
                                 .set("compiler", stamp.at("compiler"))
                                 .set("abi", host::abi_name(stamp))
                                 .set("gpus", gpus.count)
                                 .set("no_gpus", gpus.missing)
                                 .set("cuda", gpus.cuda)
                                 .set("cudnn", gpus.cudnn)
                                 .set("driver_cuda", base::gpu_driver().cuda)
                                 .set("mps", base::mps_answers())
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
      {"prefix",
       prefix.string() + (has_sdk_package(prefix) ? "" : " (no SDK there: Debian package taskonomy-dev)")},
      {"LibTorch", stamp.at("torch") + " (" + stamp.at("torch_kind") + ")"},
      {"libraries", base::join(libraries, ", ")},
      {"GPUs", gpus_text(network::gpus())},
      {"cxx11abi", stamp.at("cxx11abi") + ", " + stamp.at("stdlib")},
      {"compiler", stamp.at("compiler")},
      {"ABI", host::abi_name(stamp)}};
  std::string label = "plugins in";
  for (const auto& folder : folders) fields.emplace_back(std::exchange(label, ""), host::describe({folder}));
  print_fields(fields);
}

}  // namespace

base::ExitCode print_sdk_info(const Values& values) {
  const bool json = values.format() == "json";
  const host::HostFacts facts = host::own_facts();
  const auto folders = host::search_folders({}, facts);
  json ? print_json(facts, folders) : print_text(facts, folders);
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
