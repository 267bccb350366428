// How the Taskonomy data set stores its labels as images, for authors of datasets that read or write its
// format. Both directions are here, so that readers and writers of its folders agree. Images are [C,H,W],
// uint8 (8 bits) or int32 (16 bits), as image.hpp reads them.
//
//   modality             image             meaning of a stored value v
//   rgb                  8 bit RGB         v; grey becomes RGB, 16 bits become v / 257
//   depth_zbuffer        16 bit grey       v / 512 m, 128 m at most; 0 and 65535 = none (written 65535)
//   depth_euclidean      16 bit grey       the same
//   normal               8 bit RGB         (v - 127) / 127 along x right, y down, z forward, brought to unit
//                                          length; none where shorter than 1/2 (written 127,127,127)
//   principal_curvature  8 bit RGB         (v - 127) / 10 1/m in red and green, blue is unused; (0,0) = none.
//                                          The data set's authors give no unit; a tenth of 1/m a step holds
//                                          radii above 8 cm.
//   reshading            8 bit grey        v / 255; 0 = none, as no visible surface is quite dark
//   edge_*, keypoints*   16 or 8 bit grey  v / 65535 or v / 255; none is written 0
//   segment_unsup*       16 or 8 bit grey  region id; 65535 = none
//   segment_semantic     8 bit grey        class id
//
// Grey may lie in three equal channels.
#pragma once

#include <string>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Whether the modality is one of the table's.
[[nodiscard]] TX_API bool stored_as_image(const std::string& modality);

/// One view of a modality [C,H,W], in the types and units of sample.hpp, from its stored image. Throws
/// std::invalid_argument with what was expected and what came when bit depth or channels do not fit.
[[nodiscard]] TX_API torch::Tensor label_from_image(const std::string& modality, const torch::Tensor& image);

/// The image to store, for encode_png(), from one view of a modality [C,H,W]. Values beyond what the format
/// holds are clipped.
[[nodiscard]] TX_API torch::Tensor image_from_label(const std::string& modality, const torch::Tensor& label);

/// Metres float32 [1,H,W] from grey of 16 bits [1,H,W]; 0 = no reading, where 0 or 65535 is stored. Throws as
/// label_from_image() does.
[[nodiscard]] TX_API torch::Tensor metres_from_image(const torch::Tensor& image, double units_per_metre);

}  // namespace taskonomy::sdk
