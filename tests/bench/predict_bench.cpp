// Images per second of `taskonomy predict`, beside the same networks without it: 8 targets at a budget of 3 encoders,
// 64 px, all cores. Seconds are those of a processor, so that other work on the machine has no say: what waits for a
// disk is not counted. Usage: predict_bench [IMAGES]
#include <jpeglib.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <thread>

#include "core/base/machine.hpp"
#include "core/data/examples.hpp"
#include "core/predict/prediction_run.hpp"
#include "core/predict/taxonomy_networks.hpp"
#include "tests/predict/drawn_run.hpp"

namespace {

using namespace taskonomy;
namespace fs = std::filesystem;

constexpr std::int64_t kSide = 64, kBatch = 32;

const std::string kRecipe =
    R"(tasks = ["normal", "reshading", "edge_texture", "depth_zbuffer", "segment_semantic", "class_scene",
         "autoencoding", "principal_curvature"]
[data]
dataset = "scenes"
side = 64
)";

const std::vector<predict::Service> kServices{{"normal", {"normal"}},
                                              {"reshading", {"reshading"}},
                                              {"edge_texture", {"edge_texture"}},
                                              {"depth_zbuffer", {"normal", "reshading"}},
                                              {"segment_semantic", {"edge_texture", "reshading"}},
                                              {"class_scene", {"normal"}},
                                              {"autoencoding", {"reshading"}},
                                              {"principal_curvature", {"edge_texture", "normal"}}};

using Transfers = std::map<std::string, std::shared_ptr<transfer::TransferNetwork>>;

/// Encoders and decoders as LibTorch has them, each once for a batch.
void forward(const tests::DrawnRun& run, const Transfers& transfers, const network::Hardware& hardware,
             const torch::Tensor& bytes) {
  const torch::NoGradGuard no_grad;
  const network::Autocast autocast(hardware);
  const auto images = data::to_network_input(bytes, hardware.device);
  std::map<std::string, torch::Tensor> seen;
  for (const auto& [target, sources] : kServices) {
    std::vector<torch::Tensor> parts;
    for (const auto& source : sources) {
      auto& made = seen[source];
      if (!made.defined()) made = run.sources.at(source)->encoder().forward(images);
      parts.push_back(made);
    }
    const auto found = transfers.find(target);
    const auto values = found == transfers.end()
                            ? run.sources.at(target)->decoder().forward(parts.front())
                            : found->second->forward(torch::cat(parts, 1).to(torch::kFloat32));
    if (!values.defined()) std::abort();
  }
}

/// Seconds of a processor that the threads of this process had since it began.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Images per second of all threads, each of which takes batches until all are done.
double rate(std::int64_t images, std::size_t threads, const std::function<void()>& one_batch) {
  std::atomic<std::int64_t> next = 0;
  const double begin = processor_seconds();
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < threads; ++i)
      workers.emplace_back([&] {
        while (next.fetch_add(kBatch) < images) one_batch();
      });
  }
  return static_cast<double>(images) * static_cast<double>(threads) / (processor_seconds() - begin);
}

/// A photograph RGB uint8 [3,H,W] as JPEG, quality 90.
void write_jpeg(const fs::path& file, const torch::Tensor& image) {
  const auto rows = image.permute({1, 2, 0}).contiguous();
  std::FILE* stream = std::fopen(file.c_str(), "wb");
  if (stream == nullptr) std::abort();
  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_stdio_dest(&jpeg, stream);
  jpeg.image_height = static_cast<JDIMENSION>(image.size(1));
  jpeg.image_width = static_cast<JDIMENSION>(image.size(2));
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 90, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  for (std::int64_t row = 0; row < rows.size(0); ++row) {
    JSAMPROW line = rows[row].data_ptr<std::uint8_t>();
    jpeg_write_scanlines(&jpeg, &line, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::fclose(stream);
}

/// So many photographs of a few, each under a name of its own.
std::vector<predict::Given> photographs(const fs::path& folder, std::int64_t count, std::int64_t height,
                                        std::int64_t width) {
  constexpr std::int64_t kDifferent = 16;
  std::vector<predict::Given> given;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto file = folder / (std::to_string(height) + "-" + std::to_string(i % kDifferent) + ".jpg");
    if (i < kDifferent) {
      const auto coarse = torch::rand({1, 3, height / 16, width / 16}) * 255.0;
      write_jpeg(file, torch::upsample_bilinear2d(coarse, {height, width}, false)[0].to(torch::kUInt8));
    }
    given.push_back({std::to_string(i), {file}});
  }
  return given;
}

}  // namespace

int main(int count, char** arguments) {
  const std::int64_t images = count > 1 ? std::atoll(arguments[1]) : 2048;
  network::set_up_process();
  const auto folder = fs::temp_directory_path() / ("predict-bench-" + std::to_string(::getpid()));
  const tests::DrawnRun run(folder / "run", kRecipe);
  const auto hardware = network::resolve_hardware(run.setup->recipe().compute);
  Transfers transfers;
  for (const auto& [target, sources] : kServices)
    if (sources.size() > 1 || sources.front() != target) {
      transfers[target] = run.draw_transfer(target, sources);
      network::prepare_module(*transfers[target], hardware);
    }
  for (const auto& [id, source] : run.sources) network::prepare_module(*source, hardware);
  const predict::TaxonomyNetworks networks(*run.setup, run.root, kServices, hardware);
  const std::size_t threads = base::usable_cores();
  const auto bytes = torch::randint(0, 256, {kBatch, 1, 3, kSide, kSide}, torch::kUInt8);
  const std::vector<std::string> ids(kBatch, "any");
  const auto bare = [&] { return rate(images, threads, [&] { forward(run, transfers, hardware, bytes); }); };
  (void)rate(4 * kBatch, threads, [&] { forward(run, transfers, hardware, bytes); });

  std::printf("%s, %zu threads, %lld images\n", hardware.bfloat16 ? "bfloat16" : "float32", threads,
              static_cast<long long>(images));
  double reference = bare();
  const double alone = rate(images, threads, [&] {
    (void)networks.predict({sdk::ViewKind::single, ids, bytes});
  });
  std::printf("bare networks %.0f images/s; as predict runs them %.0f (%.2f)\n", reference, alone,
              alone / reference);
  const struct {
    const char* what;
    std::int64_t height, width;
    predict::MapSize size;
    bool pictures;
  } cases[] = {{"64 x 64, numbers", 64, 64, predict::MapSize::network, false},
               {"64 x 64, numbers and pictures", 64, 64, predict::MapSize::network, true},
               {"640 x 480, numbers of 64 x 64", 480, 640, predict::MapSize::network, false},
               {"640 x 480, numbers and pictures", 480, 640, predict::MapSize::photograph, true}};
  for (const auto& one : cases) {
    const auto given = photographs(folder, images, one.height, one.width);
    const predict::PredictionWriter writer({folder / "out", one.size, one.pictures}, networks,
                                           run.setup->dataset().info());
    predict::PredictionSettings settings;
    settings.side = kSide;
    settings.batch = kBatch;
    settings.threads = threads;
    settings.on_line = [](const std::string&) {};
    reference = bare();
    const double begin = processor_seconds();
    const auto outcome = predict::predict_all(networks, writer, given, settings);
    const double achieved =
        static_cast<double>(outcome.done) * static_cast<double>(threads) / (processor_seconds() - begin);
    std::printf("predict, %-32s %6.0f images/s, %.2f of the bare networks' %.0f\n", one.what, achieved,
                achieved / reference, reference);
    std::fflush(stdout);
    fs::remove_all(folder / "out");
  }
  fs::remove_all(folder);
}
