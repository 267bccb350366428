// taskonomy data: looks at a recipe's data before anything is trained, and takes it elsewhere.
#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/data_subcommands.hpp"
#include "apps/taskonomy/plugin_listing.hpp"

namespace taskonomy::cli {

boost::program_options::options_description data_options() {
  boost::program_options::options_description options;
  options.add_options()("set", list_value("KEY=VALUE"),
                        "override a recipe key, as in --set data.root=FOLDER; repeatable")(
      "plugin-dir", list_value("FOLDER"), "look for plugins here first; repeatable");
  return options;
}

base::ExitCode data(const std::vector<std::string>& args) {
  return dispatch("data",
                  {{"preview", "RECIPE", "a contact sheet: samples and every task's label", data_preview},
                   {"lint", "RECIPE", "counts, ranges and suspicions about samples and labels", data_lint},
                   {"export", "RECIPE DIR", "the samples as files of the Taskonomy layout", data_export}},
                  args);
}

}  // namespace taskonomy::cli
