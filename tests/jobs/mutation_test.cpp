// Run folders from strangers, and workers that plugins write into: damaged records, plans, manifests, recipes
// and lines are read or refused. 40,000 inputs as a rule (tests/support/mutation.hpp).
#include <filesystem>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/jobs/protocol.hpp"
#include "core/jobs/status.hpp"
#include "core/recipe/document.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/memory_file.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::Folder;

namespace {

/// The part of the inputs that a kind of file gets; recipes, which take longest to read, get few.
int inputs(double share) { return static_cast<int>(share * tests::mutations(40000)); }

/// For readers that say no by giving nothing.
[[noreturn]] void refuse() { throw std::runtime_error("refused: gave nothing"); }

/// Puts a file without a disk in the place of `path`: a disk would take most of the time.
void replace_by(const tests::MemoryFile& file, const std::filesystem::path& path) {
  file.write(base::read_file(path));
  std::filesystem::remove(path);
  std::filesystem::create_symlink(file.path(), path);
}

/// A run folder with one finished job.
jobs::RunDirectory run_in(const Folder& folder) {
  const jobs::RunDirectory run(folder.path());
  run.prepare(recipe::parse_recipe("tasks = [\"a\"]\n[data]\ndataset = \"fake\"\n", "fake.toml"));
  base::write_file(folder / "sources/a", "weights");
  run.write_manifest({"1.0",
                      "1.0",
                      "1.13.0",
                      7,
                      {"a", "b"},
                      {{{"a", 1.0}, {"b", 2.5}}, {"b"}, "hours"},
                      {{"c", "no labels"}}});
  jobs::JobReport report;
  report.id = "source/a";
  report.seconds = 12.5;
  report.files = {"sources/a"};
  report.figures = {{"images", 480.0}};
  run.write_record(report, "0123abcd", "");
  return run;
}

}  // namespace

TEST_CASE("damaged records count as none or hold what a record holds") {
  const Folder folder;
  const auto run = run_in(folder);
  const auto path = run.record_file("source/a");
  const tests::MemoryFile file;
  replace_by(file, path);
  tests::survive(base::read_file(path), inputs(0.3), "refused", [&](const std::string& bytes) -> std::string {
    file.write(bytes);
    static_cast<void>(run.done("source/a", "0123abcd"));
    const auto record = run.record("source/a");
    if (!record) refuse();
    return record->id == "source/a" ? "" : "the record of another job";
  });
}

TEST_CASE("damaged plans and manifests are read or refused with their names") {
  const Folder folder;
  const auto run = run_in(folder);
  base::write_file(run.plan_file(),
                   R"({"jobs": [{"id": "source/a", "key": "0123abcd"}, {"id": "source/b", "key": ""}],
 "failures": [{"id": "source/b", "error": "crashed"}], "until": ""})");
  const tests::MemoryFile plan, manifest;
  replace_by(plan, run.plan_file());
  replace_by(manifest, run.manifest_file());
  tests::survive(base::read_file(run.plan_file()), inputs(0.05), run.plan_file().string(),
                 [&](const std::string& bytes) -> std::string {
                   plan.write(bytes);
                   const auto status = jobs::status_of(run);
                   return status.failures.size() <= 2 ? "" : "more failures than there are jobs";
                 });
  tests::survive(base::read_file(run.manifest_file()), inputs(0.25), run.manifest_file().string(),
                 [&](const std::string& bytes) -> std::string {
                   manifest.write(bytes);
                   static_cast<void>(run.read_manifest());
                   return "";
                 });
}

TEST_CASE("damaged lines between host and workers are understood or not, and their sizes stay theirs") {
  const std::string report =
      jobs::to_line(jobs::JobReport{"source/a", true, "", 2.5, {"sources/a"}, {{"images", 3.0}}});
  tests::survive(report, inputs(0.175), "refused", [](const std::string& line) -> std::string {
    static_cast<void>(jobs::parse_ready(line));
    const auto order = jobs::parse_assignment(line);
    if (order && order->id.empty()) return "an order without an id";
    const auto back = jobs::parse_report(line);
    if (!back) refuse();
    return back->files.size() <= line.size() ? "" : "more files than the line can name";
  });
  const std::string order =
      jobs::to_line(jobs::Assignment{"transfer/a/b+c", "0123", {"source/b", "source/c"}});
  tests::survive(order, inputs(0.175), "refused", [](const std::string& line) -> std::string {
    const auto back = jobs::parse_assignment(line);
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
  tests::survive(recipe, inputs(0.05), "damaged.toml", [](const std::string& text) -> std::string {
    const auto read = recipe::parse_recipe(text, "damaged.toml");
    const std::string written = recipe::to_toml(read);
    return recipe::to_toml(recipe::parse_recipe(written, "written.toml")) == written ? ""
                                                                                     : "changes when written";
  });
}
