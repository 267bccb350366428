// How good the source networks are: the paper's Table 1, the metrics by which practitioners judge each task,
// and sample predictions. Files of a run, written and read here, and their short tables for the terminal.
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/verdicts.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/base/record.hpp"

namespace taskonomy::report {

inline constexpr const char* kTableOneFile = "table-1.csv";
inline constexpr const char* kVerdictsFile = "verdicts.csv";

/// Reads verdicts.csv. Nothing where an earlier version wrote it, which did not say what judged. Throws Error
/// as base::read_records().
[[nodiscard]] std::optional<std::vector<analysis::Verdict>> read_verdicts(const std::filesystem::path& path);

/// CSV task,beats_average,beats_constant,beats_random,images; an unknown share is empty.
[[nodiscard]] std::string table_one_csv(const std::vector<analysis::SourceCheck>& checks);

/// Reads table_one_csv(), and what an earlier version wrote, without beats_average. Throws Error "FILE:LINE:
/// ..." for another header, a wrong number of cells, malformed numbers and shares outside 0 to 1.
[[nodiscard]] std::vector<analysis::SourceCheck> read_table_one(const std::filesystem::path& path);

/// The paper's Table 1, with the means.
[[nodiscard]] std::string source_check_text(const std::vector<analysis::SourceCheck>& checks);

inline constexpr const char* kMetricsFile = "metrics.csv";

/// What stands in a cell of metrics.csv before the reason why there is no value.
inline constexpr const char* kNotAvailable = "not available: ";

/// One metric of one competitor for a target: a mean over test images.
struct MetricRow {
  std::string target;
  std::string competitor;  ///< as in a LossTable: the target itself = its own network, "(constant)", "a+b"
  std::string metric;      ///< "abs_rel"
  std::string unit;        ///< "m", "%"; may be empty
  bool higher_is_better = false;
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN = no image has one
  std::string unavailable{};  ///< what the task's metrics did wrong, so that there is no value; "" = nothing

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("competitor", self.competitor);
    field("metric", self.metric);
    field("unit", self.unit);
    field("better", base::TwoWords{self.higher_is_better, "higher", "lower"});
    field("value", base::NumberOr{self.value, kNotAvailable, self.unavailable});
  }
};

/// `target,competitor,metric,unit,better,value`, in the order of the rows; better is "higher" or "lower", an
/// unknown value an empty cell, one that the task failed to give "not available: REASON".
[[nodiscard]] std::string metrics_csv(const std::vector<MetricRow>& rows);

/// Reads metrics_csv(). Throws Error "FILE:LINE: ..." for another header, a wrong number of cells and
/// malformed values.
[[nodiscard]] std::vector<MetricRow> read_metrics(const std::filesystem::path& path);

/// A table of the first `most` metrics of each target: of its own network, of the best constant guess and,
/// where there is one, of the network from scratch. Below it a line for each target whose metrics failed.
[[nodiscard]] std::string metrics_text(const std::vector<MetricRow>& rows, std::size_t most = 3);

/// Table 1 and the metrics of the source networks, each under its heading; leaves out what is empty.
[[nodiscard]] std::string sources_text(const std::vector<analysis::SourceCheck>& checks,
                                       const std::vector<MetricRow>& metrics);

inline constexpr const char* kTasksFile = "tasks.csv";

/// What a task's plugin says of it for people.
struct TaskText {
  std::string task;       ///< its id
  std::string title;      ///< "Surface normals"
  std::string family;     ///< "3D"
  std::string summary{};  ///< "Which way each surface faces"; "": unknown

  static void visit(auto& self, auto&& field) {
    field("task", self.task);
    field("title", self.title);
    field("family", self.family);
    field("summary", self.summary);
  }
};

/// Reads tasks.csv, and what an earlier version wrote, without summaries. Throws Error as base::read_records().
[[nodiscard]] std::vector<TaskText> read_task_texts(const std::filesystem::path& path);

inline constexpr const char* kStartsFile = "starts.csv";

/// A network of a run that began with weights from elsewhere ([source] start, [scratch] start).
struct StartedNetwork {
  std::string network;    ///< the job that trains it: "source/normal"
  std::string task;       ///< "normal"
  std::string from;       ///< the folder of a run, or a safetensors file
  bool whole = false;     ///< its decoder began there, too; else its encoder alone
  std::string why{};      ///< where a run's decoder did not fit: "its decoder gives 40 channels, here 14"
  std::string weights{};  ///< base::checksum() of their file

  static void visit(auto& self, auto&& field) {
    field("network", self.network);
    field("task", self.task);
    field("from", self.from);
    field("begins", base::TwoWords{self.whole, "encoder and decoder", "encoder"});
    field("why", self.why);
    field("weights", self.weights);
  }
};

/// Reads RUN/starts.csv; none where there is no such file. Throws Error as base::read_records().
[[nodiscard]] std::vector<StartedNetwork> read_starts(const std::filesystem::path& run);
/// Writes RUN/starts.csv; none: there is no such file. Throws Error naming the path.
void write_starts(const std::filesystem::path& run, const std::vector<StartedNetwork>& starts);
/// A sentence for each start: "normal, depth_zbuffer start from runs/rooms; segment_semantic from its encoder
/// alone (its decoder gives 40 channels, here 14)."
[[nodiscard]] std::vector<std::string> start_sentences(const std::vector<StartedNetwork>& starts);
/// The same for a summary: a heading, then the sentences as wrapped lines.
[[nodiscard]] std::string starts_text(const std::vector<std::string>& sentences);

// Sample predictions: RUN/pictures/TASK/0-input.png, 0-target.png, 0-prediction.png, 1-..., and key.png,
// written by the job pictures/TASK; 0-scratch.png, 0-from-A+B.png, 1-..., and key-of-all.png, written by the job
// predictions/TASK. The page shows them.

/// One test image under one task, as PNG files; an empty one is left blank.
struct Picture {
  std::string image;                               ///< sample id
  std::string input;                               ///< bytes of a PNG file
  std::string target;                              ///< the label
  std::string prediction;                          ///< of the task's own fully supervised network
  std::string scratch{};                           ///< of the network from scratch
  std::map<std::string, std::string> transfers{};  ///< by the names of their sources, "a+b"
};

/// Sample predictions of one task.
struct TaskPictures {
  std::string task;
  std::vector<Picture> pictures;
  std::string key{};  ///< what the colours mean, a PNG file; empty: they need no explanation
};

inline constexpr const char* kPicturesFolder = "pictures";

/// Writes the pictures of one task into RUN/pictures/TASK, and the ids of their images as images.txt, a line
/// each. Returns the files, relative to the run folder. Throws Error naming the path.
std::vector<std::filesystem::path> write_pictures(const std::filesystem::path& run,
                                                  const TaskPictures& pictures);
/// Writes what networks from scratch and transfers predict of the same images beside them, and the key of all of
/// them. Removes those of transfers that are not drawn any more. Returns and throws the same.
std::vector<std::filesystem::path> write_predictions(const std::filesystem::path& run,
                                                     const TaskPictures& pictures);

/// The pictures that are there, task by task in the given order; tasks without any are left out.
[[nodiscard]] std::vector<TaskPictures> read_pictures(const std::filesystem::path& folder,
                                                      const std::vector<std::string>& tasks);

}  // namespace taskonomy::report
