// Hashes that name what an artefact was made from, and seeds derived from names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace taskonomy::base {

/// 64-bit FNV-1a with a final avalanche (splitmix64). Same on every machine.
[[nodiscard]] std::uint64_t hash(std::string_view bytes);
/// 128 bits as 32 hexadecimal digits: two differently seeded hashes. Tells versions of our own files and keys
/// apart; it is no protection against somebody who wants two texts to agree.
[[nodiscard]] std::string fingerprint(std::string_view bytes);
/// XXH64 (Collet, seed 0) as 16 hexadecimal digits: some gigabytes a second, so that whole files of a run can be
/// compared with what was written.
[[nodiscard]] std::string checksum(std::string_view bytes);
/// The seed of the thing called `name` in a run with seed `seed`. Depends on nothing else, so that results do
/// not depend on the order of work.
[[nodiscard]] std::uint64_t seed_of(std::uint64_t seed, std::string_view name);

}  // namespace taskonomy::base
