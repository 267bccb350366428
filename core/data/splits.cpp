#include "core/data/splits.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"

namespace taskonomy::data {

namespace {

std::string place_of(const SampleKey& key) { return key.scene + "#" + std::to_string(key.index); }

/// Samples that stay together: a whole scene or one image, whichever the recipe divides. A scene without
/// samples of this view kind is a unit too, so that a share of the scenes means the same for every kind.
struct Unit {
  std::string place;
  std::vector<SampleKey> keys;
};

std::vector<Unit> units_of(const std::vector<sdk::Scene>& scenes, bool by_scene) {
  std::vector<Unit> units;
  for (const auto& scene : scenes) {
    if (by_scene) units.push_back({scene.id, {}});
    for (std::int64_t index = 0; index < scene.samples; ++index) {
      SampleKey key{scene.id, index, Split::train};
      if (!by_scene) units.push_back({place_of(key), {}});
      units.back().keys.push_back(std::move(key));
    }
  }
  return units;
}

/// The split that a data set's own word names. Throws Error for another word.
Split split_of(const sdk::Scene& scene) {
  const auto split = split_named(scene.split);
  if (split && *split != Split::validation) return *split;
  throw base::Error("scene \"" + scene.id + "\" says it belongs to split \"" + scene.split +
                    "\"; there are train, transfer and test");
}

/// Orders units by a hash of their names, so that a unit's rank does not depend on the order in
/// which the data set lists them.
void shuffle(std::vector<Unit>& units, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < units.size(); ++i)
    order.emplace_back(base::seed_of(seed, "splits/" + units[i].place), i);
  std::sort(order.begin(), order.end());
  std::vector<Unit> shuffled;
  shuffled.reserve(units.size());
  for (const auto& [rank, i] : order) shuffled.push_back(std::move(units[i]));
  units = std::move(shuffled);
}

/// Gives the units to the splits by the recipe's shares.
void divide(std::vector<Unit> units, const recipe::Split& shares, std::uint64_t seed,
            std::vector<SampleKey>& keys) {
  shuffle(units, seed);
  // Borders are rounded cumulative shares, so that shares that sum to 1 leave nothing over.
  const auto border = [&](double share) {
    return static_cast<std::size_t>(std::llround(std::min(share, 1.0) * static_cast<double>(units.size())));
  };
  const std::size_t train_end = border(shares.train);
  const std::size_t transfer_end = border(shares.train + shares.transfer);
  const std::size_t test_end = border(shares.train + shares.transfer + shares.test);
  for (std::size_t u = 0; u < test_end; ++u)
    for (auto key : units[u].keys) {
      key.split = u < train_end ? Split::train : u < transfer_end ? Split::transfer : Split::test;
      keys.push_back(key);
    }
}

/// Moves a share of the training samples to validation, whole scenes where scenes are what is divided.
void hold_out_validation(std::vector<SampleKey>& keys, double share, bool by_scene, std::uint64_t seed) {
  std::vector<std::size_t> train;
  std::vector<std::string> scenes, places;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].split != Split::train) continue;
    train.push_back(i);
    scenes.push_back(keys[i].scene);
    places.push_back(place_of(keys[i]));
  }
  const auto held_out = hold_out(by_scene ? scenes : places, places, share, seed);
  if (held_out.size() == train.size()) return;  // nothing would be left to train on
  for (const std::size_t i : held_out) keys[train[i]].split = Split::validation;
}

/// Throws Error when a split that the recipe asks for has no sample.
void require_all_splits(const std::vector<SampleKey>& keys, const recipe::Split& shares, std::size_t units) {
  for (const Split split : kSplits) {
    if (split == Split::validation) continue;  // can do without
    if (std::any_of(keys.begin(), keys.end(), [&](const SampleKey& key) { return key.split == split; }))
      continue;
    throw base::Error("[split]: no " + shares.unit + " is left for \"" + name_of(split) +
                      "\": the dataset has " + std::to_string(units) + " " + shares.unit +
                      (units == 1 ? "" : "s") + "; add data, raise the share, or divide by unit = \"image\"");
  }
}

}  // namespace

std::string name_of(Split split) {
  switch (split) {
    case Split::train:
      return "train";
    case Split::validation:
      return "validation";
    case Split::transfer:
      return "transfer";
    case Split::test:
      return "test";
  }
  throw std::logic_error("unknown split");
}

std::optional<Split> split_named(std::string_view word) {
  for (const Split split : kSplits)
    if (name_of(split) == word) return split;
  return std::nullopt;
}

