// What host and worker say to each other: one JSON object per line. Orders go to the worker's standard input,
// reports come from its standard output; a line that is not an object is a bare job id (what a cluster
// scheduler or a person sends).
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/base/json.hpp"
#include "core/jobs/job.hpp"

namespace taskonomy::jobs {

/// A worker's first line: it can take orders, and how many threads it has before the first.
[[nodiscard]] std::string ready_line(std::size_t threads);
/// The threads; nothing when the line is another.
[[nodiscard]] std::optional<std::size_t> parse_ready(const std::string& line);

/// One line, without the line end.
[[nodiscard]] std::string to_line(const Assignment& assignment);
[[nodiscard]] std::string to_line(const JobReport& report);
[[nodiscard]] std::string to_line(const JobStep& step);
/// Nothing when the line is not an assignment; Assignment::key is empty for a bare id.
[[nodiscard]] std::optional<Assignment> parse_assignment(const std::string& line);
/// Nothing when the line is not a report.
[[nodiscard]] std::optional<JobReport> parse_report(const std::string& line);
/// Nothing when the line does not say how far a job has got.
[[nodiscard]] std::optional<JobStep> parse_step(const std::string& line);

/// The same as values, for lines that carry more. The readers throw Error for what is none.
[[nodiscard]] base::Json to_json(const Assignment& assignment);
[[nodiscard]] base::Json to_json(const JobReport& report);
[[nodiscard]] base::Json to_json(const JobStep& step);
[[nodiscard]] Assignment assignment_in(const base::JsonReader& content);
[[nodiscard]] JobReport report_in(const base::JsonReader& content);
[[nodiscard]] JobStep step_in(const base::JsonReader& content);

}  // namespace taskonomy::jobs
