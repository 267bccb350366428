// Which parts of a recipe enter the keys of jobs. Each function takes its section apart field by field, so
// that a field that is added to a section does not compile until somebody has decided about it here.
#pragma once

#include <string>
#include <vector>

#include "core/base/ingredients.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/setup.hpp"
#include "core/pipeline/stages.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::pipeline {

/// Begins the names of what the recipe says. A run folder refuses another recipe by itself (RunDirectory).
inline const std::string kFromRecipe = "recipe";
/// Begins the names of what follows from the tasks that take part: it changes when a task joins a run.
inline const std::string kFromTasks = "tasks";
/// Begins the names of the files behind modalities, "files.rgb".
inline const std::string kFiles = "files";
/// The files that decide which views make a pair or a triplet.
inline const std::string kPairingFiles = "files that pair views";
/// Scenes, indices and splits of a shard's samples.
inline const std::string kSamplesAndSplits = "samples and their splits";

/// The weights that a network starts from; jobs of networks that start at random have none.
inline const std::string kStart = "start";

/// The code that computes a stage: its version and, as StageRow::made_by says, LibTorch, the SDK library,
/// device and precision. Every job's ingredients begin with this.
[[nodiscard]] base::Ingredients code_of(Stage stage, const network::Hardware& hardware);

/// Where the data lie. Counts where the data set cannot tell its files, which count otherwise.
inline const std::string kDataPaths = "paths of the data";

/// How the data set is read and divided, without the paths of its files: data may be moved.
[[nodiscard]] base::Ingredients ingredients_of(const recipe::Data& data, const recipe::Split& split);
/// The paths of the data set's files, "root = ..."; "" without any.
[[nodiscard]] std::string paths_of(const recipe::Data& data);
/// A task's own table.
[[nodiscard]] base::Ingredients ingredients_of(const recipe::TaskEntry& task);
/// Encoder and decoder.
[[nodiscard]] base::Ingredients ingredients_of(const recipe::Network& network);
/// How a network is trained.
[[nodiscard]] base::Ingredients ingredients_of(const recipe::Training& training);
/// How a network trained elsewhere is read. Where its file lies does not matter, its content does
/// (Setup::weights_fingerprint).
[[nodiscard]] base::Ingredients ingredients_of(const recipe::Pretrained& source);
/// What becomes of the encoders of chosen transfers; how they are trained says finish_training().
[[nodiscard]] base::Ingredients ingredients_of(const recipe::Finish& finish);
/// Step IV.
[[nodiscard]] base::Ingredients ingredients_of(const recipe::Taxonomy& taxonomy);

/// Fingerprint of a list of samples: scenes, indices and splits, in their order.
[[nodiscard]] std::string fingerprint_of(const std::vector<data::SampleKey>& keys);

/// The files behind each modality of some samples, where the data set can tell.
[[nodiscard]] base::Ingredients files_of(const Setup& setup, const std::vector<data::SampleKey>& keys,
                                         const std::vector<std::string>& modalities);
/// The classes that the data set names for these modalities. A task may order or choose its label by them.
[[nodiscard]] base::Ingredients class_names_of(const Setup& setup,
                                               const std::vector<std::string>& modalities);
/// Adds what some samples are, whichever modalities are read of them. The keys of all who read a shard have
/// it, so that images and labels of different pairings never stand beside each other.
[[nodiscard]] base::Ingredients with_content(base::Ingredients made_from, const Setup& setup,
                                             sdk::ViewKind kind, const std::vector<data::SampleKey>& keys);

/// Whether a changed ingredient of a job of `stage` is to be accepted by the user before anything is made
/// again: the code or the data changed, and nobody asked for that. What the recipe says was compared when the
/// run folder was opened. Tasks may join and leave a run without a question: they change what follows from
/// the tasks, and shards begin or cease to hold a modality and so to depend on its files. Any other
/// ingredient that is new or gone asks.
[[nodiscard]] bool needs_consent(Stage stage, const base::IngredientChange& change);

}  // namespace taskonomy::pipeline
