// How a process ended, for people.
#pragma once

#include <string>

namespace taskonomy::jobs {

/// A status of waitpid() in words: "crashed with SIGSEGV (Segmentation fault)", "ended with exit code 3".
[[nodiscard]] std::string end_in_words(int status);

}  // namespace taskonomy::jobs
