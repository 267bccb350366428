// Loss files: what is written reads back, what is damaged is refused by name, and a run's losses come from
// its folder.
#include "core/affinity/loss_file.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/base/files.hpp"

#include "core/base/safetensors.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

template <typename Value>
base::TensorView view_of(const std::string& dtype, std::vector<std::int64_t> shape,
                         const std::vector<Value>& values) {
  return {dtype, std::move(shape), reinterpret_cast<const std::byte*>(values.data()),
          values.size() * sizeof(Value)};
}

template <typename Body>
std::string refusal(const Body& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

void write_rows(const std::filesystem::path& path, const std::vector<double>& losses) {
  affinity::write_losses(path, losses, {}, "key");
}

void write_images(const std::filesystem::path& path, const std::vector<std::string>& ids) {
  base::write_safetensors(path, {}, {{"ids", R"({"test":[")" + ids[0] + R"(",")" + ids[1] + "\"]}"}});
}

}  // namespace

TEST_CASE("losses and the key of their job read back, with NaN and infinity, to the last bit") {
  const tests::Folder folder;
  const auto path = folder / "losses/t/a.safetensors";
  const std::vector<double> losses{0.1, kNone, std::numeric_limits<double>::infinity(), -0.0, 1e-310};
  affinity::write_losses(path, losses, {}, "key of the job");
  const auto read = affinity::read_losses(path);
  REQUIRE(read.size() == losses.size());
  for (std::size_t n = 0; n < losses.size(); ++n) {
    CHECK((read[n] == losses[n] || (std::isnan(read[n]) && std::isnan(losses[n]))));
    CHECK(std::signbit(read[n]) == std::signbit(losses[n]));
  }
  CHECK(base::Safetensors(path).metadata().at("made_from") == "key of the job");
  CHECK(affinity::read_metric_means(path).empty());
}

TEST_CASE("means of metrics leave NaN out, and a metric of no image is NaN") {
  const tests::Folder folder;
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  affinity::write_losses(folder / "a", std::vector<double>{1, 2, 3},
                         std::vector<float>{9, 0.5, nan, /**/ 4, nan, nan, /**/ nan, 1, nan}, "key");
  const auto means = affinity::read_metric_means(folder / "a");
  REQUIRE(means.size() == 3);
  CHECK(means[0] == 6.5);
  CHECK(means[1] == 0.75);
  CHECK(std::isnan(means[2]));
  CHECK(affinity::read_losses(folder / "a") == std::vector<double>{1, 2, 3});
}

TEST_CASE("metrics that are not K values for each image are a mistake of the caller") {
  const tests::Folder folder;
  const std::vector<float> metrics{1, 2, 3};
  CHECK_THROWS_AS(affinity::write_losses(folder / "a", std::vector<double>{1, 2}, metrics, ""),
                  std::logic_error);
  CHECK_THROWS_AS(affinity::write_losses(folder / "a", std::vector<double>{}, metrics, ""), std::logic_error);
}

TEST_CASE("a file that is damaged or holds something else is refused by its name") {
  const tests::Folder folder;
  const auto path = folder / "a.safetensors";
  const auto losses = [&] { return refusal([&] { (void)affinity::read_losses(path); }); };
  const auto metrics = [&] { return refusal([&] { (void)affinity::read_metric_means(path); }); };
  CHECK(losses().find(path.string()) != std::string::npos);  // missing
  base::write_file(path, "not losses");
  CHECK(losses().find(path.string()) != std::string::npos);
  CHECK(metrics().find(path.string()) != std::string::npos);
  write_rows(path, {1, 2, 3});
  auto bytes = base::read_file(path);
  bytes.resize(bytes.size() - 8);
  base::write_file(path, bytes);
  CHECK(losses().find(path.string()) != std::string::npos);

  const std::vector<float> singles{1, 2};
  const std::vector<double> doubles{1, 2};
  base::write_safetensors(path, {{"loss", view_of("F32", {2}, singles)}}, {});
  CHECK(losses() == path.string() + ": expected losses as F64 of one dimension, found F32 of 1");
  base::write_safetensors(path, {{"loss", view_of("F64", {2, 1}, doubles)}}, {});
  CHECK(losses() == path.string() + ": expected losses as F64 of one dimension, found F64 of 2");
  base::write_safetensors(path, {{"metrics", view_of("F64", {2, 1}, doubles)}}, {});
  CHECK(metrics() == path.string() + ": expected metrics as F32 of two dimensions, found F64 of 2");
  base::write_safetensors(path, {{"metrics", view_of("F32", {2}, singles)}}, {});
  CHECK(metrics() == path.string() + ": expected metrics as F32 of two dimensions, found F32 of 1");
  CHECK(losses().find("\"loss\"") != std::string::npos);  // no such tensor
}

TEST_CASE("rows of the tournament, in its order, under the test split's ids; older losses stay out") {
  const tests::Folder run;
  base::write_file(run / "tournaments/t.csv", "wins of row over column,t,(scratch),a,a+b\nt,0.5,1,1,1\n");
  write_rows(run / "losses/t/_self.safetensors", {1, 2});
  write_rows(run / "losses/t/_scratch.safetensors", {3, 4});
  write_rows(run / "losses/t/a.safetensors", {5, 6});
  write_rows(run / "losses/t/a+b.safetensors", {7, 8});
  write_rows(run / "losses/t/stale.safetensors", {9, 9});
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
}
