// taskonomy data export: writes a recipe's samples as files of the Taskonomy data set's layout, for other
// programs.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "apps/learning/actions.hpp"
#include "apps/learning/workshop.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/data/exported_view.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = "export.json";

/// The text of DIR/export.json: what an export is made from. The next export into the same folder must agree
/// with it.
std::string marker_of(const pipeline::Setup& setup, const std::set<sdk::ViewKind>& kinds) {
  const auto& recipe = setup.recipe();
  const auto& info = setup.dataset().info();
  std::vector<std::string> views;
  for (const auto kind : kinds) views.push_back(sdk::word_of(kind));
  const base::Json content = base::Json::object()
                                 .set("format", "taskonomy export 1")
                                 .set("dataset", info.id)
                                 .set("reference", info.reference)
                                 .set("parameters", recipe::canonical(recipe.data.params))
                                 .set("seed", recipe.seed)
                                 .set("side", recipe.data.side)
                                 .set("views", views)
                                 .set("modalities", info.modalities)
                                 .set("class_names", info.class_names);
  return content.dump(2) + "\n";
}

/// Marks the folder as this export's. Refuses a folder that holds anything else, so that a typing error mixes
/// nothing.
void claim(const fs::path& folder, const std::string& marker) {
  const fs::path file = folder / kMarker;
  std::error_code error;
  if (fs::exists(file, error)) {
    if (base::read_file(file) == marker) return;
    throw base::Error(file.string() +
                      ": this folder holds an export of other data or settings; take a new one");
  }
  if (fs::exists(folder, error) && !fs::is_directory(folder, error))
    throw base::Error(folder.string() + ": a file has this name");
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    throw base::Error(folder.string() + ": not empty and no export (it has no " + kMarker +
                      "); take a new folder");
  base::write_file(file, marker);
}

/// Whether the file is there and not empty. This program writes files whole or not at all; a copy onto a full
/// disk may have left an empty one.
bool there(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return !error && size > 0;
}

/// The modalities of a dataset that the layout can hold, and those that it cannot.
struct Modalities {
  std::vector<std::string> stored, not_stored;
};

Modalities modalities_of(const sdk::DatasetInfo& info) {
  Modalities all;
  for (const auto& modality : info.modalities)
    (data::domain_of(modality).empty() ? all.not_stored : all.stored).push_back(modality);
  return all;
}

/// Where the views of one sample go. A pair that does not fixate one point is two points; the second view
/// names the point of the first, and readers find the pair by it.
std::vector<data::ViewPlace> places_of(sdk::ViewKind kind, const std::string& scene,
                                       std::int64_t& next_point) {
  std::vector<data::ViewPlace> places;
  const bool apart = kind == sdk::ViewKind::nonfixated_pair;
  for (int v = 0; v < sdk::views_of(kind); ++v) {
    data::ViewPlace place{scene, next_point, apart ? 0 : v, {}};
    if (apart && v > 0) place.seen_points.push_back(places.front().point);
    places.push_back(place);
    if (apart) ++next_point;
  }
  if (!apart) ++next_point;
  return places;
}

/// Counts of one export.
struct Tally {
  std::size_t samples = 0, written = 0, kept = 0;
  std::vector<std::string> left_out;
};

class Export {
 public:
  Export(const pipeline::Setup& setup, fs::path folder)
      : setup_(setup), folder_(std::move(folder)), modalities_(modalities_of(setup.dataset().info())) {}

  void scene(const sdk::Scene& scene, sdk::ViewKind kind) {
    auto& point = next_point_[scene.id];
    for (std::int64_t index = 0; index < scene.samples; ++index)
      sample(scene.id, index, kind, places_of(kind, scene.id, point));
  }
  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] const std::vector<std::string>& not_stored() const { return modalities_.not_stored; }

 private:
  /// Whether every file of the sample is there. The dataset is not asked for such a sample.
  [[nodiscard]] bool complete(const std::vector<data::ViewPlace>& places) const {
    for (const auto& place : places)
      for (const auto& modality : modalities_.stored)
        if (!there(folder_ / data::path_of(place, data::domain_of(modality)))) return false;
    return true;
  }

  void sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
              const std::vector<data::ViewPlace>& places) {
    ++tally_.samples;
    if (complete(places)) {
      ++tally_.kept;
      return;
    }
    try {
      const auto& id = setup_.recipe().data.dataset;
      const sdk::Sample sample = host::call_dataset(
          id, "sample", [&] { return setup_.dataset().sample(scene, index, kind, modalities_.stored); });
      for (std::size_t v = 0; v < places.size(); ++v) write(sample, static_cast<std::int64_t>(v), places[v]);
      ++tally_.written;
    } catch (const base::Error& error) {
      tally_.left_out.push_back(scene + "/" + std::to_string(index) + ": " + error.what());
    }
  }

  void write(const sdk::Sample& sample, std::int64_t v, const data::ViewPlace& place) const {
    const auto files = host::call_dataset(setup_.recipe().data.dataset, "sample",
                                          [&] { return data::files_of(sample, v, place); });
    for (const auto& [path, bytes] : files)
      if (!there(folder_ / path)) base::write_file(folder_ / path, bytes);
  }

  const pipeline::Setup& setup_;
  fs::path folder_;
  Modalities modalities_;
  std::map<std::string, std::int64_t> next_point_;  ///< of each scene
  Tally tally_;
};

/// The kinds of views of the recipe's tasks. Matching pairs are not written: the reader makes them of the
/// other pairs.
std::set<sdk::ViewKind> exported_kinds(const pipeline::Setup& setup) {
  std::set<sdk::ViewKind> kinds;
  for (const auto& entry : setup.recipe().tasks) {
    const auto kind = setup.info(entry.id).view_kind;
    if (kind == sdk::ViewKind::matching_pair) {
      const auto& offered = setup.dataset().info().view_kinds;
      for (const auto pair : {sdk::ViewKind::fixated_pair, sdk::ViewKind::nonfixated_pair})
        if (std::find(offered.begin(), offered.end(), pair) != offered.end()) kinds.insert(pair);
    } else {
      kinds.insert(kind);
    }
  }
  return kinds;
}

}  // namespace

base::ExitCode export_data(const Values& values) {
  Workshop workshop = open_workshop(values);
  const pipeline::Setup& setup = *workshop.working_setup();
  (void)setup.dataset();  // first, so that its errors are reported as its own
  const fs::path folder = values.text("DIR");
  const auto kinds = exported_kinds(setup);
  claim(folder, marker_of(setup, kinds));
  Export work(setup, folder);
  for (const auto kind : kinds) {
    const auto scenes = host::call_dataset(setup.recipe().data.dataset, "scenes",
                                           [&] { return setup.dataset().scenes(kind); });
    for (const auto& scene : scenes) work.scene(scene, kind);
  }
  const Tally& tally = work.tally();
  for (const auto& reason : tally.left_out) std::cerr << "left out: " << reason << "\n";
  std::cout << folder.string() << ": " << tally.samples << " samples, " << tally.written << " written, "
            << tally.kept << " there already, " << tally.left_out.size() << " left out\n";
  if (!work.not_stored().empty())
    std::cout << "not in this layout: " << base::join(work.not_stored(), ", ") << "\n";
  std::cout << "read it back with [data] dataset = \"taskonomy\", root = \"" << folder.string()
            << "\"; class names are in " << kMarker << "\n";
  return tally.left_out.empty() ? base::ExitCode::done : base::ExitCode::some_jobs_failed;
}

}  // namespace taskonomy::cli
