#include "core/predict/prediction_run.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "core/base/error.hpp"

namespace taskonomy::predict {

namespace {

/// What came of a batch.
struct Result {
  std::size_t samples = 0;
  std::vector<std::string> lines, left_out;
  std::vector<data::SheetRow> rows;
};

/// Samples that could be read, with their photographs.
struct Read {
  std::vector<Given> given;
  std::vector<std::vector<Photograph>> photographs;
  torch::Tensor images;  ///< uint8 [B,V,3,S,S]
};

/// Batches that threads take, and their results, told in the order of the batches.
class PredictionRun {
 public:
  PredictionRun(const Predictor& networks, const PredictionWriter& writer, const std::vector<Given>& samples,
                const PredictionSettings& settings)
      : networks_(networks), writer_(writer), samples_(samples), settings_(settings) {}

  PredictionOutcome run() {
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 1; i < settings_.threads; ++i) threads.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    return std::move(outcome_);
  }

 private:
  /// Takes batches until there are none, one failed, or somebody wants an end.
  void work() {
    try {
      while (!ended_) {
        const std::size_t batch = next_++;
        const auto size = static_cast<std::size_t>(settings_.batch);
        if (batch * size >= samples_.size()) return;
        const auto begin = samples_.begin() + static_cast<std::ptrdiff_t>(batch * size);
        const auto end = begin + static_cast<std::ptrdiff_t>(std::min(size, samples_.size() - batch * size));
        tell(batch, predict({begin, end}, batch * size));
      }
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      ended_ = true;
    }
  }

  [[nodiscard]] Result predict(const std::vector<Given>& samples, std::size_t first) const {
    Result result{samples.size(), {}, {}, {}};
    const Read read = read_all(samples, result.left_out);
    if (read.given.empty()) return result;
    std::vector<std::string> ids;
    for (const auto& given : read.given) ids.push_back(given.id);
    std::map<std::string, Prediction> predictions;
    for (const auto kind : networks_.view_kinds())
      if (sdk::views_of(kind) == read.images.size(1))
        predictions.merge(networks_.predict({kind, ids, read.images}));
    for (std::size_t i = 0; i < read.given.size(); ++i) {
      const auto place = static_cast<std::int64_t>(i);
      result.lines.push_back(writer_.write(read.given[i], read.photographs[i], place, predictions).dump());
      if (first + i < settings_.sheet_rows)
        result.rows.push_back(
            {read.given[i].id, writer_.figures(read.given[i], read.photographs[i], place, predictions)});
    }
    return result;
  }

  [[nodiscard]] Read read_all(const std::vector<Given>& samples, std::vector<std::string>& left_out) const {
    Read read;
    std::vector<torch::Tensor> images;
    for (const auto& given : samples) {
      std::vector<Photograph> photographs;
      std::vector<torch::Tensor> views;
      try {
        for (const auto& file : given.files) {
          photographs.push_back(read_photograph(file, settings_.side));
          views.push_back(photographs.back().image);
        }
      } catch (const base::Error& error) {
        left_out.emplace_back(error.what());
        continue;
      }
      read.given.push_back(given);
      read.photographs.push_back(std::move(photographs));
      images.push_back(torch::stack(views));
    }
    if (!images.empty()) read.images = torch::stack(images);
    return read;
  }

  /// Tells the results that now are next in line.
  void tell(std::size_t batch, Result result) {
    const std::scoped_lock lock(mutex_);
    waiting_.emplace(batch, std::move(result));
    for (auto found = waiting_.find(told_); found != waiting_.end(); found = waiting_.find(++told_)) {
      auto& next = found->second;
      for (const auto& line : next.lines) settings_.on_line(line);
      outcome_.done += next.lines.size();
      seen_ += next.samples;
      outcome_.left_out.insert(outcome_.left_out.end(), next.left_out.begin(), next.left_out.end());
      std::move(next.rows.begin(), next.rows.end(), std::back_inserter(outcome_.rows));
      waiting_.erase(found);
    }
    if (settings_.on_progress) settings_.on_progress(seen_);
    if (settings_.interrupted && settings_.interrupted()) ended_ = true;
  }

  const Predictor& networks_;
  const PredictionWriter& writer_;
  const std::vector<Given>& samples_;
  const PredictionSettings& settings_;
  std::atomic<std::size_t> next_ = 0;  ///< batch that nobody has taken
  std::atomic<bool> ended_ = false;
  std::mutex mutex_;  ///< of all below
  std::map<std::size_t, Result> waiting_;
  std::size_t told_ = 0, seen_ = 0;  ///< batches, samples
  PredictionOutcome outcome_;
  std::exception_ptr failure_;
};

}  // namespace

PredictionOutcome predict_all(const Predictor& networks, const PredictionWriter& writer,
                              const std::vector<Given>& samples, const PredictionSettings& settings) {
  return PredictionRun(networks, writer, samples, settings).run();
}

}  // namespace taskonomy::predict
