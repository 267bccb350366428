// taskonomy tasks ..., datasets ...: their help and options. What they do is in apps/learning.
#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/learning_library.hpp"

namespace taskonomy::cli {

namespace {

/// `list` of one kind of plugin: "task" or "dataset".
Command list_command(const std::string& one) {
  const std::string command = "taskonomy " + one + "s list";
  return {
      .name = "list",
      .summary = "the " + one + " plugins that were found",
      .about =
          "Prints a line for each " + one +
          " plugin, folder by folder: id, what it is,\nversion. It reads the stamps in the files and loads "
          "none of "
          "them. Files that\nwould be refused follow with their codes; CSV has the loadable plugins alone,\n"
          "with their files.",
      .examples = command + "\n" + command + " --plugin-dir build/lib/taskonomy",
      .options = {plugin_dir_option(), format_option("text|json|csv"), json_option()},
      .run = call_learning_library};
}

/// --recipe, --set, --side, --plugin-dir, --format, --json.
std::vector<Option> show_options() {
  return {{"recipe", "FILE", "show it with this recipe's dataset, side and keys"},
          set_option(),
          {"side", "PIXELS", "image side (default: the recipe's, or 64)"},
          plugin_dir_option(),
          format_option("text|json"),
          json_option()};
}

const std::string kMakes = R"(Makes the folder NAME: one .cpp that works as it stands, its tests, a CMake
file of a few lines, a small recipe, and a README with the next three
commands. NAME is the plugin's id.)";

/// --dir and --plugin-dir.
std::vector<Option> options_of_new() {
  return {{"dir", "DIR", "make the folder here (default: the current folder)"},
          {"plugin-dir", "DIR", "refuse the ids of these plugins, too; may be repeated", true}};
}

const std::string kCheckCodes = R"(
exit codes: 0 all pass or warn, 1 some fail, crash or hang,
            2 nothing could be checked, 5 a group of checks could not be tried)";

/// Those of both check commands. `example`: of what --only takes.
std::vector<Option> check_options(const Option& recipe, const Option& set, const std::string& example) {
  return {
      {"level", "full|quick|pedantic",
       "quick: a few seconds; full: before you hand it on; pedantic: all there is (full)"},
      {"only", "CHECK", "this check " + example + "; may be repeated", true},
      recipe,
      set,
      {"list", "", "print all checks with their level and contract, and check nothing"},
      {"in-process", "", "check in this process, one after the other, without time limits: for a debugger"},
      {"time-limit", "SECONDS", "most processor time that one check may take (20)"},
      {"seed", "N", "seed of made-up samples and weights (1)"},
      plugin_dir_option(),
      {"format", "text|json|junit", "form of the report; junit: XML for CI servers (text)"},
      json_option(),
      {"junit", "", "the same as --format junit"}};
}

}  // namespace

Command tasks_list_command() { return list_command("task"); }

Command tasks_show_command() {
  return {.name = "show",
          .summary = "the manual page and the record of one task",
          .arguments = {{"ID"}},
          .about = R"(Prints a task's manual page, then loads the task and prints its record: what
it needs, its label, its prediction, its cost. Shapes that depend on the
dataset's classes are shown for an imaginary dataset unless a recipe names a
real one.)",
          .examples = R"(taskonomy tasks show normal
taskonomy tasks show normal --recipe share/recipes/demo.toml)",
          .options = show_options(),
          .run = call_learning_library};
}

