// Reads affinity, cgroup quota, memory, and what /proc says of processors and processes.
#include "core/base/machine.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
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

/// When a process of this computer started, in ticks; nothing when there is none or it has ended (zombie).
std::optional<std::uint64_t> start_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  // "PID (NAME) STATE ...": the name may hold blanks and brackets. Field 22 of proc(5) is the start.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string state, skipped;
  fields >> state;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  std::uint64_t start = 0;
  if (state == "Z" || state == "X" || !(fields >> start)) return std::nullopt;
  return start;
}

/// Number of the name space of process numbers, "" for the one that the computer starts with.
std::string container_number() {
  std::error_code error;
  const std::string link = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
  if (error || link == "pid:[4026531836]") return "";
  std::string digits;
  std::copy_if(link.begin(), link.end(), std::back_inserter(digits),
               [](unsigned char letter) { return std::isdigit(letter) != 0; });
  return digits;
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

std::string host_name() {
  constexpr std::size_t kLongest = 32, kDigits = 8;
  char buffer[256] = {};
  std::string name = ::gethostname(buffer, sizeof buffer - 1) == 0 ? buffer : "unknown";
  const std::string container = container_number();
  if (!container.empty()) name += "~" + container;
  const std::string whole = name;
  for (char& letter : name) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '~';
    if (!plain) letter = '-';
  }
  if (name.size() > kLongest)
    name = name.substr(0, kLongest - kDigits - 1) + "~" + fingerprint(whole).substr(0, kDigits);
  return name;
}

ProcessId this_process() {
  const int pid = ::getpid();
  return {host_name(), pid, start_of(pid).value_or(0)};
}

Life life_of(const ProcessId& process) {
  if (process.host != host_name()) return Life::unknown;
  return start_of(process.pid) == process.start ? Life::running : Life::ended;
}

}  // namespace taskonomy::base
