// Posed RGB-D sequences: 7-Scenes, TUM RGB-D, and any recorded like them.
//
//   layout      one sequence, or several in folders below root, in one of two layouts:
//                 7-Scenes  NAME.color.(png|jpg), NAME.depth.png (16 bit), NAME.pose.txt (4 x 4, world
//                           from camera, metres); camera-intrinsics.txt (3 x 3, pixels) is optional
//                 TUM       associations.txt (time colour time depth, or the two the other way round) and
//                           groundtruth.txt (time tx ty tz qx qy qz qw); a frame takes the pose nearest in
//                           time, within 0.02 s
//   scenes      chunks of consecutive frames, "SEQUENCE-0003". Views of one chunk look alike, so a chunk is
//               split as a whole and pairs never leave theirs. Sample ids are "CHUNK/FRAME", the frames of
//               one sample joined by "+"; of a matching pair with "@point" and its number.
//   views       single, fixated_pair, fixated_triplet, nonfixated_pair, matching_pair: found from poses and
//               depth when first asked for
//   modalities  rgb, depth_zbuffer, intrinsics, pose; match of matching pairs. Images are cropped to the
//               centred square, those of matching pairs to a smaller one around the point, and resized to
//               the run's side.
//   parameters  root (required): folder with one sequence or several below it
//               chunk (100; 1..100000): frames in a chunk. Longer chunks hold more pairs and leave fewer
//                 units for splitting.
//               every (1; 1..1000): takes each n-th frame. Neighbouring frames of a video differ little.
//               intrinsics (of camera-intrinsics.txt, or the layout's: 585, 585, 320, 240 for 7-Scenes,
//                 525, 525, 319.5, 239.5 for TUM): [fx, fy, cx, cy], pixels of the colour image
//               depth_units (1000 for 7-Scenes, 5000 for TUM): stored units in a metre
//               pairs (100; 1..100000): most samples of a multi-view kind in a chunk, spread evenly
//                 over those found
//               tolerance (0.15; 0.01..0.5): of fixation: how far from its centre a view may show the point
//                 under the other's centre, share of the image's short side
//               least_overlap (0.25), greatest_overlap (0.9; each 0..1): share of what one view shows that
//                 the other sees, for non-fixated and matching pairs
//               match_crop (0.5; 0.1..0.9): side of the crops of matching pairs, share of the short side
//   failure     An empty root is an error at once. A colour image that cannot be read is an error of its
//               sample. A missing or damaged depth image or pose (also one that is no rotation) makes the
//               modality absent and keeps the frame out of pairs.
//   source      Shotton et al., "Scene Coordinate Regression Forests", CVPR 2013; Sturm et al., "A
//               Benchmark for the Evaluation of RGB-D SLAM Systems", IROS 2012
#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/shared_photographs.hpp>
#include <taskonomy/sdk/toolbox/resample.hpp>

#include "sequence.hpp"
#include "view_sets.hpp"

