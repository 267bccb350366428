// The Taskonomy data set's folder layout, and any images laid out like it (NYU Depth v2, own photographs).
//
//   scenes      buildings: <root>/<building>/<domain>/point_P_view_V_domain_<domain>.<png|jpg|json>; samples
//   are the views
//               with an rgb image, sorted by file name. Sample id: "<building>/point_P_view_V".
//   views       single
//   modalities  those whose folders exist:
//                 rgb               8 or 16 bit PNG, or JPEG; grey images become RGB. Area average.
//                 depth_zbuffer     16 bit grey PNG, 1/512 m; 0 and 65535 = no reading. Robust mean
//                 (sdk/resample.hpp). segment_semantic  8 bit grey PNG, class ids, 0 = uncertain. Nearest
//                 neighbour. intrinsics        point_info JSON: camera_intrinsics {fx,fy,cx,cy}, or
//                 field_of_view_rads; adapted to
//                                   crop and scale
//               Images are cropped to the centred square and resized to the run's side.
//   parameters  root          folder, required
//               classes       number of ids in segment_semantic, 0 included; default 18, the data set's own
//               class_names   names of the classes behind 0, instead of `classes`
//   failure     a missing or empty root is an error at once; a file that cannot be read is an error of its
//   sample source      Zamir et al., Taskonomy, CVPR 2018; layout of
//   github.com/StanfordVL/taskonomy/tree/master/data
#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/resample.hpp>

#include "folders.hpp"

namespace {

using namespace taskonomy;
using taskonomy_dataset::Folders;

std::filesystem::path root_of(sdk::Params& params) {
  const std::string root = params.text("root", "");
  if (root.empty()) {
    throw std::invalid_argument(
        "needs the folder with its buildings: [data] root = \"...\" or "
        "--set data.root=...");
  }
  return root;
}

std::vector<std::string> class_names(sdk::Params& params) {
  std::vector<std::string> names = params.texts("class_names", {});
  const std::int64_t count = params.integer("classes", 18, 2, 256);
  names.insert(names.begin(), "uncertain");
  if (names.size() > 1 && params.has("classes") && static_cast<std::int64_t>(names.size()) != count) {
    throw std::invalid_argument("classes = " + std::to_string(count) +
                                ", but class_names and \"uncertain\" make " + std::to_string(names.size()));
  }
  if (names.size() > 1) return names;
  if (!params.has("classes")) {
    return {"uncertain", "background",   "bottle",       "chair", "couch",     "potted plant",
            "bed",       "dining table", "toilet",       "tv",    "microwave", "oven",
            "toaster",   "sink",         "refrigerator", "book",  "clock",     "vase"};
  }
  for (std::int64_t id = 1; id < count; ++id) names.push_back("class " + std::to_string(id));
  return names;
}

/// Which folder holds a modality.
const std::map<std::string, std::string>& domain_of_modality() {
  static const std::map<std::string, std::string> domains = {{"rgb", "rgb"},
                                                             {"depth_zbuffer", "depth_zbuffer"},
                                                             {"segment_semantic", "segment_semantic"},
                                                             {"intrinsics", "point_info"}};
  return domains;
}

torch::Tensor read_rgb(const std::filesystem::path& file) {
  const torch::Tensor image = sdk::read_image(file);
  const torch::Tensor bytes =
      image.scalar_type() == torch::kUInt8 ? image : image.div(257, "floor").to(torch::kUInt8);
  return bytes.size(0) == 3 ? bytes : bytes.expand({3, -1, -1});
}

/// Metres float32 [1,H,W], 0 = no reading.
torch::Tensor read_depth(const std::filesystem::path& file) {
  constexpr int kNone = 65535;
  constexpr double kUnitsPerMetre = 512.0;
  const torch::Tensor image = sdk::read_image(file);
  if (image.scalar_type() != torch::kInt32 || image.size(0) != 1) {
    throw std::runtime_error(file.string() + ": expected depth as a 16-bit grey PNG");
  }
  return image.masked_fill(image.eq(kNone), 0).to(torch::kFloat32) / kUnitsPerMetre;
}

torch::Tensor read_classes(const std::filesystem::path& file) {
  const torch::Tensor image = sdk::read_image(file);
  if (image.scalar_type() != torch::kUInt8 || image.size(0) != 1) {
    throw std::runtime_error(file.string() + ": expected class ids as an 8-bit grey PNG");
  }
  return image;
}

class TaskonomyFolders final : public sdk::Dataset {
 public:
  explicit TaskonomyFolders(const sdk::DatasetContext& context)
      : folders_(root_of(context.params)), side_(context.side) {
    info_.id = "taskonomy";
    info_.title = "Taskonomy's folder layout";
    info_.reference = "Zamir et al., Taskonomy, CVPR 2018; the images keep their own licence";
    info_.view_kinds = {sdk::ViewKind::single};
    for (const auto& [modality, domain] : domain_of_modality()) {
      if (folders_.domains().count(domain) > 0) info_.modalities.push_back(modality);
    }
    std::vector<std::string> names = class_names(context.params);
    if (folders_.domains().count("segment_semantic") > 0)
      info_.class_names["segment_semantic"] = std::move(names);
  }

  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }

  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind kind) const override {
    std::vector<sdk::Scene> scenes;
    if (kind != sdk::ViewKind::single) return scenes;
    for (const auto& [building, views] : folders_.buildings()) {
      scenes.push_back({building, static_cast<std::int64_t>(views.size())});
    }
    return scenes;
  }

  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                                   const std::vector<std::string>& modalities) const override {
    const auto building = folders_.buildings().find(scene);
    if (kind != sdk::ViewKind::single || building == folders_.buildings().end() || index < 0 ||
        index >= static_cast<std::int64_t>(building->second.size())) {
      throw std::invalid_argument("no single view " + std::to_string(index) + " in \"" + scene + "\"");
    }
    const std::string& view = building->second[static_cast<std::size_t>(index)];
    sdk::Sample sample{scene + "/" + view, {}};
    for (const std::string& modality : modalities)
      sample.data[modality] = read(scene, view, modality).unsqueeze(0);
    return sample;
  }

 private:
  /// One modality without its view dimension.
  [[nodiscard]] torch::Tensor read(const std::string& scene, const std::string& view,
                                   const std::string& modality) const {
    const auto domain = domain_of_modality().find(modality);
    if (domain == domain_of_modality().end()) {
      throw std::invalid_argument("offers no modality \"" + modality + "\"");
    }
    const std::filesystem::path file = folders_.file(scene, view, domain->second);
    if (modality == "intrinsics") {
      const torch::Tensor image = sdk::read_image(folders_.file(scene, view, "rgb"));
      const torch::Tensor intrinsics = taskonomy_dataset::read_intrinsics(file, image.size(1), image.size(2));
      return sdk::resize_intrinsics(intrinsics, sdk::centre_square(image.size(1), image.size(2)), side_);
    }
    const torch::Tensor image = modality == "rgb"             ? read_rgb(file)
                                : modality == "depth_zbuffer" ? read_depth(file)
                                                              : read_classes(file);
    const sdk::Square square = sdk::centre_square(image.size(1), image.size(2));
    if (modality == "rgb") return sdk::resize_area(image, square, side_);
    if (modality == "depth_zbuffer") return sdk::resize_depth(image, square, side_);
    return sdk::resize_nearest(image, square, side_);
  }

  Folders folders_;
  std::int64_t side_;
  sdk::DatasetInfo info_;
};

}  // namespace

TASKONOMY_EXPORT_DATASET(TaskonomyFolders, "taskonomy", "Images in the Taskonomy data set's folders")
