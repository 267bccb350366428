// Run folders from strangers, and workers that plugins write into: damaged stamps, plans, manifests, recipes
// and lines are read or refused. 40,000 inputs as a rule (tests/support/mutation.hpp).
#include <fstream>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/jobs/protocol.hpp"
#include "core/jobs/session.hpp"
#include "core/recipe/document.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::Folder;

namespace {

/// The share of the inputs that each kind of file gets.
int inputs() { return tests::mutations(40000) / 6; }

/// For readers that say no by giving nothing.
[[noreturn]] void refuse() { throw std::runtime_error("refused: gave nothing"); }

/// Without the care of base::write_file, which syncs.
void put(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// A run folder with one finished job.
jobs::RunDirectory run_in(const Folder& folder) {
  const jobs::RunDirectory run(folder.path());
  run.prepare(recipe::parse_recipe("tasks = [\"a\"]\n[data]\ndataset = \"fake\"\n", "fake.toml"));
  base::write_file(folder / "sources/a", "weights");
  run.write_manifest({"1.0", "1.0", "1.13.0", 7, {"a", "b"}, {{"a", 1.0}, {"b", 2.5}}, {{"c", "no labels"}}});
  jobs::JobReport report;
  report.id = "source/a";
  report.seconds = 12.5;
  report.files = {"sources/a"};
  report.figures = {{"images", 480.0}};
  run.write_stamp(report, "0123abcd");
  return run;
}

}  // namespace

TEST_CASE("damaged stamps count as none or hold what a stamp holds") {
  const Folder folder;
  const auto run = run_in(folder);
  const auto file = run.stamp_file("source/a");
  tests::survive(base::read_file(file), inputs(), "refused", [&](const std::string& bytes) -> std::string {
    put(file, bytes);
    static_cast<void>(run.done("source/a", "0123abcd"));
    const auto stamp = run.stamp("source/a");
    if (!stamp) refuse();
    return stamp->id == "source/a" ? "" : "the stamp of another job";
  });
}

TEST_CASE("damaged plans and manifests are read or refused with their names") {
  const Folder folder;
  const auto run = run_in(folder);
  put(run.plan_file(), R"({"jobs": [{"id": "source/a", "key": "0123abcd"}, {"id": "source/b", "key": ""}],
 "failures": [{"id": "source/b", "error": "crashed"}], "until": ""})");
  tests::survive(base::read_file(run.plan_file()), inputs(), run.plan_file().string(),
                 [&](const std::string& bytes) -> std::string {
                   put(run.plan_file(), bytes);
                   const auto status = jobs::status_of(run);
                   return status.failures.size() <= 2 ? "" : "more failures than there are jobs";
                 });
  tests::survive(base::read_file(run.manifest_file()), inputs(), run.manifest_file().string(),
                 [&](const std::string& bytes) -> std::string {
                   put(run.manifest_file(), bytes);
                   static_cast<void>(run.read_manifest());
                   return "";
                 });
}

TEST_CASE("damaged lines between host and workers are understood or not, and their sizes stay theirs") {
  const std::string report =
      jobs::to_line(jobs::JobReport{"source/a", true, "", 2.5, {"sources/a"}, {{"images", 3.0}}});
  tests::survive(report, inputs(), "refused", [](const std::string& line) -> std::string {
    static_cast<void>(jobs::parse_ready(line));
    const auto order = jobs::parse_order(line);
    if (order && order->id.empty()) return "an order without an id";
    const auto back = jobs::parse_report(line);
    if (!back) refuse();
    return back->files.size() <= line.size() ? "" : "more files than the line can name";
  });
  const std::string order = jobs::to_line(jobs::Order{"transfer/a/b+c", "0123", {"source/b", "source/c"}});
  tests::survive(order, inputs(), "refused", [](const std::string& line) -> std::string {
    const auto back = jobs::parse_order(line);
    if (!back) refuse();
    return back->inputs.size() <= line.size() ? "" : "more inputs than the line can name";
  });
}

TEST_CASE(
    "damaged recipes are read or refused with their name, and what was read can be written and read again") {
  const std::string recipe = recipe::to_toml(recipe::parse_recipe(
      "tasks = [\"normal\", \"edge\"]\n[data]\ndataset = \"scenes\"\nrooms = 3\n[task.normal]\nscale = 0.5\n"
      "[taxonomy]\ncost = { normal = 2 }\n",
      "sound.toml"));
  tests::survive(recipe, inputs(), "damaged.toml", [](const std::string& text) -> std::string {
    const auto read = recipe::parse_recipe(text, "damaged.toml");
    const std::string written = recipe::to_toml(read);
    return recipe::to_toml(recipe::parse_recipe(written, "written.toml")) == written ? ""
                                                                                     : "changes when written";
  });
}
