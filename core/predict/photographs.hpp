// Photographs as people give them, for networks that see squares of one size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/toolbox/resample.hpp>

namespace taskonomy::predict {

/// What one prediction is made of: a photograph, or the views of a pair or triplet in their order.
struct Given {
  std::string id;  ///< names the files of its predictions; unique among those that are given together
  std::vector<std::filesystem::path> files;
};

/// Photographs by files, folders (the images in them, not those of folders in them, in the order of their names)
/// and "-" (a path a line from `input`). Ids are the files' names without their endings; where two files share one,
/// with it, and with their folders' names before it, as many as it takes. Throws Error naming what is not there, a folder without
/// photographs, and two files that even so have one id.
[[nodiscard]] std::vector<Given> photographs_of(const std::vector<std::string>& given, std::istream& input);

/// Pairs or triplets: each text is "a.png,b.png", or a CSV file with a column for each view, whose paths are relative
/// to it, and perhaps one called id before them. Without one ids are "a+b". Throws Error naming the line for another
/// number of views.
[[nodiscard]] std::vector<Given> view_sets_of(const std::vector<std::string>& given, std::size_t views);

/// A photograph as the run's networks see it.
struct Photograph {
  torch::Tensor image;                 ///< uint8 [3,S,S]
  std::int64_t height = 0, width = 0;  ///< of the file, upright, pixels
  sdk::Square square;                  ///< the part of it that the image shows
};

/// Reads a PNG or JPEG file and brings its centred square to side x side, as the dataset `taskonomy` does: grey becomes
/// RGB, 16 bits become 8, alpha is dropped, Exif's rotation is obeyed. Throws Error naming the file and what is wrong
/// with it: damaged, CMYK, an image of another kind, more than 64 million pixels or 16384 a side.
[[nodiscard]] Photograph read_photograph(const std::filesystem::path& file, std::int64_t side);

}  // namespace taskonomy::predict
