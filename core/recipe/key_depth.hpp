// Keys of many names joined by dots, a.a.a.a: toml++ makes a table in a table of each, and a file of a few
// thousand would use up the stack when they are looked at. Lists and inline tables it bounds by itself.
#pragma once

#include <cstddef>
#include <string_view>

namespace taskonomy::recipe {

/// The line, from 1, of the first key of more than `most` names in a TOML text; 0 when there is none. Dots in
/// strings and comments do not count.
[[nodiscard]] std::size_t line_of_deep_key(std::string_view toml, std::size_t most);

}  // namespace taskonomy::recipe
