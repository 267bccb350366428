// Reads affinity, cgroup quota, /proc/cpuinfo and memory.
#include "core/base/machine.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::base {

namespace {

/// Cores granted by cgroup v2 ("max 100000" or "150000 100000": microseconds per period); 0 = no limit.
double cgroup_quota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0.0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0.0) return 0.0;
  return std::strtod(quota.c_str(), nullptr) / period;
}

/// Bytes granted by cgroup v2 ("max" or a number); 0 = no limit.
std::uint64_t cgroup_memory() {
  std::ifstream file("/sys/fs/cgroup/memory.max");
  std::uint64_t bytes = 0;
  return file >> bytes ? bytes : 0;
}

}  // namespace

std::uint64_t usable_memory() {
  const auto physical = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                        static_cast<std::uint64_t>(::sysconf(_SC_PAGE_SIZE));
  const std::uint64_t granted = cgroup_memory();
  return granted > 0 ? std::min(physical, granted) : physical;
}

std::size_t usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::size_t cores = 1;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) cores = static_cast<std::size_t>(CPU_COUNT(&set));
  const double quota = cgroup_quota();
  if (quota > 0.0) cores = std::min(cores, static_cast<std::size_t>(std::ceil(quota)));
  return std::max<std::size_t>(cores, 1);
}

Machine this_machine() {
  Machine machine;
  machine.cores = usable_cores();
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    machine.cpu = trim(line.substr(line.find(':') + 1));
    break;
  }
  const auto pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES));
  machine.memory_gib = pages * static_cast<double>(::sysconf(_SC_PAGE_SIZE)) / (1024.0 * 1024.0 * 1024.0);
  return machine;
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string this_program() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw Error("/proc/self/exe: cannot find this program's own file: " + error.message());
  return path.string();
}

}  // namespace taskonomy::base