namespace {

using namespace taskonomy;
using namespace sevenscenes;

std::vector<Sequence> sequences_of(sdk::Params& params) {
  const std::string root = params.text("root", "");
  if (root.empty())
    throw std::invalid_argument(
        "needs the folder with its frames: [data] root = \"...\" or --set data.root=...");
  SequenceOptions options;
  options.intrinsics = params.reals("intrinsics", {});
  options.depth_units = params.real("depth_units", 0.0, 0.0, 1e6);
  options.every = params.integer("every", 1, 1, 1000);
  return find_sequences(root, options);
}

PairOptions pair_options_of(const sdk::DatasetContext& context) {
  sdk::Params& params = context.params;
  PairOptions options;
  options.tolerance = params.real("tolerance", options.tolerance, 0.01, 0.5);
  options.least_overlap = params.real("least_overlap", options.least_overlap, 0.0, 1.0);
  options.greatest_overlap =
      params.real("greatest_overlap", options.greatest_overlap, options.least_overlap, 1.0);
  options.crop = params.real("match_crop", options.crop, 0.1, 0.9);
  options.most = params.integer("pairs", options.most, 1, 100000);
  options.seed = context.seed;
  return options;
}

class PosedSequences final : public sdk::Dataset, public sdk::SharedPhotographs {
 public:
  explicit PosedSequences(const sdk::DatasetContext& context)
      : sequences_(sequences_of(context.params)), pairs_(pair_options_of(context)), side_(context.side) {
    using enum sdk::ViewKind;
    info_.id = "sevenscenes";
    info_.title = "Posed RGB-D sequences";
    info_.reference =
        "layouts of 7-Scenes (Shotton et al., CVPR 2013) and TUM RGB-D (Sturm et al., IROS 2012)";
    info_.modalities = {"rgb", "depth_zbuffer", "intrinsics", "pose", "match"};
    info_.view_kinds = {sdk::kViewKinds.begin(), sdk::kViewKinds.end()};
    cut(static_cast<std::size_t>(context.params.integer("chunk", 100, 1, 100000)));
  }

  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }

  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind kind) const override {
    std::vector<sdk::Scene> scenes;
    for (const auto& [id, chunk] : chunks_)
      scenes.push_back({id, static_cast<std::int64_t>(sets(chunk, kind).size())});
    return scenes;
  }

  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind kind,
                                   const std::vector<std::string>& modalities) const override {
    const auto chunk = chunks_.find(scene);
    if (chunk == chunks_.end()) throw std::invalid_argument("no chunk \"" + scene + "\"");
    const std::vector<ViewSet>& all = sets(chunk->second, kind);
    if (index < 0 || index >= static_cast<std::int64_t>(all.size()))
      throw std::invalid_argument("no sample " + std::to_string(index) + " of this kind in \"" + scene +
                                  "\"");
    const ViewSet& set = all[static_cast<std::size_t>(index)];
    const Sequence& sequence = *chunk->second.sequence;
    sdk::Sample sample{scene + "/", {}};
    std::vector<torch::Tensor> photographs;
    for (const std::size_t frame : set.frames) {
      sample.id += (photographs.empty() ? "" : "+") + sequence.frames[frame].name;
      photographs.push_back(read_colour(sequence.frames[frame]));
    }
    if (kind == sdk::ViewKind::matching_pair) sample.id += "@point" + std::to_string(index);
    for (const std::string& modality : modalities) add(sample, modality, sequence, set, photographs);
    return sample;
  }

  [[nodiscard]] std::vector<std::string> photographs(const std::string& scene, std::int64_t index,
                                                     sdk::ViewKind kind) const override {
    const Chunk& chunk = chunks_.at(scene);
    std::vector<std::string> names;
    for (const std::size_t frame : sets(chunk, kind).at(static_cast<std::size_t>(index)).frames)
      names.push_back(chunk.sequence->frames[frame].name);
    return names;
  }

  [[nodiscard]] std::string files_state(const std::string& scene,
                                        const std::string& modality) const override {
    const auto chunk = chunks_.find(scene);
    if (chunk == chunks_.end()) return "";
    if (modality != "match") return sdk::state_of(files_of(chunk->second, modality));
    std::string state;  // all of them have a say in which views make a pair and where a crop lies
    for (const char* read : {"rgb", "depth_zbuffer", "pose", "intrinsics"})
      state += sdk::state_of(files_of(chunk->second, read));
    return state;
  }

 private:
  /// Cuts every sequence into chunks. A rest shorter than half a chunk joins the one before.
  void cut(std::size_t length) {
    for (const Sequence& sequence : sequences_) {
      const std::size_t frames = sequence.frames.size();
      const std::size_t count = std::max<std::size_t>(1, (frames + length / 2) / length);
      for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        const std::string id =
            sequence.name + "-" + std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number;
        chunks_[id] = {id, &sequence, i * length, i + 1 == count ? frames : (i + 1) * length};
      }
    }
  }

  /// The files that a modality of a chunk is read from.
  static std::vector<std::filesystem::path> files_of(const Chunk& chunk, const std::string& modality) {
    const Sequence& sequence = *chunk.sequence;
    if (modality == "intrinsics") return sequence.camera_files;
    if (modality != "rgb" && modality != "depth_zbuffer" && modality != "pose") return {};
    std::vector<std::filesystem::path> files;
    if (!sequence.associations.empty()) files.push_back(sequence.associations);
    if (modality == "pose" && !sequence.groundtruth.empty()) files.push_back(sequence.groundtruth);
    for (std::size_t i = chunk.first; i < chunk.last; ++i) {
      const Frame& frame = sequence.frames[i];
      if (modality == "rgb") files.push_back(frame.colour);
      if (modality == "depth_zbuffer") files.push_back(frame.depth);
      const auto* pose = std::get_if<std::filesystem::path>(&frame.pose);
      if (modality == "pose" && pose != nullptr) files.push_back(*pose);
    }
    return files;
  }

  /// The samples of a kind in a chunk. They are found once, when first asked for.
  const std::vector<ViewSet>& sets(const Chunk& chunk, sdk::ViewKind kind) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto key = std::make_pair(chunk.id, kind);
    auto found = sets_.find(key);
    if (found == sets_.end()) found = sets_.emplace(key, find_view_sets(chunk, kind, pairs_)).first;
    return found->second;
  }

  /// Adds one modality of all views to the sample, or why it is absent. Without a photograph there is no
  /// sample.
  void add(sdk::Sample& sample, const std::string& modality, const Sequence& sequence, const ViewSet& set,
           const std::vector<torch::Tensor>& photographs) const {
    if (modality == "match") {
      if (set.centres.empty()) throw std::invalid_argument("only matching pairs carry \"match\"");
      sample.data[modality] = torch::full({1}, set.match ? 1.0F : 0.0F);
      return;
    }
    if (std::find(info_.modalities.begin(), info_.modalities.end(), modality) == info_.modalities.end())
      throw std::invalid_argument("offers no modality \"" + modality + "\"");
    try {
      std::vector<torch::Tensor> views;
      for (std::size_t v = 0; v < set.frames.size(); ++v)
        views.push_back(one(modality, sequence, set, v, photographs[v]));
      sample.data[modality] = torch::stack(views);
    } catch (const std::exception& error) {
      sample.absent[modality] = error.what();
    }
  }

  /// The square of the photograph that the sample shows.
  [[nodiscard]] sdk::Square square_of(const ViewSet& set, std::size_t v, std::int64_t height,
                                      std::int64_t width) const {
    if (set.centres.empty()) return sdk::centre_square(height, width);
    const auto size = static_cast<std::int64_t>(pairs_.crop * static_cast<double>(std::min(height, width)));
    return sdk::square_around(set.centres[v].x, set.centres[v].y, std::max<std::int64_t>(1, size), height,
                              width);
  }

  /// One modality of view v, without its view dimension.
  [[nodiscard]] torch::Tensor one(const std::string& modality, const Sequence& sequence, const ViewSet& set,
                                  std::size_t v, const torch::Tensor& photograph) const {
    const Frame& frame = sequence.frames[set.frames[v]];
    const std::int64_t height = photograph.size(1), width = photograph.size(2);
    sdk::Square square = square_of(set, v, height, width);
    if (modality == "rgb") return sdk::resize_area(photograph, square, side_);
    if (modality == "intrinsics") {
      const Intrinsics& k = sequence.intrinsics;
      return sdk::resize_intrinsics(
          torch::tensor({k.fx, 0.0, k.cx, 0.0, k.fy, k.cy, 0.0, 0.0, 1.0}, torch::kFloat32).reshape({3, 3}),
          square, side_);
    }
    if (modality == "pose") return pose_tensor(pose_of(frame));
    const torch::Tensor depth = read_depth(frame, sequence.depth_units, height, width);
    // The same square where depth has another resolution than colour.
    square = {square.top * depth.size(1) / height, square.left * depth.size(2) / width,
              std::max<std::int64_t>(1, square.size * depth.size(1) / height)};
    return sdk::resize_depth(depth, square, side_);
  }

  static torch::Tensor pose_tensor(const Pose& pose) {
    torch::Tensor matrix = torch::eye(4);
    auto rows = matrix.accessor<float, 2>();
    for (std::int64_t i = 0; i < 3; ++i) {
      const auto at = static_cast<std::size_t>(i);
      for (std::int64_t j = 0; j < 3; ++j)
        rows[i][j] = static_cast<float>(pose.rotation[at][static_cast<std::size_t>(j)]);
      rows[i][3] = static_cast<float>(pose.position[at]);
    }
    return matrix;
  }

  std::vector<Sequence> sequences_;
  PairOptions pairs_;
  std::int64_t side_;
  sdk::DatasetInfo info_;
  std::map<std::string, Chunk> chunks_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<std::string, sdk::ViewKind>, std::vector<ViewSet>> sets_;
};

}  // namespace

TASKONOMY_EXPORT_DATASET(PosedSequences, "sevenscenes", "Posed RGB-D sequences: 7-Scenes, TUM and the like")
