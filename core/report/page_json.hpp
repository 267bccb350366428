// The page's data: one JSON object that its scripts read.
#pragma once

#include <string>

#include "core/report/page_content.hpp"
#include "core/report/page_optima.hpp"

namespace taskonomy::report {

/// One object; tasks and transfers stand as indices into `tasks` and the columns of `rows`, unknown as null:
/// - title, of_run, tasks[], targets[], cost[] (per task), importance[] (per target), favour
/// - rows: target[], sources[][], affinity[], gain[], quality[], labels[]
/// - presets[]: favoured (a task, or null), fronts[]: order, optima[]: [budget, cost, objective, proven,
///   [row per target]]
/// - tree, bootstrap, comparison, significance, metrics: page_analysis_json.hpp
/// - checks[], missing[], pictures[], made: facts[], stages[], recipe
///
/// Stands safely inside a <script> element: every < is written as \u003c. Bytes that are no UTF-8 are
/// replaced.
[[nodiscard]] std::string page_json(const PageContent& content, const Optima& optima);

/// Standard base 64 (RFC 4648, with padding) of bytes: the body of a data URI.
[[nodiscard]] std::string base64(const std::string& bytes);

}  // namespace taskonomy::report
