#include <taskonomy/sdk/toolbox/room_axes.hpp>

#include <cmath>
#include <sstream>
#include <stdexcept>

#include <taskonomy/sdk/toolbox/pose.hpp>

namespace taskonomy::sdk {

namespace {

void require_shape(const char* what, const torch::Tensor& tensor, torch::IntArrayRef shape) {
  if (tensor.sizes() == shape) return;
  std::ostringstream message;
  message << what << ": expected " << shape << ", got " << tensor.sizes();
  throw std::invalid_argument(message.str());
}

}  // namespace

RoomAxes canonical_axes(const torch::Tensor& directions) {
  require_shape("canonical_axes", directions, {3, 3});
  const torch::Tensor rows = directions.to(torch::kFloat64).contiguous();
  const auto at = rows.accessor<double, 2>();
  std::int64_t up = 0;
  for (std::int64_t row = 1; row < 3; ++row)
    if (std::abs(at[row][1]) > std::abs(at[up][1])) up = row;
  const std::int64_t one = up == 0 ? 1 : 0, other = 3 - up - one;
  const std::int64_t ahead = std::abs(at[one][2]) >= std::abs(at[other][2]) ? one : other;
  const std::int64_t right = 3 - up - ahead;

  const torch::Tensor up_row = at[up][1] > 0.0 ? -rows[up] : rows[up];
  const torch::Tensor ahead_row = at[ahead][2] < 0.0 ? -rows[ahead] : rows[ahead];
  const bool handed = torch::cross(ahead_row, up_row, 0).dot(rows[right]).item<double>() >= 0.0;
  const torch::Tensor right_row = handed ? rows[right] : -rows[right];
  return {torch::stack({right_row, ahead_row, up_row}).to(directions.scalar_type()), {right, ahead, up}};
}

torch::Tensor canonical_layout(const torch::Tensor& layout) {
  require_shape("canonical_layout", layout, {9});
  const torch::Tensor box = layout.to(torch::kFloat64);
  const torch::Tensor axes = rotation_from_euler(box.slice(0, 3, 6)).transpose(0, 1);  // rows: the box's axes
  const RoomAxes names = canonical_axes(axes);
  const torch::Tensor angles = euler_from_rotation(names.directions.transpose(0, 1));
  const torch::Tensor order = torch::tensor({names.order[0], names.order[1], names.order[2]});
  return torch::cat({box.slice(0, 0, 3), angles, box.slice(0, 6, 9).index_select(0, order)})
      .to(layout.scalar_type());
}

torch::Tensor box_corners(const torch::Tensor& layout) {
  torch::Tensor ends = torch::empty({8, 3}, layout.options());
  for (std::int64_t corner = 0; corner < 8; ++corner)
    for (std::int64_t axis = 0; axis < 3; ++axis) ends[corner][axis] = (corner >> axis & 1) != 0 ? 0.5 : -0.5;
  const torch::Tensor rotation = rotation_from_euler(layout.narrow(-1, 3, 3));
  const torch::Tensor extents = layout.narrow(-1, 6, 3).unsqueeze(-2),
                      centre = layout.narrow(-1, 0, 3).unsqueeze(-2);
  return (ends * extents).matmul(rotation.transpose(-2, -1)) + centre;
}

}  // namespace taskonomy::sdk
