// Small text operations that errors, tables and the command line share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace taskonomy::base {

/// {"a","b"} with ", " -> "a, b".
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string listed(const std::vector<std::string>& names);
/// The first `most` of them, and how many are left: "a, b and 4 more".
[[nodiscard]] std::string join_first(const std::vector<std::string>& parts, std::string_view separator,
                                     std::size_t most);
/// Those of `names` that `others` lack; both sorted.
[[nodiscard]] std::vector<std::string> without(const std::vector<std::string>& names,
                                               const std::vector<std::string>& others);
/// "a+b" at '+' -> {"a","b"}; empty parts are kept; "" -> {""}.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
/// Without blanks, tabs and line ends at both ends.
[[nodiscard]] std::string trim(std::string_view text);
/// The text with blanks behind it, `width` bytes in all; a longer one as it is.
[[nodiscard]] std::string pad(std::string text, std::size_t width);
/// A word for the shell, as it stands in a command that a person copies: in single quotes where the shell would
/// read it otherwise ("runs/a b" -> "'runs/a b'"), else as it is.
[[nodiscard]] std::string shell_quoted(const std::string& word);
/// Whether the letter makes a terminal do something instead of being shown: codes below 0x20, and 0x7f.
[[nodiscard]] bool is_control(char letter);
/// The candidate with the smallest edit distance, or "" when more than a third of the letters differ for all
/// of them.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
/// "; did you mean \"x\"?" or "".
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);
/// The shortest decimal text that reads back as the same double; "nan", "inf", "-inf".
[[nodiscard]] std::string number(double value);
/// value with `digits` digits behind the point.
[[nodiscard]] std::string fixed(double value, int digits);
/// Seconds as a person reads them: "3 s", "2 min 05 s", "1 h 20 min".
[[nodiscard]] std::string duration(double seconds);
/// Bytes as a person reads them: "12 B", "12.3 MB".
[[nodiscard]] std::string byte_size(double bytes);

}  // namespace taskonomy::base
