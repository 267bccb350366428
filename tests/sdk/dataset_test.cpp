// What a dataset says of its files, so that a run notices when they change.
#include <taskonomy/sdk/dataset.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
namespace fs = std::filesystem;

namespace {

struct Plain final : sdk::Dataset {
  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override { return {}; }
  [[nodiscard]] sdk::Sample sample(const std::string&, std::int64_t, sdk::ViewKind,
                                   const std::vector<std::string>&) const override {
    return {};
  }
  sdk::DatasetInfo info_;
};

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

}  // namespace

TEST_CASE("a dataset that does not say what its files are knows nothing of them") {
  CHECK(Plain().files_state("room", "rgb").empty());
}

TEST_CASE("the state of files changes with their names, sizes, times and number, and with nothing else") {
  const tests::Folder folder;
  const fs::path a = folder / "a.png", b = folder / "b.png";
  write(a, "one"), write(b, "two");
  const std::string state = sdk::state_of({a, b});
  CHECK(sdk::state_of({a, b}) == state);
  CHECK(sdk::state_of({a}) != state);
  CHECK(sdk::state_of({b, a}) != state);
  CHECK(sdk::state_of({}).empty());

  write(a, "longer");
  const std::string longer = sdk::state_of({a, b});
  CHECK(longer != state);
  fs::last_write_time(a, fs::last_write_time(a) - std::chrono::seconds(5));
  const std::string earlier = sdk::state_of({a, b});
  CHECK(earlier != longer);
  fs::rename(a, folder / "c.png");
  CHECK(sdk::state_of({folder / "c.png", b}) != earlier);
}

TEST_CASE("a file that is not there is said to be missing, one that is no file to be unreadable") {
  const tests::Folder folder;
  fs::create_directory(folder / "folder.png");
  CHECK(sdk::state_of({folder / "gone.png", folder / "folder.png"}) ==
        "gone.png missing\nfolder.png unreadable\n");
  write(folder / "a.png", "one");
  CHECK(sdk::state_of({folder / "a.png" / "b.png"}) == "b.png missing\n");
}
