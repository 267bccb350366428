#include "core/cluster/query.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::cluster {

namespace {

/// A file without a name in memory.
int memory_file() {
  const int descriptor = ::memfd_create("taskonomy", MFD_CLOEXEC);
  if (descriptor < 0) throw base::Error("no memory for the answer of a program");
  return descriptor;
}

std::string content_of(int descriptor) {
  std::string text;
  char buffer[65536];
  ssize_t count = 0;
  while ((count = ::pread(descriptor, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

}  // namespace

Query::Query(const std::vector<std::string>& command, const std::string& input, double limit)
    : output_(memory_file()), errors_(memory_file()), limit_(limit) {
  const int reads = memory_file();
  if (::write(reads, input.data(), input.size()) < 0) errno = 0;
  ::lseek(reads, 0, SEEK_SET);
  std::vector<std::string> words{"/usr/bin/env"};
  words.insert(words.end(), command.begin(), command.end());
  process_ = jobs::start_process(words, {reads, output_, errors_}, jobs::Environment::whole);
  ::close(reads);
}

Query::~Query() {
  if (process_ > 0) {
    ::kill(-process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(output_);
  ::close(errors_);
}

std::optional<Answer> Query::answer() {
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) == process_) {
    process_ = -1;
    Answer answer{WIFEXITED(status) && WEXITSTATUS(status) == 0, content_of(output_),
                  base::trim(content_of(errors_))};
    if (!answer.good && answer.error.empty()) answer.error = jobs::end_in_words(status);
    return answer;
  }
  if (seconds_since(begin_) < limit_) return std::nullopt;
  ::kill(-process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
  return Answer{false, "", "did not answer within " + base::duration(limit_)};
}

Answer ask(const std::vector<std::string>& command, const std::string& input, double limit) {
  Query query(command, input, limit);
  for (;;) {
    if (auto answer = query.answer()) return *std::move(answer);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace taskonomy::cluster
