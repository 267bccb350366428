// Reads and puts back the state of LibTorch and of the process; the handlers of CrashGuard.
#include "core/host/process_guards.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ATen/ThreadLocalState.h>
#include <taskonomy/sdk/torch.hpp>

#include <array>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <locale>
#include <mutex>
#include <string>

namespace taskonomy::host {

namespace {

at::Generator default_generator() { return at::globalContext().defaultGenerator(at::kCPU); }

/// What the handler says first. It lies ready, because a signal handler may call next to nothing.
char beginning[1024];

void write_error(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) ::_exit(1);
}

extern "C" void name_plugin_and_exit(int signal) {
  const char* name = ::sigabbrev_np(signal);
  write_error(beginning);
  if (signal == SIGALRM) {
    write_error(" was not made in time and was stopped");
  } else {
    write_error(" crashed with SIG");
    write_error(name == nullptr ? "?" : name);
    write_error(" while it was loaded or made");
  }
  write_error("; leave it out, or mend it: taskonomy tasks check shows how it fails\n");
  ::_exit(1);
}

}  // namespace

struct StateGuard::Torch {
  caffe2::TypeMeta dtype = c10::get_default_dtype();
  int threads = at::get_num_threads();
  at::ThreadLocalState modes;
  bool deterministic = at::globalContext().deterministicAlgorithms();
  bool warn_only = at::globalContext().deterministicAlgorithmsWarnOnly();
  bool onednn = at::globalContext().userEnabledMkldnn();
  bool cudnn_deterministic = at::globalContext().deterministicCuDNN();
  bool cudnn_timing = at::globalContext().benchmarkCuDNN();
  at::Tensor generator;

  Torch() {
    auto source = default_generator();
    const std::lock_guard<std::mutex> lock(source.mutex());
    generator = source.get_state();
  }

  void restore() const {
    c10::set_default_dtype(dtype);
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
    at::ThreadLocalState::setThreadLocalState(modes);
    at::globalContext().setDeterministicAlgorithms(deterministic, warn_only);
    at::globalContext().setUserEnabledMkldnn(onednn);
    at::globalContext().setDeterministicCuDNN(cudnn_deterministic);
    at::globalContext().setBenchmarkCuDNN(cudnn_timing);
    auto target = default_generator();
    const std::lock_guard<std::mutex> lock(target.mutex());
    target.set_state(generator);
  }
};

struct StateGuard::Process {
  static constexpr int kSignals = 32;  // those before the real-time signals; 0 is no signal

  std::fenv_t arithmetic{};  // the rounding mode, and flush-to-zero, which LibTorch sets
  std::locale cpp;
  std::string c = std::setlocale(LC_ALL, nullptr);
  std::filesystem::path folder;
  mode_t mask = ::umask(022);
  sigset_t blocked{};
  std::array<struct sigaction, kSignals> handlers{};

  Process() {
    ::umask(mask);
    std::fegetenv(&arithmetic);
    std::error_code gone;
    folder = std::filesystem::current_path(gone);
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    for (int signal = 1; signal < kSignals; ++signal)
      ::sigaction(signal, nullptr, &handlers[static_cast<std::size_t>(signal)]);
  }

  void restore() const {
    std::fesetenv(&arithmetic);
    std::locale::global(cpp);  // changes the C locale too where it has a name
    std::setlocale(LC_ALL, c.c_str());
    std::error_code gone;
    if (!folder.empty()) std::filesystem::current_path(folder, gone);
    ::umask(mask);
    for (int signal = 1; signal < kSignals; ++signal)
      ::sigaction(signal, &handlers[static_cast<std::size_t>(signal)], nullptr);
    ::pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
  }
};

StateGuard::StateGuard() : torch_(std::make_unique<Torch>()), process_(std::make_unique<Process>()) {}

StateGuard::~StateGuard() {
  torch_->restore();
  process_->restore();
}

PrintGuard::PrintGuard() {
  std::cout.flush();
  std::fflush(stdout);
  before_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
  if (before_ >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

PrintGuard::~PrintGuard() {
  if (before_ < 0) return;  // there was no standard output
  std::cout.flush();
  std::fflush(stdout);
  ::dup2(before_, STDOUT_FILENO);
  ::close(before_);
}

CrashGuard::CrashGuard(const std::string& plugin, unsigned seconds) {
  const std::string text = "error: " + plugin;
  beginning[text.copy(beginning, sizeof beginning - 1)] = '\0';
  struct sigaction action {};
  action.sa_handler = name_plugin_and_exit;
  for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &action, &before_[i]);
  if (seconds > 0) ::alarm(seconds);
}

CrashGuard::~CrashGuard() {
  ::alarm(0);
  for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
}

}  // namespace taskonomy::host
