#include <taskonomy/sdk/sample.hpp>

#include <algorithm>
#include <cstddef>

namespace taskonomy::sdk {

namespace {

/// In the order of ViewKind.
constexpr std::array<std::string_view, kViewKinds.size()> kViewWords{
    "single", "fixated_pair", "fixated_triplet", "nonfixated_pair", "matching_pair"};

}  // namespace

std::string word_of(ViewKind kind) { return std::string(kViewWords.at(static_cast<std::size_t>(kind))); }

std::optional<ViewKind> view_kind_of(std::string_view word) {
  const auto* const found = std::find(kViewWords.begin(), kViewWords.end(), word);
  if (found == kViewWords.end()) return std::nullopt;
  return kViewKinds.at(static_cast<std::size_t>(found - kViewWords.begin()));
}

}  // namespace taskonomy::sdk
