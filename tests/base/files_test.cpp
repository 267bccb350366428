// Files are whole or absent: after a full disk, a writer that throws, a process that is killed.
#include "core/base/files.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "core/base/error.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using base::read_file;
using base::write_file;
using tests::Folder;

namespace {

template <typename Body>
std::string message_of(Body body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("what is written is read, parents are made, old content is replaced") {
  const Folder folder;
  const std::string bytes("a\0b\n\xff", 5);
  write_file(folder / "deep/er/file", bytes);
  CHECK(read_file(folder / "deep/er/file") == bytes);
  write_file(folder / "deep/er/file", "");
  CHECK(read_file(folder / "deep/er/file").empty());
  write_file(folder / "pieces", [](const auto& append) {
    for (int i = 0; i < 1000; ++i) append("0123456789", 10);
  });
  CHECK(read_file(folder / "pieces").size() == 10000);
  CHECK(files_in(folder / "deep/er") == 1);
}

TEST_CASE("a full disk leaves the old file, no temporary one, and an error that says what to do") {
  const Folder folder;
  const auto file = folder / "file";
  write_file(file, "old");
  // The temporary name leads to a device that is always full.
  std::filesystem::create_symlink("/dev/full", file.string() + ".tmp." + std::to_string(::getpid()));
  const std::string message = message_of([&] { write_file(file, "new"); });
  CHECK(message ==
        file.string() +
            ": cannot write: No space left on device (free some space and run the same command again)");
  CHECK(read_file(file) == "old");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a write that fails half way leaves the old file and no temporary one") {
  const Folder folder;
  const auto file = folder / "file";
  write_file(file, "old");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100000, 100000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    bool refused = false;
    try {
      write_file(file, std::string(1000000, 'x'));
    } catch (const base::Error&) {
      refused = true;
    }
    ::_exit(refused ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(read_file(file) == "old");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a writer that throws leaves the old file") {
  const Folder folder;
  const auto file = folder / "file";
  write_file(file, "old");
  CHECK_THROWS_AS(write_file(file,
                             [](const auto& append) {
                               append("half", 4);
                               throw std::runtime_error("the plugin failed");
                             }),
                  std::runtime_error);
  CHECK(read_file(file) == "old");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("killed at any moment of writing, a process leaves the old file or the new one") {
  const Folder folder;
  const auto file = folder / "file";
  const std::string versions[2] = {std::string(300000, 'a'), std::string(300000, 'b')};
  write_file(file, versions[0]);
  for (int round = 0; round < 15; ++round) {
    const pid_t child = ::fork();
    if (child == 0)
      for (int i = 0;; ++i) write_file(file, versions[i % 2]);
    ::usleep(static_cast<useconds_t>(1000 + 700 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string now = read_file(file);
    CHECK((now == versions[0] || now == versions[1]));
  }
}

TEST_CASE("what cannot be read or written is named with the reason") {
  const Folder folder;
  CHECK(message_of([&] { static_cast<void>(read_file(folder / "none")); }) ==
        (folder / "none").string() + ": cannot read: No such file or directory");
  CHECK(message_of([&] {
          static_cast<void>(read_file(folder.path()));
        }).find("is a folder, expected a file") != std::string::npos);
  CHECK(message_of([&] { static_cast<void>(read_file("/dev/null")); }).find("not a regular file") !=
        std::string::npos);
  write_file(folder / "file", "x");
  CHECK(message_of([&] { write_file(folder / "file/below", "x"); }).find("cannot create the folder") !=
        std::string::npos);
  CHECK(message_of([&] { write_file("/proc/taskonomy", "x"); }).find("/proc/taskonomy: cannot write") == 0);
  std::filesystem::create_directories(folder / "folder/inner");
  CHECK(message_of([&] { write_file(folder / "folder", "x"); }).find("cannot rename") != std::string::npos);
}

TEST_CASE("a mapped file shows its bytes; an empty one has none") {
  const Folder folder;
  write_file(folder / "file", "abc");
  const base::MappedFile file(folder / "file");
  CHECK(file.size() == 3);
  CHECK(static_cast<char>(file.data()[2]) == 'c');
  write_file(folder / "file", "another");  // replaced, not overwritten: the map keeps the old bytes
  CHECK(static_cast<char>(file.data()[2]) == 'c');
  write_file(folder / "empty", "");
  CHECK(base::MappedFile(folder / "empty").size() == 0);
}
