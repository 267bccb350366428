#include "core/pipeline/starts.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/network/encoder.hpp"
#include "core/network/first_weights.hpp"
#include "core/pipeline/ingredients.hpp"

namespace taskonomy::pipeline {

namespace {

namespace fs = std::filesystem;
using report::StartedNetwork;

/// What the recipe says of one network.
struct Wish {
  std::string key;  ///< "[source.start_of] normal"
  std::string from;
};

/// The network whose start a job's has: those of a learning curve begin where the source does.
JobName started_with(const JobName& job) { return job.stage == Stage::curve ? job::source(job.task) : job; }

Wish wish_of(const recipe::Recipe& recipe, const JobName& job) {
  if (job.stage == Stage::scratch) return {"[scratch] start", recipe.scratch.start};
  if (job.stage != Stage::source) return {"", recipe::kNoStart};
  const bool own = recipe.start_of.count(job.task) > 0;
  return {own ? "[source.start_of] " + job.task : "[source] start", recipe::source_start(recipe, job.task)};
}

/// Whether `file` is `folder` or lies in it.
bool is_within(const fs::path& folder, const fs::path& file) {
  const auto canonical = [](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path)); };
  const fs::path way = canonical(file).lexically_relative(canonical(folder));
  return !way.empty() && *way.begin() != "..";
}

std::string checksum_of(const fs::path& path) {
  const base::MappedFile file(path);
  return base::checksum({reinterpret_cast<const char*>(file.data()), file.size()});
}

/// The file that a start's weights lie in.
fs::path file_of(const StartedNetwork& start) {
  return fs::is_directory(start.from) ? start.from / artefact_of(job::source(start.task))
                                      : fs::path(start.from);
}

/// The network of a run that others may start from.
class StartRun {
 public:
  explicit StartRun(const fs::path& folder) : run_(folder) {
    if (!fs::exists(run_.recipe_file()))
      throw base::Error("a folder without recipe.toml; expected the folder of a run, or a safetensors file");
    try {
      recipe_ = run_.read_recipe();
    } catch (const base::Error& error) {
      throw base::Error("its recipe.toml is not of this version of the program (" +
                        std::string(error.what()) + "); train it again with this one, and start from that");
    }
  }

  [[nodiscard]] bool has(const std::string& task) const {
    return std::any_of(recipe_.tasks.begin(), recipe_.tasks.end(),
                       [&](const auto& entry) { return entry.id == task; });
  }

  /// Refuses a run of other encoders or images, naming the key to set.
  void require_same_network(const recipe::Recipe& recipe) const {
    const auto& there = recipe_.network;
    const auto& here = recipe.network;
    const auto require = [](const std::string& section, const std::string& key, const std::string& theirs,
                            const std::string& ours) {
      if (theirs == ours) return;
      throw base::Error("its [" + section + "] " + key + " is " + theirs + ", this recipe's " + ours +
                        ": set [" + section + "] " + key + " = " + theirs + ", or start from a run of " +
                        key + " " + ours);
    };
    require("encoder", "name", "\"" + there.encoder + "\"", "\"" + here.encoder + "\"");
    if (here.encoder == "resnet_small")
      require("encoder", "width", std::to_string(there.width), std::to_string(here.width));
    require("encoder", "channels", std::to_string(there.channels), std::to_string(here.channels));
    require("data", "side", std::to_string(recipe_.data.side), std::to_string(recipe.data.side));
  }

  /// Refuses a network that is not done, or whose file is not what was written.
  void require_sound(const std::string& task) const {
    const JobName job = job::source(task);
    const std::string again =
        "taskonomy run " + base::shell_quoted(run_.root().string()) + " --until sources";
    const auto record = run_.record(job);
    if (!record)
      throw base::Error("its network of " + task + " is not finished (" + job.text() +
                        "); finish it with: " + again);
    const bool whole = run_.intact(*record);
    const std::string damaged = whole ? run_.damaged_file(*record) : artefact_of(job).string();
    if (!whole || !damaged.empty())
      throw base::Error(damaged + " is damaged or gone; make it again with: rm -f " +
                        base::shell_quoted((run_.root() / damaged).string()) + "; " + again);
  }

  /// "taskonomy 1.2", the program that made it; "another version" where it does not say.
  [[nodiscard]] std::string program() const {
    try {
      return "taskonomy " + run_.read_manifest().program_version;
    } catch (const base::Error&) {
      return "another version";
    }
  }

 private:
  jobs::RunDirectory run_;
  recipe::Recipe recipe_;
};

/// Looks up starts. Runs are opened once.
class Finder {
 public:
  Finder(const Setup& setup, const fs::path& folder)
      : setup_(setup), folder_(folder), remembered_(report::read_starts(folder)) {}

  /// The start of a job's network; nothing where it begins at random. `lacking` gets the task, and nothing is
  /// returned, where the run has no such task.
  std::optional<StartedNetwork> find(const JobName& job, std::vector<std::string>& lacking) {
    const Wish wish = wish_of(setup_.recipe(), job);
    if (wish.from == recipe::kNoStart || job.task == setup_.placed() || !setup_.info(job.task).trained)
      return std::nullopt;
    return base::with_context(place(wish), [&]() -> std::optional<StartedNetwork> {
      StartedNetwork start{.network = job.text(), .task = job.task, .from = wish.from};
      if (is_within(folder_, wish.from))
        throw base::Error(
            "is this run, or lies in it; start from another one, or take another folder with --out");
      if (!fs::exists(wish.from)) return remembered(start);
      if (!fs::is_directory(wish.from)) return of_file(std::move(start));
      const StartRun& run = opened(wish.from);
      if (!run.has(job.task)) {
        lacking.push_back(job.task);
        return std::nullopt;
      }
      return of_run(run, std::move(start));
    });
  }

