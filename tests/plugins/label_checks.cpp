// The promises about labels: shape, type, range, purity, invalid readings, missing modalities, drawing.
#include <algorithm>
#include <exception>
#include <sstream>

#include <taskonomy/sdk/extensions.hpp>

#include "core/host/check.hpp"
#include "tests/plugins/subject.hpp"

namespace taskonomy::tests {

namespace {

using Problems = std::vector<std::string>;

std::string text_of(const torch::Tensor& tensor) {
  std::ostringstream text;
  if (!tensor.defined()) return "undefined";
  text << tensor.dtype() << " " << tensor.sizes();
  return text.str();
}

void expect(Problems& problems, bool kept, const std::string& otherwise) {
  if (!kept) problems.push_back(otherwise);
}

sdk::Example example_of(const Subject& subject, const sdk::Sample& sample, std::uint64_t seed = 3) {
  auto generator = at::detail::createCPUGenerator(seed);
  return subject.task->make_example(sample, generator);
}

sdk::Sample valid_sample(const Subject& subject, std::uint64_t seed = 1) {
  return make_sample(subject.info().view_kind, subject.side, seed);
}

/// The sample once for each way in which the task may find its labels: with everything, and with the first,
/// second, ... modality of every list of alternatives taken away.
std::vector<sdk::Sample> variants(const Subject& subject, const sdk::Sample& sample) {
  std::vector<sdk::Sample> list{sample};
  for (const auto& group : subject.info().any_of) {
    if (group.size() < 2) continue;
    sdk::Sample without = sample;
    without.data.erase(group.front());
    list.push_back(without);
  }
  return list;
}

Problems record(const Subject& subject) {
  Problems problems;
  try {
    host::check_info(subject.info(), subject.info().id);
    host::require_modalities(subject.info(), everything());
  } catch (const std::exception& error) {
    problems.push_back(error.what());
  }
  return problems;
}

void check_shapes(const Subject& subject, const sdk::Example& example, Problems& problems) {
  const auto& info = subject.info();
  const auto shape = subject.shape(info.target);
  expect(problems, example.target.defined() && example.target.sizes() == torch::IntArrayRef(shape),
         "target has " + text_of(example.target) + ", its record says another shape");
  expect(problems, example.target.defined() && example.target.scalar_type() == info.target.dtype,
         "target has " + text_of(example.target) + ", its record says another type");
  const std::vector<std::int64_t> mask_shape = info.mask == sdk::MaskKind::pixel
                                                   ? std::vector<std::int64_t>{1, subject.side, subject.side}
                                                   : std::vector<std::int64_t>{1};
  if (info.mask == sdk::MaskKind::none) {
    expect(problems, !example.mask.defined(), "mask is " + text_of(example.mask) + ", its record says none");
  } else {
    expect(problems,
           example.mask.defined() && example.mask.scalar_type() == torch::kBool &&
               example.mask.sizes() == torch::IntArrayRef(mask_shape),
           "mask is " + text_of(example.mask) + ", expected bool [1,H,W] (pixel) or [1] (image)");
  }
  const auto input_side = sdk::input_side(info, subject.side);
  const std::vector<std::int64_t> input_shape{sdk::input_views(info), 3, input_side, input_side};
  if (info.input == sdk::InputKind::plain) {
    expect(problems, !example.input.defined(),
           "input is " + text_of(example.input) + ", its record says plain");
  } else {
    const bool fits = example.input.defined() && example.input.scalar_type() == torch::kFloat32 &&
                      example.input.sizes() == torch::IntArrayRef(input_shape);
    expect(problems, fits, "input is " + text_of(example.input) + ", expected float32 [V,3,H,W]");
    expect(problems, fits && example.input.abs().le(1.0).all().item<bool>(), "input leaves [-1,1]");
  }
}

Problems shape(const Subject& subject) {
  Problems problems;
  for (const auto& sample : variants(subject, valid_sample(subject))) {
    check_shapes(subject, example_of(subject, sample), problems);
  }
  return problems;
}

/// Finite and inside the record's range wherever the mask is true.
void check_range(const Subject& subject, const sdk::Example& example, const std::string& when,
                 Problems& problems) {
  const auto& spec = subject.info().target;
  auto inside = example.target.to(torch::kFloat64);
  inside = inside.ge(spec.low - 1e-5).logical_and(inside.le(spec.high + 1e-5));  // false for NaN
  if (example.mask.defined()) inside = inside.logical_or(example.mask.logical_not());
  expect(problems, inside.all().item<bool>(),
         "target leaves its record's range where the mask is true, " + when);
}

Problems range(const Subject& subject) {
  Problems problems;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    for (const auto& sample : variants(subject, valid_sample(subject, seed))) {
      const auto example = example_of(subject, sample);
      check_range(subject, example, "all readings valid", problems);
      if (!example.mask.defined()) continue;
      expect(problems, example.mask.to(torch::kFloat32).mean().item<float>() > 0.5F,
             "the mask drops more than half of a sample whose readings are all valid");
    }
  }
  return problems;
}

Problems purity(const Subject& subject) {
  Problems problems;
  const auto sample = valid_sample(subject);
  sdk::Sample copy{sample.id, {}};
  for (const auto& [name, tensor] : sample.data) copy.data[name] = tensor.clone();
  const auto first = example_of(subject, sample);
  for (const auto& [name, tensor] : copy.data) {
    expect(problems, same(tensor, sample.data.at(name)), "make_example changed the sample's " + name);
  }
  const auto kept = first.target.clone();
  (void)example_of(subject, valid_sample(subject, 2), 77);
  const auto second = example_of(subject, sample);
  expect(problems,
         same(kept, second.target) && same(first.mask, second.mask) && same(first.input, second.input),
         "the same sample and seed gave another example");
  expect(problems, same(kept, first.target), "a later call changed an example that was handed out");
  return problems;
}

Problems invalid_readings(const Subject& subject) {
  Problems problems;
  for (const auto& sample : variants(subject, spoil(valid_sample(subject)))) {
    const auto example = example_of(subject, sample);
    check_shapes(subject, example, problems);
    check_range(subject, example, "some readings invalid", problems);
    if (subject.info().mask != sdk::MaskKind::pixel) continue;
    const auto wrong = example.mask.logical_and(spoilt_pixels(subject.side)).sum().item<std::int64_t>();
    expect(problems, wrong == 0,
           "the mask is true at " + std::to_string(wrong) + " pixels without a valid reading");
    expect(problems, example.mask.any().item<bool>(), "some invalid pixels empty the whole mask");
  }
  return problems;
}

Problems all_invalid(const Subject& subject) {
  Problems problems;
  for (const auto& sample : variants(subject, spoil_all(valid_sample(subject)))) {
    const auto example = example_of(subject, sample);
    check_shapes(subject, example, problems);
    check_range(subject, example, "all readings invalid", problems);
    if (subject.info().mask == sdk::MaskKind::none) continue;
    expect(problems, !example.mask.any().item<bool>(),
           "the mask is true somewhere though no reading is valid");
  }
  return problems;
}

Problems missing_modality(const Subject& subject) {
  Problems problems;
  const auto& info = subject.info();
  std::vector<std::vector<std::string>> groups = info.any_of;
  for (const auto& name : info.modalities) {
    // The plain input, which the host makes, needs rgb whether or not the label does.
    if (name != "rgb" || (info.modalities.size() == 1 && info.any_of.empty())) groups.push_back({name});
  }
  for (const auto& group : groups) {
    sdk::Sample sample = valid_sample(subject);
    for (const auto& name : group) sample.data.erase(name);
    std::string message;
    try {
      (void)example_of(subject, sample);
    } catch (const std::exception& error) {
      message = error.what();
    }
    const bool named = std::any_of(group.begin(), group.end(),
                                   [&](const auto& name) { return message.find(name) != std::string::npos; });
    expect(problems, named, "without " + group.front() + " make_example says: \"" + message + "\"");
  }
  return problems;
}

Problems drawing(const Subject& subject) {
  Problems problems;
  const auto* visualize = sdk::extension_of<sdk::Visualize>(*subject.task);
  if (visualize == nullptr) return problems;
  const auto check = [&](const torch::Tensor& picture, const std::string& what) {
    expect(problems,
           picture.scalar_type() == torch::kUInt8 &&
               picture.sizes() == torch::IntArrayRef({3, subject.side, subject.side}),
           "drawing " + what + " gives " + text_of(picture) + ", expected uint8 [3,H,W]");
  };
  const auto example = example_of(subject, spoil(valid_sample(subject)));
  check(visualize->draw(example.target, example.mask), "a target");
  check(visualize->draw(example.target, {}), "a target without its mask");
  const auto batch = make_batch(subject, 2, 5);
  const torch::NoGradGuard no_grad;
  check(visualize->draw(batch.prediction[0].detach(), {}), "a prediction");
  check(visualize->draw(batch.prediction[0].detach(), batch.mask.defined() ? batch.mask[0] : batch.mask),
        "a prediction under a mask");
  expect(problems, subject.task->extension("taskonomy.nonsense/1") == nullptr,
         "an unknown extension is not null");
  return problems;
}

}  // namespace

std::vector<Check> label_checks() {
  return {{"the record is complete and its modalities are known", record},
          {"label, mask and input have the record's shapes and types", shape},
          {"labels lie in the record's range", range},
          {"make_example is a pure function of sample and seed", purity},
          {"invalid readings go to the mask", invalid_readings},
          {"a sample without any valid reading has an empty mask", all_invalid},
          {"a missing modality is named", missing_modality},
          {"drawings are uint8 [3,H,W]", drawing}};
}

}  // namespace taskonomy::tests
