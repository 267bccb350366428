#include "core/jobs/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/base/text.hpp"

extern char** environ;

namespace taskonomy::jobs {

namespace {

constexpr std::array<std::string_view, 14> kNames{"PATH", "HOME", "USER", "LOGNAME", "SHELL",
                                                  "LANG", "TZ",   "TERM", "COLUMNS", "TMPDIR",
                                                  "TMP",  "TEMP", "PWD",  "NO_COLOR"};
constexpr std::array<std::string_view, 24> kBeginnings{
    "LC_",      "XDG_",  "TASKONOMY_", "LD_",     "MALLOC_", "GLIBC_",  "OMP_",   "GOMP_",
    "KMP_",     "MKL_",  "OPENBLAS_",  "BLIS_",   "DNNL_",   "ONEDNN_", "ATEN_",  "TORCH_",
    "PYTORCH_", "CUDA_", "CUDNN_",     "CUBLAS_", "NVIDIA_", "ASAN_",   "UBSAN_", "TSAN_"};

std::string_view name_of(std::string_view variable) { return variable.substr(0, variable.find('=')); }

std::string passed_on() {
  const char* value = std::getenv(kPassedOn);
  return value == nullptr ? "" : value;
}

}  // namespace

bool is_for_plugins(std::string_view name, std::string_view passed_on) {
  if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
  if (std::any_of(kBeginnings.begin(), kBeginnings.end(),
                  [&](const auto& beginning) { return name.starts_with(beginning); }))
    return true;
  const auto asked = base::split(passed_on, ':');
  return std::find(asked.begin(), asked.end(), name) != asked.end();
}

std::vector<std::string> plugin_environment() {
  const std::string asked = passed_on();
  std::vector<std::string> kept;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
    if (is_for_plugins(name_of(*variable), asked)) kept.emplace_back(*variable);
  return kept;
}

void keep_plugin_environment() {
  const std::string asked = passed_on();
  std::vector<std::string> others;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
    if (const std::string name(name_of(*variable)); !is_for_plugins(name, asked)) others.push_back(name);
  for (const auto& name : others) ::unsetenv(name.c_str());
}

}  // namespace taskonomy::jobs
