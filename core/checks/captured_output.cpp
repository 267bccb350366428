#include "core/checks/captured_output.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "core/base/error.hpp"

namespace taskonomy::checks {

namespace {

void empty_buffers() {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
}

}  // namespace

CapturedOutput::CapturedOutput(int descriptor) : descriptor_(descriptor) {
  empty_buffers();
  original_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
  memory_ = ::memfd_create("taskonomy-output", MFD_CLOEXEC);
  if (original_ < 0 || memory_ < 0 || ::dup2(memory_, descriptor) < 0)
    throw base::Error(std::string("cannot capture output: ") + std::strerror(errno));
}

CapturedOutput::~CapturedOutput() {
  empty_buffers();
  ::dup2(original_, descriptor_);
  ::close(original_);
  ::close(memory_);
}

std::uint64_t CapturedOutput::size() const {
  empty_buffers();
  struct stat status {};
  return ::fstat(memory_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::string CapturedOutput::text(std::size_t most) const {
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(size(), most)), '\0');
  const ssize_t got = ::pread(memory_, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

}  // namespace taskonomy::checks
