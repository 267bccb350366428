// taskonomy predict: what the networks of a run, or of a file exported from one, say of photographs.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <set>

#include <unistd.h>

#include "apps/learning/actions.hpp"
#include "apps/learning/served.hpp"
#include "apps/learning/workers.hpp"
#include "apps/learning/workshop.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"
#include "core/data/contact_sheet.hpp"
#include "core/jobs/run_loop.hpp"
#include "core/network/precision.hpp"
#include "core/predict/exported_networks.hpp"
#include "core/predict/prediction_run.hpp"
#include "core/predict/taxonomy_networks.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;
using predict::Service;

using LoadNetworks = std::function<std::unique_ptr<predict::Predictor>()>;

constexpr const char* kGiven = "RUN|FILE";
constexpr const char* kLines = "predictions.jsonl";
constexpr long kMostBatch = 4096;
constexpr long kMostThreads = 1024;

/// What is predicted: single photographs, and sets of several views.
struct Samples {
  std::vector<predict::Given> photographs, sets;
};

/// Leaves the targets that there are photographs for, and says which others there are. Throws Error where none is left.
std::vector<Service> fitting(const pipeline::Setup& setup, std::vector<Service> services,
                             const Values& values) {
  const bool single = values.has("IMAGES..."), several = values.has("pairs");
  if (!single && !several)
    throw values.usage_error("IMAGES... is missing (or --pairs A,B for targets that see pairs)");
  std::vector<std::string> unseen;
  std::erase_if(services, [&](const Service& service) {
    const int views = sdk::views_of(setup.info(service.target).view_kind);
    const bool seen = views == 1 ? single : several;
    if (!seen)
      unseen.push_back(service.target + (views == 1   ? " (sees single photographs)"
                                         : views == 2 ? " (sees pairs: --pairs a.png,b.png)"
                                                      : " (sees triplets: --pairs a.png,b.png,c.png)"));
    return !seen;
  });
  const std::string list = base::join(unseen, ", ");
  if (services.empty() || (!unseen.empty() && values.has("tasks")))
    throw base::Error("no photographs for " + list);
  if (!unseen.empty()) std::cerr << "note: left out: " << list << "\n";
  return services;
}

/// Number of views of the targets that see more than one. Throws Error when they do not agree.
std::size_t views_of_sets(const pipeline::Setup& setup, const std::vector<Service>& services) {
  std::set<int> views;
  for (const auto& service : services)
    if (const int of_target = sdk::views_of(setup.info(service.target).view_kind); of_target > 1)
      views.insert(of_target);
  if (views.size() > 1)
    throw base::Error(
        "--pairs: some targets see pairs and some triplets; choose by --tasks, one command for each");
  return views.empty() ? 0 : static_cast<std::size_t>(*views.begin());
}

/// Ids that an earlier command has predicted into this folder. A last line that a full disk cut off is taken away.
std::set<std::string> done_in(const fs::path& folder) {
  std::set<std::string> ids;
  if (!fs::exists(folder / kLines)) return ids;
  std::string text = base::read_file(folder / kLines);
  if (const std::size_t whole = text.rfind('\n') + 1; whole < text.size()) {
    text.resize(whole);
    fs::resize_file(folder / kLines, whole);
  }
  for (const auto& line : base::split(text, '\n'))
    if (!line.empty())
      ids.insert(base::with_context((folder / kLines).string(),
                                    [&] { return base::parse_json(line).at("id").text(); }));
  return ids;
}

/// Shows how many photographs are done, on one line of a terminal, else every ten seconds.
class Counter {
 public:
  Counter(std::size_t all, jobs::Display display) : all_(all), display_(display) {}
  void show(std::size_t done) {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const bool live = display_ == jobs::Display::live;
    if (display_ == jobs::Display::quiet ||
        (done < all_ && now - shown_ < std::chrono::milliseconds(live ? 200 : 10000)))
      return;
    shown_ = now;
    const auto rate = static_cast<std::int64_t>(static_cast<double>(done) / std::max(seconds, 1e-3));
    std::cerr << (live ? "\r" : "") << done << " of " << all_ << " predicted, " << rate << " images/s"
              << (live && done < all_ ? "  " : "\n") << std::flush;
  }

 private:
  std::size_t all_;
  jobs::Display display_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now(), shown_{};
};

