// Sample predictions of a run: RUN/pictures/TASK/0-input.png, 0-target.png, 0-prediction.png, 1-..., written
// by the job pictures/TASK and shown on the page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/report/page_content.hpp"

namespace taskonomy::report {

inline constexpr const char* kPicturesFolder = "pictures";

/// Writes the pictures of one task into RUN/pictures/TASK, and the ids of their images as images.txt, a line
/// each. Returns the files, relative to the run folder. Throws Error naming the path.
std::vector<std::filesystem::path> write_pictures(const std::filesystem::path& run,
                                                  const TaskPictures& pictures);

/// The pictures that are there, task by task in the given order; tasks without any are left out.
[[nodiscard]] std::vector<TaskPictures> read_pictures(const std::filesystem::path& folder,
                                                      const std::vector<std::string>& tasks);

}  // namespace taskonomy::report
