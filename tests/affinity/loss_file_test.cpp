// Loss files: what is written reads back, what is damaged is refused by name, and a run's losses come from
// its folder.
#include "core/affinity/loss_file.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"

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
  affinity::write_losses(path, {.losses = losses, .made_from = "key"});
}

/// The ids of two test images as a file of images has them.
std::string ids_of(const std::vector<std::string>& ids) {
  return R"({"test":[")" + ids[0] + R"(",")" + ids[1] + "\"]}";
}

void write_images(const std::filesystem::path& run, const std::string& kind,
                  const std::vector<std::string>& ids) {
  base::write_safetensors(run / ("examples/images-" + kind + ".safetensors"), {}, {{"ids", ids_of(ids)}});
}

/// Losses of two images of a view kind.
void write_rows_of(const std::filesystem::path& path, const std::vector<double>& losses,
                   const std::string& kind, const std::vector<std::string>& ids) {
  affinity::write_losses(
      path,
      {.losses = losses, .view_kind = kind, .images = base::fingerprint(ids_of(ids)), .made_from = "key"});
}

}  // namespace

TEST_CASE("losses and the key of their job read back, with NaN and infinity, to the last bit") {
  const tests::Folder folder;
  const auto path = folder / "losses/t/a.safetensors";
  const std::vector<double> losses{0.1, kNone, std::numeric_limits<double>::infinity(), -0.0, 1e-310};
  affinity::write_losses(path, {.losses = losses, .made_from = "key of the job"});
  const auto read = affinity::read_losses(path);
  REQUIRE(read.size() == losses.size());
  for (std::size_t n = 0; n < losses.size(); ++n) {
    CHECK((read[n] == losses[n] || (std::isnan(read[n]) && std::isnan(losses[n]))));
    CHECK(std::signbit(read[n]) == std::signbit(losses[n]));
  }
  CHECK(base::Safetensors(path).metadata().at("made_from") == "key of the job");
  CHECK(affinity::read_metrics(path).empty());
}

TEST_CASE("means of metrics leave NaN out, and a metric of no image is NaN") {
  const tests::Folder folder;
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<double> losses{1, 2, 3};
  const std::vector<float> metrics{9, 0.5, nan, /**/ 4, nan, nan, /**/ nan, 1, nan};
  affinity::write_losses(folder / "a", {.losses = losses, .metrics = metrics});
  const auto means = affinity::read_metrics(folder / "a");
  REQUIRE(means.size() == 3);
  CHECK(means[0] == 6.5);
  CHECK(means[1] == 0.75);
  CHECK(std::isnan(means[2]));
  CHECK(affinity::read_losses(folder / "a") == losses);
}

TEST_CASE("metrics of all images together come before the means of the others") {
  const tests::Folder folder;
  const std::vector<double> losses{1, 2}, pooled{40.5, kNone};
  const std::vector<float> metrics{1, 3};
  affinity::write_losses(folder / "a", {.losses = losses, .metrics = metrics, .pooled = pooled});
  const auto values = affinity::read_metrics(folder / "a");
  REQUIRE(values.size() == 3);
  CHECK(values[0] == 40.5);
  CHECK(std::isnan(values[1]));
  CHECK(values[2] == 2.0);
  CHECK(affinity::read_metrics_failure(folder / "a").empty());
  affinity::write_losses(folder / "b", {.losses = losses, .metrics_failure = "measure: no luck"});
  CHECK(affinity::read_metrics_failure(folder / "b") == "measure: no luck");
}

TEST_CASE("metrics that are not K values for each image are a mistake of the caller") {
  const tests::Folder folder;
  const std::vector<float> metrics{1, 2, 3};
  const std::vector<double> two{1, 2};
  CHECK_THROWS_AS(affinity::write_losses(folder / "a", {.losses = two, .metrics = metrics}),
                  std::logic_error);
  CHECK_THROWS_AS(affinity::write_losses(folder / "a", {.metrics = metrics}), std::logic_error);
}