/// Draws the first samples beside what was predicted of them.
void draw_sheet(const fs::path& file, const predict::Predictor& networks, std::size_t views,
                const std::vector<data::SheetRow>& rows) {
  if (rows.empty()) return;
  data::ContactSheet sheet;
  sheet.repeated = views;
  for (std::size_t view = 1; view <= views; ++view)
    sheet.headers.push_back(views == 1 ? "input" : "view " + std::to_string(view));
  std::vector<std::string> targets;
  for (const auto& service : networks.services())
    if (sdk::views_of(networks.task(service.target).info().view_kind) == static_cast<int>(views))
      targets.push_back(service.target);
  std::sort(targets.begin(), targets.end());  // as predictions come
  sheet.headers.insert(sheet.headers.end(), targets.begin(), targets.end());
  sheet.rows = rows;
  base::write_file(file, data::draw_contact_sheets({sheet}, data::SheetFormat::png).file);
}

/// Photographs and sets that are still to be predicted into the folder.
Samples samples_of(const Values& values, const pipeline::Setup& setup, const std::vector<Service>& services,
                   const fs::path& folder) {
  Samples samples;
  if (values.has("IMAGES..."))
    samples.photographs = predict::photographs_of(values.list("IMAGES..."), std::cin);
  if (values.has("pairs"))
    samples.sets = predict::view_sets_of(values.list("pairs"), views_of_sets(setup, services));
  if (values.has("continue")) {
    const auto done = done_in(folder);
    for (auto* list : {&samples.photographs, &samples.sets})
      std::erase_if(*list, [&](const predict::Given& given) { return done.count(given.id) > 0; });
  }
  return samples;
}

/// Predicts into one folder, list after list.
class Prediction {
 public:
  Prediction(const predict::Predictor& networks, const pipeline::Setup& setup, const Values& values)
      : networks_(networks),
        folder_(values.text("out", kFolder)),
        lines_(folder_ / kLines, values.has("continue") ? std::ios::app : std::ios::trunc),
        pictures_(!values.has("no-pictures")),
        display_(display_of(values.has("quiet"), false)),
        writer_({folder_,
                 values.has("size") && values.choice("size") == "network" ? predict::MapSize::network
                                                                          : predict::MapSize::photograph,
                 pictures_},
                networks, setup.dataset().info()) {
    const auto threads = static_cast<std::size_t>(values.integer("workers", 0, 0, kMostThreads));
    settings_.side = setup.recipe().data.side;
    settings_.batch = values.integer("batch", 32, 1, kMostBatch);
    settings_.threads = threads > 0 ? threads : base::usable_cores();
    if (!pictures_) settings_.sheet_rows = 0;
    settings_.on_line = [this](const std::string& line) {
      if (!(lines_ << line << "\n" << std::flush))
        throw base::Error((folder_ / kLines).string() + ": cannot be written (is the disk full?)");
      note_size();
    };
    settings_.interrupted = [this] { return interrupt_.signal() != 0; };
  }

  /// Samples that all have so many views.
  void predict(const std::vector<predict::Given>& samples, const std::string& sheet) {
    if (samples.empty()) return;
    asked_ += samples.size();
    Counter counter(samples.size(), display_);
    settings_.on_progress = [&](std::size_t count) { counter.show(count); };
    const auto outcome =
        base::with_context("predict", [&] { return predict_all(networks_, writer_, samples, settings_); });
    done_ += outcome.done;
    left_out_.insert(left_out_.end(), outcome.left_out.begin(), outcome.left_out.end());
    draw_sheet(folder_ / sheet, networks_, samples.front().files.size(), outcome.rows);
  }

  /// Says what came of it.
  base::ExitCode close() const {
    for (const auto& reason : left_out_) std::cerr << "left out: " << reason << "\n";
    if (interrupt_.signal() != 0) {
      std::cerr << "stopped; " << kGoOn << "\n";
      return base::code_of_signal(interrupt_.signal());
    }
    if (asked_ > 0 && done_ == 0) throw base::Error("none of the photographs can be read");
    const std::size_t targets = networks_.services().size();
    std::cout << done_ << (done_ == 1 ? " prediction of " : " predictions of ") << targets
              << (targets == 1 ? " target" : " targets") << " in " << folder_.string() << ": " << kLines
              << (pictures_ ? ", a contact sheet" : "") << ", a folder for each target\n";
    return left_out_.empty() ? base::ExitCode::done : base::ExitCode::some_jobs_failed;
  }

