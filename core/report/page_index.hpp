// Numbers for names: the page's data speaks of tasks and transfers by their places.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::report {

/// Index of every task, and of every transfer of the table.
class PageIndex {
 public:
  explicit PageIndex(const affinity::AffinityTable& table) : tasks_(table.tasks()) {
    for (std::size_t r = 0; r < table.rows.size(); ++r) rows_[key(table.rows[r])] = r;
  }
  [[nodiscard]] const std::vector<std::string>& tasks() const { return tasks_; }
  /// Of a task that the table has.
  [[nodiscard]] std::size_t task(const std::string& name) const {
    return static_cast<std::size_t>(std::lower_bound(tasks_.begin(), tasks_.end(), name) - tasks_.begin());
  }
  [[nodiscard]] std::vector<std::size_t> tasks(const std::vector<std::string>& names) const {
    std::vector<std::size_t> places;
    for (const auto& name : names) places.push_back(task(name));
    return places;
  }
  /// Of a transfer that the table has; throws std::out_of_range otherwise.
  [[nodiscard]] std::size_t row(const affinity::AffinityRow& row) const { return rows_.at(key(row)); }
  /// The same, or nothing.
  [[nodiscard]] std::optional<std::size_t> find(const affinity::AffinityRow& row) const {
    const auto found = rows_.find(key(row));
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  using Key = std::tuple<std::string, std::vector<std::string>, double>;
  static Key key(const affinity::AffinityRow& row) {
    return {row.target, row.sources, std::isnan(row.labels) ? -1.0 : row.labels};
  }
  std::vector<std::string> tasks_;
  std::map<Key, std::size_t> rows_;
};

}  // namespace taskonomy::report
