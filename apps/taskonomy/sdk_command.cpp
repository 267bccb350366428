// taskonomy sdk prefix, sdk info: where a plugin's build finds the SDK, and what plugins must agree with.
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/learning_library.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/base/files.hpp"

namespace taskonomy::cli {

namespace {

base::ExitCode print_prefix(const Values&) {
  const std::filesystem::path prefix = installation_prefix();
  if (!has_sdk_package(prefix)) {
    throw base::Error("sdk prefix: " + (prefix / kSdkPackage).string() +
                      " is not there; install the SDK (cmake --install BUILD --prefix DIR, or the Debian "
                      "package taskonomy-dev)");
  }
  std::cout << prefix.string() << "\n";
  return base::ExitCode::done;
}

base::ExitCode print_workflow(const Values&) {
  std::cout << base::read_file(shared("templates/workflow/plugin.yml"));
  return base::ExitCode::done;
}

}  // namespace

Command sdk_prefix_command() {
  return {.name = "prefix",
          .summary = "the folder to build plugins against",
          .about = R"(Prints the folder to give to CMake as CMAKE_PREFIX_PATH when a plugin is
built for this program.)",
          .examples = R"text(cmake -S my_task -B my_task/build \
    -DCMAKE_PREFIX_PATH="$(taskonomy sdk prefix)")text",
          .run = print_prefix};
}

Command sdk_info_command() {
  return {.name = "info",
          .summary = "what plugins must agree with, and where they lie",
          .about = R"(Prints what plugins must agree with: the version of the SDK, LibTorch and the
C++ ABI; the compiler that this program was built with; and the folders in
which plugins are looked for, in order.)",
          .examples = R"(taskonomy sdk info
taskonomy sdk info --format json)",
          .options = {format_option("text|json"), json_option()},
          .run = call_learning_library};
}

Command sdk_workflow_command() {
  return {.name = "workflow",
          .summary = "a CI file for a project of plugins",
          .about = R"(Prints a workflow for GitHub and Gitea that builds a project of plugins in a
clean Debian, runs its tests, and checks its tasks with --junit. Its head says
where it takes taskonomy's packages from.)",
          .examples = "taskonomy sdk workflow > .github/workflows/taskonomy.yml",
          .run = print_workflow};
}

}  // namespace taskonomy::cli
