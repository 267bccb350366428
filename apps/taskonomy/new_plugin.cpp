// taskonomy tasks new, taskonomy datasets new: a project that builds and works, for its author to change.
#include "apps/taskonomy/new_plugin.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

#include "apps/taskonomy/installation.hpp"
#include "apps/taskonomy/plugin_listing.hpp"
#include "apps/taskonomy/scaffold.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

const std::string kAbout =
    "Makes the folder NAME: one .cpp that works as it stands, its tests, a CMake file of a few lines,\n"
    "a small recipe, and a README with the next three commands. NAME is the plugin's id.";

const Usage kTaskUsage{
    "tasks new",
    "NAME --template KIND [--dir DIR]",
    kAbout +
        "\n\nTemplates, each a small real task:\n"
        "  pixel            a label per pixel: how near it is\n"
        "  vector           a few numbers per image: room on the left, ahead and on the right\n"
        "  classification   one of some classes per image: near, at middle distance, far\n"
        "  self-supervised  labels from the image alone: what hidden cells of it show\n"
        "  pair             two images: how far the camera moved and turned",
    {"taskonomy tasks new room_height --template vector",
     "taskonomy tasks new rust --template pixel --dir ~/tasks"}};

const Usage kDatasetUsage{"datasets new",
                          "NAME [--dir DIR]",
                          kAbout + "\nThe template reads photographs, and depth beside them, from folders.",
                          {"taskonomy datasets new street_views"}};

const std::vector<std::string>& task_templates() {
  static const std::vector<std::string> names{"pixel", "vector", "classification", "self-supervised", "pair"};
  return names;
}

boost::program_options::options_description options_of_new(bool with_template) {
  boost::program_options::options_description options;
  if (with_template)
    options.add_options()("template", text_value(base::join(task_templates(), "|")), "what to start from");
  options.add_options()("dir", text_value("DIR"), "make the folder here (default: the current folder)");
  options.add_options()("plugin-dir", list_value("DIR"),
                        "these plugins' ids are taken as well; may be repeated");
  return options;
}

/// Throws where a plugin of that id would hide another one, or be hidden by it.
void require_free(host::Kind kind, const std::string& id, const Values& values) {
  const host::PluginRegistry registry(search_of(values));
  const auto taken = [&](const fs::path& file) {
    throw base::Error(host::name_of(kind) + " \"" + id + "\" exists already: " + file.string() +
                      "; a run finds only one plugin of an id, so choose another name");
  };
  for (const auto& entry : registry.entries(kind)) {
    if (entry.id == id) taken(entry.path);
  }
  for (const auto& refusal : registry.refused()) {
    if (refusal.kind == kind && refusal.id == id) taken(refusal.path);
  }
}

/// The commands in a README: the lines that are set off by four blanks.
std::vector<std::string> commands_of(const std::string& readme) {
  std::vector<std::string> commands;
  for (const auto& line : base::split(readme, '\n')) {
    if (line.rfind("    ", 0) == 0) commands.push_back(base::trim(line));
  }
  return commands;
}

base::ExitCode make(host::Kind kind, const std::vector<std::string>& templates, const Values& values) {
  const std::string id = values.text("NAME");
  const std::string problem = problem_of_name(id);
  if (!problem.empty()) throw base::Error(host::name_of(kind) + "s new: " + problem);
  require_free(kind, id, values);
  std::vector<fs::path> sources;
  for (const auto& name : templates) sources.push_back(shared_folder("templates") / name);
  const fs::path folder = fs::path(values.text("dir")).lexically_normal() / id;
  const auto files = make_project(sources, plugin_name("my_" + host::name_of(kind)), plugin_name(id), folder);
  std::cout << "made " << folder.string() << ": " << base::join(files, ", ") << "\nnext:\n  cd "
            << folder.string() << "\n";
  for (const auto& command : commands_of(base::read_file(folder / "README.md")))
    std::cout << "  " << command << "\n";
  return base::ExitCode::done;
}

}  // namespace

base::ExitCode new_task(const std::vector<std::string>& args) {
  const auto values = parse_options(kTaskUsage, options_of_new(true), {{"NAME"}}, args);
  if (!values) return base::ExitCode::done;
  if (!values->has("template"))
    throw values->usage_error("needs --template " + base::join(task_templates(), "|"));
  return make(host::Kind::task, {"task", values->choice("template", task_templates())}, *values);
}

base::ExitCode new_dataset(const std::vector<std::string>& args) {
  const auto values = parse_options(kDatasetUsage, options_of_new(false), {{"NAME"}}, args);
  if (!values) return base::ExitCode::done;
  return make(host::Kind::dataset, {"dataset"}, *values);
}

}  // namespace taskonomy::cli
