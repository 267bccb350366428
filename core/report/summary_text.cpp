#include "core/report/summary_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/analysis/means.hpp"
#include "core/base/text.hpp"
#include "core/report/matrix.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

constexpr std::size_t kWidth = 110;

std::string percent(double share) { return std::isnan(share) ? "-" : base::fixed(100.0 * share, 1); }

std::string from_text(const affinity::AffinityRow& row) {
  if (row.is_self()) return "its own labels";
  const std::string labels = std::isnan(row.labels) ? "" : " (" + base::number(row.labels) + " labels)";
  return base::join(row.sources, " + ") + labels;
}

/// Lines of a comma-separated list behind a heading, indented alike.
std::string list_text(const std::string& heading, const std::vector<std::string>& names) {
  std::string text;
  for (const auto& line : wrapped(base::join(names, ", "), kWidth - letters(heading) - 1)) {
    text += (text.empty() ? heading + " " : std::string(letters(heading) + 1, ' ')) + line + "\n";
  }
  return text;
}

double mean_of(const std::vector<analysis::SourceCheck>& checks, double analysis::SourceCheck::*share) {
  double sum = 0.0;
  double count = 0.0;
  for (const auto& check : checks) {
    if (std::isnan(check.*share)) continue;
    sum += check.*share;
    count += 1.0;
  }
  return count == 0.0 ? affinity::kUnknown : sum / count;
}

/// The columns [begin, end) of the matrix.
std::string block_text(const Matrix& matrix, std::size_t begin, std::size_t end) {
  TextTable table("l" + std::string(end - begin, 'r'), kWidth);
  std::vector<std::string> header{"target \\ source"};
  for (std::size_t c = begin; c < end; ++c) header.push_back(std::to_string(c + 1) + " ");
  table.add(header);
  for (std::size_t r = 0; r < matrix.targets.size(); ++r) {
    std::vector<std::string> cells{matrix.targets[r]};
    for (std::size_t c = begin; c < end; ++c) {
      const bool self = matrix.targets[r] == matrix.sources[c];
      const std::string text = percent(matrix.share[r][c]);
      cells.push_back(self ? "[" + text + "]" : matrix.best[r] == c ? text + "*" : text + " ");
    }
    table.add(cells);
  }
  return table.text();
}

}  // namespace

std::string share_text(double share) {
  if (std::isnan(share)) return "-";
  const std::string text = base::fixed(share, 2);
  return text.rfind("0.", 0) == 0 ? text.substr(1) : text;
}

std::string taxonomy_text(const taxonomy::Taxonomy& taxonomy) {
  const auto means = analysis::means_of(taxonomy);
  std::string text = "Taxonomy at budget " + base::number(taxonomy.budget) + ", orders up to " +
                     std::to_string(taxonomy.max_order) + ": objective " + base::fixed(taxonomy.objective, 4);
  if (taxonomy.transform == taxonomy::Transform::sqrt) text += " (square roots of affinities)";
  if (taxonomy.goal != taxonomy::Objective::affinity) text += " (" + taxonomy::name_of(taxonomy.goal) + ")";
  text += taxonomy.status == taxonomy::Status::optimal
              ? ", proven optimum\n\n"
              : ", not proven: the time limit was reached, and one " +
                    base::fixed(100.0 * taxonomy.gap(), 2) + " % better may exist\n\n";
  TextTable table("lwrrr", kWidth);
  table.add({"target", "from", "affinity", "gain", "quality"});
  table.rule();
  for (const auto& row : taxonomy.transfers) {
    table.add({row.target, from_text(row), base::fixed(row.affinity, 4), share_text(row.gain),
               share_text(row.quality)});
  }
  table.rule();
  table.add({"mean", "", "", share_text(means.gain), share_text(means.quality)});
  text += table.text() + "\n";
  std::string cost = "cost " + base::number(taxonomy.cost);
  if (taxonomy.label_cost > 0.0)
    cost += ", " + base::number(taxonomy.label_cost) + " of it for targets' labels";
  const std::string heading =
      "Label and train " + std::to_string(taxonomy.sources.size()) + " (" + cost + "):";
  return text + list_text(heading, taxonomy.sources);
}

std::string sweep_text(const std::vector<taxonomy::Taxonomy>& sweep) {
  TextTable table("rrrrw", kWidth);
  table.add({"budget", "objective", "gain", "quality", "label and train"});
  table.rule();
  for (const auto& taxonomy : sweep) {
    const auto means = analysis::means_of(taxonomy);
    const bool proven = taxonomy.status == taxonomy::Status::optimal;
    table.add({base::number(taxonomy.budget), base::fixed(taxonomy.objective, 4) + (proven ? "" : "?"),
               share_text(means.gain), share_text(means.quality), base::join(taxonomy.sources, ", ")});
  }
  std::string text = table.text();
  if (text.find('?') != std::string::npos) text += "? = not proven: the time limit was reached\n";
  return text;
}

std::string affinity_text(const affinity::AffinityTable& table) {
  const Matrix matrix = first_order_matrix(table);
  std::size_t left = letters("target \\ source");
  for (const auto& target : matrix.targets) left = std::max(left, letters(target));
  constexpr std::size_t kCell = 9;  // "[100.0]" and the gap
  const std::size_t per_block = std::max<std::size_t>(1, (kWidth - std::min(left, kWidth)) / kCell);
  std::string text;
  for (std::size_t begin = 0; begin < matrix.sources.size(); begin += per_block) {
    if (begin > 0) text += "\n";
    text += block_text(matrix, begin, std::min(begin + per_block, matrix.sources.size()));
  }
  std::vector<std::string> numbered;
  for (std::size_t c = 0; c < matrix.sources.size(); ++c) {
    numbered.push_back(std::to_string(c + 1) + " " + matrix.sources[c]);
  }
  return text + list_text("sources:", numbered);
}

std::string source_check_text(const std::vector<analysis::SourceCheck>& checks) {
  TextTable table("lrrr", kWidth);
  table.add({"task", "beats constant guess, %", "beats random encoder, %", "images"});
  table.rule();
  for (const auto& check : checks) {
    table.add({check.task, percent(check.beats_constant), percent(check.beats_random),
               std::to_string(check.images)});
  }
  table.rule();
  table.add({"mean", percent(mean_of(checks, &analysis::SourceCheck::beats_constant)),
             percent(mean_of(checks, &analysis::SourceCheck::beats_random)), ""});
  return table.text();
}

std::string sources_text(const std::vector<analysis::SourceCheck>& checks,
                         const std::vector<MetricRow>& metrics) {
  std::string text;
  if (!checks.empty())
    text += "Source networks, share of test images on which they win\n\n" + source_check_text(checks) + "\n";
  if (!metrics.empty()) text += "Metrics, means over test images\n\n" + metrics_text(metrics) + "\n";
  return text;
}

}  // namespace taskonomy::report
