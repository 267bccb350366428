// A dataset: scenes (the unit of splitting) that hold samples of one or more view kinds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/params.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// The record by which generic code decides.
struct DatasetInfo {
  std::string id;                       ///< [a-z][a-z0-9_]*
  std::string title;                    ///< for people
  std::string reference;                ///< who made it, licence
  std::vector<std::string> modalities;  ///< keys that samples carry (sample.hpp)
  std::vector<ViewKind> view_kinds;
  /// modality -> names of its classes, index = class id: segment_semantic (0 = uncertain), class_object,
  /// class_scene
  std::map<std::string, std::vector<std::string>> class_names;
};

/// One scene (a room, a building) and how many samples of a view kind it holds.
struct Scene {
  std::string id;
  std::int64_t samples = 0;
  std::string split{};  ///< "train", "transfer" or "test" where the dataset's own split says so; "" = the
                        ///< recipe's shares decide
};

/// What a dataset learns about the run when it is created.
struct DatasetContext {
  Params& params;          ///< the keys of the recipe's [data] table that the host did not take
  std::int64_t side = 64;  ///< samples are side x side pixels
  std::uint64_t seed = 1;  ///< of procedural datasets: same seed, same pixels
};

/// A dataset plugin's one class. Objects are shared between threads: every const method is [any thread].
class TX_API Dataset {
 public:
  virtual ~Dataset();
  [[nodiscard]] virtual const DatasetInfo& info() const noexcept = 0;
  /// Scenes and how many samples of this view kind they hold, in a stable order. A scene without samples of
  /// this kind is better listed with 0 than left out: the recipe's shares count it, so that it falls into the
  /// same split for every kind.
  [[nodiscard]] virtual std::vector<Scene> scenes(ViewKind kind) const = 0;
  /// Sample `index` (0..samples-1) of a scene, with the modalities asked for (a superset is fine). A pure
  /// function of its arguments. Throws std::runtime_error naming the file when it cannot be read; the host
  /// counts and names those.
  [[nodiscard]] virtual Sample sample(const std::string& scene, std::int64_t index, ViewKind kind,
                                      const std::vector<std::string>& modalities) const = 0;
};

/// An imaginary dataset "any" that offers every modality of sample.hpp, every kind of views and a few classes
/// of each sort.
[[nodiscard]] TX_API DatasetInfo any_dataset();

}  // namespace taskonomy::sdk
