// The interface of a dataset, for authors of datasets: scenes, which are the unit of splitting, hold samples
// of one or more kinds of views. Tasks learn about the dataset in use from its DatasetInfo.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/params.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// What a dataset says about itself. The host decides from this record, never from the name.
struct DatasetInfo {
  std::string id;                       ///< [a-z][a-z0-9_]*
  std::string title;                    ///< for people
  std::string reference;                ///< who made it, licence
  std::vector<std::string> modalities;  ///< keys that samples carry (sample.hpp)
  std::vector<ViewKind> view_kinds;
  /// modality -> names of its classes, index = class id: segment_semantic (0 = uncertain), class_object, class_scene.
  /// A modality of your own may have names here too, of classes or of the columns of its numbers.
  std::map<std::string, std::vector<std::string>> class_names;
};

/// Whether a dataset's samples carry this modality.
[[nodiscard]] TX_API bool offers(const DatasetInfo& dataset, const std::string& modality);

/// One scene (a room, a building) and how many samples of a view kind it holds.
struct Scene {
  std::string id;
  std::int64_t samples = 0;
  /// "train", "transfer" or "test" where the dataset has a split of its own. "": the recipe's shares decide.
  std::string split{};
};

/// What a dataset learns about the run when it is created.
struct DatasetContext {
  Params& params;          ///< the dataset's own keys of the recipe's [data] table
  std::int64_t side = 64;  ///< every sample has side x side pixels
  std::uint64_t seed = 1;  ///< for procedural datasets: the same seed gives the same pixels
};

/// The one class of a dataset plugin. The host shares an object between threads: every const method is [any
/// thread].
class TX_API Dataset {
 public:
  virtual ~Dataset();
  [[nodiscard]] virtual const DatasetInfo& info() const noexcept = 0;
  /// All scenes, in a stable order, with the number of samples of this kind of views. List a scene without
  /// samples of this kind with 0 instead of leaving it out: the recipe's shares count scenes, so the scene
  /// then falls into the same split for every kind.
  [[nodiscard]] virtual std::vector<Scene> scenes(ViewKind kind) const = 0;
  /// Sample `index` (0..samples-1) of a scene with at least the modalities asked for. A pure function of its
  /// arguments. Throws std::runtime_error naming the file when the sample cannot be read; the host leaves
  /// such samples out, counts and names them.
  [[nodiscard]] virtual Sample sample(const std::string& scene, std::int64_t index, ViewKind kind,
                                      const std::vector<std::string>& modalities) const = 0;
  /// Optional: a text that changes when the files behind one modality of a scene change, such as their names,
  /// sizes and times of modification. A run that is called again compares it, so that an exchanged label file
  /// is not overlooked. Count in every file that has a say: a camera file that all frames share, a list of
  /// frames. For "match" answer with the files that decide which views make a pair or a triplet; it is asked
  /// of every data set with such views, offered or not. Answer only where that is cheap: every scene is asked
  /// at every call. "" (the default, and for other modalities) = not known, and right for rendered data,
  /// which the recipe determines.
  [[nodiscard]] virtual std::string files_state(const std::string& scene, const std::string& modality) const;
};

/// Names, sizes and times of modification of files, as a text for Dataset::files_state(), a line for each
/// file. Takes a few microseconds a file on a local disk. The line of a file that is not there says
/// "missing", that of one whose size cannot be told (a folder, say) "unreadable". Throws nothing of its own.
[[nodiscard]] TX_API std::string state_of(const std::vector<std::filesystem::path>& files);

/// An imaginary dataset "any" for looking at a task without a real one. It offers every modality of
/// sample.hpp, every kind of views and a few classes of each sort.
[[nodiscard]] TX_API DatasetInfo any_dataset();

}  // namespace taskonomy::sdk
