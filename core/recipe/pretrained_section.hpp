// Reading, writing and describing [sources.NAME] tables.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/recipe/document.hpp"
#include "core/recipe/pretrained.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::recipe {

/// "NAME" of "sources.NAME", "" of any other section.
[[nodiscard]] std::string source_of(const std::string& section);

/// Reads one table. Files are looked for from `folder`, those given by --set from the current one. Throws
/// Error with the key's place: unknown keys, values of another kind, neither or both of torchscript and
/// safetensors, keys that belong to the other form.
[[nodiscard]] Pretrained read_pretrained(const std::string& section, const Section& content,
                                         const std::filesystem::path& folder);

/// Every key of a table, defaults included; read_pretrained() of them gives the same source.
[[nodiscard]] std::vector<Setting> settings_of(const Pretrained& source);

/// "imagenet: resnet50, weights of /data/resnet50.safetensors": a source as people are told of it.
[[nodiscard]] std::string describe(const Pretrained& source);

}  // namespace taskonomy::recipe
