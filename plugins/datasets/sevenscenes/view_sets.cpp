#include "view_sets.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <random>

namespace sevenscenes {

namespace {

using taskonomy::sdk::ViewKind;

constexpr double kApart = 0.3;  // metres between the points of a negative pair
constexpr int kTries = 40;      // to find a suitable point, per matching pair

std::vector<View> readable_views(const Chunk& chunk) {
  std::vector<View> views;
  for (std::size_t frame = chunk.first; frame < chunk.last; ++frame) {
    try {
      views.push_back(read_view(*chunk.sequence, frame));
    } catch (const std::exception&) {
      continue;  // the frame's single sample says why
    }
  }
  return views;
}

bool differ(const View& a, const View& b, const PairOptions& options) {
  return distance(a.pose.position, b.pose.position) >= options.least_move ||
         angle_between(a.pose, b.pose) >= options.least_move;
}

/// Pairs i < j for which `holds`.
template <typename Holds>
std::vector<ViewSet> pairs_where(const std::vector<View>& views, const Holds& holds) {
  std::vector<ViewSet> sets;
  for (std::size_t i = 0; i < views.size(); ++i)
    for (std::size_t j = i + 1; j < views.size(); ++j)
      if (holds(views[i], views[j])) sets.push_back({{i, j}});
  return sets;
}

std::vector<ViewSet> fixated_pairs(const std::vector<View>& views, const PairOptions& options) {
  return pairs_where(views, [&](const View& a, const View& b) {
    return differ(a, b, options) && fixate(a, b, options.tolerance);
  });
}

std::vector<ViewSet> fixated_triplets(const std::vector<View>& views, const PairOptions& options) {
  const std::vector<ViewSet> pairs = fixated_pairs(views, options);
  std::vector<std::vector<bool>> together(views.size(), std::vector<bool>(views.size(), false));
  for (const ViewSet& pair : pairs) together[pair.frames[0]][pair.frames[1]] = true;
  std::vector<ViewSet> sets;
  for (const ViewSet& pair : pairs)
    for (std::size_t k = pair.frames[1] + 1; k < views.size(); ++k)
      if (together[pair.frames[0]][k] && together[pair.frames[1]][k])
        sets.push_back({{pair.frames[0], pair.frames[1], k}});
  return sets;
}

/// Pairs of views that share a part of what they see. `fixated_too`: also those that look at one point.
std::vector<ViewSet> overlapping_pairs(const std::vector<View>& views, const PairOptions& options,
                                       bool fixated_too) {
  return pairs_where(views, [&](const View& a, const View& b) {
    if (!differ(a, b, options) || (!fixated_too && fixate(a, b, options.tolerance))) return false;
    const double share = std::min(overlap(a, b), overlap(b, a));
    return share >= options.least_overlap && share <= options.greatest_overlap;
  });
}

/// Keeps at most `most` of them, evenly spread.
std::vector<ViewSet> thin(const std::vector<ViewSet>& sets, std::int64_t most) {
  const std::size_t wanted = std::min(sets.size(), static_cast<std::size_t>(most));
  std::vector<ViewSet> chosen;
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(sets[i * sets.size() / wanted]);
  return chosen;
}

/// Whether a crop around the pixel stays within the image.
bool crop_fits(const View& view, const Pixel& at, double half) {
  return at.x >= half && at.x <= view.width - half && at.y >= half && at.y <= view.height - half;
}

/// Turns overlapping pairs into matching ones.
class Matcher {
 public:
  Matcher(const PairOptions& options, std::uint64_t seed) : options_(options), random_(seed) {}

  /// Chooses the centres of both crops, around one point or around two. False where no point suits.
  bool match(ViewSet& set, const View& a, const View& b, bool positive) {
    const double half = 0.5 * options_.crop * std::min(a.width, a.height);
    for (int attempt = 0; attempt < kTries; ++attempt) {
      const Pixel here = random_cell(a);
      const std::optional<Pixel> there = correspondence(a, here, b);
      if (!there || !crop_fits(a, here, half) || !crop_fits(b, *there, half)) continue;
      const Pixel second = positive ? *there : random_cell(b);
      if (!positive && !(crop_fits(b, second, half) && shows_another_place(a, here, *there, b, second, half)))
        continue;
      set.centres = {here, second};
      set.match = positive;
      return true;
    }
    return false;
  }

 private:
  /// std::uniform_int_distribution differs between libraries; a remainder does not.
  std::int64_t below(std::int64_t count) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count));
  }
  Pixel random_cell(const View& view) {
    const std::int64_t row = below(view.rows), column = below(view.columns);
    return view.pixel(row, column);
  }
  static bool shows_another_place(const View& a, const Pixel& here, const Pixel& there, const View& b,
                                  const Pixel& second, double half) {
    const double depth = a.depth_under(here), other = b.depth_under(second);
    if (other <= 0 || std::hypot(second.x - there.x, second.y - there.y) < half) return false;
    return distance(a.pose.to_world(point_under(here, depth, a.camera)),
                    b.pose.to_world(point_under(second, other, b.camera))) >= kApart;
  }

  const PairOptions& options_;
  std::mt19937_64 random_;
};

