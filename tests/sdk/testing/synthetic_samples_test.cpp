// The made-up samples agree with themselves: what the checks find is the task's fault.
#include <cmath>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>

#include "sdk/testing/synthetic_samples.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
namespace checking = sdk::testing;

namespace {

sdk::Sample sample_of(std::int64_t height, std::int64_t width, sdk::ViewKind kind = sdk::ViewKind::single) {
  return checking::made_up_sample(kind, height, width, 3, sdk::any_dataset());
}

}  // namespace

TEST_CASE("every modality is there, for every view, of every size") {
  for (const auto kind : {sdk::ViewKind::single, sdk::ViewKind::fixated_triplet}) {
    const sdk::Sample sample = sample_of(24, 40, kind);
    for (const auto& name : sdk::known_modalities()) {
      INFO(name);
      REQUIRE(sample.data.count(name) == 1);
      const torch::Tensor& tensor = sample.data.at(name);
      CHECK(tensor.is_contiguous());
      if (name != "match") CHECK(tensor.size(0) == sdk::views_of(kind));
      if (tensor.dim() == 4) CHECK((tensor.size(2) == 24 && tensor.size(3) == 40));
    }
  }
  CHECK(sample_of(1, 1).data.at("depth_zbuffer").numel() == 1);
}

TEST_CASE("normals are those of the depth, also where the image is not square") {
  for (const auto& [height, width] : {std::pair<std::int64_t, std::int64_t>{48, 48}, {40, 64}}) {
    const sdk::Sample sample = sample_of(height, width);
    sdk::Sample bare = sample;
    bare.data.erase("normal");
    const torch::Tensor expected = sdk::surface_normals(bare, {});
    const torch::Tensor cosine =
        (expected * sample.data.at("normal")).sum(1).slice(1, 4, height - 4).slice(2, 4, width - 4);
    CHECK(cosine.min().item<float>() > std::cos(3.0 * 3.14159265 / 180.0));
  }
}

TEST_CASE("spoiling leaves no valid reading at the spoilt pixels and every other where it was") {
  const sdk::Sample whole = sample_of(32, 32), spoilt = checking::spoilt(whole);
  const torch::Tensor pixels = checking::spoilt_pixels(32, 32).unsqueeze(0);
  const torch::Tensor depth = spoilt.data.at("depth_zbuffer");
  const torch::Tensor valid = torch::isfinite(depth).logical_and(depth > 0.0);
  CHECK(torch::equal(valid, pixels.logical_not()));
  CHECK(torch::equal(depth.masked_select(valid), whole.data.at("depth_zbuffer").masked_select(valid)));
  CHECK(torch::isnan(depth).any().item<bool>());
  CHECK(torch::isinf(depth).any().item<bool>());
  CHECK(depth.lt(0.0).any().item<bool>());
  CHECK(depth.eq(0.0).any().item<bool>());
}

TEST_CASE("another layout or type says the same") {
  const sdk::Sample whole = sample_of(24, 40);
  for (const sdk::Sample& other : {checking::in_other_layout(whole), checking::in_other_types(whole)}) {
    for (const auto& datum : whole.data) {
      INFO(datum.first);
      CHECK(torch::equal(datum.second.to(torch::kFloat64), other.data.at(datum.first).to(torch::kFloat64)));
    }
  }
  CHECK_FALSE(checking::in_other_layout(whole).data.at("depth_zbuffer").is_contiguous());
  CHECK(checking::in_other_types(whole).data.at("depth_zbuffer").dtype() == torch::kFloat64);
}
