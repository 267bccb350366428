// label.*: what make_example does with samples that are not ordinary: modalities and readings that are missing, images of
// other shapes, tensors of other layouts and types, ids beyond the declared classes, several threads.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <thread>
#include <utility>

#include <taskonomy/sdk/extensions.hpp>

#include "batch.hpp"
#include "checks.hpp"
#include "label_checks.hpp"
#include "synthetic_samples.hpp"

namespace taskonomy::sdk::testing {

namespace {

/// The lists of modalities of each of which one must be there. rgb counts only where it is all that the
/// label needs: the plain input, which the host makes, needs it in any case.
std::vector<std::vector<std::string>> needed(const TaskInfo& info) {
  std::vector<std::vector<std::string>> groups = info.any_of;
  for (const auto& name : info.modalities) {
    if (name != "rgb" || (info.modalities.size() == 1 && info.any_of.empty())) groups.push_back({name});
  }
  return groups;
}

Finding missing_modality(Subject& subject) {
  Problems problems;
  const auto groups = needed(subject.info());
  if (groups.empty()) throw NotApplicable{"the record asks for no modality"};
  for (const auto& group : groups) {
    Sample sample = subject.sample();
    for (const auto& name : group) sample.data.erase(name);
    auto generator = at::detail::createCPUGenerator(subject.options().seed);
    std::string message;
    try {
      (void)subject.task().make_example(sample, generator);
      problems.expect(false, "without " + group.front() + " make_example makes an example all the same");
      continue;
    } catch (...) {
      message = text_of_exception();
    }
    const bool named = std::any_of(group.begin(), group.end(),
                                   [&](const auto& name) { return message.find(name) != std::string::npos; });
    problems.expect(named, "without " + group.front() + " make_example says \"" + message + "\"");
  }
  return problems.finding();
}

/// Share of a mask that is true.
double share_of(const torch::Tensor& mask) { return mask.to(torch::kFloat64).mean().item<double>(); }

/// Modalities in which no reading is an answer of its own.
std::vector<std::string> answering(const Subject& subject) {
  const auto* answers = extension_of<NoneIsAnswer>(subject.task());
  return answers == nullptr ? std::vector<std::string>() : answers->answering_modalities();
}

/// Whether the label is made of such modalities alone, so that no reading of it can be invalid.
bool always_answered(const TaskInfo& info, const std::vector<std::string>& answers) {
  std::vector<std::string> used = info.modalities;
  for (const auto& group : info.any_of) used.insert(used.end(), group.begin(), group.end());
  return std::all_of(used.begin(), used.end(),
                     [&](const std::string& name) {
                       return name == "rgb" ||
                              std::find(answers.begin(), answers.end(), name) != answers.end();
                     }) &&
         !answers.empty();
}

/// The examples of samples whose invalid readings are answers have sound labels.
Finding answered(const Subject& subject, const Sample& sample) {
  Problems problems;
  for (const auto& variant : variants(subject, sample))
    expect_sound(problems, subject.info(), example_of(subject, variant), subject.side(), subject.side());
  return problems.finding("no reading is an answer, as declared");
}

Finding invalid_to_mask(Subject& subject) {
  Problems problems;
  const std::int64_t side = subject.side();
  const TaskInfo& info = subject.info();
  const auto answers = answering(subject);
  if (always_answered(info, answers)) return answered(subject, spoilt(subject.sample()));
  const bool made_up = subject.options().samples.empty();  // with valid readings everywhere
  const torch::Tensor pixels = spoilt_pixels(side, side);
  for (const auto& sample : variants(subject, subject.sample())) {
    const Example whole = example_of(subject, sample);
    if (whole.mask.defined() && made_up) {
      problems.expect(share_of(whole.mask) > 0.5, "the mask keeps only " +
                                                      text_of(100.0 * share_of(whole.mask)) +
                                                      " % of a sample whose readings are all valid");
    }
    const Example example = example_of(subject, spoilt(sample, answers));
    expect_sound(problems, info, example, side, side);
    if (info.mask != MaskKind::pixel || !example.mask.defined()) continue;
    const auto wrong = example.mask.logical_and(pixels).sum().item<std::int64_t>();
    problems.expect(wrong == 0,
                    "the mask is true at " + std::to_string(wrong) + " of " +
                        std::to_string(pixels.sum().item<std::int64_t>()) +
                        " pixels whose depth is NaN, 0, infinite or negative, or that have no label");
    problems.expect(!made_up || !whole.mask.any().item<bool>() || example.mask.any().item<bool>(),
                    "a fifth of invalid pixels empties the whole mask");
  }
  return problems.finding();
}

Finding all_invalid(Subject& subject) {
  Problems problems;
  const std::int64_t side = subject.side();
  const auto answers = answering(subject);
  if (always_answered(subject.info(), answers)) return answered(subject, spoilt_everywhere(subject.sample()));
  for (const auto& sample : variants(subject, spoilt_everywhere(subject.sample(), answers))) {
    const Example example = example_of(subject, sample);
    expect_sound(problems, subject.info(), example, side, side);
    if (!example.mask.defined()) continue;
    problems.expect(!example.mask.any().item<bool>(), "the mask keeps " +
                                                          text_of(100.0 * share_of(example.mask)) +
                                                          " % of a sample in which no reading is valid");
  }
  return problems.finding();
}

/// Whether the record gives the target's height and width in numbers: such a task knows one image side only.
bool has_fixed_size(const TensorSpec& spec) {
  return spec.shape.size() == 3 && std::find(spec.shape.begin(), spec.shape.end(), -1) == spec.shape.end();
}

/// Either an example that fits the image or an exception that says why not; the host's images are square,
/// but a task's author has others.
void expect_size(Problems& problems, const Task& task, const Sample& sample, std::int64_t height,
                 std::int64_t width) {
  const std::string size = std::to_string(height) + " x " + std::to_string(width) + ": ";
  Problems own;
  try {
    const Example example = example_of(task, sample);
    if (!has_fixed_size(task.info().target)) expect_shapes(own, task.info(), example, height, width);
    expect_values(own, task.info(), example);
  } catch (const std::exception& error) {
    problems.expect(*error.what() != '\0', size + "refused without a reason");
  }
  problems.expect(own.empty(), size + own.finding().reason);
}

Finding sizes(Subject& subject) {
  Problems problems;
  const std::int64_t side = subject.side();
  for (const std::int64_t odd : {side - 1, side + 1}) {
    const auto task = subject.make(odd);
    for (const auto& sample : variants(subject, subject.sample(odd, odd))) {
      const Example example = example_of(*task, sample);
      Problems own;
      expect_sound(own, task->info(), example, odd, odd);
      problems.expect(own.empty(), "side " + std::to_string(odd) + ": " + own.finding().reason);
    }
  }
  constexpr std::array<std::pair<std::int64_t, std::int64_t>, 5> kShapes{
      {{24, 40}, {40, 24}, {32, 1}, {1, 32}, {1, 1}}};
  for (const auto& [height, width] : kShapes) {
    for (const auto& sample : variants(subject, subject.sample(height, width)))
      expect_size(problems, subject.task(), sample, height, width);
  }
  return problems.finding();
}

/// The examples of samples that say the same in another way are the same, up to rounding.
void expect_same_example(Problems& problems, const Subject& subject, const Sample& sample,
                         const Sample& other, const std::string& what) {
  constexpr double kRounding = 1e-4;
  const Example expected = example_of(subject, sample), example = example_of(subject, other);
  const double apart = distance(expected.target, example.target);
  problems.expect(apart <= kRounding, what + " change the target by " + text_of(apart));
  problems.expect(same(expected.mask, example.mask), what + " change the mask");
  problems.expect(distance(expected.input, example.input) <= kRounding, what + " change the input");
}

Finding memory_layout(Subject& subject) {
  Problems problems;
  for (const auto& sample : variants(subject, subject.sample()))
    expect_same_example(problems, subject, sample, in_other_layout(sample),
                        "tensors with columns before rows");
  return problems.finding();
}

Finding dtypes(Subject& subject) {
  Problems problems;
  for (const auto& sample : variants(subject, subject.sample())) {
    try {
      expect_same_example(problems, subject, sample, in_other_types(sample), "float64 and int64 modalities");
    } catch (const std::exception&) {
      // Refusing is fine as long as it says what.
      const std::string reason = text_of_exception();
      const bool named = std::any_of(sample.data.begin(), sample.data.end(), [&](const auto& modality) {
        return reason.find(modality.first) != std::string::npos;
      });
      problems.expect(named, "float64 and int64 modalities make make_example say \"" + reason +
                                 "\", which names none of them");
    }
  }
  return problems.finding();
}

Finding class_ids(Subject& subject) {
  const TaskInfo& info = subject.info();
  if (torch::isFloatingType(info.target.dtype) || info.target.low < 0.0)
    throw NotApplicable{"the target holds no class ids: it is not integral, or negative ids are allowed"};
  Problems problems;
  const double channels = static_cast<double>(info.prediction.shape.at(0));
  problems.expect(info.target.high < channels, "class ids reach " + text_of(info.target.high) +
                                                   ", but the prediction has " + text_of(channels) +
                                                   " channels");
  Sample beyond = subject.sample();
  for (const auto& [modality, names] : subject.options().dataset.class_names) {
    auto found = beyond.data.find(modality);
    if (found == beyond.data.end() || found->second.is_floating_point()) continue;
    found->second = torch::full_like(found->second, static_cast<std::int64_t>(names.size()));
  }
  try {
    const torch::Tensor ids = counted_values(example_of(subject, beyond));
    const double most = ids.numel() == 0 ? 0.0 : ids.max().item<double>();
    problems.expect(most < channels, "a sample with a class beyond the dataset's names gives id " +
                                         text_of(most) + " for " + text_of(channels) + " channels");
  } catch (const std::exception&) {
    return problems.finding("refuses a class beyond the dataset's names: " + text_of_exception());
  }
  return problems.finding();
}

Finding thread_safe(Subject& subject) {
  constexpr std::size_t kThreads = 4, kRounds = 4;
  const Task& task = subject.task();
  std::array<Sample, kThreads> samples;
  std::array<Example, kThreads> expected;
  std::array<int, kThreads> wrong{};
  std::array<std::string, kThreads> errors;
  for (std::size_t index = 0; index < kThreads; ++index) {
    samples[index] = subject.sample(index);
    expected[index] = example_of(task, samples[index], index);
  }
  const auto work = [&](std::size_t index) {
    try {
      for (std::size_t round = 0; round < kRounds; ++round) {
        const Example example = example_of(task, samples[index], index);
        const bool right = same(example.target, expected[index].target) &&
                           same(example.mask, expected[index].mask) &&
                           same(example.input, expected[index].input);
        wrong[index] += right ? 0 : 1;
      }
    } catch (...) {
      errors[index] = text_of_exception();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < kThreads; ++index) threads.emplace_back(work, index);
  for (auto& thread : threads) thread.join();
  Problems problems;
  int sum = 0;
  for (std::size_t index = 0; index < kThreads; ++index) {
    sum += wrong[index];
    problems.expect(errors[index].empty(), "a thread got the exception: " + errors[index]);
  }
  problems.expect(sum == 0, std::to_string(sum) + " of " + std::to_string(kThreads * kRounds) +
                                " examples made by four threads at once differ from those made alone");
  return problems.finding();
}

}  // namespace

std::vector<Check> label_input_checks() {
  return {
      make_check("label.missing_modality", Level::quick,
                 "without a modality that it needs, make_example throws an exception that names it",
                 "read modalities with require(), require_pixels() or require_view() of modality.hpp",
                 missing_modality),
      make_check("label.invalid_to_mask", Level::quick,
                 "invalid readings, and only they, are false in the mask: one bad depth must not teach, or "
                 "cost the image",
                 "NaN, 0, infinite and negative depth, normals (0,0,0), regions -1 and class 0 are readings "
                 "that are not there; set the mask to false at them",
                 invalid_to_mask),
      make_check("label.all_invalid", Level::quick,
                 "a sample without any valid reading gives an example with an empty mask, no exception",
                 "mind means and maxima over no values; fill the target with 0. Where no reading is an "
                 "answer (a count "
                 "of objects may be 0), offer NoneIsAnswer (extensions.hpp)",
                 all_invalid),
      make_check(
          "label.sizes", Level::full,
          "odd image sides work; images that are not square, or one pixel wide, work or are refused with "
          "an exception that says why",
          "take height and width from the tensors, and round up where you divide them", sizes),
      make_check("label.memory_layout", Level::full, "tensors that are not contiguous give the same example",
                 "call contiguous() before view() or data_ptr()", memory_layout),
      make_check("label.dtypes", Level::full,
                 "modalities in wider types give the same example, or an exception that names them",
                 "convert with to(torch::kFloat32), as require_pixels() does, before the arithmetic", dtypes),
      make_check("label.class_ids", Level::quick,
                 "class ids never reach the number of channels predicted: the loss would read out of bounds",
                 "take the number of classes from the dataset's class_names and refuse ids beyond it",
                 class_ids),
      make_check("label.thread_safe", Level::full,
                 "several threads may make examples with one task object at once",
                 "keep nothing in the task that make_example writes to", thread_safe),
  };
}

}  // namespace taskonomy::sdk::testing
