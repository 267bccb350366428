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
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/safetensors.hpp"
#include "core/base/text.hpp"

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

/// Ids of the test images of a run, by view kind. Each file of images is read once, when first asked for.
class TestImages {
 public:
  explicit TestImages(fs::path run) : run_(std::move(run)) {}

  /// The ids of the images that a file's losses are of. Throws Error when they are not the run's.
  const std::vector<std::string>& of(const fs::path& losses) {
    const base::Safetensors file(losses);
    const auto& told = file.metadata();
    const auto kind = told.find("view_kind"), fingerprint = told.find("images");
    const std::string cure = "; `taskonomy run " + base::shell_quoted(run_.string()) +
                             " --update` makes again what is of an earlier version or of other images";
    if (kind == told.end() || fingerprint == told.end())
      throw base::Error(losses.string() + ": does not say which images its losses are of" + cure);
    const List& list = list_of(kind->second);
    if (list.fingerprint != fingerprint->second)
      throw base::Error(losses.string() + ": its losses are of other images than " + list.file.string() +
                        " holds" + cure);
    return list.ids;
  }

 private:
  struct List {
    fs::path file;
    std::string fingerprint;
    std::vector<std::string> ids;
  };

  const List& list_of(const std::string& kind) {
    if (const auto known = lists_.find(kind); known != lists_.end()) return known->second;
    const fs::path file = run_ / "examples" / ("images-" + kind + ".safetensors");
    return base::with_context(file.string(), [&]() -> const List& {
      const base::Safetensors images(file);
      const auto ids = base::json_in(images.metadata(), "ids");
      return lists_[kind] = {file, base::fingerprint(images.metadata().at("ids")),
                             ids.at("test").as<std::vector<std::string>>()};
    });
  }

  fs::path run_;
  std::map<std::string, List> lists_;
};

}  // namespace

void write_losses(const std::filesystem::path& path, const CompetitorLosses& competitor) {
  const auto& [losses, metrics, pooled, failure, view_kind, ids, made_from] = competitor;
  const auto images = static_cast<std::int64_t>(losses.size());
  std::map<std::string, base::TensorView> tensors{{"loss", view_of("F64", {images}, losses)}};
  if (!metrics.empty()) {
    if (losses.empty() || metrics.size() % losses.size() != 0)
      throw std::logic_error("metrics are not K values for each of the images");
    const auto count = static_cast<std::int64_t>(metrics.size() / losses.size());
    tensors["metrics"] = view_of("F32", {images, count}, metrics);
  }
  if (!pooled.empty()) tensors["pooled"] = view_of("F64", {static_cast<std::int64_t>(pooled.size())}, pooled);
  std::map<std::string, std::string> told{
      {"made_from", made_from}, {"view_kind", view_kind}, {"images", ids}};
  if (!failure.empty()) told["metrics_failure"] = failure;
  base::write_safetensors(path, tensors, told);
}

std::vector<double> read_losses(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  return values_in<double>(path, "losses", file.at("loss"), "F64", 1);
}

std::vector<double> read_metrics(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  std::vector<double> all;
  if (const auto pooled = file.tensors().find("pooled"); pooled != file.tensors().end())
    all = values_in<double>(path, "pooled metrics", pooled->second, "F64", 1);
  const auto found = file.tensors().find("metrics");
  if (found == file.tensors().end()) return all;
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
  all.insert(all.end(), means.begin(), means.end());
  return all;
}

std::string read_metrics_failure(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  const auto failure = file.metadata().find("metrics_failure");
  return failure == file.metadata().end() ? "" : failure->second;
}

std::vector<double> read_first_metric(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  const auto found = file.tensors().find("metrics");
  if (file.tensors().count("pooled") > 0 || found == file.tensors().end()) return {};
  const auto values = values_in<float>(path, "metrics", found->second, "F32", 2);
  const auto count = static_cast<std::size_t>(found->second.shape[1]);
  std::vector<double> first;
  for (std::size_t k = 0; k < values.size(); k += count) first.push_back(values[k]);
  return first;
}

std::vector<LossTable> read_run_losses(const fs::path& run, const std::vector<std::string>& targets,
                                       bool scenes_apart) {
  TestImages images(run);
  std::vector<LossTable> tables;
  for (const auto& target : targets) {
    LossTable table{target, {}, {}, {}, scenes_apart};
    for (const auto& competitor : competitors_of(run / "tournaments" / (target + ".csv"))) {
      const auto file = file_of(run, target, competitor);
      const auto& ids = images.of(file);
      if (table.competitors.empty()) table.images = ids;
      table.add(competitor, read_losses(file));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::optional<LossTable> read_source_losses(const fs::path& run, const std::string& target) {
  TestImages images(run);
  LossTable table{target, {}, {}, {}};
  for (const std::string& competitor : {target, std::string(kConstant)}) {
    const fs::path file = file_of(run, target, competitor);
    if (!fs::exists(file)) return std::nullopt;
    table.images = images.of(file);
    table.add(competitor, read_losses(file));
  }
  return table;
}

}  // namespace taskonomy::affinity
