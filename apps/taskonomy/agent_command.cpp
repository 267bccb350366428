// taskonomy agent: the workers of one machine, at the orders of a run on another one.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/program.hpp"
#include "apps/taskonomy/worker_processes.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/local_copies.hpp"
#include "core/base/machine.hpp"
#include "core/cluster/agent.hpp"
#include "core/cluster/call.hpp"
#include "core/jobs/run_loop.hpp"

namespace taskonomy::cli {

namespace {

/// The connection over standard input and output. From now on what anybody prints goes to standard error.
std::unique_ptr<cluster::Link> standard_link() {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int input = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  const int output = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (nothing < 0 || input < 0 || output < 0 || ::dup2(nothing, STDIN_FILENO) < 0 ||
      ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    throw base::Error(std::string("agent: cannot set its connection aside: ") + std::strerror(errno));
  ::close(nothing);
  return std::make_unique<cluster::Link>(input, output);
}

/// Calls the run that a file names, which may be another one each time.
class Caller {
 public:
  explicit Caller(std::filesystem::path file) : file_(std::move(file)) {}
  std::unique_ptr<cluster::Link> call() {
    const auto where = cluster::read_call_address(file_);
    if (!where) return complain(file_.string() + " is not there: no run waits for pilots");
    token_ = where->token;
    auto link = cluster::call(*where);
    if (link) return link;
    return complain("nobody answers at " + where->address + " port " + std::to_string(where->port) +
                    ": is that how this machine reaches the run's? (--cluster-set address=HOST)");
  }
  [[nodiscard]] const std::string& token() const { return token_; }

 private:
  /// Says it when it was not said last.
  std::unique_ptr<cluster::Link> complain(const std::string& words) {
    if (std::exchange(complaint_, words) != words) std::cerr << "agent: " << words << std::endl;
    return nullptr;
  }

  std::filesystem::path file_;
  std::string token_, complaint_;
};

/// Throws Error for a plugin of the run that is missing here or is another one. Pages of scripts are compared by the
/// workers that load them.
void require_same_plugins(const jobs::RunDirectory& run) {
  for (const auto& plugin : run.read_manifest().plugins) {
    const std::filesystem::path file = plugin.file;
    if (file.extension() != ".so") continue;
    std::error_code error;
    const std::string called = plugin.kind + " \"" + plugin.id + "\" (" + plugin.file + ")";
    if (!std::filesystem::exists(file, error))
      throw base::Error(base::host_name() + " has no " + called + ": install it there, too");
    if (base::fingerprint(base::read_file(file)) != plugin.fingerprint)
      throw base::Error(base::host_name() + " has another " + called +
                        ": install the same one on all machines");
  }
}

/// A folder that may begin with a variable of this machine, as "$TMPDIR/copies" does. Throws Error when it is not set.
std::filesystem::path folder_here(const std::string& text) {
  if (!text.starts_with("$")) return text;
  const auto slash = text.find('/');
  const std::string name = text.substr(1, slash == std::string::npos ? slash : slash - 1);
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    throw base::Error("[cluster] copies: $" + name + " is not set on " + base::host_name() +
                      "; name a folder of its disk");
  return value + (slash == std::string::npos ? "" : text.substr(slash));
}

/// One worker for each core; for runs on GPUs as the run says of one GPU.
std::size_t workers_here(const jobs::RunDirectory& run) {
  try {
    auto recipe = run.read_recipe();
    recipe.compute.workers = 0;  // those of the run's own machine
    return workers_of(-1, recipe);
  } catch (const base::Error&) {  // this machine does not see the run yet
    return base::usable_cores();
  }
}

base::ExitCode serve_run(const Values& given) {
  const jobs::RunDirectory run(std::filesystem::absolute(given.text("RUN")));
  const long workers = given.integer("workers", 0, 0, recipe::kMostWorkers);
  std::signal(SIGPIPE, SIG_IGN);
  const jobs::Interrupt interrupt;
  jobs::RunLog log(std::cerr);
  cluster::AgentSettings settings{run};
  settings.pilot = given.count("pilot", 1, 1);
  if (const char* node = std::getenv("SLURMD_NODENAME")) settings.node = node;
  settings.workers = workers > 0 ? static_cast<std::size_t>(workers) : workers_here(run);
  settings.seconds = given.real("seconds", 0.0, 0.0);
  settings.version = version();
  settings.stamp = program_stamp();
  settings.interrupted = [&] { return interrupt.signal(); };
  std::optional<base::CopiesFolder> copies;
  settings.make_pool = [&] {
    require_same_plugins(run);
    std::vector<std::string> options;
    if (given.has("copies")) {
      copies.emplace(folder_here(given.text("copies")));
      options = {"--copies", copies->path().string()};
    }
    return make_worker_pool(worker_command_line(run, given.list("plugin-dir"), options), settings.workers,
                            run.read_recipe(), log);
  };
  std::unique_ptr<cluster::Link> first;
  Caller caller(given.text("call"));
  if (given.has("call")) {
    constexpr double kPatience = 600.0;  // for the next `taskonomy run`
    settings.patience = kPatience;
    settings.connect = [&caller] { return caller.call(); };
    settings.token = [&caller] { return caller.token(); };
  } else {
    first = standard_link();
    settings.connect = [&first] { return std::move(first); };
  }
  static_cast<void>(cluster::serve(settings, log));
  return base::ExitCode::done;
}

}  // namespace

Command agent_command() {
  return {.name = "agent",
          .summary = "work for a run on another machine: what `run --cluster` starts",
          .arguments = {{"RUN"}},
          .about = R"(Runs jobs of RUN, a folder that both machines share, in worker processes of
this machine. Its standard input and output are the connection to the run,
and it ends when that does. What it and its workers print goes to standard
error. `taskonomy run RECIPE --cluster FILE` starts it behind whatever FILE's
launch says: ssh, srun, or nothing but a shell; or in a batch job of Slurm,
from where it calls the run, and the next one when that ends, for ten
minutes.)",
          .examples = R"(taskonomy run demo.toml --cluster cluster.toml   # starts agents)",
          .options = {{"pilot", "N", "its number in the run (1)"},
                      {"workers", "N", "worker processes (0: one per core, or as the run says for GPUs)"},
                      {"seconds", "S", "how long it may live, for the run to know (0: any time)"},
                      {"call", "FILE", "call the run that FILE names (RUN/cluster/address), for batch jobs"},
                      {"copies", "DIR",
                       "read images, labels and features from copies in DIR, on this machine's disk"},
                      plugin_dir_option()},
          .run = serve_run};
}

}  // namespace taskonomy::cli