TEST_CASE("a file that is damaged or holds something else is refused by its name") {
  const tests::Folder folder;
  const auto path = folder / "a.safetensors";
  const auto losses = [&] { return refusal([&] { (void)affinity::read_losses(path); }); };
  const auto metrics = [&] { return refusal([&] { (void)affinity::read_metrics(path); }); };
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
  const std::vector<std::string> ids{"room/1", "room/2"};
  write_rows_of(run / "losses/t/_self.safetensors", {1, 2}, "single", ids);
  write_rows_of(run / "losses/t/_scratch.safetensors", {3, 4}, "single", ids);
  write_rows_of(run / "losses/t/a.safetensors", {5, 6}, "single", ids);
  write_rows_of(run / "losses/t/a+b.safetensors", {7, 8}, "single", ids);
  write_rows_of(run / "losses/t/stale.safetensors", {9, 9}, "single", ids);
  write_images(run.path(), "single", ids);
  const auto tables = affinity::read_run_losses(run.path(), {"t"});
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].competitors == std::vector<std::string>{"t", affinity::kScratch, "a", "a+b"});
  CHECK(tables[0].loss == std::vector<std::vector<double>>{{1, 2}, {3, 4}, {5, 6}, {7, 8}});
  CHECK(tables[0].images == ids);
}

TEST_CASE("a network and its constant guess are there before any tournament, or nothing is") {
  const tests::Folder run;
  const std::vector<std::string> ids{"room/1", "room/2"};
  write_images(run.path(), "single", ids);
  write_rows_of(run / "losses/t/_self.safetensors", {1, 2}, "single", ids);
  CHECK_FALSE(affinity::read_source_losses(run.path(), "t"));
  write_rows_of(run / "losses/t/_constant.safetensors", {3, 4}, "single", ids);
  const auto table = affinity::read_source_losses(run.path(), "t");
  REQUIRE(table);
  CHECK(table->competitors == std::vector<std::string>{"t", affinity::kConstant});
  CHECK(table->loss == std::vector<std::vector<double>>{{1, 2}, {3, 4}});
  CHECK(table->images == ids);
}

TEST_CASE("where kinds of views have as many test images, each target has those of its own kind") {
  const tests::Folder run;
  const std::vector<std::string> views{"room/1", "room/2"}, pairs{"room/1+2", "hall/1+2"};
  write_images(run.path(), "single", views);
  write_images(run.path(), "fixated_pair", pairs);
  for (const std::string target : {"t", "p"})
    base::write_file(run / ("tournaments/" + target + ".csv"), "wins," + target + "\n");
  write_rows_of(run / "losses/t/_self.safetensors", {1, 2}, "single", views);
  write_rows_of(run / "losses/p/_self.safetensors", {1, 2}, "fixated_pair", pairs);
  const auto tables = affinity::read_run_losses(run.path(), {"t", "p"});
  CHECK(tables.at(0).images == views);
  CHECK(tables.at(1).images == pairs);
}

TEST_CASE("losses of other images than the run's, or that do not say of which, are refused with the cure") {
  const tests::Folder run;
  base::write_file(run / "tournaments/t.csv", "wins,t\n");
  write_images(run.path(), "single", {"room/1", "room/2"});
  const auto read = [&] { (void)affinity::read_run_losses(run.path(), {"t"}); };
  write_rows_of(run / "losses/t/_self.safetensors", {1, 2}, "single", {"room/1", "room/3"});
  CHECK_THROWS_WITH_AS(read(), doctest::Contains("of other images than"), base::Error);
  CHECK_THROWS_WITH_AS(read(), doctest::Contains("--update"), base::Error);
  base::write_safetensors(run / "losses/t/_self.safetensors",
                          {{"loss", view_of("F64", {2}, std::vector<double>{1, 2})}}, {});
  CHECK_THROWS_WITH_AS(read(), doctest::Contains("does not say which images"), base::Error);
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