  static constexpr const char* kFolder = "predictions";
  static constexpr const char* kGoOn = "the same command with --continue goes on where it stopped";

 private:
  /// Warns once when the first photographs took much of the disk.
  void note_size() {
    constexpr double kMuch = 50e6;  // bytes of a photograph
    if (size_noted_) return;
    size_noted_ = true;
    const double bytes = writer_.bytes_per_sample();
    if (bytes < kMuch || display_ == jobs::Display::quiet) return;
    std::cerr << "note: predictions take " << base::fixed(bytes / 1e6, 0)
              << " MB a photograph, because maps have its size; --size network writes them as the networks "
                 "give them\n";
  }

  const predict::Predictor& networks_;
  fs::path folder_;
  std::ofstream lines_;
  bool pictures_;
  jobs::Display display_;
  predict::PredictionWriter writer_;
  predict::PredictionSettings settings_;
  jobs::Interrupt interrupt_;
  bool size_noted_ = false;
  std::size_t asked_ = 0, done_ = 0;
  std::vector<std::string> left_out_;
};

/// Predicts what is asked for by the networks that `load` makes, once it is known what is asked for.
base::ExitCode predict_by(const pipeline::Setup& setup, const std::vector<Service>& services,
                          const Values& values, const LoadNetworks& load) {
  network::set_up_process();
  const fs::path folder = values.text("out", Prediction::kFolder);
  const Samples samples = samples_of(values, setup, services, folder);
  const auto networks = load();
  fs::create_directories(folder);
  Prediction prediction(*networks, setup, values);
  try {
    prediction.predict(samples.photographs, "sheet.png");
    prediction.predict(samples.sets, "sheet-of-sets.png");
  } catch (const base::Error& error) {
    throw base::Error(
        error.what() + ("\nwhat " + (folder / kLines).string() + " names is whole; ") + Prediction::kGoOn,
        error.code());
  }
  return prediction.close();
}

base::ExitCode predict_by_run(const Values& values) {
  const jobs::RunDirectory run = named_run(values, kGiven);
  const Workshop workshop(run.read_recipe(), values.list("plugin-dir"));
  const auto& setup = workshop.setup_of_networks(run);
  network::require_hardware(setup.recipe().compute);
  const auto services = fitting(setup, asked_services(run, setup, values), values);
  return predict_by(setup, services, values, [&]() -> std::unique_ptr<predict::Predictor> {
    const auto hardware = network::resolve_hardware(setup.recipe().compute);
    network::set_up_device(hardware);
    auto networks = std::make_unique<predict::TaxonomyNetworks>(setup, run.root(), services, hardware,
                                                                trained_of(values));
    const std::size_t encoders = networks->encoders().size();
    if (!values.has("quiet"))
      std::cerr << encoders << (encoders == 1 ? " encoder" : " encoders") << "; " << served_text(services)
                << "\n";
    return networks;
  });
}

base::ExitCode predict_by_file(const fs::path& file, const Values& values) {
  auto texts = predict::read_export_texts(file);
  const Workshop workshop(texts.recipe, values.list("plugin-dir"));
  const auto& setup = workshop.setup_of_networks(texts.dataset);
  std::vector<Service> exported;
  for (const auto& target : texts.targets) exported.push_back(target.service);
  const auto services = fitting(setup, asked_services(std::move(exported), values), values);
  std::erase_if(texts.targets, [&](const predict::ExportedTarget& target) {
    return std::none_of(services.begin(), services.end(),
                        [&](const Service& service) { return service.target == target.service.target; });
  });
  return predict_by(setup, services, values, [&]() -> std::unique_ptr<predict::Predictor> {
    if (!values.has("quiet")) std::cerr << served_text(services) << "\n";
    return std::make_unique<predict::ExportedNetworks>(setup, file, texts.targets);
  });
}

}  // namespace

base::ExitCode predict_photographs(const Values& values) {
  const fs::path given = values.text(kGiven);
  std::error_code failed;
  return fs::is_regular_file(given, failed) ? predict_by_file(given, values) : predict_by_run(values);
}

}  // namespace taskonomy::cli
