#include "core/affinity/loss_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <stdexcept>

#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/safetensors.hpp"

namespace taskonomy::affinity {

namespace {

namespace fs = std::filesystem;

/// The values of a tensor. Throws Error naming the file when it has another type or number of dimensions.
template <class Value>
std::vector<Value> values_in(const std::filesystem::path& path, const std::string& what,
                             const base::TensorView& view, const std::string& dtype, std::size_t dimensions) {
  if (view.dtype != dtype || view.shape.size() != dimensions)
    throw base::Error(path.string() + ": expected " + what + " as " + dtype + " of " +
                      (dimensions == 1 ? "one dimension" : "two dimensions") + ", found " + view.dtype +
                      " of " + std::to_string(view.shape.size()));
  std::vector<Value> values(view.bytes / sizeof(Value));
  if (!values.empty()) std::memcpy(values.data(), view.data, view.bytes);
  return values;
}

template <class Value>
base::TensorView view_of(const std::string& dtype, std::vector<std::int64_t> shape,
                         std::span<const Value> values) {
  base::TensorView view;
  view.dtype = dtype;
  view.shape = std::move(shape);
  view.data = reinterpret_cast<const std::byte*>(values.data());
  view.bytes = values.size_bytes();
  return view;
}

/// The competitors of a target's tournament, from its file's header, whose first cell names no one.
std::vector<std::string> competitors_of(const fs::path& tournament) {
  const auto records = base::parse_csv(base::read_file(tournament), tournament.string());
  if (records.empty() || records.front().cells.size() < 2)
    throw base::Error(tournament.string() + ": expected the competitors' names in the first line");
  const auto& cells = records.front().cells;
  return {cells.begin() + 1, cells.end()};
}

/// Where a run keeps the losses of one competitor.
fs::path file_of(const fs::path& run, const std::string& target, const std::string& competitor) {
  const std::string name = competitor == target      ? kSelfFile
                           : competitor == kScratch  ? kScratchFile
                           : competitor == kConstant ? kConstantFile
                                                     : competitor;
  return run / "losses" / target / (name + ".safetensors");
}

/// Ids of the run's test images, one list for each kind of view.
std::vector<std::vector<std::string>> image_lists(const fs::path& run) {
  std::vector<fs::path> files;
  if (fs::is_directory(run / "examples")) {
    for (const auto& entry : fs::directory_iterator(run / "examples"))
      if (entry.path().filename().string().starts_with("images-")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::vector<std::string>> lists;
  for (const auto& file : files) {
    base::with_context(file.string(), [&] {
      const base::Safetensors images(file);
      const auto ids = base::json_in(images.metadata(), "ids");
      lists.push_back(ids.at("test").as<std::vector<std::string>>());
    });
  }
  return lists;
}

/// The one list that has `count` ids; else, when there is none or several, "1", "2", ...
std::vector<std::string> image_names(const std::vector<std::vector<std::string>>& lists, std::size_t count) {
  const auto fits = [&](const std::vector<std::string>& list) { return list.size() == count; };
  const auto list = std::find_if(lists.begin(), lists.end(), fits);
  if (list != lists.end() && std::none_of(list + 1, lists.end(), fits)) return *list;
  std::vector<std::string> numbers;
  for (std::size_t n = 1; n <= count; ++n) numbers.push_back(std::to_string(n));
  return numbers;
}

}  // namespace

void write_losses(const std::filesystem::path& path, std::span<const double> losses,
                  std::span<const float> metrics, const std::string& made_from) {
  const auto images = static_cast<std::int64_t>(losses.size());
  std::map<std::string, base::TensorView> tensors{{"loss", view_of("F64", {images}, losses)}};
  if (!metrics.empty()) {
    if (losses.empty() || metrics.size() % losses.size() != 0)
      throw std::logic_error("metrics are not K values for each of the images");
    const auto count = static_cast<std::int64_t>(metrics.size() / losses.size());
    tensors["metrics"] = view_of("F32", {images, count}, metrics);
  }
  base::write_safetensors(path, tensors, {{"made_from", made_from}});
}

std::vector<double> read_losses(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  return values_in<double>(path, "losses", file.at("loss"), "F64", 1);
}

std::vector<double> read_metric_means(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  const auto found = file.tensors().find("metrics");
  if (found == file.tensors().end()) return {};
  const auto values = values_in<float>(path, "metrics", found->second, "F32", 2);
  const auto images = static_cast<std::size_t>(found->second.shape[0]),
             count = static_cast<std::size_t>(found->second.shape[1]);
  std::vector<double> means(count, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < count; ++k) {
    double sum = 0.0, known = 0.0;
    for (std::size_t n = 0; n < images; ++n) {
      const float value = values[n * count + k];
      if (std::isnan(value)) continue;
      sum += value;
      known += 1.0;
    }
    if (known > 0.0) means[k] = sum / known;
  }
  return means;
}

std::vector<LossTable> read_run_losses(const fs::path& run, const std::vector<std::string>& targets) {
  const auto lists = image_lists(run);
  std::vector<LossTable> tables;
  for (const auto& target : targets) {
    LossTable table{target, {}, {}, {}};
    for (const auto& competitor : competitors_of(run / "tournaments" / (target + ".csv"))) {
      auto losses = read_losses(file_of(run, target, competitor));
      if (table.competitors.empty()) table.images = image_names(lists, losses.size());
      table.add(competitor, std::move(losses));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace taskonomy::affinity
