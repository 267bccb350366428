// Contact sheets of the rendered world, as PPM on the way to a person's eyes: scenes_sheet OUT.ppm SIDE VIEWS
// [first room] [rooms] [kind] [varied]: one row per room, VIEWS columns; with "modalities" instead of VIEWS, one
// column per modality. A kind of -1 is all of them in turn.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "plugins/datasets/scenes/world.hpp"

using namespace taskonomy::scenes;

namespace {

struct Sheet {
  int width, height;
  std::vector<std::uint8_t> pixels;
  Sheet(int w, int h) : width(w), height(h), pixels(static_cast<std::size_t>(3 * w * h), 255) {}
  void set(int x, int y, Vec3 c) {
    const auto byte = [](float v) { return static_cast<std::uint8_t>(255.0F * clamp01(v)); };
    const auto at = static_cast<std::size_t>(3 * (y * width + x));
    pixels[at] = byte(c.x), pixels[at + 1] = byte(c.y), pixels[at + 2] = byte(c.z);
  }
};

Vec3 colour_of(int id) {
  Rng rng(static_cast<std::uint64_t>(id) * 77U + 5U);
  return {rng.range(0.1F, 1), rng.range(0.1F, 1), rng.range(0.1F, 1)};
}

Vec3 modality(const View& v, int which, std::size_t i) {
  const auto area = static_cast<std::size_t>(v.side * v.side);
  const auto grey = [](float x) { return Vec3{x, x, x}; };
  switch (which) {
    case 0:
      return Vec3{static_cast<float>(v.rgb[i]), static_cast<float>(v.rgb[area + i]),
                  static_cast<float>(v.rgb[2 * area + i])} /
             255.0F;
    case 1:
      return grey(v.depth_zbuffer[i] / 6.0F);
    case 2:
      return Vec3{v.normal[i], -v.normal[area + i], -v.normal[2 * area + i]} * 0.5F + Vec3{0.5F, 0.5F, 0.5F};
    case 3:
      return {0.5F + 0.05F * v.curvature[i], 0.5F + 0.05F * v.curvature[area + i], 0.5F};
    case 4:
      return grey(v.reshading[i]);
    case 5:
      return v.semantic[i] == 1 ? grey(0.25F) : colour_of(v.semantic[i]);
    default:
      return colour_of(1000 + v.instance[i]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4)
    return std::fprintf(
               stderr,
               "usage: scenes_sheet OUT.ppm SIDE VIEWS|modalities [first room] [rooms] [kind] [varied]\n"),
           2;
  WorldOptions options;
  options.render.side = std::atoi(argv[2]);
  options.rooms = 99999;
  const bool all = std::string(argv[3]) == "modalities";
  const int columns = all ? 7 : std::atoi(argv[3]), first = argc > 4 ? std::atoi(argv[4]) : 0,
            rows = argc > 5 ? std::atoi(argv[5]) : 8;
  if (argc > 6 && std::atoi(argv[6]) >= 0) options.kinds = {static_cast<RoomKind>(std::atoi(argv[6]))};
  if (argc > 7 && std::string(argv[7]) == "varied") options.render.look = Look::varied;
  options.views_per_room = all ? 8 : columns;
  const World world(options);
  const int side = options.render.side, step = side + 2;
  Sheet sheet(columns * step, rows * step);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const SampleViews sample = world.sample(first + row, all ? 0 : column, Views::single);
      for (int i = 0; i < side * side; ++i)
        sheet.set(column * step + i % side, row * step + i / side,
                  modality(sample.views[0], all ? column : 0, static_cast<std::size_t>(i)));
    }
  }
  std::FILE* file = std::fopen(argv[1], "wb");
  if (file == nullptr) return 1;
  std::fprintf(file, "P6\n%d %d\n255\n", sheet.width, sheet.height);
  const bool whole = std::fwrite(sheet.pixels.data(), 1, sheet.pixels.size(), file) == sheet.pixels.size();
  return std::fclose(file) == 0 && whole ? 0 : 1;
}
