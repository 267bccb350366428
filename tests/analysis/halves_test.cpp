// Test images in halves where the splits do not keep scenes apart, such as one folder of photographs.
#include <algorithm>

#include "core/analysis/halves.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// Photographs of one folder, each with a loss of its own.
affinity::LossTable album_of(std::size_t photographs) {
  affinity::LossTable album{"t", {}, {}, {}, /*scenes_apart=*/false};
  std::vector<double> losses;
  for (std::size_t n = 0; n < photographs; ++n) {
    album.images.push_back("album/" + std::to_string(n));
    losses.push_back(static_cast<double>(n));
  }
  album.add("a", losses);
  return album;
}

}  // namespace

TEST_CASE("each image is a scene of its own where the splits do not keep scenes apart") {
  auto album = album_of(61);
  const auto halves = analysis::halve({album}, 1);
  CHECK(halves.scenes == 61);
  CHECK(std::count(halves.half.begin(), halves.half.end(), 0) == 30);
  CHECK(analysis::too_few_to_halve({album}, halves).empty());
  const auto parts = analysis::halved(album, 1);
  REQUIRE(parts);
  CHECK_FALSE((*parts)[0].scenes_apart);
  CHECK((*parts)[0].images.size() + (*parts)[1].images.size() == 61);

  const auto few = album_of(59);
  CHECK(analysis::too_few_to_halve({few}, analysis::halve({few}, 1)) ==
        "a half of the test images has 29 usable images of \"t\", and halves need 30");
  album.scenes_apart = true;
  CHECK(analysis::too_few_to_halve({album}, analysis::halve({album}, 1)) ==
        "the test images show 1 scene, and halves need 4");
}
