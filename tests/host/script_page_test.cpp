// Script tasks: pages that are found, refused with their line, and tasks that give what built-in ones give. Where Debian's Python
// has no PyTorch, no TorchScript file can be made, and the tests that need one say so.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/testing.hpp>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/host/registry.hpp"
#include "core/host/script_page.hpp"
#include "tests/host/plugin_folder.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using tests::has;
using tests::message_of;
namespace fs = std::filesystem;

namespace {

const std::string kPython = "/usr/bin/python3";

bool python_has_torch() {
  static const bool has_torch = std::system((kPython + " -c 'import torch' 2>/dev/null").c_str()) == 0;
  if (!has_torch) MESSAGE("skipped: " << kPython << " has no PyTorch (Debian: python3-torch)");
  return has_torch;
}

/// Runs make_task.py on FOLDER/ID.py; what it says on standard error, "" when it went well.
std::string make_script(const fs::path& folder, const std::string& id) {
  const std::string errors = (folder / "stderr").string();
  const std::string command = kPython + " '" TASKONOMY_SOURCE_DIR "/share/python/make_task.py' '" +
                              (folder / (id + ".py")).string() + "' >/dev/null 2>'" + errors + "'";
  const bool made = std::system(command.c_str()) == 0;
  const std::string said = base::read_file(errors);
  return made ? "" : said;
}

/// The pages and sources of tests/fixtures/script_tasks in a folder of their own; files are made where Python can.
class ScriptFolder {
 public:
  ScriptFolder() {
    for (const auto& file : fs::directory_iterator(TASKONOMY_SOURCE_DIR "/tests/fixtures/script_tasks"))
      fs::copy(file.path(), folder_.path() / file.path().filename());
  }
  [[nodiscard]] fs::path path() const { return folder_.path(); }
  void write(const std::string& name, const std::string& text) const {
    base::write_file(path() / name, text);
  }
  [[nodiscard]] host::PluginRegistry registry() const {
    host::SearchOptions options;
    options.plugin_dirs = {path()};
    options.standard_places = false;
    return host::PluginRegistry(options);
  }

 private:
  tests::Folder folder_;
};

sdk::testing::Subject subject_of(const fs::path& file) {
  const auto library = host::load_library(file);
  sdk::testing::SubjectOptions options;
  for (const auto& [key, value] : library->keys()) options.params[key] = {value.value, value.where};
  return sdk::testing::subject_of(library->table(), options);
}

/// A sample in which some readings are missing.
sdk::Sample damaged(const sdk::testing::Subject& subject, std::uint64_t number) {
  sdk::Sample sample = subject.sample(number);
  for (const char* modality : {"normal", "class_scene"}) {
    torch::Tensor& values = sample.data.at(modality);
    values = values.clone();
    if (values.dim() == 4) values.slice(2, 0, 5).zero_();
    if (values.dim() == 2 && number % 2 == 1) values.zero_();
  }
  return sample;
}

torch::Tensor batch_of(const std::vector<torch::Tensor>& parts) {
  return parts.front().defined() ? torch::stack(parts) : torch::Tensor();
}

/// Labels of six samples, and losses and gradients of random predictions, agree within 1e-6.
void check_same(const std::string& built_in, const fs::path& page) {
  INFO(built_in);
  auto theirs = subject_of(TASKONOMY_BINARY_DIR "/lib/taskonomy/taskonomy_task_" + built_in + ".so");
  auto ours = subject_of(page);
  std::vector<torch::Tensor> targets, masks;
  auto generator = at::detail::createCPUGenerator(1);
  for (std::uint64_t number = 0; number < 6; ++number) {
    const sdk::Sample sample = damaged(theirs, number);
    const auto expected = theirs.task().make_example(sample, generator);
    const auto made = ours.task().make_example(sample, generator);
    REQUIRE(made.mask.defined() == expected.mask.defined());
    if (made.mask.defined()) REQUIRE(made.mask.equal(expected.mask));
    const torch::Tensor error = (made.target - expected.target).abs();
    CHECK((made.mask.defined() ? error * made.mask : error).max().item<double>() <= 1e-6);
    targets.push_back(expected.target);
    masks.push_back(expected.mask);
  }
  const torch::Tensor target = batch_of(targets), mask = batch_of(masks);
  torch::manual_seed(1);
  const torch::Tensor draw = torch::randn_like(target);
  const auto loss_and_gradient = [&](const sdk::Task& task) {
    const torch::Tensor prediction = draw.clone().requires_grad_();
    const torch::Tensor loss = task.loss(prediction, target, mask);
    loss.sum().backward();
    return std::make_pair(loss.detach(), prediction.grad());
  };
  const auto [expected, expected_gradient] = loss_and_gradient(theirs.task());
  const auto [loss, gradient] = loss_and_gradient(ours.task());
  CHECK(loss.sizes() == torch::IntArrayRef({6}));
  CHECK(expected.abs().max().item<double>() > 0.1);
  CHECK((loss - expected).abs().max().item<double>() <= 1e-6);
  CHECK((gradient - expected_gradient).abs().max().item<double>() <= 1e-6);
}

}  // namespace