  /// Refuses tasks that the run to start from does not have. `job`: of one of them.
  void require_none(const std::vector<std::string>& lacking, const JobName& job) const {
    if (lacking.empty()) return;
    std::string cure;
    for (const auto& task : lacking) cure += "\n" + task + " = \"none\"";
    throw base::Error(
        place(wish_of(setup_.recipe(), job)) + ": it has no network of " + base::join(lacking, ", ") +
        (job.stage == Stage::scratch ? "; take a run that has them, or a safetensors file"
                                     : "; let them begin at random:\n[source.start_of]" + cure));
  }

 private:
  /// "photos.toml: [source] start: /data/rooms"
  [[nodiscard]] std::string place(const Wish& wish) const {
    return setup_.recipe().file + ": " + wish.key + ": " + wish.from;
  }

  const StartRun& opened(const std::string& folder) {
    auto& run = runs_[folder];
    if (!run) {
      run = std::make_unique<StartRun>(folder);
      run->require_same_network(setup_.recipe());
    }
    return *run;
  }

  /// What RUN/starts.csv has of a start that is gone.
  [[nodiscard]] StartedNetwork remembered(const StartedNetwork& start) const {
    const auto known = std::find_if(remembered_.begin(), remembered_.end(), [&](const auto& one) {
      return one.network == start.network && one.from == start.from;
    });
    if (known == remembered_.end())
      throw base::Error("not there; expected the folder of a run, or a safetensors file");
    return *known;
  }

  [[nodiscard]] StartedNetwork of_run(const StartRun& run, StartedNetwork start) const {
    run.require_sound(start.task);
    const fs::path file = file_of(start);
    const auto tensors = data::TensorFile(file).all();
    base::with_context(file.filename().string(), [&] {
      try {
        static_cast<void>(network::first_weights_of_encoder(tensors, setup_.recipe().network));
      } catch (const base::Error& error) {
        throw base::Error(std::string(error.what()) + " (made by " + run.program() +
                          "); train it again with this version");
      }
      start.why = setup_.ask(start.task, [&](const sdk::Task& task) {
        return network::decoder_difference(tensors, *decoder_of(task));
      });
    });
    start.whole = start.why.empty();
    start.weights = checksum_of(file);
    return start;
  }

  [[nodiscard]] StartedNetwork of_file(StartedNetwork start) {
    auto& checksum = files_[start.from];
    if (checksum.empty()) {
      static_cast<void>(
          network::first_weights_of_encoder(data::TensorFile(start.from).all(), setup_.recipe().network));
      checksum = checksum_of(start.from);
    }
    start.weights = checksum;
    return start;
  }

  [[nodiscard]] std::shared_ptr<sdk::Decoder> decoder_of(const sdk::Task& task) const {
    const auto& recipe = setup_.recipe();
    const auto config =
        network::decoder_config(recipe.network, recipe.data.side, task.info(), recipe.network.channels);
    return network::make_decoder(task, config);
  }

  const Setup& setup_;
  fs::path folder_;
  std::vector<StartedNetwork> remembered_;
  std::map<std::string, std::unique_ptr<StartRun>> runs_;
  std::map<std::string, std::string> files_;  ///< their checksums
};

}  // namespace

Starts find_starts(const Setup& setup, const fs::path& folder) {
  Finder finder(setup, folder);
  Starts starts;
  std::map<std::string, std::pair<JobName, std::vector<std::string>>> lacking;  // by key and start
  const auto add = [&](const JobName& job) {
    const Wish wish = wish_of(setup.recipe(), job);
    auto& of_wish = lacking.try_emplace(wish.key + wish.from, job, std::vector<std::string>{}).first->second;
    if (auto start = finder.find(job, of_wish.second)) starts.push_back(*std::move(start));
  };
  for (const auto& entry : setup.recipe().tasks) add(job::source(entry.id));
  for (const auto& entry : setup.recipe().tasks)
    if (setup.info(entry.id).role != sdk::Role::source) add(job::scratch(entry.id));
  for (const auto& [key, of_wish] : lacking) finder.require_none(of_wish.second, of_wish.first);
  return starts;
}

std::optional<StartedNetwork> find_start(const Setup& setup, const fs::path& folder, const JobName& job) {
  Finder finder(setup, folder);
  std::vector<std::string> lacking;
  auto start = finder.find(started_with(job), lacking);
  finder.require_none(lacking, started_with(job));
  return start;
}

base::Ingredients with_start(const Starts& starts, const JobName& job, base::Ingredients made_from) {
  const auto network = started_with(job).text();
  const auto start =
      std::find_if(starts.begin(), starts.end(), [&](const auto& one) { return one.network == network; });
  if (start == starts.end()) return made_from;
  return made_from.add(kStart, std::vector<std::string>{start->weights, start->whole ? "whole" : "encoder"});
}

void require_needed(const Setup& setup, const fs::path& folder, const jobs::JobGraph& graph,
                    const Starts& starts) {
  const jobs::RunDirectory run(folder);
  for (const auto& start : starts)
    if (const auto& job = start.network; !fs::exists(start.from) && !run.done(job, graph.key(job)))
      throw base::Error(setup.recipe().file + ": " +
                        wish_of(setup.recipe(), JobName::parse(job).value()).key + ": " + start.from +
                        ": gone, and " + job +
                        " is still to be trained from it; bring it back, or name where it is now with --set");
}

network::Weights read_first_weights(const Setup& setup, const StartedNetwork& start) {
  const auto tensors = data::TensorFile(file_of(start)).all();
  auto weights = network::first_weights_of_encoder(tensors, setup.recipe().network);
  if (start.whole) weights.merge(network::first_weights_of_decoder(tensors));
  return weights;
}

}  // namespace taskonomy::pipeline
