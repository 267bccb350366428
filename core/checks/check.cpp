// The list of all checks.
#include "core/checks/check.hpp"

#include <utility>

#include "core/base/text.hpp"

namespace taskonomy::checks {

namespace {

/// A check of the SDK as one of ours: it needs a task to look at, and that one can be made at all.
Check adapted(const sdk::testing::Check& check) {
  return {check.id, check.contract, check.hint, check.level, {"load.creates"}, [&check](Plugin& plugin) {
            auto subject = plugin.subject();
            return check.run(subject);
          }};
}

}  // namespace

Finding found(const std::vector<std::string>& problems, const std::string& ended_early) {
  if (!problems.empty()) return {Outcome::fail, base::join(problems, "; ")};
  return {ended_early.empty() ? Outcome::pass : Outcome::skip, ended_early};
}

std::string group_of(const std::string& check_id) { return check_id.substr(0, check_id.find('.')); }

const std::vector<Check>& all_checks() {
  static const std::vector<Check> checks = [] {
    std::vector<Check> all;
    const auto append = [&all](std::vector<Check> more) {
      for (auto& check : more) all.push_back(std::move(check));
    };
    append(file_checks());
    append(load_checks());
    for (const auto& check : sdk::testing::task_checks()) all.push_back(adapted(check));
    append(manners_checks());
    append(global_state_checks());
    return all;
  }();
  return checks;
}

}  // namespace taskonomy::checks