TEST_CASE("three built-in tasks re-made as script tasks give the same labels, losses and gradients") {
  if (!python_has_torch()) return;
  const ScriptFolder folder;
  for (const std::string built_in : {"normal", "class_scene", "autoencoding"}) {
    REQUIRE(make_script(folder.path(), "remade_" + built_in).empty());
    check_same(built_in, folder.path() / ("remade_" + built_in + ".task.toml"));
  }
}

TEST_CASE("a page is listed, its task made; its comment is the manual page; metrics are those it names") {
  const ScriptFolder folder;
  folder.write("remade_normal.task.toml",
               "# A page.\n#\n# More.\ntitle = \"Again\"\nsummary = \"Which way\"\nversion = \"3.1\"\n"
               "modalities = [\"normal\"]\nchannels = 3\nmask = \"pixel\"\n");
  auto registry = folder.registry();
  CHECK(registry.refused().empty());
  REQUIRE(registry.entries(host::Kind::task).size() == 3);
  const auto& entry = registry.find(host::Kind::task, "remade_normal");
  CHECK(entry.summary == "Which way");
  CHECK(entry.version == "3.1");
  CHECK(entry.manual == "A page.\n\nMore.\n");
  CHECK(registry.find(host::Kind::task, "remade_autoencoding").summary == "Autoencoding again");
  if (!python_has_torch()) return;
  REQUIRE(make_script(folder.path(), "remade_class_scene").empty());
  const auto task = registry.create_task("remade_class_scene", {}, sdk::any_dataset(), 32);
  CHECK(task->info().mask == sdk::MaskKind::image);
  const auto* metrics = sdk::extension_of<sdk::Metrics>(*task);
  REQUIRE(metrics != nullptr);
  CHECK(metrics->metrics().front().higher_is_better);
  const torch::Tensor label = torch::eye(6).slice(0, 0, 2), mask = torch::tensor({true, false}).unsqueeze(1);
  const torch::Tensor top = metrics->measure(label, label, mask);
  CHECK(top[0].item<float>() == 100.0F);
  CHECK(top[1].isnan().item<bool>());
}

TEST_CASE("the same source gives the same bytes in any folder, and they are part of the task's fingerprint") {
  if (!python_has_torch()) return;
  const ScriptFolder one, other;
  for (const auto* folder : {&one, &other}) REQUIRE(make_script(folder->path(), "remade_normal").empty());
  const auto bytes = [](const ScriptFolder& folder) {
    return base::read_file(folder.path() / "remade_normal.pt");
  };
  CHECK(bytes(one) == bytes(other));
  const fs::path page = one.path() / "remade_normal.task.toml";
  const std::string before = host::plugin_fingerprint(page);
  CHECK(before == host::plugin_fingerprint(other.path() / "remade_normal.task.toml"));
  one.write("remade_normal.py", base::read_file(one.path() / "remade_normal.py") + "\n# changed\n");
  auto registry = one.registry();
  const auto stale =
      message_of([&] { (void)registry.create_task("remade_normal", {}, sdk::any_dataset(), 32); });
  CHECK(has(stale, "was made before its source was changed; make it: make_task.py "));
  REQUIRE(make_script(one.path(), "remade_normal").empty());
  CHECK(host::plugin_fingerprint(page) != before);
}

