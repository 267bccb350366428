// A run's losses read back from its folder.
#include "core/affinity/run_losses.hpp"

#include <nlohmann/json.hpp>

#include "core/affinity/loss_file.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/safetensors.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

void write_losses(const std::filesystem::path& path, const std::vector<double>& losses) {
  const auto* data = reinterpret_cast<const std::byte*>(losses.data());
  base::write_safetensors(
      path, {{"loss", {"F64", {std::ssize(losses)}, data, losses.size() * sizeof(double)}}}, {});
}

void write_images(const std::filesystem::path& path, const std::vector<std::string>& ids) {
  base::write_safetensors(path, {}, {{"ids", nlohmann::json{{"test", ids}}.dump()}});
}

}  // namespace

TEST_CASE("rows of the tournament, in its order, under the test split's ids; older losses stay out") {
  const tests::Folder run;
  base::write_file(run / "tournaments/t.csv", "wins of row over column,t,(scratch),a,a+b\nt,0.5,1,1,1\n");
  write_losses(run / "losses/t/_self.safetensors", {1, 2});
  write_losses(run / "losses/t/_scratch.safetensors", {3, 4});
  write_losses(run / "losses/t/a.safetensors", {5, 6});
  write_losses(run / "losses/t/a+b.safetensors", {7, 8});
  write_losses(run / "losses/t/stale.safetensors", {9, 9});
  write_images(run / "examples/images-single.safetensors", {"room/1", "room/2"});
  const auto tables = affinity::read_run_losses(run.path(), {"t"});
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].competitors == std::vector<std::string>{"t", affinity::kScratch, "a", "a+b"});
  CHECK(tables[0].loss == std::vector<std::vector<double>>{{1, 2}, {3, 4}, {5, 6}, {7, 8}});
  CHECK(tables[0].images == std::vector<std::string>{"room/1", "room/2"});
  write_images(run / "examples/images-fixated.safetensors", {"p/1", "p/2"});  // which of the two is not known
  CHECK(affinity::read_run_losses(run.path(), {"t"})[0].images == std::vector<std::string>{"1", "2"});
}

TEST_CASE("what is missing or not sound is named") {
  const tests::Folder run;
  CHECK_THROWS_WITH_AS((void)affinity::read_run_losses(run.path(), {"t"}), doctest::Contains("t.csv"),
                       base::Error);
  base::write_file(run / "tournaments/t.csv", "wins of row over column,t\n");
  CHECK_THROWS_WITH_AS((void)affinity::read_run_losses(run.path(), {"t"}),
                       doctest::Contains("_self.safetensors"), base::Error);
  base::write_file(run / "losses/t/_self.safetensors", "not losses");
  CHECK_THROWS_WITH_AS((void)affinity::read_run_losses(run.path(), {"t"}),
                       doctest::Contains("_self.safetensors"), base::Error);
  const std::vector<float> singles{1.0F};
  base::write_safetensors(run / "losses/t/_self.safetensors",
                          {{"loss", {"F32", {1}, reinterpret_cast<const std::byte*>(singles.data()), 4}}},
                          {});
  CHECK_THROWS_WITH_AS((void)affinity::read_run_losses(run.path(), {"t"}), doctest::Contains("F64"),
                       base::Error);
}
