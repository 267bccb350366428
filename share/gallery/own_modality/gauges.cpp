// Gauges: photographs of gauges in folders, with what each reads in a table. Shows a modality that is nobody else's.
//
//   layout      ROOT/SCENE/NAME.png, ROOT/SCENE/table.csv with a line NAME,VALUE for each photograph
//   scenes      the folders of root, such as one for each gauge. A folder is split as a whole.
//   views       single
//   modalities  rgb; reading, float32 [V,1], bar, NaN = not read. Images are cropped to the centred square and resized.
//   parameters  root (required): the folder
//   failure     A root without a photograph is an error at once, as is a table with a line that is not NAME,VALUE. A
//               photograph that cannot be read is an error of its sample. One that the table lacks has no reading: tasks
//               of readings leave it out.
//   source      who took the photographs, and their licence
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/resample.hpp>

namespace {

using namespace taskonomy;
namespace fs = std::filesystem;

struct Gauge {
  std::vector<fs::path> photographs;      // by name: the order must be the same in every process of a run
  std::map<std::string, float> readings;  // name of a photograph -> bar
};

std::map<std::string, float> readings_of(const fs::path& table) {
  std::map<std::string, float> readings;
  std::ifstream lines(table);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const auto comma = line.find(',');
    try {
      readings[line.substr(0, comma)] = std::stof(line.substr(comma + 1));
    } catch (const std::exception&) {
      throw std::invalid_argument(table.string() + ":" + std::to_string(number) +
                                  ": expected NAME,VALUE, got \"" + line + "\"");
    }
  }
  return readings;
}

std::map<std::string, Gauge> gauges_below(const std::string& root) {
  if (root.empty()) throw std::invalid_argument("needs the folder of photographs: --set data.root=...");
  if (!fs::is_directory(root)) throw std::invalid_argument("root: " + root + " is no folder");
  std::map<std::string, Gauge> gauges;
  for (const auto& scene : fs::directory_iterator(root)) {
    if (!scene.is_directory()) continue;
    Gauge gauge;
    for (const auto& file : fs::directory_iterator(scene))
      if (file.path().extension() == ".png") gauge.photographs.push_back(file.path());
    if (gauge.photographs.empty()) continue;
    std::sort(gauge.photographs.begin(), gauge.photographs.end());
    gauge.readings = readings_of(scene.path() / "table.csv");
    gauges[scene.path().filename()] = gauge;
  }
  if (gauges.empty()) throw std::invalid_argument("root: " + root + " has no */*.png");
  return gauges;
}

class Gauges final : public sdk::Dataset {
 public:
  explicit Gauges(const sdk::DatasetContext& context)
      : gauges_(gauges_below(context.params.text("root", ""))), side_(context.side) {
    info_.id = "gauges";
    info_.title = "Gauges";
    info_.reference = "who took the photographs, and their licence";
    info_.modalities = {"rgb", "reading"};
    info_.view_kinds = {sdk::ViewKind::single};
  }

  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }

  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override {
    std::vector<sdk::Scene> scenes;
    for (const auto& [id, gauge] : gauges_)
      scenes.push_back({id, static_cast<std::int64_t>(gauge.photographs.size())});
    return scenes;
  }

  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind,
                                   const std::vector<std::string>& modalities) const override {
    const Gauge& gauge = gauges_.at(scene);
    const fs::path& file = gauge.photographs.at(static_cast<std::size_t>(index));
    sdk::Sample sample{scene + "/" + file.stem().string(), {}};
    for (const std::string& modality : modalities) {
      if (modality == "rgb") {
        const torch::Tensor photograph = sdk::read_image(file).expand({3, -1, -1});  // uint8; grey as RGB
        const auto square = sdk::centre_square(photograph.size(1), photograph.size(2));
        sample.data[modality] = sdk::resize_area(photograph, square, side_).unsqueeze(0);
      } else if (modality == "reading") {
        const auto found = gauge.readings.find(file.stem().string());
        if (found == gauge.readings.end()) {
          sample.absent[modality] = file.string() + ": not in table.csv";  // other tasks use the sample
        } else {
          sample.data[modality] = torch::full({1, 1}, found->second);
        }
      } else {
        throw std::invalid_argument("offers no modality \"" + modality + "\"");
      }
    }
    return sample;
  }

  [[nodiscard]] std::string files_state(const std::string& scene,
                                        const std::string& modality) const override {
    const Gauge& gauge = gauges_.at(scene);
    if (modality == "reading") return sdk::state_of({gauge.photographs.front().parent_path() / "table.csv"});
    return sdk::state_of(gauge.photographs);
  }

 private:
  std::map<std::string, Gauge> gauges_;
  std::int64_t side_;  // pixels
  sdk::DatasetInfo info_;
};

}  // namespace

TASKONOMY_EXPORT_DATASET(Gauges, "gauges", "Photographs of gauges, and what they read")
