// Sequences of posed RGB-D frames as they lie on disk.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "camera.hpp"

namespace sevenscenes {

/// One frame's files. They are opened later.
struct Frame {
  std::string name;  ///< "frame-000010", or TUM's time stamp
  std::filesystem::path colour, depth;
  /// A pose file (7-Scenes), the pose (TUM), or why there is none.
  std::variant<std::filesystem::path, Pose, std::string> pose;
};

struct Sequence {
  std::string name;  ///< of its folder below the root; the root's own name where it is one sequence
  Intrinsics intrinsics;
  double depth_units = 1000;  ///< per metre
  std::vector<Frame> frames;  ///< in the order of time
};

/// What overrides a sequence's own files.
struct SequenceOptions {
  std::vector<double> intrinsics;  ///< fx, fy, cx, cy; empty = camera-intrinsics.txt, or the layout's default
  double depth_units = 0;          ///< 0 = the layout's: 1000 (7-Scenes), 5000 (TUM)
  std::int64_t every = 1;          ///< takes each n-th frame
};

/// The sequences in a folder: the folder itself or those below it, sorted by name. Two layouts:
///   7-Scenes  NAME.color.(png|jpg), NAME.depth.png, NAME.pose.txt
///   TUM       associations.txt (time colour time depth, or the two the other way round), groundtruth.txt
///   (time tx
///             ty tz qx qy qz qw); a frame takes the pose nearest in time, within 0.02 s
/// Throws std::runtime_error naming the folder when there is none, or the file that is malformed.
[[nodiscard]] std::vector<Sequence> find_sequences(const std::filesystem::path& root,
                                                   const SequenceOptions& options);

/// The frame's pose. Throws std::runtime_error saying why there is none.
[[nodiscard]] Pose pose_of(const Frame& frame);

}  // namespace sevenscenes
