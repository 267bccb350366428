// What the groups of checks share: how a check reports, and how it is made of a plain function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/testing.hpp>

namespace taskonomy::sdk::testing {

/// Thrown where a check does not apply; becomes Outcome::skip.
struct NotApplicable {
  std::string reason;
};

/// Thrown where a check applies but cannot be tried with the samples that there are; becomes Outcome::unchecked.
struct CannotTry {
  std::string reason;
};

/// Collects the problems that a check finds.
class Problems {
 public:
  /// Notes the problem `otherwise` as a failure unless `kept`. Returns kept.
  bool expect(bool kept, const std::string& otherwise);
  /// Notes it as a warning unless `kept`.
  void advise(bool kept, const std::string& otherwise);
  /// The finding: fail, warn, or pass with the reason `passed`.
  [[nodiscard]] Finding finding(const std::string& passed = "") const;
  [[nodiscard]] bool empty() const { return failures_.empty() && warnings_.empty(); }

 private:
  std::vector<std::string> failures_, warnings_;
};

/// Makes a check of a function. The check turns NotApplicable into a skip and any other exception into a
/// failure with the exception's first line. With `trained_only`, tasks that are never trained skip it: the
/// host asks them for neither examples nor losses.
[[nodiscard]] Check make_check(std::string id, Level level, std::string contract, std::string hint,
                               Finding (*body)(Subject&), bool trained_only = true);

/// The checks, each of which also needs `needs`; those that are in the list themselves need what stands before.
[[nodiscard]] std::vector<Check> needing(const std::vector<std::string>& needs, std::vector<Check> checks);

/// What the current exception says, without LibTorch's stack trace. [in a catch block]
[[nodiscard]] std::string text_of_exception();

/// Seeds LibTorch's default generator and puts it back as it was.
class SeededScope {
 public:
  explicit SeededScope(std::uint64_t seed);
  ~SeededScope();
  SeededScope(const SeededScope&) = delete;
  SeededScope& operator=(const SeededScope&) = delete;

 private:
  torch::Tensor before_;
};

/// "float32 [3,32,32]", "undefined".
[[nodiscard]] std::string text_of(const torch::Tensor& tensor);
/// "[3,32,32]"
[[nodiscard]] std::string text_of(torch::IntArrayRef shape);
/// The number with four significant digits: "0.01235".
[[nodiscard]] std::string text_of(double value);

/// Equal in type, shape and every element, NaN equal to NaN; two undefined tensors are equal.
[[nodiscard]] bool same(const torch::Tensor& a, const torch::Tensor& b);
/// Defined and without NaN or infinity.
[[nodiscard]] bool all_finite(const torch::Tensor& tensor);
/// Largest |a - b|, NaN equal to NaN and infinitely far from numbers; infinity where the shapes differ.
[[nodiscard]] double distance(const torch::Tensor& a, const torch::Tensor& b);

[[nodiscard]] std::vector<Check> spec_checks();
[[nodiscard]] std::vector<Check> label_checks();
[[nodiscard]] std::vector<Check> label_input_checks();
[[nodiscard]] std::vector<Check> augment_checks();
[[nodiscard]] std::vector<Check> loss_checks();
[[nodiscard]] std::vector<Check> metrics_checks();
[[nodiscard]] std::vector<Check> decoder_checks();
[[nodiscard]] std::vector<Check> decoder_state_checks();

}  // namespace taskonomy::sdk::testing
