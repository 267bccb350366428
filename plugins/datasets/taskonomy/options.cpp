#include "options.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace taskonomy_dataset {

namespace {

using taskonomy::sdk::Params;

std::filesystem::path root_of(Params& params) {
  const std::string root = params.text("root", "");
  if (root.empty()) {
    throw std::invalid_argument(
        "needs the folder with its buildings: [data] root = \"...\" or "
        "--set data.root=...");
  }
  return root;
}

std::vector<std::string> class_names(Params& params) {
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

std::vector<std::int64_t> kept(Params& params, const std::string& key) {
  std::vector<std::int64_t> ids;
  for (const double id : params.reals(key, {})) {
    if (!(id >= 0 && id < 1e6) || id != std::floor(id))
      throw std::invalid_argument(key + ": expected class numbers from 0");
    ids.push_back(static_cast<std::int64_t>(id));
  }
  if (ids.size() == 1) throw std::invalid_argument(key + ": one class is nothing to tell apart");
  return ids;
}

}  // namespace

Options read_options(const taskonomy::sdk::DatasetContext& context) {
  Params& params = context.params;
  Options options;
  options.root = root_of(params);
  options.class_names = class_names(params);
  options.labels.side = context.side;
  options.labels.classes = static_cast<std::int64_t>(options.class_names.size());
  options.labels.normals_up_back = params.choice("normal_axes", "right_down_forward",
                                                 {"right_down_forward", "right_up_back"}) == "right_up_back";
  options.object_classes_kept = kept(params, "class_object_classes");
  options.scene_classes_kept = kept(params, "class_scene_classes");
  options.scene_class_buildings = params.texts("building_classes", {});
  options.labels.depth_units = params.real("depth_units", 512, 1, 1e6);
  options.field_of_view = params.real("field_of_view", 0, 0, 179) * std::numbers::pi / 180.0;
  options.split_file = params.text("split_file", "");
  options.split_size = params.text("split_size", "tiny");
  return options;
}

}  // namespace taskonomy_dataset
