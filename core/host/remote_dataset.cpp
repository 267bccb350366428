// Questions and answers over a socket, each a length and that many bytes (parcel.hpp).
#include "core/host/remote_dataset.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include <taskonomy/sdk/dataset_notes.hpp>
#include <taskonomy/sdk/shared_photographs.hpp>

#include "core/base/error.hpp"
#include "core/host/boundary.hpp"
#include "core/host/child.hpp"
#include "core/host/parcel.hpp"

namespace taskonomy::host {
namespace {

enum class Question : char { info, scenes, files_state, notes, why_not_offered, photographs };

/// The name of the function that is asked, for messages.
const char* name_of(Question question) {
  switch (question) {
    case Question::info:
      return "loaded or made";
    case Question::scenes:
      return "asked for scenes";
    case Question::files_state:
      return "asked for files_state";
    case Question::notes:
      return "asked for notes";
    case Question::why_not_offered:
      return "asked why_not_offered";
    case Question::photographs:
      return "asked for photographs";
  }
  throw std::logic_error("unknown question");
}

/// One end of the line between the two processes.
class Line {
 public:
  explicit Line(int descriptor) : descriptor_(descriptor) {}
  ~Line() { ::close(descriptor_); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// False when the other end is gone.
  [[nodiscard]] bool send(const std::string& text) const {
    const std::string all = pack(text);
    std::size_t sent = 0;
    while (sent < all.size()) {
      const ssize_t count = ::send(descriptor_, all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    return true;
  }

  /// Whether there is something to receive, or nobody who could send it.
  [[nodiscard]] bool has_come(int milliseconds) const {
    pollfd look{descriptor_, POLLIN, 0};
    return ::poll(&look, 1, milliseconds) > 0;
  }

  /// Waits; nothing when the other end is gone.
  [[nodiscard]] std::optional<std::string> receive() const {
    std::size_t size = 0;
    if (!read(reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
    std::string text(size, '\0');
    if (!read(text.data(), size)) return std::nullopt;
    return text;
  }

 private:
  [[nodiscard]] bool read(char* to, std::size_t size) const {
    while (size > 0) {
      const ssize_t count = ::recv(descriptor_, to, size, 0);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      to += count;
      size -= static_cast<std::size_t>(count);
    }
    return true;
  }

  int descriptor_;
};

/// A socket and its other end, both at numbers where plugins do not look.
std::pair<int, int> open_line() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw base::Error(std::string("cannot open a line to a plugin: ") + std::strerror(errno));
  for (int& end : ends) {
    constexpr int kHigh = 200;
    const int copy = ::fcntl(end, F_DUPFD_CLOEXEC, kHigh);
    if (copy < 0) continue;  // a limit of few descriptors
    ::close(end);
    end = copy;
  }
  return {ends[0], ends[1]};
}

// In the child.

std::string answer_to(std::string_view asked, const sdk::Dataset& dataset) {
  const auto* notes = dynamic_cast<const sdk::DatasetNotes*>(&dataset);
  const auto* shared = dynamic_cast<const sdk::SharedPhotographs*>(&dataset);
  Question question{};
  std::string scene, modality;
  std::int64_t index = 0;
  sdk::ViewKind kind{};
  unpack(asked, question, scene, modality, index, kind);
  switch (question) {
    case Question::info:
      return pack(dataset.info(), shared != nullptr);
    case Question::scenes:
      return pack(dataset.scenes(kind));
    case Question::files_state:
      return pack(dataset.files_state(scene, modality));
    case Question::notes:
      return pack(notes == nullptr ? std::vector<std::string>() : notes->notes());
    case Question::why_not_offered:
      return pack(notes == nullptr ? std::string() : notes->why_not_offered(modality));
    case Question::photographs:
      return pack(shared->photographs(scene, index, kind));
  }
  throw std::logic_error("unknown question");
}

/// The first byte of an answer says whether it is one, or what was thrown.
constexpr char kAnswer = 'a', kError = 'e';

void serve(const Line& line, const std::function<std::shared_ptr<sdk::Dataset>()>& make) {
  std::shared_ptr<sdk::Dataset> dataset;
  while (const auto asked = line.receive()) {
    std::string answer;
    try {
      if (!dataset) dataset = make();  // the first question is for its info, when it is to be made
      answer = kAnswer + answer_to(*asked, *dataset);
    } catch (...) {
      answer = kError + message_in_flight();
    }
    if (!line.send(answer)) break;
  }
  ::_exit(0);  // without destroying the data set
}

// In this process.

/// The other process.
class Remote {
 public:
  Remote(std::string plugin, const std::function<std::shared_ptr<sdk::Dataset>()>& make)
      : Remote(std::move(plugin), make, open_line()) {}

  template <class Answer>
  [[nodiscard]] Answer ask(Question question, const std::string& scene = "", const std::string& modality = "",
                           std::int64_t index = 0, sdk::ViewKind kind = sdk::ViewKind::single) const {
    Answer answer{};
    unpack(text_of(question, pack(question, scene, modality, index, kind)), answer);
    return answer;
  }
  /// Whether it offers SharedPhotographs beside.
  [[nodiscard]] std::pair<sdk::DatasetInfo, bool> info() const {
    std::pair<sdk::DatasetInfo, bool> answer;
    unpack(text_of(Question::info, pack(Question::info, std::string(), std::string(), std::int64_t{0},
                                        sdk::ViewKind::single)),
           answer.first, answer.second);
    return answer;
  }

 private:
  Remote(std::string plugin, const std::function<std::shared_ptr<sdk::Dataset>()>& make,
         std::pair<int, int> ends)
      : plugin_(std::move(plugin)), line_(ends.first), child_([&] { serve(Line(ends.second), make); }) {
    ::close(ends.second);
  }

  [[nodiscard]] std::string text_of(Question question, const std::string& asked) const {
    const std::lock_guard<std::mutex> lock(asking_);
    const auto answer = line_.send(asked) ? wait_for_answer(question) : std::nullopt;
    if (!answer || answer->empty()) lost(question);
    if (answer->front() == kError) throw base::Error(answer->substr(1));
    return answer->substr(1);
  }

  /// A data set may have thousands of files to look at first, so that there is no limit.
  [[nodiscard]] std::optional<std::string> wait_for_answer(Question question) const {
    constexpr int kMilliseconds = 200;
    WaitingLine line(plugin_ + ": being " + name_of(question));
    while (!line_.has_come(kMilliseconds)) line.show();
    return line_.receive();
  }

  [[noreturn]] void lost(Question question) const {
    constexpr int kLooks = 100;
    for (int look = 0; look < kLooks && !child_.ended(); ++look)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    throw ChildFault(plugin_ + (child_.ended() ? child_.end_in_words() : " closed its line to this process") +
                     " while it was " + name_of(question) +
                     "; taskonomy data lint shows more of its samples");
  }

  std::string plugin_;
  Line line_;
  mutable std::mutex asking_;
  mutable Child child_;
};

class RemoteDataset : public sdk::Dataset, public sdk::DatasetNotes {
 public:
  RemoteDataset(std::shared_ptr<const Remote> remote, sdk::DatasetInfo info)
      : remote_(std::move(remote)), info_(std::move(info)) {}

  const sdk::DatasetInfo& info() const noexcept override { return info_; }
  std::vector<sdk::Scene> scenes(sdk::ViewKind kind) const override {
    return remote_->ask<std::vector<sdk::Scene>>(Question::scenes, "", "", 0, kind);
  }
  sdk::Sample sample(const std::string&, std::int64_t, sdk::ViewKind,
                     const std::vector<std::string>&) const override {
    throw std::logic_error("samples of a plugin are read in workers, not here");
  }
  std::string files_state(const std::string& scene, const std::string& modality) const override {
    return remote_->ask<std::string>(Question::files_state, scene, modality);
  }
  std::vector<std::string> notes() const override {
    return remote_->ask<std::vector<std::string>>(Question::notes);
  }
  std::string why_not_offered(const std::string& modality) const override {
    return remote_->ask<std::string>(Question::why_not_offered, "", modality);
  }

 protected:
  std::shared_ptr<const Remote> remote_;

 private:
  sdk::DatasetInfo info_;
};

class SharingRemoteDataset : public RemoteDataset, public sdk::SharedPhotographs {
 public:
  using RemoteDataset::RemoteDataset;
  std::vector<std::string> photographs(const std::string& scene, std::int64_t index,
                                       sdk::ViewKind kind) const override {
    return remote_->ask<std::vector<std::string>>(Question::photographs, scene, "", index, kind);
  }
};

}  // namespace

std::shared_ptr<sdk::Dataset> make_remote_dataset(
    const std::string& plugin, const std::function<std::shared_ptr<sdk::Dataset>()>& make) {
  const auto remote = std::make_shared<const Remote>(plugin, make);
  auto [info, shares] = remote->info();
  if (shares) return std::make_shared<SharingRemoteDataset>(remote, std::move(info));
  return std::make_shared<RemoteDataset>(remote, std::move(info));
}

}  // namespace taskonomy::host
