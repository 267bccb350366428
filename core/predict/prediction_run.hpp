// Many photographs through the networks of a taxonomy, on several threads.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/data/contact_sheet.hpp"
#include "core/predict/prediction_files.hpp"

namespace taskonomy::predict {

/// How it is done and who hears of it. The functions are called by one thread at a time.
struct PredictionSettings {
  std::int64_t side = 64;      ///< of the run's images
  std::int64_t batch = 32;     ///< samples at a time
  std::size_t threads = 1;     ///< each reads, predicts and writes whole batches
  std::size_t sheet_rows = 8;  ///< samples that the contact sheet shows, the first ones
  std::function<void(const std::string& line)>
      on_line;  ///< one JSON object per sample, in the order of the samples
  std::function<void(std::size_t done)> on_progress;  ///< samples that are done or left out
  std::function<bool()> interrupted;                  ///< whether to stop after the batches under way
};

struct PredictionOutcome {
  std::size_t done = 0;               ///< samples whose lines were told
  std::vector<std::string> left_out;  ///< "FILE: reason", in the order of the samples
  std::vector<data::SheetRow> rows;   ///< of the contact sheet
};

/// Predicts samples that all have the same number of views, by all targets that see so many. A sample of which a
/// photograph cannot be read is left out. Memory does not grow with the number of samples. Throws what a target throws,
/// and Error for a file that cannot be written; the lines of all samples before it were told.
[[nodiscard]] PredictionOutcome predict_all(const Predictor& networks, const PredictionWriter& writer,
                                            const std::vector<Given>& samples,
                                            const PredictionSettings& settings);

}  // namespace taskonomy::predict
