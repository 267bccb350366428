#include "sequence.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

namespace sevenscenes {

namespace {

namespace fs = std::filesystem;
namespace sdk = taskonomy::sdk;

constexpr double kMillimetres = 1000, kTumUnits = 5000;
constexpr const char* kAssociations = "associations.txt";
constexpr const char* kGroundtruth = "groundtruth.txt";
constexpr const char* kCamera = "camera-intrinsics.txt";
constexpr double kMostSecondsApart = 0.02;
// The Kinect's usual camera where a data set gives none: 7-Scenes' own default, and TUM's ("ROS default").
constexpr Intrinsics kSevenScenesCamera = {585, 585, 320, 240};
constexpr Intrinsics kTumCamera = {525, 525, 319.5, 239.5};

bool ends_with(const std::string& text, const std::string& tail) {
  return text.size() > tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

std::vector<Frame> seven_scenes_frames(const fs::path& folder) {
  std::vector<Frame> frames;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    for (const char* ending : {".color.png", ".color.jpg", ".color.jpeg"}) {
      if (!ends_with(file, ending)) continue;
      const std::string name = file.substr(0, file.size() - std::string(ending).size());
      frames.push_back({name, entry.path(), folder / (name + ".depth.png"), folder / (name + ".pose.txt")});
    }
  }
  std::sort(frames.begin(), frames.end(), [](const Frame& a, const Frame& b) { return a.name < b.name; });
  return frames;
}

/// Lines of a TUM file, cut at spaces, without comments.
std::vector<std::vector<std::string>> rows_of(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file.string() + ": cannot read");
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::vector<std::string> row;
    for (std::string word; words >> word;) row.push_back(word);
    if (!row.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

double number_of(const std::string& word, const fs::path& file) {
  std::size_t used = 0;
  double value = NAN;
  try {
    value = std::stod(word, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used != word.size() || !std::isfinite(value))
    throw std::runtime_error(file.string() + ": \"" + word.substr(0, 20) + "\" is no finite number");
  return value;
}

/// Time -> a row's pose, or why it is none.
using Track = std::map<double, std::variant<fs::path, Pose, std::string>>;

Track track_of(const fs::path& file) {
  Track track;
  for (const auto& row : rows_of(file)) {
    if (row.size() != 8) throw std::runtime_error(file.string() + ": a line without eight columns");
    std::array<double, 8> n{};
    for (std::size_t i = 0; i < n.size(); ++i) n[i] = number_of(row[i], file);
    try {
      track[n[0]] = pose_of_quaternion({n[1], n[2], n[3]}, {n[4], n[5], n[6], n[7]});
    } catch (const std::runtime_error& error) {
      track[n[0]] = file.string() + ": at " + row[0] + ": " + error.what();
    }
  }
  return track;
}

std::variant<fs::path, Pose, std::string> nearest(const Track& track, double time, const fs::path& file) {
  auto after = track.lower_bound(time);
  if (after == track.end() ||
      (after != track.begin() && time - std::prev(after)->first < after->first - time))
    after = after == track.begin() ? after : std::prev(after);
  if (after == track.end() || std::abs(after->first - time) > kMostSecondsApart)
    return file.string() + ": no pose within " + std::to_string(kMostSecondsApart) + " s of " +
           std::to_string(time);
  return after->second;
}

std::vector<Frame> tum_frames(const fs::path& folder) {
  const fs::path associations = folder / kAssociations, truth = folder / kGroundtruth;
  const Track track = track_of(truth);
  std::vector<Frame> frames;
  for (const auto& row : rows_of(associations)) {
    if (row.size() != 4) throw std::runtime_error(associations.string() + ": a line without four columns");
    const bool depth_first = row[1].find("depth") != std::string::npos;
    const std::size_t colour = depth_first ? 2 : 0, depth = depth_first ? 0 : 2;
    frames.push_back({row[colour], folder / row[colour + 1], folder / row[depth + 1],
                      nearest(track, number_of(row[colour], associations), truth)});
  }
  return frames;
}

/// The first of the files that is there, unless the recipe says the camera, or the layout's own.
Intrinsics intrinsics_of(const std::vector<fs::path>& files, const SequenceOptions& options,
                         const Intrinsics& fallback) {
  if (!options.intrinsics.empty()) {
    const auto& n = options.intrinsics;
    if (n.size() != 4 || !(n[0] > 0 && n[1] > 0))
      throw std::invalid_argument("intrinsics: expected [fx, fy, cx, cy] with fx, fy above 0");
    return {n[0], n[1], n[2], n[3]};
  }
  for (const fs::path& file : files)
    if (fs::exists(file)) return read_intrinsics(file);
  return fallback;
}

void add_sequence(const fs::path& folder, const fs::path& root, const SequenceOptions& options,
                  std::vector<Sequence>& sequences) {
  const bool tum = fs::exists(folder / kAssociations);
  std::vector<Frame> all = tum ? tum_frames(folder) : seven_scenes_frames(folder);
  if (all.empty()) return;
  Sequence sequence;
  sequence.name = fs::weakly_canonical(folder).filename().string();
  if (tum) sequence.associations = folder / kAssociations, sequence.groundtruth = folder / kGroundtruth;
  if (options.intrinsics.empty()) sequence.camera_files = {folder / kCamera, root / kCamera};
  sequence.intrinsics = intrinsics_of(sequence.camera_files, options, tum ? kTumCamera : kSevenScenesCamera);
  sequence.depth_units = options.depth_units > 0 ? options.depth_units : tum ? kTumUnits : kMillimetres;
  for (std::size_t i = 0; i < all.size(); i += static_cast<std::size_t>(options.every))
    sequence.frames.push_back(std::move(all[i]));
  sequences.push_back(std::move(sequence));
}

/// Reads an image and says its file's name with what `convert` has to say about it.
template <typename Convert>
torch::Tensor converted(const std::filesystem::path& file, const Convert& convert) {
  const torch::Tensor image = sdk::read_image(file);
  try {
    return convert(image);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace

std::vector<Sequence> find_sequences(const fs::path& root, const SequenceOptions& options) {
  std::error_code error;
  const fs::directory_iterator entries(root, error);
  if (error) throw std::runtime_error(root.string() + ": cannot read the data folder: " + error.message());
  std::vector<fs::path> folders = {root};
  for (const auto& entry : entries)
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin() + 1, folders.end());
  std::vector<Sequence> sequences;
  for (const fs::path& folder : folders) add_sequence(folder, root, options, sequences);
  if (sequences.empty())
    throw std::runtime_error(root.string() +
                             ": no frames found; expected NAME.color.png (or .jpg) with NAME.depth.png and "
                             "NAME.pose.txt, or associations.txt, in it or in folders below it");
  return sequences;
}

Pose pose_of(const Frame& frame) {
  if (const auto* file = std::get_if<fs::path>(&frame.pose)) return read_pose(*file);
  if (const auto* pose = std::get_if<Pose>(&frame.pose)) return *pose;
  throw std::runtime_error(std::get<std::string>(frame.pose));
}

torch::Tensor read_colour(const Frame& frame) {
  return converted(frame.colour,
                   [](const torch::Tensor& image) { return sdk::label_from_image("rgb", image); });
}

torch::Tensor read_depth(const Frame& frame, double units_per_metre, std::int64_t colour_height,
                         std::int64_t colour_width) {
  return converted(frame.depth, [&](const torch::Tensor& image) {
    if (image.size(1) * colour_width != image.size(2) * colour_height)
      throw std::invalid_argument("is " + std::to_string(image.size(2)) + " x " +
                                  std::to_string(image.size(1)) + " pixels, the colour image " +
                                  std::to_string(colour_width) + " x " + std::to_string(colour_height));
    return sdk::metres_from_image(image, units_per_metre);
  });
}

}  // namespace sevenscenes