Command tasks_check_command() {
  return {
      .name = "check",
      .summary = "whether a task plugin keeps its contract",
      .arguments = {{"FILE|ID", false}},
      .about = R"(Tries a task plugin (a .so, or the .task.toml of one without a compiler) against
the contract of share/doc/checking_a_task.md: its file, loading, its record,
labels, augmentation, loss, metrics, decoder, and its manners as a guest in a
process. Each check runs in a process of its own with a time limit, so that a
crash or a hang is one line of the report; all together take two minutes at
most. Outcomes: PASS, WARN, FAIL, SKIP (does not apply),
UNCHECKED (needs samples: --recipe), CRASH, TIMEOUT. Nothing is trained.
)" + kCheckCodes,
      .examples = R"(taskonomy tasks check normal
taskonomy tasks check build/lib/taskonomy/taskonomy_task_mine.so
taskonomy tasks check rust.task.toml
taskonomy tasks check mine --plugin-dir build/lib/taskonomy --only loss
taskonomy tasks check mine --recipe recipe.toml
gdb --args taskonomy tasks check mine --only loss.gradcheck --in-process
taskonomy tasks check mine --level pedantic --format junit > check.xml)",
      .options = check_options(
          {"recipe", "FILE", "take samples of this recipe's dataset, not made-up ones, and its [task.ID]"},
          {"set", "KEY=VALUE",
           "a key of the task's recipe table, as in --set scale=2, or of the recipe's [data], as in --set "
           "data.root=DIR; may be repeated",
           true},
          "(loss.gradcheck) or group (loss)"),
      .run = call_learning_library};
}

Command tasks_new_command() {
  return {.name = "new",
          .summary = "a folder with the project of a new task",
          .arguments = {{"NAME"}},
          .about = kMakes + R"(

Templates, each a small real task:
  pixel            a label per pixel: how near it is
  vector           a few numbers per image: room on the left, ahead, right
  classification   one class per image: near, at middle distance, far
  self-supervised  labels from the image alone: what its hidden cells show
  pair             two images: how far the camera moved and turned
  script           the first without a compiler: two Python functions and a
                   page; needs PyTorch once, when its file is made)",
          .examples = R"(taskonomy tasks new room_height --template vector
taskonomy tasks new rust --template pixel --dir ~/tasks)",
          .options = joined({{"template", "pixel|vector|classification|self-supervised|pair|script",
                              "what to start from; needed"}},
                            options_of_new()),
          .run = call_learning_library};
}

Command datasets_list_command() { return list_command("dataset"); }

Command datasets_show_command() {
  return {.name = "show",
          .summary = "the manual page of one dataset, and what it offers",
          .arguments = {{"ID"}},
          .about = R"(Prints a dataset's manual page, then loads the dataset and prints what it
offers: modalities, kinds of views, classes, scenes and samples.)",
          .examples = R"(taskonomy datasets show scenes
taskonomy datasets show taskonomy --set data.root=/data/nyuv2)",
          .options = show_options(),
          .run = call_learning_library};
}

Command datasets_check_command() {
  return {.name = "check",
          .summary = "whether a dataset plugin keeps its contract",
          .arguments = {{"FILE|ID", false}},
          .about = R"(Tries a dataset plugin against the contract of share/doc/writing_a_dataset.md:
its file, loading, its record, its scenes (ids, counts, order), its samples
(ids, types, shapes, values, the same again in any order, object, process and
thread), and its manners as a guest in a process. Each check runs in a process
of its own with a time limit; all together take two minutes at most. It looks at
some samples of each kind of views; `data lint RECIPE` looks at all.
)" + kCheckCodes,
          .examples = R"(taskonomy datasets check scenes
taskonomy datasets check mine --plugin-dir build/lib --recipe r.toml
taskonomy datasets check taskonomy --set data.root=/data/nyuv2 --only sample)",
          .options = check_options({"recipe", "FILE", "make it with the keys of this recipe's [data]"},
                                   set_option(), "(sample.pure) or group (sample)"),
          .run = call_learning_library};
}

Command datasets_new_command() {
  return {.name = "new",
          .summary = "a folder with the project of a new dataset",
          .arguments = {{"NAME"}},
          .about = kMakes + "\n\nThe template reads photographs, and depth beside them, from folders.",
          .examples = "taskonomy datasets new street_views",
          .options = options_of_new(),
          .run = call_learning_library};
}

}  // namespace taskonomy::cli
