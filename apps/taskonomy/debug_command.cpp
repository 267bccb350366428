// taskonomy tasks debug: one check of a task, or one job of a run, in one process under gdb.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"

namespace taskonomy::cli {

namespace {

/// The program's own command line that does the one thing in one process.
std::vector<std::string> command_of(const Values& values) {
  const bool job = values.has("job");
  if (job != values.has("run")) throw values.usage_error("--run RUN and --job JOB belong together");
  if (job && (values.has("check") || values.has("set")))
    throw values.usage_error("--check and --set are for a check, --run and --job for a job");
  std::vector<std::string> words{base::this_program()};
  const auto add = [&](const std::string& option, const std::string& value) {
    words.insert(words.end(), {option, value});
  };
  if (job) {
    words.insert(words.end(), {"worker", values.text("run")});
    add("--job", values.text("job"));
  } else {
    words.insert(words.end(), {"tasks", "check", values.text("FILE|ID"), "--in-process"});
    for (const auto& check : values.list("check")) add("--only", check);
    for (const auto& setting : values.list("set")) add("--set", setting);
  }
  for (const auto& folder : values.list("plugin-dir")) add("--plugin-dir", folder);
  return words;
}

/// gdb around it, which stops where the program crashes and, when asked, where it throws. A plugin is loaded late, so that
/// breakpoints in it wait for it.
std::vector<std::string> under_gdb(std::vector<std::string> command, bool stop_at_throws) {
  std::vector<std::string> words{"gdb", "-q", "-ex", "set breakpoint pending on"};
  if (stop_at_throws) words.insert(words.end(), {"-ex", "catch throw"});
  words.insert(words.end(), {"-ex", "run", "--args"});
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

std::string line_of(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) quoted.push_back(base::shell_quoted(word));
  return base::join(quoted, " ");
}

bool in_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const auto& folder : base::split(path == nullptr ? "" : path, ':'))
    if (!folder.empty() && ::access((std::filesystem::path(folder) / name).c_str(), X_OK) == 0) return true;
  return false;
}

base::ExitCode debug(const Values& values) {
  const auto words = under_gdb(command_of(values), values.has("throws"));
  const bool there = in_path("gdb");
  if (values.has("print") || !there) {
    if (!there) std::cerr << "gdb is not here (Debian: apt install gdb); with it, type:\n";
    std::cout << line_of(words) << "\n";
    return there ? base::ExitCode::done : base::ExitCode::bad_input;
  }
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::cout.flush();
  ::execvp(arguments[0], arguments.data());
  throw base::Error(std::string("gdb: ") + std::strerror(errno));
}

}  // namespace

Command tasks_debug_command() {
  return {
      .name = "debug",
      .summary = "one check of a task, or one job of a run, under gdb",
      .arguments = {{"FILE|ID"}},
      .about = R"(Starts gdb with the checks of a task, or with one job of a run, in one process:
it stops where the task crashes, with the lines of its source. Without gdb the
line to type is printed, exit code 1. In gdb: bt shows the way there, up and
down go along it, b my_task.cpp:50 and run stop at a line.)",
      .examples = R"(taskonomy tasks debug mine --check label --plugin-dir build/lib/taskonomy
taskonomy tasks debug mine --run runs/mine --job source/mine --throws)",
      .options = {{"check", "CHECK", "this check (loss.gradcheck) or group (loss); may be repeated", true},
                  {"set", "KEY=VALUE", "a key of the task's recipe table for checks; may be repeated", true},
                  {"run", "RUN", "a run's folder, of which --job is done"},
                  {"job", "JOB", "the job, as the run's summary names it"},
                  {"throws", "", "stop where exceptions are thrown, too"},
                  {"print", "", "print the command line instead"},
                  plugin_dir_option()},
      .run = debug};
}

}  // namespace taskonomy::cli
