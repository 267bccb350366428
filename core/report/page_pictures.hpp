// Pictures of a run within the page: PNG files as data URIs.
#pragma once

#include <string>
#include <vector>

#include "core/base/json.hpp"
#include "core/report/source_results.hpp"

namespace taskonomy::report {

/// [{task, key, pictures[{image, input, target, prediction, scratch, transfers{}}]}]; null: not drawn.
[[nodiscard]] base::Json pictures_json(const std::vector<TaskPictures>& tasks);

/// Standard base 64 (RFC 4648, with padding) of bytes: the body of a data URI.
[[nodiscard]] std::string base64(const std::string& bytes);

}  // namespace taskonomy::report
