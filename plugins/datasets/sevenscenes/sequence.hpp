// Sequences of posed RGB-D frames as they lie on disk, and the images of a frame as tensors.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include "camera.hpp"

namespace sevenscenes {

/// One frame's files. They are opened later.
struct Frame {
  std::string name;  ///< "frame-000010", or TUM's time stamp
  std::filesystem::path colour, depth;
  /// A pose file (7-Scenes), the pose (TUM), or why there is none.
  std::variant<std::filesystem::path, Pose, std::string> pose;
};

/// Frames that one camera recorded in one go.
struct Sequence {
  std::string name;  ///< of its folder below the root; the root's own name where it is one sequence
  Intrinsics intrinsics;
  double depth_units = 1000;  ///< per metre
  std::vector<Frame> frames;  ///< in the order of time
  /// TUM: associations.txt, which says which frames there are, and groundtruth.txt, which says their poses.
  /// Empty in the layout of 7-Scenes.
  std::filesystem::path associations{}, groundtruth{};
  /// Where camera-intrinsics.txt is looked for; empty where the recipe says what it holds.
  std::vector<std::filesystem::path> camera_files{};
};

/// What overrides a sequence's own files.
struct SequenceOptions {
  std::vector<double> intrinsics;  ///< fx, fy, cx, cy; empty = camera-intrinsics.txt, or the layout's default
  double depth_units = 0;          ///< 0 = the layout's: 1000 (7-Scenes), 5000 (TUM)
  std::int64_t every = 1;          ///< keeps each n-th frame
};

/// Finds the sequences in a folder: the folder itself and those below it, sorted by name, in the two layouts
/// that the head of sevenscenes.cpp describes. Throws std::runtime_error naming the folder when it holds no
/// sequence, or the file that is malformed.
[[nodiscard]] std::vector<Sequence> find_sequences(const std::filesystem::path& root,
                                                   const SequenceOptions& options);

/// The pose of a frame, read from its file where it lies in one. Throws std::runtime_error saying why there
/// is none.
[[nodiscard]] Pose pose_of(const Frame& frame);

/// Reads the colours of a frame, uint8 [3,H,W]. Throws std::runtime_error naming the file.
[[nodiscard]] torch::Tensor read_colour(const Frame& frame);

/// Reads the depth of a frame, float32 [1,H,W], metres, 0 = no reading. Its resolution may differ from that
/// of the colours, its aspect ratio may not. Throws std::runtime_error naming the file.
[[nodiscard]] torch::Tensor read_depth(const Frame& frame, double units_per_metre, std::int64_t colour_height,
                                       std::int64_t colour_width);

}  // namespace sevenscenes
