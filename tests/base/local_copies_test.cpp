#include "core/base/local_copies.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
namespace fs = std::filesystem;

TEST_CASE("a copy is the file as it is now, made once, and each file has one of its own") {
  const tests::Folder folder;
  const auto file = folder / "shared/labels", other = folder / "shared/images";
  base::write_file(file, "labels");
  base::write_file(other, "images");
  const base::CopiesFolder own(folder / "disk");
  const base::LocalCopies copies(own.path());
  const fs::path copy = copies.of(file);
  CHECK(copy.parent_path() == own.path());
  CHECK(base::read_file(copy) == "labels");
  CHECK(base::read_file(copies.of(other)) == "images");
  base::write_file(copy, "marked");  // would be written over, were it made again
  CHECK(base::read_file(copies.of(file)) == "marked");
  base::write_file(file, "other labels");
  CHECK(base::read_file(copies.of(file)) == "other labels");
}

TEST_CASE("what cannot be copied is read where it is") {
  const tests::Folder folder;
  const auto file = folder / "labels";
  base::write_file(file, "labels");
  CHECK(base::LocalCopies().of(file) == file);
  CHECK(base::LocalCopies(folder / "nowhere").of(file) == file);
  CHECK(base::LocalCopies(folder.path()).of(folder / "gone") == folder / "gone");
}

TEST_CASE("folders for copies go with their process, and those of killed ones with the next") {
  const tests::Folder folder;
  const auto disk = folder / "disk";
  const pid_t killed = ::fork();
  if (killed == 0) {
    const base::CopiesFolder left(disk);
    ::_exit(0);  // without destructors, as kill -9 does
  }
  int status = 0;
  REQUIRE(::waitpid(killed, &status, 0) == killed);
  base::write_file(disk / "not-ours", "");
  const auto count = [&] { return std::distance(fs::directory_iterator(disk), fs::directory_iterator()); };
  REQUIRE(count() == 2);
  {
    const base::CopiesFolder own(disk);
    CHECK(count() == 2);
    CHECK(fs::is_directory(own.path()));
  }
  CHECK(count() == 1);
  CHECK(fs::exists(disk / "not-ours"));
  base::write_file(folder / "file", "");
  CHECK_THROWS_AS(base::CopiesFolder(folder / "file/below"), base::Error);
}
