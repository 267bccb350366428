// My dataset: photographs in folders, with depth beside them where there is any. A template; put your
// own files here.
//
//   layout      ROOT/SCENE/NAME.jpg or .png; beside it NAME.depth.png, 16 bit, millimetres, 0 = no reading
//   scenes      the folders of root. A folder is split as a whole.
//   views       single
//   modalities  rgb; depth_zbuffer. Images are cropped to the centred square and resized to the run's side.
//   parameters  root (required): the folder
//   failure     A root without a photograph is an error at once. A photograph that cannot be read is
//               an error of its sample. Depth that is missing or damaged costs the sample in the
//               tasks that need it.
//   source      who took the photographs, and their licence
#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/resample.hpp>

namespace {

using namespace taskonomy;
namespace fs = std::filesystem;

/// Scene -> its photographs, both by name: the order must be the same in every process of a run.
using Photographs = std::map<std::string, std::vector<fs::path>>;

bool is_photograph(const fs::path& file) {
  const bool image = file.extension() == ".jpg" || file.extension() == ".png";
  return image && file.stem().extension() != ".depth";
}

Photographs photographs_below(const std::string& root) {
  if (root.empty())
    throw std::invalid_argument(
        "needs the folder of photographs: [data] root = \"...\" or --set data.root=...");
  if (!fs::is_directory(root)) throw std::invalid_argument("root: " + root + " is no folder");
  Photographs found;
  for (const auto& scene : fs::directory_iterator(root)) {
    if (!scene.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(scene)) {
      if (is_photograph(file.path())) found[scene.path().filename()].push_back(file.path());
    }
  }
  if (found.empty()) throw std::invalid_argument("root: " + root + " has no */*.jpg and no */*.png");
  for (auto& [scene, files] : found) std::sort(files.begin(), files.end());
  return found;
}

class MyDataset final : public sdk::Dataset {
 public:
  explicit MyDataset(const sdk::DatasetContext& context)
      : photographs_(photographs_below(context.params.text("root", ""))), side_(context.side) {
    info_.id = "my_dataset";
    info_.title = "My dataset";
    info_.reference = "who took the photographs, and their licence";
    info_.modalities = {"rgb", "depth_zbuffer"};
    info_.view_kinds = {sdk::ViewKind::single};
  }

  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }

  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override {
    std::vector<sdk::Scene> scenes;
    for (const auto& [id, files] : photographs_)
      scenes.push_back({id, static_cast<std::int64_t>(files.size())});
    return scenes;
  }

  // What the host asks for, in the shapes of taskonomy/sdk/sample.hpp; V = 1 view.
  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind,
                                   const std::vector<std::string>& modalities) const override {
    const fs::path& file = photographs_.at(scene).at(static_cast<std::size_t>(index));
    const torch::Tensor photograph = sdk::read_image(file).expand({3, -1, -1});  // uint8; grey as RGB
    sdk::Sample sample{scene + "/" + file.stem().string(), {}};
    for (const std::string& modality : modalities) {
      if (modality == "rgb") {
        sample.data[modality] = sdk::resize_area(photograph, square_of(photograph), side_).unsqueeze(0);
      } else if (modality == "depth_zbuffer") {
        add_depth(sample, file);
      } else {
        throw std::invalid_argument("offers no modality \"" + modality + "\"");
      }
    }
    return sample;
  }

  // A run that is called again sees from this which files changed.
  [[nodiscard]] std::string files_state(const std::string& scene,
                                        const std::string& modality) const override {
    std::vector<fs::path> files = photographs_.at(scene);
    if (modality == "depth_zbuffer")
      for (fs::path& file : files) file.replace_extension(".depth.png");
    return sdk::state_of(files);
  }

 private:
  static sdk::Square square_of(const torch::Tensor& image) {
    return sdk::centre_square(image.size(1), image.size(2));
  }

  void add_depth(sdk::Sample& sample, const fs::path& photograph) const {
    constexpr double kMetresPerUnit = 0.001;
    try {
      const torch::Tensor stored = sdk::read_image(fs::path(photograph).replace_extension(".depth.png"));
      const torch::Tensor metres = (stored.slice(0, 0, 1) * kMetresPerUnit).to(torch::kFloat32);
      sample.data["depth_zbuffer"] = sdk::resize_depth(metres, square_of(metres), side_).unsqueeze(0);
    } catch (const std::exception& error) {
      sample.absent["depth_zbuffer"] = error.what();
    }
  }

  Photographs photographs_;
  std::int64_t side_;  // pixels
  sdk::DatasetInfo info_;
};

}  // namespace

TASKONOMY_EXPORT_DATASET(MyDataset, "my_dataset", "Photographs in folders")
