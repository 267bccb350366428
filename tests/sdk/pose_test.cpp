// Pose algebra against closed forms, and the canonical names of a room's axes against the box's symmetries.
#include <taskonomy/sdk/toolbox/pose.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <taskonomy/sdk/toolbox/room_axes.hpp>

#include "tests/support/testing.hpp"

namespace taskonomy::sdk {

namespace {

bool close(const torch::Tensor& a, const torch::Tensor& b, double tolerance = 1e-9) {
  return a.sizes() == b.sizes() && (a - b).abs().max().item<double>() <= tolerance;
}

/// Six numbers of n random motions: any turn about y, the two others within 86 degrees.
torch::Tensor random_numbers(std::int64_t n, std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  const torch::Tensor unit = torch::rand({n, 6}, generator, torch::kFloat64) * 2.0 - 1.0;
  return unit * torch::tensor({1.5, 3.1, 1.5, 5.0, 5.0, 5.0}, torch::kFloat64);
}

/// Turn by an angle about one coordinate axis, written out.
torch::Tensor turn(int axis, double angle) {
  torch::Tensor matrix = torch::eye(3, torch::kFloat64);
  const int i = (axis + 1) % 3, j = (axis + 2) % 3;
  matrix[i][i] = std::cos(angle), matrix[j][j] = std::cos(angle);
  matrix[i][j] = -std::sin(angle), matrix[j][i] = std::sin(angle);
  return matrix;
}

/// The 24 turns that map a box's axes onto themselves, as matrices with one +-1 in every row and column.
std::vector<torch::Tensor> box_turns() {
  std::vector<torch::Tensor> list;
  for (int x = 0; x < 4; ++x)
    for (int y = 0; y < 4; ++y)
      for (int z = 0; z < 4; ++z) {
        const torch::Tensor matrix =
            (turn(0, x * M_PI / 2).matmul(turn(1, y * M_PI / 2)).matmul(turn(2, z * M_PI / 2))).round();
        const bool there = std::any_of(list.begin(), list.end(),
                                       [&](const torch::Tensor& other) { return other.equal(matrix); });
        if (!there) list.push_back(matrix);
      }
  return list;
}

/// A box [9] seen by a camera that looks `yaw` to the left of its y axis and `pitch` up.
torch::Tensor box_seen(double yaw, double pitch) {
  // Columns: the box's x, y, z axes for a level camera looking along y: right, ahead, up.
  const torch::Tensor level = torch::tensor({1.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 1.0, 0.0}, torch::kFloat64);
  const torch::Tensor rotation = turn(0, -pitch).matmul(turn(1, yaw)).matmul(level.reshape({3, 3}));
  return torch::cat({torch::tensor({0.3, -0.2, 1.5}, torch::kFloat64), euler_from_rotation(rotation),
                     torch::tensor({3.0, 4.5, 2.6}, torch::kFloat64)});
}

/// The corners as a set: sorted by x, then y, then z, which no two share here.
torch::Tensor sorted_corners(const torch::Tensor& box) {
  const torch::Tensor corners = box_corners(box);
  const torch::Tensor key = corners.matmul(torch::tensor({1.0, 17.3, 291.7}, torch::kFloat64));
  return corners.index_select(0, key.argsort());
}

}  // namespace

TEST_CASE("Euler angles turn about the fixed x, then y, then z axis") {
  const torch::Tensor angles = torch::tensor({0.4, -0.7, 2.1}, torch::kFloat64);
  const torch::Tensor expected = turn(2, 2.1).matmul(turn(1, -0.7)).matmul(turn(0, 0.4));
  CHECK(close(rotation_from_euler(angles), expected));
}

TEST_CASE("six numbers become a pose and come back; at the gimbal lock the rotation does") {
  const torch::Tensor numbers = random_numbers(200, 1);
  const torch::Tensor poses = decode_pose(numbers);
  CHECK(is_rigid(poses, 1e-9).all().item<bool>());
  CHECK(close(encode_pose(poses), numbers, 1e-8));
  for (const double b : {M_PI / 2, -M_PI / 2}) {
    const torch::Tensor locked = rotation_from_euler(torch::tensor({0.3, b, -1.1}, torch::kFloat64));
    CHECK(close(rotation_from_euler(euler_from_rotation(locked)), locked));
  }
}

TEST_CASE("six numbers: a tilted camera that turns once about its vertical changes the turn alone") {
  for (double angle = -3.1; angle < 3.1; angle += 0.05) {
    torch::Tensor pose = torch::eye(4, torch::kFloat64);
    pose.slice(0, 0, 3).slice(1, 0, 3).copy_(turn(1, angle).matmul(turn(0, 0.2)));
    CHECK(close(encode_pose(pose), torch::tensor({0.2, angle, 0.0, 0.0, 0.0, 0.0}, torch::kFloat64)));
  }
}

TEST_CASE("six numbers: whatever the rotation, those of a pose turn as it does") {
  auto generator = at::detail::createCPUGenerator(4);
  const torch::Tensor angles = (torch::rand({500, 3}, generator, torch::kFloat64) * 2.0 - 1.0) * M_PI;
  const torch::Tensor rotations = rotation_from_euler(angles);
  torch::Tensor poses = torch::eye(4, torch::kFloat64).repeat({500, 1, 1});
  poses.slice(1, 0, 3).slice(2, 0, 3).copy_(rotations);
  const torch::Tensor numbers = encode_pose(poses);
  CHECK(close(rotation_from_euler(numbers.slice(1, 0, 3)), rotations));
  CHECK((numbers.select(1, 0).abs() + numbers.select(1, 2).abs()).max().item<double>() <= M_PI + 1e-9);
  CHECK(numbers.abs().max().item<double>() <= M_PI + 1e-9);
}

TEST_CASE(
    "relative poses: the inverse undoes, a triplet composes to the identity, one frame for all is free") {
  const torch::Tensor poses = decode_pose(random_numbers(4, 2));
  const torch::Tensor identity = torch::eye(4, torch::kFloat64);
  CHECK(close(inverse_pose(poses[0]).matmul(poses[0]), identity));
  const auto relative = [&](int i, int j) { return relative_pose(poses[i], poses[j]); };
  CHECK(close(relative(0, 1).matmul(relative(1, 2)).matmul(relative(2, 0)), identity));
  CHECK(close(relative(0, 1).matmul(relative(1, 2)), relative(0, 2)));
  CHECK(close(relative_pose(poses[3].matmul(poses[0]), poses[3].matmul(poses[1])), relative(0, 1)));
}

TEST_CASE("the second camera's place in the first one's frame") {
  torch::Tensor first = torch::eye(4, torch::kFloat64), second = torch::eye(4, torch::kFloat64);
  first.slice(0, 0, 3).slice(1, 0, 3).copy_(turn(2, M_PI / 2));  // its x axis is the world's y axis
  second.slice(0, 0, 3).select(1, 3).copy_(torch::tensor({0.0, 2.0, 0.0}, torch::kFloat64));
  const torch::Tensor numbers = encode_pose(relative_pose(first, second));
  CHECK(close(numbers, torch::tensor({0.0, 0.0, -M_PI / 2, 2.0, 0.0, 0.0}, torch::kFloat64)));
}

TEST_CASE("the angle between rotations: exact for great and tiny turns, whatever both are turned by") {
  const torch::Tensor any = rotation_from_euler(torch::tensor({0.5, 0.2, -2.0}, torch::kFloat64));
  for (const double angle : {0.0, 1e-7, 0.3, 2.0, M_PI})
    for (int axis = 0; axis < 3; ++axis)
      CHECK(rotation_angle(any, any.matmul(turn(axis, angle))).item<double>() ==
            doctest::Approx(angle).epsilon(1e-6));
}

TEST_CASE("what is no rigid motion is found") {
  const torch::Tensor pose = decode_pose(random_numbers(1, 3))[0];
  CHECK(is_rigid(pose).item<bool>());
  CHECK(is_rigid(pose.to(torch::kFloat32)).item<bool>());
  torch::Tensor scaled = pose.clone(), mirrored = pose.clone(), row = pose.clone(), hole = pose.clone();
  scaled.slice(0, 0, 3).slice(1, 0, 3).mul_(1.01);
  mirrored.slice(1, 0, 1).neg_();
  row[3][0] = 0.1;
  hole[0][3] = NAN;
  for (const torch::Tensor& broken : {scaled, mirrored, row, hole})
    CHECK_FALSE(is_rigid(broken).item<bool>());
  CHECK_THROWS_AS((void)is_rigid(torch::eye(3)), std::invalid_argument);
}

TEST_CASE("axes: every order and every sign of a room's axes gets the same names") {
  for (const double yaw : {-0.7, -0.2, 0.0, 0.6})
    for (const double pitch : {-0.5, 0.0, 0.3}) {
      const torch::Tensor rows =
          rotation_from_euler(box_seen(yaw, pitch).slice(0, 3, 6)).transpose(0, 1).contiguous();
      const torch::Tensor named = canonical_axes(rows).directions;
      CHECK(close(named, rows));  // made with the canonical names
      CHECK(named[2][1].item<double>() < 0.0);
      CHECK(named[1][2].item<double>() > 0.0);
      CHECK(torch::det(named).item<double>() == doctest::Approx(1.0));
      for (const torch::Tensor& other : box_turns()) {
        CHECK(close(canonical_axes(other.matmul(rows)).directions, named));
        CHECK(close(canonical_axes(-other.matmul(rows)).directions, named));  // mirrored
      }
    }
}

TEST_CASE("layout: every description of one box becomes one, with the same corners") {
  CHECK(box_turns().size() == 24);
  const torch::Tensor extents = torch::tensor({3.0, 4.5, 2.6}, torch::kFloat64);
  for (const double yaw : {-0.7, 0.1, 0.6}) {
    const torch::Tensor box = box_seen(yaw, -0.2);
    CHECK(close(canonical_layout(box), box));
    const torch::Tensor rotation = rotation_from_euler(box.slice(0, 3, 6));
    for (const torch::Tensor& other : box_turns()) {
      const torch::Tensor same_box =
          torch::cat({box.slice(0, 0, 3), euler_from_rotation(rotation.matmul(other.transpose(0, 1))),
                      other.abs().matmul(extents)});
      CHECK(close(sorted_corners(same_box), sorted_corners(box)));
      CHECK(close(canonical_layout(same_box), box));
    }
  }
}

TEST_CASE("axes: names do not jump while a camera turns by less than 45 degrees from a wall") {
  torch::Tensor before = canonical_layout(box_seen(-0.75, 0.1));
  for (double yaw = -0.74; yaw < 0.76; yaw += 0.01) {
    const torch::Tensor now = canonical_layout(box_seen(yaw, 0.1));
    CHECK((now - before).abs().max().item<double>() < 0.02);
    before = now;
  }
}

}  // namespace taskonomy::sdk
