#include "core/report/page_titles.hpp"

#include <algorithm>
#include <set>

#include "core/base/text.hpp"

namespace taskonomy::report {

namespace {

/// Says names in titles.
class Titles {
 public:
  explicit Titles(const std::vector<TaskText>& texts) : title_(titles_of(texts)) {}

  [[nodiscard]] bool empty() const { return title_.empty(); }
  void rename(std::string& name) const {
    if (const auto found = title_.find(name); found != title_.end()) name = found->second;
  }
  void rename(std::vector<std::string>& names) const {
    for (auto& name : names) rename(name);
  }
  void rename(std::set<std::string>& names) const {
    std::vector<std::string> all(names.begin(), names.end());
    rename(all);
    names = {all.begin(), all.end()};
  }
  template <class Value>
  void rename_keys(std::map<std::string, Value>& values) const {
    std::map<std::string, Value> renamed;
    for (auto& [name, value] : values) {
      std::string key = joined(name);
      renamed[std::move(key)] = std::move(value);
    }
    values = std::move(renamed);
  }
  /// "a+b", the name of a transfer.
  [[nodiscard]] std::string joined(const std::string& sources) const {
    auto names = base::split(sources, '+');
    rename(names);
    return base::join(names, "+");
  }
  void rename(affinity::AffinityTable& table) const {
    for (auto& row : table.rows) rename(row);
  }
  void rename(affinity::AffinityRow& row) const {
    rename(row.sources);
    rename(row.target);
  }
  void rename(taxonomy::Taxonomy& taxonomy) const {
    rename(taxonomy.sources);
    std::sort(taxonomy.sources.begin(), taxonomy.sources.end());
    for (auto& row : taxonomy.transfers) rename(row);
  }

 private:
  std::map<std::string, std::string> title_;
};

void rename(analysis::Bootstrap& bootstrap, const Titles& titles) {
  for (auto& transfer : bootstrap.transfers) {
    titles.rename(transfer.sources);
    titles.rename(transfer.target);
  }
  for (auto& budget : bootstrap.budgets) {
    for (auto& source : budget.sources) titles.rename(source.source);
    for (auto& transfer : budget.transfers) {
      titles.rename(transfer.sources);
      titles.rename(transfer.target);
    }
  }
}

void rename(analysis::Comparison& comparison, const Titles& titles) {
  for (auto& target : comparison.targets) {
    titles.rename(target.target);
    titles.rename(target.sources);
    titles.rename(target.best_in_a);
    titles.rename(target.best_in_b);
  }
}

}  // namespace

std::map<std::string, std::string> titles_of(const std::vector<TaskText>& texts) {
  std::map<std::string, std::size_t> bearers;
  for (const auto& text : texts) {
    ++bearers[text.title];
    ++bearers[text.task];  // a title that is another task's id would be that task
  }
  std::map<std::string, std::string> titles;
  for (const auto& text : texts)
    if (!text.title.empty() && bearers[text.title] == 1 && text.title.find('+') == std::string::npos)
      titles[text.task] = text.title;
  return titles;
}

PageContent with_titles(PageContent content) {
  const Titles titles(content.texts);
  if (titles.empty()) return content;
  titles.rename(content.table);
  titles.rename_keys(content.prices.cost);
  titles.rename(content.prices.untrained);
  titles.rename_keys(content.importance);
  for (auto& check : content.checks) titles.rename(check.task);
  for (auto& verdict : content.verdicts) {
    titles.rename(verdict.target);
    titles.rename(verdict.subject);
    titles.rename(verdict.reference);
  }
  for (auto& curve : content.curves) titles.rename(curve.target);
  for (auto& row : content.metrics) {
    titles.rename(row.target);
    row.competitor = titles.joined(row.competitor);
  }
  if (content.judgement) {
    titles.rename(content.judgement->table);
    for (auto& budget : content.judgement->budgets)
      for (auto& chosen : budget.chosen) titles.rename(chosen);
  }
  if (content.bootstrap) rename(*content.bootstrap, titles);
  if (content.comparison) rename(*content.comparison, titles);
  for (auto& task : content.pictures) {
    titles.rename(task.task);
    for (auto& picture : task.pictures) titles.rename_keys(picture.transfers);
  }
  return content;
}

Optima with_titles(Optima optima, const std::vector<TaskText>& texts) {
  const Titles titles(texts);
  for (auto& preset : optima.presets) {
    titles.rename(preset.favoured);
    for (auto& front : preset.fronts)
      for (auto& taxonomy : front.taxonomies) titles.rename(taxonomy);
  }
  return optima;
}

analysis::RunDifference with_titles(analysis::RunDifference difference, const std::vector<TaskText>& texts) {
  const Titles titles(texts);
  for (auto* names : {&difference.targets, &difference.only_a, &difference.only_b}) titles.rename(*names);
  for (auto& at : difference.budgets) {
    titles.rename(at.a);
    titles.rename(at.b);
    for (auto& target : at.targets) {
      titles.rename(target.a);
      titles.rename(target.b);
    }
  }
  for (auto& value : difference.values) titles.rename(value.target);
  return difference;
}

}  // namespace taskonomy::report
