// First-order sources of a target, ranked: what higher orders are built from.
#pragma once

#include <filesystem>
#include <string>

#include "core/affinity/affinity_table.hpp"
#include "core/transfer/orders.hpp"

namespace taskonomy::pipeline {

struct Shortlist {
  transfer::Sources ranked;  ///< by first-order affinity, best first; the target's own encoder left out
};

/// Ranks the first-order rows of a target; ties by name.
[[nodiscard]] Shortlist shortlist_of(const std::string& target,
                                     const std::vector<affinity::AffinityRow>& rows);

void write_shortlist(const std::filesystem::path& path, const Shortlist& shortlist,
                     const std::string& made_from);
/// Throws Error naming the file.
[[nodiscard]] Shortlist read_shortlist(const std::filesystem::path& path);

}  // namespace taskonomy::pipeline
