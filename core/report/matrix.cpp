#include "core/report/matrix.hpp"

#include <algorithm>
#include <map>

namespace taskonomy::report {

Matrix first_order_matrix(const affinity::AffinityTable& table) {
  Matrix matrix;
  matrix.targets = table.targets();
  const auto sources = table.sources();
  const auto among = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto& target : matrix.targets) {
    if (among(sources, target)) matrix.sources.push_back(target);
  }
  for (const auto& source : sources) {
    if (!among(matrix.targets, source)) matrix.sources.push_back(source);
  }
  std::map<std::string, std::size_t> row_of;
  std::map<std::string, std::size_t> column_of;
  for (std::size_t r = 0; r < matrix.targets.size(); ++r) row_of[matrix.targets[r]] = r;
  for (std::size_t c = 0; c < matrix.sources.size(); ++c) column_of[matrix.sources[c]] = c;
  matrix.share.assign(matrix.targets.size(), std::vector<double>(matrix.sources.size(), affinity::kUnknown));
  matrix.best.assign(matrix.targets.size(), std::nullopt);
  std::vector<double> total(matrix.targets.size(), 0.0);
  for (const auto& row : table.rows) total[row_of[row.target]] += row.affinity;
  for (const auto& row : table.rows) {
    if (row.sources.size() != 1) continue;
    const std::size_t r = row_of[row.target];
    const std::size_t c = column_of[row.sources.front()];
    matrix.share[r][c] = total[r] > 0.0 ? row.affinity / total[r] : 0.0;
    if (row.is_self()) continue;
    if (!matrix.best[r] || matrix.share[r][c] > matrix.share[r][*matrix.best[r]]) matrix.best[r] = c;
  }
  return matrix;
}

}  // namespace taskonomy::report
