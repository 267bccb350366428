// The one table of commands. A new command is one line here, one in commands.hpp and one file
// <name>_command.cpp.
#include "apps/taskonomy/commands.hpp"

#include "apps/taskonomy/command.hpp"

namespace taskonomy::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      // {name, arguments, one line of help, function}, in the order of the help text
      {"run", "RECIPE|RUN [--out DIR]", "trains everything a recipe asks for and finds its taxonomy", run},
      {"plan", "RECIPE|RUN", "the jobs of a run, which are done, time and disk of the rest", plan},
      {"status", "RUN", "how a run stands: done, failed, next, sizes", status},
      {"report", "TABLE|RUN [--out FILE]", "one self-contained page: graph with sliders, figures, tables",
       report},
      {"solve", "TABLE|RUN [--budget B]", "the best taxonomy of an affinity table under a budget", solve},
      {"analyse", "TABLE|RUN",
       "how sure, how significant, how consistent: intervals, tests, random taxonomies", analyse},
      {"compare", "A B", "how far two tables, or a run and the published table, order sources alike",
       compare},
      {"place", "NEWTASK RUN",
       "which of a run's sources a new task should use, and what they are worth to it", place},
      {"tree", "TABLE|RUN", "which tasks transfer alike: clusters, Newick, SVG", tree},
      {"tasks", "list | show ID | check ID | new NAME",
       "the task plugins, and what one of them needs and makes", tasks},
      {"datasets", "list | show ID | new NAME", "the dataset plugins, and what one of them offers", datasets},
      {"data", "preview | lint | export RECIPE",
       "a recipe's samples and labels: to look at, to check, to write as files", data},
      {"sdk", "prefix | info", "where plugins are built against, and what they must agree with", sdk},
      {"worker", "RUN [--job ID]", "does jobs of a run: what `run` starts, also by hand or on a cluster",
       worker},
  };
  return table;
}

}  // namespace taskonomy::cli
