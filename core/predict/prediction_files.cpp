#include "core/predict/prediction_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/toolbox/npy.hpp>
#include <taskonomy/sdk/vector_task.hpp>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/data/figure.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::predict {

namespace fs = std::filesystem;

namespace {

/// Classes that are named with their shares.
constexpr std::int64_t kClasses = 5;

/// Maps [C,h,w] enlarged or shrunk to side x side.
torch::Tensor resized(const torch::Tensor& maps, std::int64_t side) {
  if (maps.size(1) == side && maps.size(2) == side) return maps;
  return torch::upsample_bilinear2d(maps.unsqueeze(0), {side, side}, /*align_corners=*/false).squeeze(0);
}

bool is_map(const sdk::TaskInfo& info) { return info.prediction.shape.size() == 3; }
/// Whether the labels are classes of pixels, and the prediction a score for each.
bool is_segmentation(const sdk::TaskInfo& info) {
  return is_map(info) && !c10::isFloatingType(info.target.dtype) && info.prediction.shape.front() > 1;
}

std::string text_of(const torch::Tensor& values) { return c10::toString(values.scalar_type()); }

std::vector<double> list_of(const torch::Tensor& values) {
  const auto whole = values.to(torch::kFloat64).contiguous();
  return {whole.data_ptr<double>(), whole.data_ptr<double>() + whole.numel()};
}

/// Numbers without their whitening, which may be that of several rows of them.
torch::Tensor restored(const sdk::Task& task, const torch::Tensor& values) {
  const auto* whitened = sdk::extension_of<sdk::MeasuredWhitening>(task);
  if (whitened == nullptr) return values;
  const auto& whitening = whitened->whitening();
  const std::int64_t numbers = whitening.restore(torch::zeros({1})).numel();
  return whitening.restore(values.reshape({-1, numbers})).reshape(values.sizes());
}

/// Numbers in their units. Throws Error naming the task for another number of them than it has names.
base::Json named_numbers(const sdk::Task& task, const sdk::Components& named, const torch::Tensor& values) {
  const std::string& id = task.info().id;
  const auto numbers = host::call_task(id, "in_units", [&] { return named.in_units(values); });
  std::vector<std::string> names, units;
  for (const auto& [name, unit] : named.components()) {
    names.push_back(name);
    units.push_back(unit);
  }
  if (!numbers.defined() || numbers.numel() != std::ssize(names))
    throw base::Error("task \"" + id + "\": in_units gave " +
                      (numbers.defined() ? std::to_string(numbers.numel()) : "no") + " numbers for " +
                      std::to_string(names.size()) + " components");
  return base::Json::object().set("values", list_of(numbers)).set("names", names).set("units", units);
}

torch::Tensor scaled(const torch::Tensor& image) { return image.to(torch::kFloat32).div(127.5).sub(1.0); }

}  // namespace

PredictionWriter::PredictionWriter(PredictionFiles files, const Predictor& networks,
                                   const sdk::DatasetInfo& dataset)
    : files_(std::move(files)), networks_(networks), dataset_(dataset) {}

base::Json PredictionWriter::write(const Given& given, const std::vector<Photograph>& views, std::int64_t i,
                                   const std::map<std::string, Prediction>& predictions) const {
  std::vector<std::string> files;
  for (const auto& file : given.files) files.push_back(file.string());
  base::Json squares = base::Json::array(), targets = base::Json::object();
  for (const auto& view : views)
    squares.add(base::Json::object()
                    .set("top", view.square.top)
                    .set("left", view.square.left)
                    .set("size", view.square.size)
                    .set("height", view.height)
                    .set("width", view.width));
  for (const auto& [target, prediction] : predictions) {
    const auto& task = networks_.task(target);
    const auto values = prediction.values[i];
    base::Json told =
        is_map(task.info()) ? map_of(target, given.id, values, views.front()) : numbers_of(task, values);
    if (files_.pictures) {
      const std::int64_t images = prediction.input.size(0) / prediction.values.size(0);
      const auto input = prediction.input.narrow(0, i * images, images);
      const auto figure = figure_of(target, given.id, values, input, views.front());
      told.set("picture",
               write_file(target, given.id + ".png",
                          data::figure_png(figure, data::range_of({&figure}), sdk::PngPacking::quick)));
    }
    targets.set(target, std::move(told));
  }
  ++samples_;
  return base::Json::object()
      .set("id", given.id)
      .set("files", files)
      .set("squares", std::move(squares))
      .set("targets", std::move(targets));
}