namespace {

void sort(std::vector<SampleKey>& keys) {
  std::stable_sort(keys.begin(), keys.end(), [](const SampleKey& a, const SampleKey& b) {
    return std::tie(a.split, a.scene, a.index) < std::tie(b.split, b.scene, b.index);
  });
}

/// The samples of all scenes in their splits, in no order.
std::vector<SampleKey> divide_scenes(const std::vector<sdk::Scene>& scenes, const recipe::Split& shares,
                                     bool by_scene, std::uint64_t seed) {
  std::vector<SampleKey> keys;
  std::vector<sdk::Scene> undecided;
  for (const auto& scene : scenes) {
    if (scene.split.empty()) {
      undecided.push_back(scene);
      continue;
    }
    const Split split = split_of(scene);
    for (std::int64_t index = 0; index < scene.samples; ++index) keys.push_back({scene.id, index, split});
  }
  divide(units_of(undecided, by_scene), shares, seed, keys);
  hold_out_validation(keys, shares.validation, by_scene, seed);
  return keys;
}

/// Photographs that stay together, by the name of one of them: those that samples of one point show.
class PhotographGroups {
 public:
  const std::string& group_of(const std::string& photograph) {
    const auto known = parent_.emplace(photograph, photograph).first;
    if (known->second == photograph) return known->second;
    const std::string root = group_of(known->second);
    return known->second = root;
  }
  /// The group keeps the name that comes first, whatever order its members come in.
  void join(const std::string& a, const std::string& b) {
    const auto [first, second] = std::minmax(std::string(group_of(a)), std::string(group_of(b)));
    parent_[second] = first;
  }
  /// Photograph -> another one of its group, or itself.
  [[nodiscard]] const std::map<std::string, std::string>& all() const { return parent_; }

 private:
  std::map<std::string, std::string> parent_;
};

std::string name_within(const std::string& scene, const std::string& photograph) {
  return scene + "#" + photograph;
}

/// The split in which all photographs of a sample are; nothing when there are two, or one is in none.
std::optional<Split> common_split(const PhotographSplits& splits, const std::string& scene,
                                  const std::vector<std::string>& photographs) {
  std::optional<Split> common;
  for (const auto& photograph : photographs) {
    const auto found = splits.find(name_within(scene, photograph));
    if (found == splits.end() || (common && *common != found->second.split)) return std::nullopt;
    common = found->second.split;
  }
  return common;
}

}  // namespace

std::vector<SampleKey> make_splits(const std::vector<sdk::Scene>& scenes, const recipe::Split& shares,
                                   std::uint64_t seed) {
  const bool by_scene = shares.unit == "scene";
  auto keys = divide_scenes(scenes, shares, by_scene, seed);
  require_all_splits(keys, shares, units_of(scenes, by_scene).size());
  sort(keys);
  return keys;
}

PhotographSplits divide_photographs(const std::vector<SampleViews>& kinds, const recipe::Split& shares,
                                    std::uint64_t seed) {
  PhotographGroups groups;
  std::map<std::string, std::string> split_of_photograph;  // where the data set says so
  for (const auto& kind : kinds)
    for (const auto& scene : kind.scenes)
      for (std::int64_t index = 0; index < scene.samples; ++index) {
        const auto photographs = kind.photographs(scene.id, index);
        for (const auto& photograph : photographs) {
          const auto name = name_within(scene.id, photograph);
          split_of_photograph[name] = scene.split;
          static_cast<void>(groups.group_of(name));
          if (kind.fixated) groups.join(name_within(scene.id, photographs.front()), name);
        }
      }
  std::map<std::string, sdk::Scene> units;
  for (const auto& [photograph, split] : split_of_photograph) {
    const std::string group = groups.group_of(photograph);
    units[group] = {group, 1, split};
  }
  std::vector<sdk::Scene> all;
  for (const auto& unit : units) all.push_back(unit.second);
  // Validation is held out of each kind by itself: few pairs lie within a few photographs.
  auto without_validation = shares;
  without_validation.validation = 0.0;
  std::map<std::string, Split> split_of_group;
  for (const auto& key : divide_scenes(all, without_validation, /*by_scene=*/true, seed))
    split_of_group[key.scene] = key.split;
  PhotographSplits splits;
  for (const auto& photograph : split_of_photograph) {
    const std::string group = groups.group_of(photograph.first);
    if (const auto found = split_of_group.find(group); found != split_of_group.end())
      splits[photograph.first] = {group, found->second};
  }
  return splits;
}

