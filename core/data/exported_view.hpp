// Writes a view of a sample as files of the Taskonomy data set's layout, which other programs read too:
// <building>/<domain>/point_P_view_V_domain_<domain>.<png|npy|json>. The SDK's toolbox/stored_labels.hpp has
// the formats of the images; the dataset plugin `taskonomy` reads the files back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::data {

/// Where a view belongs. All views of a point look at it.
struct ViewPlace {
  std::string building;
  std::int64_t point = 0;
  std::int64_t view = 0;
  std::vector<std::int64_t> seen_points{};  ///< other points whose views overlap with this one
};

/// How the view's files begin: "point_0007_view_0".
[[nodiscard]] std::string name_of(const ViewPlace& place);

/// Folder of a modality; "" where the layout has none (instance, match). Camera, pose, room and vanishing
/// points share one, point_info.
[[nodiscard]] std::string domain_of(const std::string& modality);

/// Path of a view's file in a domain, relative to the data set's root.
[[nodiscard]] std::filesystem::path path_of(const ViewPlace& place, const std::string& domain);

/// Bytes of every file of view `v` of a sample, by path relative to the data set's root. What the sample
/// lacks has no file. Throws std::invalid_argument for modalities of another shape than the SDK's sample.hpp
/// says.
[[nodiscard]] std::map<std::filesystem::path, std::string> files_of(const sdk::Sample& sample, std::int64_t v,
                                                                    const ViewPlace& place);

}  // namespace taskonomy::data
