// A recipe: all that a run is made from, as one TOML file (share/recipes/demo.toml shows every section).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/recipe/cluster.hpp"
#include "core/recipe/pretrained.hpp"

namespace taskonomy::recipe {

/// A value of a table whose keys only a plugin knows, and where it stands.
struct Value {
  std::variant<bool, std::int64_t, double, std::string, std::vector<double>, std::vector<std::string>> value;
  std::string where;  ///< "demo.toml:14", or "--set"
};
using Table = std::map<std::string, Value>;

/// [data]: which dataset plugin, at which image side; the other keys go to the plugin.
struct Data {
  std::string dataset;     ///< dataset plugin id
  std::int64_t side = 64;  ///< image side, pixels; the time of a training grows with its square
  Table params;            ///< the dataset's own keys
  std::string where;       ///< of the section
};

/// [split]: shares of the whole, by scene or by image. Disjoint; what is left over is unused.
struct Split {
  /// "scene": no scene is in two splits; "image": images of one scene may be in several, but no photograph is:
  /// pairs and triplets that show photographs of two splits are left out and counted. Take "image"
  /// only where a scene has few images: views of one room are alike, and test losses on rooms that were
  /// trained on are too low.
  std::string unit = "scene";
  double train = 0.55;     ///< trains the sources (step I)
  double transfer = 0.15;  ///< trains the transfers (step II)
  double test = 0.30;      ///< judges the transfers (step III); intervals narrow with the root of its size
  /// Share of the training split that is held out to choose the best weights: of its scenes with unit =
  /// "scene", at least one where there are two. 0: keep the last weights.
  double validation = 0.05;
};

/// [encoder] name, width, channels; [decoder] name
struct Network {
  /// resnet50 (the paper's), resnet18, resnet_small (minutes on a CPU).
  std::string encoder = "resnet_small";
  std::int64_t width = 32;       ///< channels of resnet_small's first block; time grows with its square
  std::int64_t channels = 8;     ///< of the representation that transfers read
  std::string decoder = "auto";  ///< small, paper; auto: small with resnet_small, else paper
};

/// [source], [transfer]: how a network is trained.
struct Training {
  /// Optimiser steps, the most with until_flat; most of a run's time is proportional to them.
  std::int64_t steps = 300;
  std::int64_t batch = 32;      ///< images a step
  double learning_rate = 3e-3;  ///< the highest; first of step and constant
  /// one_cycle (rises, then falls to nearly 0; best for few steps), cosine (rises in a twentieth of the steps, then
  /// falls), step (a tenth after the share `step_at`; the paper's), constant; [source] alone: until_flat (stays high
  /// while the validation loss falls, then falls to nearly 0; for data of which nobody knows how many steps they
  /// bear).
  std::string schedule = "one_cycle";
  double step_at = 0.8;        ///< share of the steps after which schedule = "step" takes a tenth of the rate
  double weight_decay = 2e-6;  ///< L2
  double gradient_clip = 0.0;  ///< largest norm of the gradient; 0 = no limit
  /// [source] alone. Share of the rate at which the encoder's first layer learns; the shares of the layers behind
  /// it grow by equal factors to 1 at its last one (Howard and Ruder 2018). Below 1 for networks that start from
  /// trained weights, whose first layers see edges and colours already; 0.1 is customary.
  double first_layer_rate = 1.0;
  /// [source] alone. How much training images are mirrored, cropped and recoloured: none, light, strong
  /// (data::Strength). light costs little and suits most photographs; strong is for a few hundred. Rendered rooms,
  /// of which there are any number, need none. Tasks that offer no augmentation train without.
  std::string augment = "none";
};

/// [transfer] beyond Training
struct Transfer {
  Training training;
  /// Weight decay by the number of sources, instead of training.weight_decay: the first value is of order 1,
  /// and the last one of all orders beyond. The authors' is [1e-5, 1e-6]. Empty: the same for all orders.
  std::vector<double> weight_decay_of_orders;
  std::vector<std::int64_t> orders{1, 2};  ///< numbers of sources that a transfer joins
  /// Orders 2 to 4 are tried in all combinations of the `top` best first-order sources: 10 pairs for 5, 45
  /// for 10. Orders from 5 on take the k best sources once.
  std::int64_t top = 5;
  /// Also trains t -> t from t's own frozen encoder: a diagnostic that no taxonomy uses.
  bool from_own_encoder = false;
};

/// The value of `start` of networks whose first weights are drawn at random.
inline constexpr const char* kNoStart = "none";

/// [scratch]: the network from scratch that Gain compares transfers with. It has the whole network to learn from the
/// few labels of the transfer split, where a transfer has only its readout. With as many steps as a transfer it
/// has hardly begun, and Gain would be a win over nothing.
struct Scratch {
  /// Optimiser steps on the whole transfer split; the last weights are kept. 0 (recommended): as many as it
  /// takes until the loss on a tenth of the transfer split, held out by scene, stops falling, at most four
  /// times those of [transfer] (training::train_until_flat()).
  std::int64_t steps = 0;
  double learning_rate = 0.0;  ///< 0: as [transfer]
  /// As Recipe::start. With a start, Gain no longer compares with a network that knows nothing beforehand.
  std::string start = kNoStart;
};

/// [finish]: how `taskonomy finish` trains the transfers of a chosen taxonomy on, from where the comparison left them
/// (thousands of transfers get few steps each; the few dozen that people use deserve more). `run` does not ask for it.
struct Finish {
  /// Optimiser steps of a round; a tenth of the transfer split, held out, ends the rounds when they no longer help, after
  /// four times as many at most (training::train_until_flat()). 0: four times those of [transfer].
  std::int64_t steps = 0;
  double learning_rate =
      0.0;  ///< the highest; 0: a third of [transfer]'s, which keeps more of what was learned
  /// Trains the encoders afterwards, too, for each target its own, which the paper does not do and practice does. Costs
  /// as many encoders as there are transfers where people use the networks.
  bool tune = false;
  double tune_rate = 0.1;  ///< share of the rate at which the encoders learn then
};

/// Most worker processes of a run: more than any machine has cores for.
inline constexpr std::int64_t kMostWorkers = 4096;

/// [compute]: where and how fast. Nothing of it changes what is computed, except for precision, device and fast.
struct Compute {
  /// float32 is the same everywhere. bfloat16 (of convolutions and linear layers) is faster on GPUs and on
  /// processors with avx512_bf16; other machines may plan such a run, but their workers refuse it, because
  /// emulated it takes 30 to 80 times as long. auto takes bfloat16 where the machine that makes the run computes
  /// it right and faster; the run's own recipe.toml says what it became.
  std::string precision = "auto";
  std::string device = "cpu";  ///< cpu, cuda
  /// Worker processes; 0 = one per core (but --workers 0 = none, all in one process), on GPUs workers_per_gpu for each.
  std::int64_t workers = 0;
  /// Worker processes that share one GPU. Networks of 64 px leave most of a GPU idle, so that several of them at once
  /// are done sooner, with CUDA's Multi-Process Service (nvidia-cuda-mps-control -d) above all; one of 256 px fills it.
  /// 0 = as many as its memory holds by the forecast of `plan`, at most 8.
  std::int64_t workers_per_gpu = 0;
  /// On GPUs: kernels whose sums come out in another order every time, convolution kernels chosen by timing, and TF32 in
  /// place of float32. Off, a run gives the same bytes again on the same model of GPU, whatever the number of workers.
  bool fast = false;
  /// Seconds of processor time one job may take; a job that only waits is stopped after ten times as long. 0 =
  /// twenty times what its kind takes, at least 10 min.
  double job_timeout = 0.0;
  double memory_limit = 0.0;  ///< GiB one worker may hold; 0 = half of what the machine has
};

/// [taxonomy]: step IV and the closing summary.
struct Taxonomy {
  std::vector<double> budgets;               ///< shown in the closing summary; empty = three of the sweep's
  std::map<std::string, double> importance;  ///< per target, default 1
  /// What labels cost where `cost` does not say. own: as each task says of itself, 0 where the label is computed
  /// from the image and 1 elsewhere; paper: 1 for every task, as in the paper's budgets.
  std::string costs = "own";
  std::string unit;                    ///< of the costs, "hours"; printed wherever costs are
  std::map<std::string, double> cost;  ///< per source, instead of `costs`
};

/// One entry of `tasks`, with the keys of its [task.ID] table.
struct TaskEntry {
  std::string id;
  Table params;       ///< the task's own keys
  std::string where;  ///< of its entry in `tasks`
};

/// A whole recipe, validated: every known key has a value in range, and sections of the host
/// hold no unknown keys.
struct Recipe {
  std::string name;  ///< of the run; default: the file's name
  std::uint64_t seed = 1;
  std::vector<TaskEntry> tasks;
  std::vector<Pretrained> sources;       ///< encoders trained elsewhere, by name
  std::string missing = "error";         ///< a task whose labels the dataset lacks: error, or skip the task
  std::vector<std::string> plugin_dirs;  ///< [plugins] dirs
  Data data;
  Split split;
  Network network;
  Training source;
  /// [source.steps_of]: steps of single tasks instead of source.steps.
  std::map<std::string, std::int64_t> steps_of;
  /// [source.clip_of]: gradient clip of single tasks instead of source.gradient_clip.
  std::map<std::string, double> clip_of;
  /// [source] curve: whether each task whose label costs something is also trained on a half and on a quarter of the
  /// training images, to tell which labels need more (analysis::learning_curves()). Takes three times as long.
  bool learning_curve = false;
  /// [source] start: where the weights of source networks begin. "none": at random. The absolute path of
  /// another run's folder: at its network of the same task. That of a safetensors file: at this encoder, the
  /// same for all tasks. A few hundred images teach a network that starts much more than one that does not.
  std::string start = kNoStart;
  /// [source.start_of]: the start of single tasks instead of source.start.
  std::map<std::string, std::string> start_of;
  /// [source] start_rate: share of [source] learning_rate at which networks learn that have a start. At the
  /// full rate the first steps wipe out a part of what they know.
  double start_rate = 0.33;
  Transfer transfer;
  Scratch scratch;
  Finish finish;
  Compute compute;
  Taxonomy taxonomy;
  std::optional<Cluster> cluster;  ///< nothing: the run keeps to this machine. to_toml() never writes it
  std::string file;                ///< as given, for messages
};

/// Whether a key of [data] holds the path of a file or a folder: `root`, and names that end in _file, _folder,
/// _dir or _path. A relative one goes by the folder of the recipe file, on the command line by the current
/// folder; a Recipe has absolute ones, so that a run's folder may be asked from anywhere. The same holds for
/// `start` of [source] and [scratch].
[[nodiscard]] bool is_path_key(const std::string& key);

/// How a task's source network is trained; at start_rate's share of the rate where it has a start.
[[nodiscard]] Training source_training(const Recipe& recipe, const std::string& task);

/// How a transfer from this many sources is trained.
[[nodiscard]] Training transfer_training(const Recipe& recipe, std::size_t order);

/// Where the weights of a task's source network begin, as Recipe::start.
[[nodiscard]] std::string source_start(const Recipe& recipe, const std::string& task);

/// How networks from scratch are trained: [transfer], but for what [scratch] says. With scratch.steps = 0 this
/// is one round of several.
[[nodiscard]] Training scratch_training(const Recipe& recipe);

/// How a chosen transfer from this many sources goes on: [transfer], but for what [finish] says; one round of several.
[[nodiscard]] Training finish_training(const Recipe& recipe, std::size_t order);

/// Reads and validates a recipe: name, seed, tasks and missing above the first section; [plugins]; [data];
/// [task.ID]; [sources.NAME]; [split]; [encoder]; [decoder]; [source] with [source.steps_of],
/// [source.clip_of] and [source.start_of]; [transfer]; [scratch]; [finish];
/// [compute]; [taxonomy] with [taxonomy.importance] and [taxonomy.cost]; [cluster]. Each override is "section.key=value"
/// with a TOML value (bare words are strings). Throws Error "FILE:LINE: ..." naming the key, what was
/// expected and the nearest known key.
/// "-" is standard input, and pipes are read, too: their paths go by the current folder.
[[nodiscard]] Recipe read_recipe(const std::filesystem::path& file,
                                 const std::vector<std::string>& overrides = {});
/// The same from text; `name` stands for the file in messages.
[[nodiscard]] Recipe parse_recipe(const std::string& text, const std::string& name,
                                  const std::vector<std::string>& overrides = {});

/// The recipe as resolved: TOML with every key, defaults included, but without [cluster]; parse_recipe() of it
/// gives the same recipe.
[[nodiscard]] std::string to_toml(const Recipe& recipe);
/// One key of a resolved recipe.
struct Setting {
  std::string section;  ///< "" above the first section, "task.normal", "taxonomy.cost"
  std::string key;
  std::string value;  ///< as TOML
};
/// Every key of the recipe, defaults included, in the order of to_toml(). Compares recipes key by key.
[[nodiscard]] std::vector<Setting> settings(const Recipe& recipe);
/// Canonical one-line text of a table, for hashes.
[[nodiscard]] std::string canonical(const Table& table);

}  // namespace taskonomy::recipe
