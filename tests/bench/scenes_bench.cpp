// How many views of rendered rooms a second: 64x64, 4 samples a pixel, room building included; one thread and
// two: scenes_bench [rooms] [varied].
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>

#include "plugins/datasets/scenes/world.hpp"

using namespace taskonomy::scenes;

namespace {

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void measure(int threads, int rooms, Look look) {
  WorldOptions options;
  options.render.look = look;
  options.rooms = rooms * threads;
  const auto start = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  std::vector<std::thread> crew;
  for (int t = 0; t < threads; ++t) {
    crew.emplace_back([&, t] {
      const World world(options);  // a world per thread, as worker processes have it
      for (int r = 0; r < rooms; ++r)
        for (int v = 0; v < options.views_per_room; ++v)
          static_cast<void>(world.sample(t * rooms + r, v, Views::single));
    });
  }
  for (std::thread& thread : crew) thread.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double views = static_cast<double>(threads) * rooms * static_cast<double>(options.views_per_room);
  std::printf("scenes 64x64, 4 samples, %d thread%s: %.1f views/s (%.1f views per CPU second)\n", threads,
              threads > 1 ? "s" : "", views / seconds, views / (cpu_seconds() - cpu));
}

}  // namespace

int main(int argc, char** argv) {
  const int rooms = argc > 1 ? std::atoi(argv[1]) : 48;
  const Look look = argc > 2 && std::string(argv[2]) == "varied" ? Look::varied : Look::plain;
  measure(1, rooms, look);
  measure(2, rooms, look);
  return 0;
}
