// A taxonomy as one TorchScript file, which Python and C++ load without any of this code.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/predict/taxonomy_networks.hpp"

namespace taskonomy::predict {

/// What came of an export.
struct ExportSummary {
  std::vector<std::string> methods;   ///< "forward", "pairs", "triplets": those that the module has
  std::vector<std::string> targets;   ///< that it predicts
  std::vector<std::string> left_out;  ///< "jigsaw: sees 9 tiles, which it makes itself"
};

/// Its method for samples of so many views.
[[nodiscard]] const char* method_of_views(std::int64_t views);

/// Writes a module whose methods give a dictionary of predictions by target, float32 as TaskInfo::prediction says:
///
///   forward(images)   of targets that see one image; float32 [B,3,H,W] in 0..1
///   pairs(views)      of those that see two; float32 [B,2,3,H,W]
///   triplets(views)   of those that see three; float32 [B,3,3,H,W]
///
/// Images of another size than the run's are brought to it by the mean over areas; for what is not square, crop the centre
/// before, as the run's data were. Each encoder runs once in a method. Batch normalisation is folded into convolutions.
/// `extra`: texts that the file holds beside the code (export_texts()). The networks must compute in
/// float32 on the CPU. They are traced, so a decoder whose work depends on the values of its input cannot be exported, nor
/// one that remembers the size of a batch: each method is compared with the networks on other images in a batch of
/// another size. Throws Error naming the target whose predictions differ, and the file when it cannot be written.
ExportSummary export_networks(const TaxonomyNetworks& networks, std::int64_t side,
                              const std::map<std::string, std::string>& extra,
                              const std::filesystem::path& file);

}  // namespace taskonomy::predict