double PredictionWriter::bytes_per_sample() const {
  return static_cast<double>(bytes_) / static_cast<double>(std::max<std::uint64_t>(samples_, 1));
}

base::Json PredictionWriter::map_of(const std::string& target, const std::string& id,
                                    const torch::Tensor& values, const Photograph& view) const {
  const auto& task = networks_.task(target);
  const auto maps =
      files_.size == MapSize::network ? values : resized(values, std::max<std::int64_t>(view.square.size, 1));
  torch::Tensor numbers = maps;
  std::string unit;
  if (is_segmentation(task.info())) {
    numbers = maps.argmax(0).to(torch::kInt32);
  } else if (const auto* illustrates = sdk::extension_of<sdk::Illustrate>(task)) {
    const auto figure = host::call_task(target, "figure of a prediction", [&] {
      return illustrates->illustrate(maps, {}, {id, {}});
    });
    if (figure.ground == sdk::Ground::quantity && figure.quantity.defined()) {
      numbers = figure.quantity[0];
      unit = figure.unit;
    }
  }
  base::Json told =
      base::Json::object()
          .set("numbers", write_file(target, id + ".npy", sdk::encode_npy(numbers.contiguous())))
          .set("shape", numbers.sizes().vec())
          .set("type", text_of(numbers));
  if (!unit.empty()) told.set("unit", unit);
  return told;
}

base::Json PredictionWriter::numbers_of(const sdk::Task& task, const torch::Tensor& values) const {
  const auto& info = task.info();
  for (const auto& modality : info.modalities) {
    const auto names = dataset_.class_names.find(modality);
    if (names == dataset_.class_names.end() || std::ssize(names->second) != values.numel()) continue;
    const auto shares = values.flatten().softmax(0);
    const auto [largest, order] = shares.sort(0, /*descending=*/true);
    base::Json classes = base::Json::array();
    for (std::int64_t k = 0; k < std::min(kClasses, values.numel()); ++k)
      classes.add(base::Json::object()
                      .set("name", names->second[static_cast<std::size_t>(order[k].item<std::int64_t>())])
                      .set("share", largest[k].item<double>()));
    return base::Json::object().set("classes", std::move(classes));
  }
  if (const auto* named = sdk::extension_of<sdk::Components>(task))
    return named_numbers(task, *named, values);
  const auto natural = restored(task, values);
  return base::Json::object().set("values", list_of(natural)).set("shape", natural.sizes().vec());
}

sdk::Figure PredictionWriter::figure_of(const std::string& target, const std::string& id,
                                        const torch::Tensor& values, const torch::Tensor& input,
                                        const Photograph& view) const {
  const sdk::Sample sample{id, {}};
  return host::call_task(target, "drawing its prediction", [&] {
    return data::figure_of(networks_.task(target), values, {}, {sample, input, scaled(view.image)});
  });
}

std::vector<sdk::Figure> PredictionWriter::figures(
    const Given& given, const std::vector<Photograph>& views, std::int64_t i,
    const std::map<std::string, Prediction>& predictions) const {
  std::vector<sdk::Figure> cells;
  for (const auto& view : views) {
    sdk::Figure photograph;
    photograph.picture = view.image;
    cells.push_back(std::move(photograph));
  }
  for (const auto& [target, prediction] : predictions) {
    const std::int64_t images = prediction.input.size(0) / prediction.values.size(0);
    cells.push_back(figure_of(target, given.id, prediction.values[i],
                              prediction.input.narrow(0, i * images, images), views.front()));
  }
  return cells;
}

std::string PredictionWriter::write_file(const std::string& target, const std::string& name,
                                         const std::string& bytes) const {
  const fs::path file = files_.folder / target / name;
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  const fs::path temporary = base::temporary_name(file);
  errno = 0;
  {
    // Thousands of files: synced one by one they would take longer than all networks.
    std::ofstream stream(temporary, std::ios::binary);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) {
      const int cause = errno;
      fs::remove(temporary, failed);
      throw base::Error(file.string() +
                        ": cannot be written: " + (cause == 0 ? "unknown reason" : std::strerror(cause)));
    }
  }
  fs::rename(temporary, file, failed);
  if (failed) throw base::Error(file.string() + ": cannot be written: " + failed.message());
  bytes_ += bytes.size();
  return (fs::path(target) / name).string();
}

}  // namespace taskonomy::predict