TEST_CASE("what is wrong with a page is refused with its line") {
  const ScriptFolder folder;
  const auto refused = [&](const std::string& text, const std::string& message) {
    folder.write("wrong.task.toml", text);
    auto registry = folder.registry();
    const auto said = message_of([&] { (void)registry.create_task("wrong", {}, sdk::any_dataset(), 32); });
    INFO(text, "\n", said);
    CHECK(has(said, message));
  };
  const std::string page = (folder.path() / "wrong.task.toml").string();
  refused("title = \"Wrong\"\ntitle = 3\n", "TX1011");
  refused("title = \n", page + ":1");
  refused("\n\ntitle = 3\n", page + ":3: title: expected a text of one line");
  refused("family = \"3D\"\n", "title is missing");
  refused("title = \"W\"\nid = \"right\"\n",
          page + ":2: id: \"right\", but the file is called wrong.task.toml");
  refused("title = \"W\"\n[label]\nlow = 0\n", "a script task's page has no sections");
  refused("title = \"W\"\n", (folder.path() / "wrong.pt").string() + " is not there; make it: make_task.py");
  folder.write("text.pt", "no TorchScript");
  refused("title = \"W\"\nscript = \"text.pt\"\n", page + ":2: task \"wrong\": script: ");
  refused("title = \"W\"\ndecoder = \"pixels\"\n", page + ":2");
  if (!python_has_torch()) return;
  REQUIRE(make_script(folder.path(), "remade_autoencoding").empty());
  const std::string script = "title = \"W\"\nscript = \"remade_autoencoding.pt\"\nchannels = 3\n";
  refused(script + "chanels = 3\n",
          page + ":4: task \"wrong\": unknown key \"chanels\"; did you mean \"channels\"?");
  refused(script + "metric_names = [\"l1\"]\n", "needs a function measure(prediction, target, mask)");
  folder.write("wrong.task.toml", script);
  auto registry = folder.registry();
  const recipe::Table params{{"channels", {std::int64_t{1}, "recipe.toml:9"}}};
  CHECK(has(message_of([&] { (void)registry.create_task("wrong", params, sdk::any_dataset(), 32); }),
            "recipe.toml:9: channels: the task's own page says it (" + page + ":3)"));
}

TEST_CASE("what is wrong with a source is said with its line, and what fails later with the function's") {
  if (!python_has_torch()) return;
  const ScriptFolder folder;
  const auto refused = [&](const std::string& source, const std::string& message) {
    folder.write("wrong.py", source);
    const std::string said = make_script(folder.path(), "wrong");
    INFO(said);
    CHECK(has(said, message));
  };
  refused("def label(sample:\n", "wrong.py:1: ");
  refused("import torch\n\nx = 1 / 0\n", "wrong.py:3: ZeroDivisionError");
  refused("def loss(prediction, target, mask):\n  return prediction\n", "has no function label(sample)");
  refused("def label(image):\n  return image\n", "wrong.py:1: label(image): expected label(sample)");
  refused("import torch\ndef label(sample):\n  return torch.tangle(sample)\n", "wrong.py:3: label: ");
  folder.write("late.py",
               "import torch\nfrom typing import Dict\ndef label(sample: Dict[str, torch.Tensor]):\n"
               "    small = sample[\"rgb\"][0, :, :2, :3]\n    return torch.matmul(small, small)\n");
  folder.write("late.task.toml", "title = \"Late\"\nchannels = 3\n");
  REQUIRE(make_script(folder.path(), "late").empty());
  auto late = subject_of(folder.path() / "late.task.toml");
  auto generator = at::detail::createCPUGenerator(1);
  CHECK(has(message_of([&] { (void)late.task().make_example(late.sample(), generator); }),
            "label: late.py:5: "));
}

TEST_CASE("a TorchScript file that anybody may write is refused as such a plugin is") {
  const ScriptFolder folder;
  folder.write("remade_normal.pt", "");
  REQUIRE(::chmod((folder.path() / "remade_normal.pt").c_str(), 0666) == 0);
  const auto registry = folder.registry();
  REQUIRE(registry.refused().size() == 1);
  CHECK(registry.refused().front().code == 1008);
  CHECK(registry.refused().front().id == "remade_normal");
}
