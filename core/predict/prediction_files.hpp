// Predictions as files: numbers for programs, pictures for people.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "core/base/json.hpp"
#include "core/data/contact_sheet.hpp"
#include "core/predict/photographs.hpp"
#include "core/predict/predictor.hpp"

namespace taskonomy::predict {

/// At which size the numbers of maps are written.
enum class MapSize {
  photograph,  ///< that of the photograph's centred square
  network      ///< that of the run's images
};

/// What to write, and where.
struct PredictionFiles {
  std::filesystem::path folder;
  MapSize size = MapSize::photograph;
  bool pictures = true;
};

/// Writes predictions below a folder: TARGET/ID.npy (maps) and TARGET/ID.png (as the task draws them). A map holds
///
///   class ids int32 [H,W]       of tasks whose labels are classes of pixels: the most likely one
///   a quantity float32 [H,W]    of tasks whose figure is one, in its unit: depth in metres
///   the prediction float32 [C,H,W]  of all others
///
/// enlarged bilinearly (of classes, their scores). [any thread]
class PredictionWriter {
 public:
  /// `networks` and `dataset` outlive it.
  PredictionWriter(PredictionFiles files, const Predictor& networks, const sdk::DatasetInfo& dataset);

  /// Writes the predictions of sample `i` of a batch and returns what is to be known of them, one object: id, files, the
  /// square that the networks saw, and for each target the names of its files with shape and unit, or its numbers:
  /// classes with their shares, the five largest, or the values, with names and units where the task offers
  /// sdk::Components, else without its whitening. Throws Error naming a file that cannot be written; no half of one
  /// stays.
  [[nodiscard]] base::Json write(const Given& given, const std::vector<Photograph>& views, std::int64_t i,
                                 const std::map<std::string, Prediction>& predictions) const;

  /// The row of a contact sheet for the same sample, behind its photographs.
  [[nodiscard]] std::vector<sdk::Figure> figures(const Given& given, const std::vector<Photograph>& views,
                                                 std::int64_t i,
                                                 const std::map<std::string, Prediction>& predictions) const;

  /// Mean size of what was written of a sample so far, bytes; 0 before the first.
  [[nodiscard]] double bytes_per_sample() const;

 private:
  [[nodiscard]] sdk::Figure figure_of(const std::string& target, const std::string& id,
                                      const torch::Tensor& values, const torch::Tensor& input,
                                      const Photograph& view) const;
  [[nodiscard]] base::Json map_of(const std::string& target, const std::string& id,
                                  const torch::Tensor& values, const Photograph& view) const;
  [[nodiscard]] base::Json numbers_of(const sdk::Task& task, const torch::Tensor& values) const;
  /// Writes bytes whole or not at all. Returns the file's name relative to the folder.
  [[nodiscard]] std::string write_file(const std::string& target, const std::string& name,
                                       const std::string& bytes) const;

  PredictionFiles files_;
  const Predictor& networks_;
  const sdk::DatasetInfo& dataset_;
  mutable std::atomic<std::uint64_t> bytes_ = 0, samples_ = 0;
};

}  // namespace taskonomy::predict
