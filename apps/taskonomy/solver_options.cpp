#include "apps/taskonomy/solver_options.hpp"

namespace taskonomy::cli {

boost::program_options::options_description solver_options() {
  boost::program_options::options_description options;
  options.add_options()                                                                              //
      ("max-order", text_value("K"), "join at most K sources in one transfer (all the table has)")   //
      ("importance", list_value("TASK=W,..."), "weight of a target in the objective (1)")            //
      ("cost", list_value("TASK=C,..."), "label cost of a source (1, or what the run's tasks say)")  //
      ("exclude", list_value("TASK,..."), "leave tasks out altogether")                              //
      ("source-only", list_value("TASK,..."), "tasks that need no solution themselves")              //
      ("target-only", list_value("TASK,..."), "tasks without labels to train a source from")         //
      ("transform", text_value("raw|sqrt"), "of the affinities in the objective (raw)");
  return options;
}

taxonomy::Options read_solver_options(const Values& values, const std::map<std::string, double>& cost) {
  taxonomy::Options options;
  options.max_order = static_cast<std::size_t>(values.integer("max-order", 0, 1));
  options.transform = values.choice("transform", {"raw", "sqrt"}) == "sqrt" ? taxonomy::Transform::sqrt
                                                                            : taxonomy::Transform::raw;
  options.importance = values.numbers("importance", 0.0);
  options.cost = values.numbers("cost", 0.0);
  options.cost.insert(cost.begin(), cost.end());  // what was asked for comes first
  options.exclude = values.names("exclude");
  options.source_only = values.names("source-only");
  options.target_only = values.names("target-only");
  return options;
}

}  // namespace taskonomy::cli