std::vector<ViewSet> matching_pairs(const std::vector<View>& views, const PairOptions& options,
                                    std::uint64_t seed) {
  std::vector<ViewSet> sets;
  Matcher matcher(options, seed);
  for (const ViewSet& pair :
       thin(overlapping_pairs(views, options, true), std::max<std::int64_t>(1, options.most / 2))) {
    ViewSet positive = pair, negative = pair;
    const View &a = views[pair.frames[0]], &b = views[pair.frames[1]];
    if (!matcher.match(positive, a, b, true) || !matcher.match(negative, a, b, false)) continue;
    sets.push_back(std::move(positive));
    sets.push_back(std::move(negative));
  }
  return sets;
}

/// FNV-1a, so that a chunk's points depend on its name and the seed alone.
std::uint64_t seed_of(const std::string& name, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ (seed * 0x9e3779b97f4a7c15ULL);
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

std::vector<ViewSet> sets_of(const std::vector<View>& views, ViewKind kind, const PairOptions& options,
                             const std::string& chunk) {
  switch (kind) {
    case ViewKind::fixated_pair:
      return thin(fixated_pairs(views, options), options.most);
    case ViewKind::fixated_triplet:
      return thin(fixated_triplets(views, options), options.most);
    case ViewKind::nonfixated_pair:
      return thin(overlapping_pairs(views, options, false), options.most);
    default:
      return matching_pairs(views, options, seed_of(chunk, options.seed));
  }
}

}  // namespace

Pixel View::pixel(std::int64_t row, std::int64_t column) const {
  return {(static_cast<double>(column) + 0.5) * width / static_cast<double>(columns),
          (static_cast<double>(row) + 0.5) * height / static_cast<double>(rows)};
}

float View::depth_under(const Pixel& at) const {
  // Negated, so that NaN is outside.
  if (!(at.x >= 0 && at.x < width && at.y >= 0 && at.y < height)) return 0;
  return depth_at(static_cast<std::int64_t>(at.y * static_cast<double>(rows) / height),
                  static_cast<std::int64_t>(at.x * static_cast<double>(columns) / width));
}

std::optional<Pixel> correspondence(const View& from, const Pixel& pixel, const View& to) {
  const double depth = from.depth_under(pixel);
  if (depth <= 0) return std::nullopt;
  const Point there = to.pose.to_camera(from.pose.to_world(point_under(pixel, depth, from.camera)));
  const std::optional<Pixel> seen = pixel_of(there, to.camera);
  if (!seen) return std::nullopt;
  const double read = to.depth_under(*seen);
  if (read <= 0 || std::abs(read - there[2]) > std::max(0.02, 0.05 * there[2])) return std::nullopt;
  return seen;
}

double overlap(const View& from, const View& to) {
  int readings = 0, seen = 0;
  for (std::int64_t row = 0; row < from.rows; ++row)
    for (std::int64_t column = 0; column < from.columns; ++column) {
      if (from.depth_at(row, column) <= 0) continue;
      ++readings;
      if (correspondence(from, from.pixel(row, column), to)) ++seen;
    }
  return readings == 0 ? 0.0 : static_cast<double>(seen) / readings;
}

bool fixate(const View& a, const View& b, double tolerance) {
  const auto near_centre = [&](const View& from, const View& to) {
    const std::optional<Pixel> seen = correspondence(from, {0.5 * from.width, 0.5 * from.height}, to);
    return seen && std::hypot(seen->x - 0.5 * to.width, seen->y - 0.5 * to.height) <=
                       tolerance * std::min(to.width, to.height);
  };
  return near_centre(a, b) && near_centre(b, a);
}

View read_view(const Sequence& sequence, std::size_t frame) {
  constexpr std::int64_t kColumns = 80;
  const Frame& files = sequence.frames.at(frame);
  View view;
  view.frame = frame;
  view.pose = pose_of(files);
  view.camera = sequence.intrinsics;
  const torch::Tensor colour = read_colour(files);
  const std::int64_t height = colour.size(1), width = colour.size(2);
  const torch::Tensor depth = read_depth(files, sequence.depth_units, height, width);
  view.width = static_cast<double>(width), view.height = static_cast<double>(height);
  view.columns = std::min(kColumns, width);
  view.rows = std::max<std::int64_t>(1, view.columns * height / width);
  view.depth.reserve(static_cast<std::size_t>(view.columns * view.rows));
  const auto read = depth.accessor<float, 3>();
  const double per_column = static_cast<double>(depth.size(2)) / static_cast<double>(view.columns),
               per_row = static_cast<double>(depth.size(1)) / static_cast<double>(view.rows);
  for (std::int64_t row = 0; row < view.rows; ++row)
    for (std::int64_t column = 0; column < view.columns; ++column)
      view.depth.push_back(read[0][static_cast<std::int64_t>((static_cast<double>(row) + 0.5) * per_row)]
                               [static_cast<std::int64_t>((static_cast<double>(column) + 0.5) * per_column)]);
  return view;
}

std::vector<ViewSet> find_view_sets(const Chunk& chunk, ViewKind kind, const PairOptions& options) {
  if (kind == ViewKind::single) {
    std::vector<ViewSet> sets;
    for (std::size_t frame = chunk.first; frame < chunk.last; ++frame) sets.push_back({{frame}});
    return sets;
  }
  const std::vector<View> views = readable_views(chunk);
  std::vector<ViewSet> sets = sets_of(views, kind, options, chunk.id);
  for (ViewSet& set : sets)
    for (std::size_t& place : set.frames) place = views[place].frame;
  return sets;
}

}  // namespace sevenscenes
