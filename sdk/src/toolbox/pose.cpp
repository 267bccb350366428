#include <taskonomy/sdk/toolbox/pose.hpp>

#include <cmath>
#include <sstream>
#include <stdexcept>

#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

namespace {

void require_trailing(const char* what, const torch::Tensor& tensor, torch::IntArrayRef shape) {
  const auto count = static_cast<std::int64_t>(shape.size());
  if (tensor.dim() >= count && tensor.sizes().slice(tensor.dim() - count) == shape) return;
  std::ostringstream message;
  message << what << ": expected [...," << shape << "], got " << tensor.sizes();
  throw std::invalid_argument(message.str());
}

torch::Tensor rotation_of(const torch::Tensor& pose) { return pose.narrow(-2, 0, 3).narrow(-1, 0, 3); }
torch::Tensor translation_of(const torch::Tensor& pose) { return pose.narrow(-2, 0, 3).narrow(-1, 3, 1); }

/// [R t; 0 1] from R [...,3,3] and t [...,3,1].
torch::Tensor joined(const torch::Tensor& rotation, const torch::Tensor& translation) {
  const torch::Tensor upper = torch::cat({rotation, translation}, -1);
  std::vector<std::int64_t> shape = upper.sizes().vec();
  shape[shape.size() - 2] = 1;
  return torch::cat({upper, torch::tensor({0.0, 0.0, 0.0, 1.0}, upper.options()).expand(shape)}, -2);
}

torch::Tensor entry(const torch::Tensor& matrix, int row, int column) {
  return matrix.select(-2, row).select(-1, column);
}

/// x turned by half a circle, again within -pi..pi.
torch::Tensor opposite(const torch::Tensor& x) { return torch::where(x > 0.0, x - M_PI, x + M_PI); }

/// Of the two triples (a, b, c) and (a + pi, pi - b, c + pi), which are one rotation, the one with the
/// smaller |a| + |c|. The sums of both add up to 2 pi.
torch::Tensor nearer_to_no_roll(const torch::Tensor& angles) {
  const torch::Tensor a = angles.select(-1, 0), b = angles.select(-1, 1), c = angles.select(-1, 2);
  const torch::Tensor other = torch::stack({opposite(a), -opposite(b), opposite(c)}, -1);
  return torch::where((a.abs() + c.abs() > M_PI).unsqueeze(-1), other, angles);
}

}  // namespace

torch::Tensor require_poses(const Sample& sample, std::int64_t views) {
  const torch::Tensor& poses = require(sample, "pose");
  if (poses.sizes() == torch::IntArrayRef({views, 4, 4})) return poses.to(torch::kFloat64);
  std::ostringstream message;
  message << "sample \"" << sample.id << "\": modality \"pose\" has shape " << poses.sizes() << ", expected ["
          << views << ",4,4]";
  throw std::invalid_argument(message.str());
}

torch::Tensor is_rigid(const torch::Tensor& pose, double tolerance) {
  require_trailing("is_rigid", pose, {4, 4});
  const torch::Tensor exact = pose.to(torch::kFloat64);
  const torch::Tensor rotation = rotation_of(exact);
  const torch::Tensor identity = torch::eye(4, exact.options());
  const torch::Tensor off_orthogonal =
      (rotation.transpose(-2, -1).matmul(rotation) - rotation_of(identity)).abs().amax({-2, -1});
  const torch::Tensor off_last_row = (exact.select(-2, 3) - identity[3]).abs().amax(-1);
  const torch::Tensor volume =
      (torch::cross(rotation.select(-1, 0), rotation.select(-1, 1), -1) * rotation.select(-1, 2)).sum(-1);
  // Comparisons with NaN are false, so what is not finite is not rigid.
  return torch::isfinite(exact)
      .all(-1)
      .all(-1)
      .logical_and(off_orthogonal <= tolerance)
      .logical_and(off_last_row <= tolerance)
      .logical_and(volume > 0.0);
}

torch::Tensor inverse_pose(const torch::Tensor& pose) {
  require_trailing("inverse_pose", pose, {4, 4});
  const torch::Tensor back = rotation_of(pose).transpose(-2, -1);
  return joined(back, -back.matmul(translation_of(pose)));
}

torch::Tensor relative_pose(const torch::Tensor& first, const torch::Tensor& second) {
  require_trailing("relative_pose", second, {4, 4});
  return inverse_pose(first).matmul(second);
}

torch::Tensor rotation_from_euler(const torch::Tensor& angles) {
  require_trailing("rotation_from_euler", angles, {3});
  const torch::Tensor s = torch::sin(angles), c = torch::cos(angles);
  const torch::Tensor sa = s.select(-1, 0), sb = s.select(-1, 1), sc = s.select(-1, 2);
  const torch::Tensor ca = c.select(-1, 0), cb = c.select(-1, 1), cc = c.select(-1, 2);
  const auto row = [](const torch::Tensor& x, const torch::Tensor& y, const torch::Tensor& z) {
    return torch::stack({x, y, z}, -1);
  };
  return torch::stack(
      {row(cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa),
       row(sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa), row(-sb, cb * sa, cb * ca)},
      -2);
}

torch::Tensor euler_from_rotation(const torch::Tensor& rotation) {
  require_trailing("euler_from_rotation", rotation, {3, 3});
  const torch::Tensor across = torch::hypot(entry(rotation, 0, 0), entry(rotation, 1, 0));  // cos b
  const torch::Tensor b = torch::atan2(-entry(rotation, 2, 0), across);
  const torch::Tensor locked = across < 1e-6;
  const torch::Tensor a = torch::where(locked, torch::atan2(-entry(rotation, 1, 2), entry(rotation, 1, 1)),
                                       torch::atan2(entry(rotation, 2, 1), entry(rotation, 2, 2)));
  const torch::Tensor c = torch::atan2(entry(rotation, 1, 0), entry(rotation, 0, 0));
  return torch::stack({a, b, torch::where(locked, torch::zeros_like(c), c)}, -1);
}

torch::Tensor encode_pose(const torch::Tensor& pose) {
  require_trailing("encode_pose", pose, {4, 4});
  const torch::Tensor angles = euler_from_rotation(rotation_of(pose));
  return torch::cat({nearer_to_no_roll(angles), translation_of(pose).squeeze(-1)}, -1);
}

torch::Tensor decode_pose(const torch::Tensor& numbers) {
  require_trailing("decode_pose", numbers, {6});
  return joined(rotation_from_euler(numbers.narrow(-1, 0, 3)), numbers.narrow(-1, 3, 3).unsqueeze(-1));
}

torch::Tensor rotation_angle(const torch::Tensor& a, const torch::Tensor& b) {
  require_trailing("rotation_angle", a, {3, 3});
  require_trailing("rotation_angle", b, {3, 3});
  const torch::Tensor chord = (a - b).square().sum({-2, -1}).sqrt();
  return 2.0 * torch::asin((chord / (2.0 * std::sqrt(2.0))).clamp_max(1.0));
}

}  // namespace taskonomy::sdk
