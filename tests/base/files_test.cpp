// Files are whole or absent: after a full disk, a writer that throws, a process that is killed.
#include "core/base/files.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using base::read_file;
using base::write_file;
using tests::Folder;

namespace {

int synced_folders = 0;

}  // namespace

/// Replaces the system's in this program: nothing else shows whether a folder was synced.
extern "C" int fsync(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) ++synced_folders;
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

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
  std::filesystem::create_symlink("/dev/full", base::temporary_name(file));
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

TEST_CASE("the folder of a new name is synced, once the name is there") {
  const Folder folder;
  const int before = synced_folders;
  write_file(folder / "file", "x");
  CHECK(synced_folders == before + 1);
}

TEST_CASE("a temporary name tells who writes it, and fits beside a long name") {
  const base::ProcessId self = base::this_process();
  CHECK(base::writer_of(base::temporary_name("/run/sources/my.tmp.file")) == self);
  CHECK(base::temporary_name(std::string(192, 'x')).string().size() < 255);
  CHECK(base::writer_of("a.tmp.node-7.12.345") == base::ProcessId{"node-7", 12, 345});
  CHECK(base::writer_of("a.tmp.4711") == base::ProcessId{"", 4711, 0});
  for (const char* name :
       {"a", "a.tmp", "a.tmp.", "my.tmp.file", "a.tmp.node.12", "a.tmp.node.x.1", "a.tmp.node.1.x",
        "a.tmp..1.2", "a.tmp.node.1.2.3", "a.tmp.-4", "a.tmp.node.99999999999.1", ".tmp.12"})
    CHECK_MESSAGE(!base::writer_of(name), name);
}

TEST_CASE("a process runs until it has ended, and a new one with its number is another") {
  const base::ProcessId self = base::this_process();
  CHECK(base::life_of(self) == base::Life::running);
  CHECK(base::life_of({self.host, self.pid, self.start + 1}) == base::Life::ended);
  CHECK(base::life_of({self.host + "x", self.pid, self.start}) == base::Life::unknown);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const base::ProcessId own = base::this_process();
    const bool told = ::write(ends[1], &own.start, sizeof own.start) == sizeof own.start;
    ::pause();
    ::_exit(told ? 0 : 1);
  }
  std::uint64_t start = 0;
  REQUIRE(::read(ends[0], &start, sizeof start) == sizeof start);
  CHECK(base::life_of({self.host, child, start}) == base::Life::running);
  ::kill(child, SIGKILL);
  siginfo_t ended{};
  ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  CHECK(base::life_of({self.host, child, start}) == base::Life::ended);  // a zombie
  ::waitpid(child, nullptr, 0);
  CHECK(base::life_of({self.host, child, start}) == base::Life::ended);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("abandoned are temporary files of ended processes here, and old ones of processes elsewhere") {
  const Folder folder;
  const auto make = [&](const std::string& name, int hours_ago) {
    std::ofstream(folder / name) << "x";
    std::filesystem::last_write_time(
        folder / name, std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours_ago));
    return folder / name;
  };
  const base::ProcessId self = base::this_process();
  const std::string here = "." + std::to_string(self.pid) + ".";
  CHECK_FALSE(base::is_abandoned(make(base::temporary_name("a").string(), 100)));
  CHECK(base::is_abandoned(make("a.tmp." + self.host + here + std::to_string(self.start + 1), 0)));
  CHECK_FALSE(base::is_abandoned(make("a.tmp.elsewhere.1.2", 0)));
  CHECK_FALSE(base::is_abandoned(make("a.tmp.elsewhere.1.2", 5)));
  CHECK(base::is_abandoned(make("a.tmp.elsewhere.1.2", 7)));
  CHECK_FALSE(base::is_abandoned(make("a.tmp.1", 0)));
  CHECK(base::is_abandoned(make("a.tmp.1", 7)));
  CHECK_FALSE(base::is_abandoned(make("a", 100)));
  CHECK_FALSE(base::is_abandoned(folder / "gone.tmp.elsewhere.1.2"));
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

TEST_CASE("checksums are XXH64: the values that others publish, one bit changes them, at any length") {
  CHECK(base::checksum("") == "ef46db3751d8e999");
  CHECK(base::checksum("abc") == "44bc2cf5ad770999");
  CHECK(base::checksum("Nobody inspects the spammish repetition") == "fbcea83c8a378bf1");
  for (std::size_t length = 1; length < 100; ++length) {
    std::string text(length, 'a');
    const std::string before = base::checksum(text);
    text[length / 2] ^= 1;
    CHECK(base::checksum(text) != before);
  }
}
