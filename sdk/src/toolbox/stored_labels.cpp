#include <taskonomy/sdk/toolbox/stored_labels.hpp>

#include <cmath>
#include <map>
#include <sstream>
#include <stdexcept>

namespace taskonomy::sdk {

namespace {

constexpr double kDepthUnitsPerMetre = 512.0;
constexpr double kCurvatureStepsPerUnit = 10.0;  // steps of 0.1 1/m
constexpr double kCentre = 127.0;
constexpr int kNone16 = 65535;

enum class Format { rgb, depth, normal, curvature, shade, response, region, classes };

Format format_of(const std::string& modality) {
  static const std::map<std::string, Format> formats = {{"rgb", Format::rgb},
                                                        {"depth_zbuffer", Format::depth},
                                                        {"depth_euclidean", Format::depth},
                                                        {"normal", Format::normal},
                                                        {"principal_curvature", Format::curvature},
                                                        {"reshading", Format::shade},
                                                        {"edge_texture", Format::response},
                                                        {"edge_occlusion", Format::response},
                                                        {"keypoints2d", Format::response},
                                                        {"keypoints3d", Format::response},
                                                        {"segment_unsup2d", Format::region},
                                                        {"segment_unsup25d", Format::region},
                                                        {"segment_semantic", Format::classes}};
  const auto found = formats.find(modality);
  if (found == formats.end()) throw std::invalid_argument("\"" + modality + "\" is not stored as an image");
  return found->second;
}

bool wide(const torch::Tensor& image) { return image.scalar_type() == torch::kInt32; }

[[noreturn]] void refuse(const std::string& expected, const torch::Tensor& image) {
  std::ostringstream message;
  message << "expected " << expected << ", got " << (wide(image) ? 16 : 8) << " bits in " << image.size(0)
          << (image.size(0) == 1 ? " channel" : " channels");
  throw std::invalid_argument(message.str());
}

void require_image(const torch::Tensor& image) {
  if (image.dim() != 3 || (image.size(0) != 1 && image.size(0) != 3) ||
      (!wide(image) && image.scalar_type() != torch::kUInt8))
    throw std::invalid_argument("expected an image uint8 or int32 [1|3,H,W]");
}

/// The one channel of a grey image, [1,H,W]; three equal channels are grey too.
torch::Tensor grey(const torch::Tensor& image, const std::string& expected) {
  if (image.size(0) == 3 && !(torch::equal(image[0], image[1]) && torch::equal(image[0], image[2])))
    refuse(expected, image);
  return image.narrow(0, 0, 1);
}

torch::Tensor rgb_of(const torch::Tensor& image) {
  const torch::Tensor bytes = wide(image) ? image.div(257, "floor").to(torch::kUInt8) : image;
  return bytes.expand({3, -1, -1}).contiguous();
}

torch::Tensor normal_of(const torch::Tensor& image) {
  if (wide(image) || image.size(0) != 3) refuse("normals in 8 bits and 3 channels", image);
  const torch::Tensor vectors = (image.to(torch::kFloat32) - kCentre) / kCentre;
  const torch::Tensor length = vectors.norm(2, 0, true);
  return torch::where(length.ge(0.5), vectors / length.clamp_min(0.5), torch::zeros({}));
}

torch::Tensor curvature_of(const torch::Tensor& image) {
  if (wide(image) || image.size(0) != 3) refuse("curvatures in 8 bits and 3 channels", image);
  const torch::Tensor stored = image.narrow(0, 0, 2).to(torch::kFloat32);
  const torch::Tensor none = stored.eq(0).all(0, true);
  const torch::Tensor values = (stored - kCentre) / kCurvatureStepsPerUnit;
  const torch::Tensor smaller_first = values[0].abs().lt(values[1].abs()).unsqueeze(0);
  return torch::where(smaller_first, values.flip(0), values).masked_fill(none, NAN);
}

torch::Tensor stored_normal(const torch::Tensor& label) {
  return (label.nan_to_num(0.0) * kCentre).round().add(kCentre).clamp(0, 255).to(torch::kUInt8);
}

torch::Tensor stored_curvature(const torch::Tensor& label) {
  const torch::Tensor none = label.isnan().any(0, true);
  const torch::Tensor steps = (label.nan_to_num(0.0) * kCurvatureStepsPerUnit)
                                  .round()
                                  .add(kCentre)
                                  .clamp(1, 255)
                                  .masked_fill(none, 0);
  return torch::cat({steps, torch::full_like(steps.narrow(0, 0, 1), kCentre)}).to(torch::kUInt8);
}

torch::Tensor stored_depth(const torch::Tensor& label) {
  const torch::Tensor none = label.isfinite().logical_and(label.gt(0)).logical_not();
  return (label.to(torch::kFloat64).nan_to_num(0.0) * kDepthUnitsPerMetre)
      .round()
      .clamp(1, kNone16 - 1)
      .masked_fill(none, kNone16)
      .to(torch::kInt32);
}

}  // namespace

bool stored_as_image(const std::string& modality) {
  try {
    (void)format_of(modality);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

torch::Tensor metres_from_image(const torch::Tensor& image, double units_per_metre) {
  require_image(image);
  const std::string expected = "depth as 16-bit grey";
  if (!wide(image)) refuse(expected, image);
  const torch::Tensor stored = grey(image, expected);
  return (stored.masked_fill(stored.eq(kNone16), 0).to(torch::kFloat64) / units_per_metre)
      .to(torch::kFloat32);
}

torch::Tensor label_from_image(const std::string& modality, const torch::Tensor& image) {
  require_image(image);
  switch (format_of(modality)) {
    case Format::rgb:
      return rgb_of(image);
    case Format::depth:
      return metres_from_image(image, kDepthUnitsPerMetre);
    case Format::normal:
      return normal_of(image);
    case Format::curvature:
      return curvature_of(image);
    case Format::shade: {
      if (wide(image)) refuse("shading as 8-bit grey", image);
      const torch::Tensor stored = grey(image, "shading as 8-bit grey").to(torch::kFloat32);
      return (stored / 255.0).masked_fill(stored.eq(0), NAN);
    }
    case Format::response:
      return grey(image, "a response as grey").to(torch::kFloat32) / (wide(image) ? 65535.0 : 255.0);
    case Format::region: {
      const torch::Tensor ids = grey(image, "region ids as grey").to(torch::kInt32);
      return ids.masked_fill(ids.eq(kNone16), -1);
    }
    case Format::classes:
      if (wide(image)) refuse("class ids as 8-bit grey", image);
      return grey(image, "class ids as 8-bit grey").contiguous();
  }
  throw std::logic_error("unknown format");
}

torch::Tensor image_from_label(const std::string& modality, const torch::Tensor& label) {
  if (label.dim() != 3) throw std::invalid_argument("expected one view [C,H,W] of \"" + modality + "\"");
  switch (format_of(modality)) {
    case Format::rgb:
    case Format::classes:
      return label.to(torch::kUInt8).contiguous();
    case Format::depth:
      return stored_depth(label);
    case Format::normal:
      return stored_normal(label);
    case Format::curvature:
      return stored_curvature(label);
    case Format::shade:
      return (label.nan_to_num(0.0) * 255.0)
          .round()
          .clamp(1, 255)
          .masked_fill(label.isnan(), 0)
          .to(torch::kUInt8);
    case Format::response:
      return (label.to(torch::kFloat64).nan_to_num(0.0) * 65535.0).round().clamp(0, 65535).to(torch::kInt32);
    case Format::region:
      return torch::where(label.lt(0), torch::full({}, kNone16, torch::kInt32), label.to(torch::kInt32))
          .clamp(0, kNone16);
  }
  throw std::logic_error("unknown format");
}

}  // namespace taskonomy::sdk
