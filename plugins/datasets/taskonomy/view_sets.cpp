#include "view_sets.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "json_file.hpp"
#include "point_info.hpp"

namespace taskonomy_dataset {

namespace {

using taskonomy::sdk::ViewKind;
namespace fs = std::filesystem;

/// Point id without leading zeros -> its views, in the order of their names.
using Points = std::map<std::string, std::vector<std::string>>;

/// "7" of "point_0007_view_2"; another name is a point of its own.
std::string point_of(const std::string& view) {
  const std::string head = "point_";
  const std::size_t end = view.rfind("_view_");
  if (view.rfind(head, 0) != 0 || end == std::string::npos || end <= head.size()) return view;
  return without_zeros(view.substr(head.size(), end - head.size()));
}

Points points_of(const std::vector<std::string>& views) {
  Points points;
  for (const std::string& view : views) points[point_of(view)].push_back(view);
  return points;
}

std::vector<ViewSet> fixated_sets(const Points& points, bool triplets) {
  std::vector<ViewSet> sets;
  for (const auto& [point, views] : points)
    for (std::size_t i = 0; i < views.size(); ++i)
      for (std::size_t j = i + 1; j < views.size(); ++j) {
        if (!triplets) sets.push_back({{views[i], views[j]}});
        for (std::size_t k = j + 1; triplets && k < views.size(); ++k)
          sets.push_back({{views[i], views[j], views[k]}});
      }
  return sets;
}

/// Collects pairs, each once whatever its order.
class PairList {
 public:
  void add(const std::string& first, const std::string& second) {
    if (seen_.insert(std::minmax(first, second)).second) pairs_.push_back({{first, second}});
  }
  void add_damage(const std::string& reason) { pairs_.push_back({{}, true, reason}); }
  [[nodiscard]] std::vector<ViewSet> take() { return std::move(pairs_); }

 private:
  std::set<std::pair<std::string, std::string>> seen_;
  std::vector<ViewSet> pairs_;
};

/// Adds the pairs of one nonfixated_matches file, which lists the views that see a point without fixating it.
void add_matches(const Points& points, const fs::path& file, PairList& pairs) {
  try {
    const std::string point = point_of(file.stem().string());
    const auto own = points.find(point);
    const auto matches = parse_json(read_text(file), file.string());
    if (own == points.end()) return;
    for (const auto& seen_by : matches.at("views")) {
      const std::string other = text_of_id(seen_by.at("point_uuid"));
      const auto views = points.find(other);
      if (other == point || views == points.end()) continue;
      const std::string tail = "_view_" + text_of_id(seen_by.at("view_id"));
      for (const std::string& view : views->second)
        if (view.size() > tail.size() && view.compare(view.size() - tail.size(), tail.size(), tail) == 0)
          pairs.add(own->second.front(), view);
    }
  } catch (const std::exception& error) {
    const std::string reason = error.what(), name = file.string();
    pairs.add_damage(reason.rfind(name, 0) == 0 ? reason : name + ": " + reason);
  }
}

std::vector<ViewSet> from_matches(const Points& points, const fs::path& folder) {
  PairList pairs;
  for (const fs::path& file : match_files(folder)) add_matches(points, file, pairs);
  return pairs.take();
}

/// Ids of the other points that a view sees. None where its file cannot be read; its single sample says why.
std::vector<std::string> points_seen(const Folders& folders, const std::string& building,
                                     const std::string& view) {
  try {
    return read_point_info(folders.file(building, view, "point_info")).nonfixated_points;
  } catch (const std::exception&) {
    return {};
  }
}

std::vector<ViewSet> from_point_infos(const Folders& folders, const std::string& building,
                                      const Points& points) {
  // A data set whose files lack the key is not worth reading to its end.
  constexpr std::size_t kLookedAt = 50;
  PairList pairs;
  std::size_t read = 0, seen_points = 0;
  for (const auto& [point, views] : points)
    for (const std::string& view : views) {
      if (++read > kLookedAt && seen_points == 0) return {};
      for (const std::string& seen : points_seen(folders, building, view)) {
        ++seen_points;
        if (const auto other = points.find(seen); other != points.end() && seen != point)
          pairs.add(other->second.front(), view);
      }
    }
  return pairs.take();
}

std::vector<ViewSet> nonfixated_pairs(const Folders& folders, const std::string& building,
                                      const Points& points) {
  if (const auto matches = matches_folder(folders, building)) return from_matches(points, *matches);
  if (folders.domains().count("point_info") > 0) return from_point_infos(folders, building, points);
  return {};
}

std::vector<ViewSet> matching_pairs(const Folders& folders, const std::string& building,
                                    const Points& points) {
  if (points.size() < 2) return {};
  std::vector<ViewSet> apart = nonfixated_pairs(folders, building, points);
  std::erase_if(apart, [](const ViewSet& pair) { return !pair.damage.empty(); });
  std::vector<ViewSet> sets;
  std::size_t number = 0;
  for (const ViewSet& together : fixated_sets(points, false)) {
    sets.push_back(together);
    ViewSet other;
    if (apart.empty()) {
      auto next = points.upper_bound(point_of(together.views.front()));
      if (next == points.end()) next = points.begin();
      other.views = {together.views.front(), next->second[number % next->second.size()]};
    } else {
      other = apart[number % apart.size()];
    }
    other.match = false;
    sets.push_back(std::move(other));
    ++number;
  }
  return sets;
}

}  // namespace

std::optional<fs::path> matches_folder(const Folders& folders, const std::string& building) {
  const fs::path folder = folders.folder(building) / "nonfixated_matches";
  std::error_code error;
  return fs::is_directory(folder, error) ? std::optional(folder) : std::nullopt;
}

std::vector<fs::path> match_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<ViewSet> find_view_sets(const Folders& folders, const std::string& building, ViewKind kind) {
  const std::vector<std::string>& views = folders.buildings().at(building);
  const Points points = points_of(views);
  switch (kind) {
    case ViewKind::single: {
      std::vector<ViewSet> sets;
      for (const std::string& view : views) sets.push_back({{view}});
      return sets;
    }
    case ViewKind::fixated_pair:
      return fixated_sets(points, false);
    case ViewKind::fixated_triplet:
      return fixated_sets(points, true);
    case ViewKind::nonfixated_pair:
      return nonfixated_pairs(folders, building, points);
    case ViewKind::matching_pair:
      return matching_pairs(folders, building, points);
  }
  throw std::logic_error("unknown view kind");
}

}  // namespace taskonomy_dataset
