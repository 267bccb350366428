// Signal handlers that set a flag.
#include "core/jobs/interrupt.hpp"

namespace taskonomy::jobs {

namespace {
volatile std::sig_atomic_t interrupted = 0;  // handlers reach nothing else
void note(int) { interrupted = 1; }
}  // namespace

Interrupt::Interrupt() {
  interrupted = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one is not ours; no SA_RESTART: sleeps end
  for (int i = 0; i < 3; ++i) {
    ::sigaction(kSignals[i], &action, &before_[i]);
    if (before_[i].sa_handler == SIG_IGN) ::sigaction(kSignals[i], &before_[i], nullptr);  // nohup means it
  }
}

Interrupt::~Interrupt() {
  for (int i = 0; i < 3; ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
}

bool Interrupt::requested() const { return interrupted != 0; }

}  // namespace taskonomy::jobs
