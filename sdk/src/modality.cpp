#include <taskonomy/sdk/modality.hpp>

#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace taskonomy::sdk {

const std::vector<std::string>& known_modalities() {
  static const std::vector<std::string> names{"rgb",
                                              "depth_zbuffer",
                                              "depth_euclidean",
                                              "normal",
                                              "principal_curvature",
                                              "reshading",
                                              "edge_texture",
                                              "edge_occlusion",
                                              "keypoints2d",
                                              "keypoints3d",
                                              "segment_unsup2d",
                                              "segment_unsup25d",
                                              "segment_semantic",
                                              "instance",
                                              "class_object",
                                              "class_scene",
                                              "intrinsics",
                                              "pose",
                                              "room_layout",
                                              "vanishing_points",
                                              "match"};
  return names;
}

bool has(const Sample& sample, const std::string& modality) { return sample.data.count(modality) > 0; }

const torch::Tensor& require(const Sample& sample, const std::string& modality) {
  const auto found = sample.data.find(modality);
  if (found != sample.data.end() && found->second.defined()) return found->second;
  if (const auto why = sample.absent.find(modality); why != sample.absent.end())
    throw std::invalid_argument("sample \"" + sample.id + "\": no " + modality + ": " + why->second);
  std::set<std::string> names;  // sorted: the map's own order differs between runs
  for (const auto& [name, tensor] : sample.data) names.insert(name);
  std::string offered;
  for (const auto& name : names) offered += (offered.empty() ? "" : ", ") + name;
  // A task that takes one modality where another is absent asks for the other in vain: the first one's reason helps.
  std::string absent;
  for (const auto& [name, reason] : std::map(sample.absent.begin(), sample.absent.end()))
    absent += "; no " + name + ": " + reason;
  throw std::invalid_argument("sample \"" + sample.id + "\": modality \"" + modality +
                              "\" is missing; it has: " + (offered.empty() ? "nothing" : offered) + absent);
}

torch::Tensor require_pixels(const Sample& sample, const std::string& modality, std::int64_t channels) {
  const torch::Tensor& tensor = require(sample, modality);
  if (tensor.dim() != 4 || (channels > 0 && tensor.size(1) != channels) || tensor.numel() == 0) {
    std::ostringstream message;
    message << "sample \"" << sample.id << "\": modality \"" << modality << "\" has shape " << tensor.sizes()
            << ", expected [V," << (channels > 0 ? std::to_string(channels) : "C") << ",H,W]";
    throw std::invalid_argument(message.str());
  }
  return tensor.to(torch::kFloat32).contiguous();
}

torch::Tensor require_view(const Sample& sample, const std::string& modality, std::int64_t channels) {
  return require_pixels(sample, modality, channels).select(0, 0);
}

torch::Tensor scaled_rgb(const Sample& sample) { return require_pixels(sample, "rgb", 3) / 127.5F - 1.0F; }

}  // namespace taskonomy::sdk
