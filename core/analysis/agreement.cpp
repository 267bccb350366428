#include "core/analysis/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

namespace taskonomy::analysis {

namespace {

/// Ranks from 1; tied values share the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  std::vector<double> result(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (std::size_t k = begin; k < end; ++k) result[order[k]] = rank;
    begin = end;
  }
  return result;
}

/// First-order affinities of one target by source, self left out.
std::map<std::string, double> first_order(const affinity::AffinityTable& table, const std::string& target) {
  std::map<std::string, double> result;
  for (const auto& row : table.rows) {
    if (row.target == target && row.sources.size() == 1 && !row.is_self())
      result[row.sources.front()] = row.affinity;
  }
  return result;
}

/// The authors' names that differ from ours (share/doc: the 26 tasks).
const std::map<std::string, std::string>& renamed() {
  static const std::map<std::string, std::string> names{
      {"autoencoder", "autoencoding"},
      {"class_1000", "class_object"},
      {"class_places", "class_scene"},
      {"curvature", "principal_curvature"},
      {"denoise", "denoising"},
      {"edge2d", "edge_texture"},
      {"edge3d", "edge_occlusion"},
      {"ego_motion", "egomotion"},
      {"fix_pose", "fixated_pose"},
      {"impainting_whole", "inpainting"},
      {"inpainting_whole", "inpainting"},
      {"keypoint2d", "keypoints2d"},
      {"keypoint3d", "keypoints3d"},
      {"non_fixated_pose", "nonfixated_pose"},
      {"point_match", "point_matching"},
      {"reshade", "reshading"},
      {"rgb2depth", "depth_zbuffer"},
      {"rgb2mist", "depth_euclidean"},
      {"rgb2sfnorm", "normal"},
      {"segment25d", "segment_unsup25d"},
      {"segment2d", "segment_unsup2d"},
      {"segmentsemantic", "segment_semantic"},
      {"segmentsemantic_rb", "segment_semantic"},
      {"vanishing_point_well_defined", "vanishing_point"},
  };
  return names;
}

}  // namespace

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) throw std::logic_error("spearman(): lists of different lengths");
  if (a.size() < 2) return affinity::kUnknown;
  const auto x = ranks(a);
  const auto y = ranks(b);
  const double mean = 0.5 * static_cast<double>(a.size() + 1);  // of any ranks
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx == 0.0 || yy == 0.0 ? affinity::kUnknown : xy / std::sqrt(xx * yy);
}

std::string our_name(const std::string& published) {
  const auto place = renamed().find(published);
  return place == renamed().end() ? published : place->second;
}

affinity::AffinityTable with_our_names(affinity::AffinityTable table) {
  for (auto& row : table.rows) {
    row.target = our_name(row.target);
    for (auto& source : row.sources) source = our_name(source);
  }
  return table;
}

std::vector<Agreement> agreement(const affinity::AffinityTable& a, const affinity::AffinityTable& b) {
  const auto others = b.targets();
  std::vector<Agreement> result;
  for (const auto& target : a.targets()) {
    if (std::find(others.begin(), others.end(), target) == others.end()) continue;
    const auto in_b = first_order(b, target);
    Agreement one{target, affinity::kUnknown, {}};
    std::vector<double> values_a;
    std::vector<double> values_b;
    for (const auto& [source, value] : first_order(a, target)) {
      const auto place = in_b.find(source);
      if (place == in_b.end()) continue;
      one.sources.push_back(source);
      values_a.push_back(value);
      values_b.push_back(place->second);
    }
    one.spearman = spearman(values_a, values_b);
    result.push_back(std::move(one));
  }
  return result;
}

double mean_spearman(const std::vector<Agreement>& agreements) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const auto& one : agreements) {
    if (std::isnan(one.spearman)) continue;
    sum += one.spearman;
    ++count;
  }
  return count == 0 ? affinity::kUnknown : sum / static_cast<double>(count);
}

}  // namespace taskonomy::analysis
