#include "checks.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <limits>
#include <map>
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

Finding guarded(Finding (*body)(Subject&), bool trained_only, Subject& subject) {
  try {
    if (trained_only && !subject.info().trained) {
      return {Outcome::skip, "the task is never trained, so nobody asks it for this"};
    }
    const SeededScope scope(subject.options().seed);
    return body(subject);
  } catch (const NotApplicable& skip) {
    return {Outcome::skip, skip.reason};
  } catch (const CannotTry& obstacle) {
    return {Outcome::unchecked, obstacle.reason};
  } catch (...) {
    return {Outcome::fail, "threw: " + text_of_exception()};
  }
}

/// Everything that is computed after LibTorch's default type has changed is of another type, so that dozens of
/// checks would each say something else about it.
Finding found(Finding (*body)(Subject&), bool trained_only, Subject& subject) {
  const auto before = torch::get_default_dtype();
  Finding finding = guarded(body, trained_only, subject);
  const auto after = torch::get_default_dtype();
  if (after == before) return finding;
  torch::set_default_dtype(before);
  return {Outcome::fail, "the task changed LibTorch's default type from " + std::string(before.name()) +
                             " to " + std::string(after.name())};
}

bool chosen(const Check& check, const RunOptions& options) {
  // Whoever names a check wants it, whatever its level.
  if (check.id == options.only) return true;
  const bool asked = options.only.empty() || check.id.rfind(options.only + ".", 0) == 0;
  return asked && check.level <= options.level;
}

bool is_obstacle(Outcome outcome) { return outcome == Outcome::fail || outcome == Outcome::unchecked; }

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

/// Runs checks in the order of task_checks(), each at most once.
class Sequence {
 public:
  explicit Sequence(Subject& subject) : subject_(subject) {}

  /// The check's result, which is made, with those of the checks that it needs, when first asked for.
  const Result& result_of(const Check& check) {
    if (const auto known = results_.find(check.id); known != results_.end()) return known->second;
    for (const auto& need : check.needs) {
      const Result& before = result_of(named(need));
      if (before.tried && !is_obstacle(before.finding.outcome)) continue;
      const Outcome outcome =
          before.finding.outcome == Outcome::unchecked ? Outcome::unchecked : Outcome::skip;
      const std::string reason =
          before.tried ? need + (outcome == Outcome::unchecked ? " could not be tried" : " did not pass")
                       : before.finding.reason;
      return results_[check.id] = {&check, {outcome, reason}, 0.0, false};
    }
    return results_[check.id] = timed(check);
  }

 private:
  static const Check& named(const std::string& id) {
    const auto& checks = task_checks();
    return *std::find_if(checks.begin(), checks.end(), [&](const Check& check) { return check.id == id; });
  }

  Result timed(const Check& check) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    Result result{&check, check.run(subject_)};
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return result;
  }

  Subject& subject_;
  std::map<std::string, Result> results_;
};

/// Of each group that has a result: whether any of its checks was tried.
std::map<std::string, bool> tried_groups(const std::vector<Result>& results) {
  std::map<std::string, bool> groups;
  for (const auto& result : results) {
    bool& tried = groups[result.check->id.substr(0, result.check->id.find('.'))];
    tried = tried || result.finding.outcome != Outcome::unchecked;
  }
  return groups;
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

std::vector<Check> needing(const std::vector<std::string>& needs, std::vector<Check> checks) {
  for (std::size_t index = 0; index < checks.size(); ++index) {
    for (const auto& need : needs) {
      const auto own =
          std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.id == need; });
      if (own == checks.end() || own - checks.begin() < static_cast<std::ptrdiff_t>(index))
        checks[index].needs.push_back(need);
    }
  }
  return checks;
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

/// A failure of those that others need is theirs, too: one cause is one line.
const std::vector<Check>& task_checks() {
  static const std::vector<Check> checks = [] {
    const std::vector<std::string> label{"label.shape", "label.finite", "label.range"};
    std::vector<Check> all;
    for (auto&& group : {
             spec_checks(),
             needing({"label.shape"}, label_checks()),
             needing(label, label_input_checks()),
             needing({"label.shape", "label.finite", "label.range", "augment.shape"}, augment_checks()),
             needing({"label.shape", "loss.per_image", "loss.finite"}, loss_checks()),
             needing({"label.shape", "metrics.shape"}, metrics_checks()),
             needing({"spec.role_and_decoder", "decoder.shape"}, decoder_checks()),
             needing({"decoder.shape"}, decoder_state_checks()),
         }) {
      all.insert(all.end(), group.begin(), group.end());
    }
    for (auto& check : all) {
      if (check.id == "decoder.gradient" || check.id == "decoder.target_untouched" ||
          check.id == "decoder.overfits")
        check.needs.insert(check.needs.end(),
                           {"loss.per_image", "loss.finite", "loss.depends_on_prediction"});
      if (check.id == "decoder.components") check.needs.emplace_back("label.shape");
      if (check.id == "loss.gradcheck") check.needs.emplace_back("loss.depends_on_prediction");
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
    case Outcome::unchecked:
      return "UNCHECKED";
  }
  return "?";
}

const char* name_of(Level level) {
  return level == Level::quick ? "quick" : level == Level::full ? "full" : "pedantic";
}

std::vector<Result> run_checks(Subject& subject, const RunOptions& options) {
  std::ostream& out = options.out == nullptr ? std::cout : *options.out;
  Sequence sequence(subject);
  std::vector<Result> results;
  std::map<std::string, std::size_t> not_tried;  // reason -> checks
  for (const auto& check : task_checks()) {
    const bool asked = chosen(check, options);
    const bool needed =
        !asked && std::any_of(task_checks().begin(), task_checks().end(), [&](const Check& other) {
          return chosen(other, options) &&
                 std::find(other.needs.begin(), other.needs.end(), check.id) != other.needs.end();
        });
    if (!asked && !needed) continue;
    const Result& result = sequence.result_of(check);
    if (!asked && (!result.tried || !is_obstacle(result.finding.outcome))) continue;
    results.push_back(result);
    if (result.tried)
      print(out, result);
    else
      ++not_tried[result.finding.reason];
  }
  if (results.empty()) throw std::invalid_argument("no check is called \"" + options.only + "\"");
  for (const auto& [reason, count] : not_tried)
    out << "not tried, because " << reason << ": " << count << " checks\n";
  return results;
}

bool conforms(Subject& subject, const RunOptions& options) {
  const auto results = run_checks(subject, options);
  const auto groups = tried_groups(results);
  return std::none_of(results.begin(), results.end(),
                      [](const Result& result) { return result.finding.outcome == Outcome::fail; }) &&
         std::all_of(groups.begin(), groups.end(), [](const auto& group) { return group.second; });
}

}  // namespace taskonomy::sdk::testing
