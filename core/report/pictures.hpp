// Sample predictions of a run: RUN/pictures/TASK/0-input.png, 0-target.png, 0-prediction.png, 1-..., written
// by the job pictures/TASK and shown on the page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace taskonomy::report {

/// One test image under one task, as PNG files; an empty one is left blank.
struct Picture {
  std::string image;       ///< sample id
  std::string input;       ///< bytes of a PNG file
  std::string target;      ///< the label
  std::string prediction;  ///< of the task's own fully supervised network
};

/// Sample predictions of one task.
struct TaskPictures {
  std::string task;
  std::vector<Picture> pictures;
};

inline constexpr const char* kPicturesFolder = "pictures";

/// Writes the pictures of one task into RUN/pictures/TASK, and the ids of their images as images.txt, a line
/// each. Returns the files, relative to the run folder. Throws Error naming the path.
std::vector<std::filesystem::path> write_pictures(const std::filesystem::path& run,
                                                  const TaskPictures& pictures);

/// The pictures that are there, task by task in the given order; tasks without any are left out.
[[nodiscard]] std::vector<TaskPictures> read_pictures(const std::filesystem::path& folder,
                                                      const std::vector<std::string>& tasks);

}  // namespace taskonomy::report
