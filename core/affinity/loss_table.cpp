#include "core/affinity/loss_table.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "core/base/error.hpp"

namespace taskonomy::affinity {

namespace {

base::Error wrong(const LossTable& table, const std::string& what) {
  return base::Error("losses of target \"" + table.target + "\": " + what);
}

}  // namespace

bool is_reference(const std::string& competitor) { return !competitor.empty() && competitor.front() == '('; }

void LossTable::validate() const {
  if (loss.size() != competitors.size()) {
    throw wrong(*this, std::to_string(competitors.size()) + " competitors but " +
                           std::to_string(loss.size()) + " rows of losses");
  }
  std::set<std::string> seen;
  for (std::size_t k = 0; k < competitors.size(); ++k) {
    if (competitors[k].empty()) throw wrong(*this, "row " + std::to_string(k + 1) + " has no name");
    if (!seen.insert(competitors[k]).second)
      throw wrong(*this, "competitor \"" + competitors[k] + "\" appears twice");
    if (loss[k].size() != images.size()) {
      throw wrong(*this, "competitor \"" + competitors[k] + "\" has " + std::to_string(loss[k].size()) +
                             " losses for " + std::to_string(images.size()) + " images");
    }
  }
}

std::optional<std::size_t> LossTable::find(const std::string& competitor) const {
  const auto place = std::find(competitors.begin(), competitors.end(), competitor);
  if (place == competitors.end()) return std::nullopt;
  return static_cast<std::size_t>(place - competitors.begin());
}

void LossTable::add(const std::string& competitor, std::vector<double> losses) {
  if (find(competitor)) throw wrong(*this, "competitor \"" + competitor + "\" appears twice");
  if (losses.size() != images.size()) {
    throw wrong(*this, "competitor \"" + competitor + "\" has " + std::to_string(losses.size()) +
                           " losses for " + std::to_string(images.size()) + " images");
  }
  competitors.push_back(competitor);
  loss.push_back(std::move(losses));
}

std::vector<std::size_t> LossTable::usable_images() const {
  std::vector<char> usable(images.size(), 1);
  std::size_t worst = 0;
  std::ptrdiff_t worst_count = 0;
  for (std::size_t k = 0; k < loss.size(); ++k) {
    for (std::size_t n = 0; n < images.size(); ++n) {
      if (std::isnan(loss[k][n])) usable[n] = 0;
    }
    const auto count =
        std::count_if(loss[k].begin(), loss[k].end(), [](double value) { return std::isnan(value); });
    if (count > worst_count) {
      worst = k;
      worst_count = count;
    }
  }
  std::vector<std::size_t> indices;
  for (std::size_t n = 0; n < images.size(); ++n) {
    if (usable[n]) indices.push_back(n);
  }
  if (indices.empty()) {
    if (images.empty()) throw wrong(*this, "there are no test images");
    throw wrong(*this, "every one of the " + std::to_string(images.size()) +
                           " test images has a NaN loss in some row; most are in \"" + competitors[worst] +
                           "\" (" + std::to_string(worst_count) + ")");
  }
  return indices;
}

LossTable combine(const std::vector<LossTable>& parts) {
  if (parts.empty()) throw std::logic_error("combine(): no loss tables");
  LossTable whole{parts.front().target, parts.front().images, {}, {}, parts.front().scenes_apart};
  for (const auto& part : parts) {
    part.validate();
    if (part.target != whole.target) throw wrong(whole, "cannot take rows of target \"" + part.target + "\"");
    if (part.images != whole.images) {
      throw wrong(whole, "rows were measured on different test images (" +
                             std::to_string(whole.images.size()) + " and " +
                             std::to_string(part.images.size()) + "); delete the stale losses and run again");
    }
    for (std::size_t k = 0; k < part.competitors.size(); ++k) whole.add(part.competitors[k], part.loss[k]);
  }
  return whole;
}

}  // namespace taskonomy::affinity
