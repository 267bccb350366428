#include "checks.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace taskonomy::sdk::testing {

namespace {

std::string joined(const std::vector<std::string>& texts) {
  constexpr std::size_t kMost = 4;  // the first few problems tell what the rest repeats
  std::string text;
  for (std::size_t index = 0; index < std::min(kMost, texts.size()); ++index) {
    if (index > 0) text += "; ";
    text += texts[index];
  }
  if (texts.size() > kMost) text += "; and " + std::to_string(texts.size() - kMost) + " more";
  return text;
}

Finding found(Finding (*body)(Subject&), bool trained_only, Subject& subject) {
  try {
    if (trained_only && !subject.info().trained) {
      return {Outcome::skip, "the task is never trained, so nobody asks it for this"};
    }
    const SeededScope scope(subject.options().seed);
    return body(subject);
  } catch (const NotApplicable& skip) {
    return {Outcome::skip, skip.reason};
  } catch (...) {
    return {Outcome::fail, "threw: " + text_of_exception()};
  }
}

bool chosen(const Check& check, const RunOptions& options) {
  // Whoever names a check wants it, whatever its level.
  if (check.id == options.only) return true;
  const bool asked = options.only.empty() || check.id.rfind(options.only + ".", 0) == 0;
  return asked && check.level <= options.level;
}

void print(std::ostream& out, const Result& result) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%6.2f s", result.seconds);
  const Finding& finding = result.finding;
  out << name_of(finding.outcome) << "  " << result.check->id;
  for (std::size_t width = result.check->id.size(); width < 28; ++width) out << ' ';
  out << seconds << (finding.reason.empty() ? "" : "  ") << finding.reason << "\n";
  if (finding.outcome == Outcome::fail || finding.outcome == Outcome::warn) {
    out << "      must   " << result.check->contract << "\n      hint   " << result.check->hint << "\n";
  }
  out.flush();  // the next check may be the last thing this process does
}

Result timed(const Check& check, Subject& subject) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Result result{&check, check.run(subject), 0.0};
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

}  // namespace

bool Problems::expect(bool kept, const std::string& otherwise) {
  if (!kept && std::find(failures_.begin(), failures_.end(), otherwise) == failures_.end()) {
    failures_.push_back(otherwise);
  }
  return kept;
}

void Problems::advise(bool kept, const std::string& otherwise) {
  if (!kept) warnings_.push_back(otherwise);
}

Finding Problems::finding(const std::string& passed) const {
  if (!failures_.empty()) return {Outcome::fail, joined(failures_)};
  if (!warnings_.empty()) return {Outcome::warn, joined(warnings_)};
  return {Outcome::pass, passed};
}

Check make_check(std::string id, Level level, std::string contract, std::string hint,
                 Finding (*body)(Subject&), bool trained_only) {
  return {std::move(id), std::move(contract), std::move(hint), level,
          [body, trained_only](Subject& subject) { return found(body, trained_only, subject); }};
}

std::string text_of_exception() {
  std::string text;
  try {
    throw;
  } catch (const c10::Error& error) {
    text = error.what_without_backtrace();
  } catch (const std::exception& error) {
    text = error.what();
  } catch (...) {
    return "something that is not a std::exception";
  }
  text = text.substr(0, text.find('\n'));
  return text.empty() ? "an exception without a message" : text;
}

SeededScope::SeededScope(std::uint64_t seed)
    : before_(at::detail::getDefaultCPUGenerator().get_state().clone()) {
  torch::manual_seed(seed);
}

SeededScope::~SeededScope() {
  torch::Generator generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(before_);
}

std::string text_of(torch::IntArrayRef shape) {
  std::string text = "[";
  for (const auto length : shape) {
    if (text.size() > 1) text += ',';
    text += std::to_string(length);
  }
  return text + "]";
}

std::string text_of(const torch::Tensor& tensor) {
  if (!tensor.defined()) return "undefined";
  std::ostringstream type;
  type << tensor.dtype();
  return type.str() + " " + text_of(tensor.sizes());
}

std::string text_of(double value) {
  constexpr int kDigits = 4;
  if (std::isnan(value)) return "NaN";
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, kDigits).ptr;
  return std::string(buffer, end);
}

bool same(const torch::Tensor& a, const torch::Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  return a.dtype() == b.dtype() && a.sizes() == b.sizes() && torch::allclose(a, b, 0.0, 0.0, true);
}

bool all_finite(const torch::Tensor& tensor) {
  return tensor.defined() && torch::isfinite(tensor).all().item<bool>();
}

double distance(const torch::Tensor& a, const torch::Tensor& b) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!a.defined() || !b.defined()) return a.defined() == b.defined() ? 0.0 : kInfinity;
  if (a.sizes() != b.sizes()) return kInfinity;
  if (a.numel() == 0) return 0.0;
  const torch::Tensor first = a.detach().to(torch::kFloat64), second = b.detach().to(torch::kFloat64);
  const torch::Tensor alike = first.eq(second).logical_or(first.isnan().logical_and(second.isnan()));
  const torch::Tensor apart =
      torch::where(alike, torch::zeros({}, torch::kFloat64), (first - second).abs().nan_to_num(kInfinity));
  return apart.max().item<double>();
}

const std::vector<Check>& task_checks() {
  static const std::vector<Check> checks = [] {
    std::vector<Check> all;
    for (auto&& group : {spec_checks(), label_checks(), label_input_checks(), augment_checks(), loss_checks(),
                         decoder_checks(), decoder_state_checks()}) {
      all.insert(all.end(), group.begin(), group.end());
    }
    return all;
  }();
  return checks;
}

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "PASS";
    case Outcome::warn:
      return "WARN";
    case Outcome::fail:
      return "FAIL";
    case Outcome::skip:
      return "SKIP";
  }
  return "?";
}

const char* name_of(Level level) {
  return level == Level::quick ? "quick" : level == Level::full ? "full" : "pedantic";
}

std::vector<Result> run_checks(Subject& subject, const RunOptions& options) {
  std::ostream& out = options.out == nullptr ? std::cout : *options.out;
  std::vector<Result> results;
  for (const auto& check : task_checks()) {
    if (!chosen(check, options)) continue;
    results.push_back(timed(check, subject));
    print(out, results.back());
  }
  if (results.empty()) throw std::invalid_argument("no check is called \"" + options.only + "\"");
  return results;
}

bool conforms(Subject& subject, const RunOptions& options) {
  bool kept = true;
  for (const auto& result : run_checks(subject, options))
    kept = kept && result.finding.outcome != Outcome::fail;
  return kept;
}

}  // namespace taskonomy::sdk::testing