namespace {

/// The samples of a kind that training may use, with the names of their photographs.
struct TrainingSamples {
  std::vector<SampleKey> keys;
  std::vector<std::vector<std::string>> photographs;
};

/// Moves some to validation, by the group of their first photograph, and takes out those that show a photograph
/// of validation. Returns how many went.
std::int64_t hold_out_validation(TrainingSamples& samples, const PhotographSplits& splits, double share,
                                 std::uint64_t seed) {
  std::vector<std::string> groups, places;
  for (std::size_t i = 0; i < samples.keys.size(); ++i) {
    const auto& shown = samples.photographs[i];
    groups.push_back(shown.empty() ? "" : splits.at(shown.front()).group);
    places.push_back(place_of(samples.keys[i]));
  }
  std::set<std::string> of_validation;
  const auto before = samples.keys;
  for (const std::size_t i : hold_out(groups, places, share, seed)) {
    samples.keys[i].split = Split::validation;
    of_validation.insert(samples.photographs[i].begin(), samples.photographs[i].end());
  }
  std::vector<SampleKey> kept;
  for (std::size_t i = 0; i < samples.keys.size(); ++i) {
    const auto& shown = samples.photographs[i];
    const bool touches = std::any_of(shown.begin(), shown.end(),
                                     [&](const auto& name) { return of_validation.count(name) > 0; });
    if (samples.keys[i].split == Split::validation || !touches) kept.push_back(samples.keys[i]);
  }
  if (std::none_of(kept.begin(), kept.end(), [](const auto& key) { return key.split == Split::train; })) {
    samples.keys = before;  // nothing would be left to train on
    return 0;
  }
  const auto gone = std::ssize(samples.keys) - std::ssize(kept);
  samples.keys = std::move(kept);
  return gone;
}

}  // namespace

SplitSamples make_splits(const SampleViews& kind, const PhotographSplits& splits, const recipe::Split& shares,
                         std::uint64_t seed) {
  SplitSamples samples;
  TrainingSamples train;
  std::int64_t count = 0;
  for (const auto& scene : kind.scenes)
    for (std::int64_t index = 0; index < scene.samples; ++index, ++count) {
      const auto photographs = kind.photographs(scene.id, index);
      // What cannot be read takes part, so that its reason is told.
      const auto split = photographs.empty() ? Split::train : common_split(splits, scene.id, photographs);
      if (!split) {
        samples.straddling += photographs.size() > 1 ? 1 : 0;
      } else if (*split != Split::train) {
        samples.keys.push_back({scene.id, index, *split});
      } else {
        train.keys.push_back({scene.id, index, *split});
        train.photographs.emplace_back();
        for (const auto& photograph : photographs)
          train.photographs.back().push_back(name_within(scene.id, photograph));
      }
    }
  samples.straddling += hold_out_validation(train, splits, shares.validation, seed);
  samples.keys.insert(samples.keys.end(), train.keys.begin(), train.keys.end());
  if (samples.straddling == 0) require_all_splits(samples.keys, shares, static_cast<std::size_t>(count));
  for (const Split split : kSplits) {
    if (split == Split::validation) continue;
    if (std::none_of(samples.keys.begin(), samples.keys.end(),
                     [&](const auto& key) { return key.split == split; }))
      throw base::Error("[split]: no sample is left for \"" + name_of(split) +
                        "\": " + std::to_string(samples.straddling) + " of " + std::to_string(count) +
                        " samples show photographs of two splits; divide by unit = \"scene\", or add data");
  }
  sort(samples.keys);
  return samples;
}

std::vector<std::size_t> hold_out(const std::vector<std::string>& groups,
                                  const std::vector<std::string>& places, double share, std::uint64_t seed) {
  const std::set<std::string> all(groups.begin(), groups.end());
  if (all.size() < 2 && groups != places) return hold_out(places, places, share, seed);
  std::vector<std::pair<std::uint64_t, std::string>> ranks;
  for (const auto& group : all) ranks.emplace_back(base::seed_of(seed, "validation/" + group), group);
  std::sort(ranks.begin(), ranks.end());
  const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(ranks.size())));
  std::set<std::string> chosen;
  for (std::size_t r = 0; r < count; ++r) chosen.insert(ranks[r].second);
  std::vector<std::size_t> held_out;
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (chosen.count(groups[i]) > 0) held_out.push_back(i);
  return held_out;
}

std::vector<std::int64_t> pick_evenly(std::int64_t size, std::int64_t count) {
  count = std::min(count, size);
  std::vector<std::int64_t> indices;
  indices.reserve(static_cast<std::size_t>(count));
  for (std::int64_t part = 0; part < count; ++part) {
    const std::int64_t begin = part * size / count, length = (part + 1) * size / count - begin;
    const std::uint64_t drawn = base::seed_of(0, "spread/" + std::to_string(part));
    indices.push_back(begin + static_cast<std::int64_t>(drawn % static_cast<std::uint64_t>(length)));
  }
  return indices;
}

std::vector<SampleKey> pick_evenly(const std::vector<SampleKey>& keys, std::int64_t count) {
  std::vector<SampleKey> chosen;
  for (const std::int64_t i : pick_evenly(std::ssize(keys), count))
    chosen.push_back(keys[static_cast<std::size_t>(i)]);
  return chosen;
}

}  // namespace taskonomy::data
