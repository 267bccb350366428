// sample.* of a dataset: shapes, types and values of what it gives, and whether it gives the same again.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <thread>

#include <taskonomy/sdk/modality.hpp>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/checks/data_lint.hpp"
#include "core/checks/dataset_checks.hpp"
#include "core/checks/plugin_check.hpp"
#include "core/checks/sample_layout.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::checks {

namespace {

using sdk::testing::Level;

constexpr std::size_t kMany = 6, kFew = 2;  // samples of each kind of views

/// What the sample says, in a line; changes with every bit of it.
std::string fingerprint_of(const sdk::Sample& sample) {
  std::map<std::string, std::string> parts;
  for (const auto& [name, tensor] : sample.data) {
    const torch::Tensor values = tensor.contiguous();
    std::string bytes(static_cast<const char*>(values.data_ptr()), values.nbytes());
    parts[name] = torch::toString(values.scalar_type());
    for (const auto length : values.sizes()) parts[name] += " " + std::to_string(length);
    parts[name] += " " + base::fingerprint(bytes);
  }
  std::string text = sample.id;
  for (const auto& [name, part] : parts) text += "; " + name + " " + part;
  return text;
}

/// The name of a modality in which two samples differ, "its id" or "its modalities"; "" where they are the same.
std::string difference(const sdk::Sample& a, const sdk::Sample& b) {
  if (a.id != b.id) return "another id (\"" + a.id + "\", then \"" + b.id + "\")";
  std::set<std::string> names;
  for (const auto* sample : {&a, &b})
    for (const auto& [name, tensor] : sample->data) names.insert(name);
  for (const auto& name : names) {
    if (a.data.count(name) == 0 || b.data.count(name) == 0) return "no " + name + " once";
    const torch::Tensor &x = a.data.at(name), &y = b.data.at(name);
    if (x.scalar_type() != y.scalar_type() || x.sizes() != y.sizes() ||
        !torch::allclose(x, y, 0.0, 0.0, true))
      return "another " + name;
  }
  return "";
}

sdk::Sample copy_of(const sdk::Sample& sample) {
  sdk::Sample copy{sample.id, {}, sample.absent};
  for (const auto& [name, tensor] : sample.data) copy.data[name] = tensor.clone();
  return copy;
}

/// What the exception in flight says, in a line. [in a catch block]
std::string said() {
  try {
    host::rethrow_as_error("sample", "threw");
  } catch (const std::exception& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
  }
}

Finding readable(DatasetSubject& subject) {
  const auto places = subject.places(kMany);
  std::vector<std::string> problems;
  for (const auto& place : places) {
    try {
      (void)subject.sample(place);
    } catch (...) {
      problems.push_back(text_of(place) + ": " + said());
    }
  }
  if (problems.empty()) return {Outcome::pass, std::to_string(places.size()) + " samples read"};
  const std::string text = std::to_string(problems.size()) + " of " + std::to_string(places.size()) +
                           " samples that it counts cannot be read, first " + problems.front();
  return {2 * problems.size() > places.size() ? Outcome::fail : Outcome::warn, text};
}

/// The places whose samples can be read, and those.
std::vector<std::pair<SamplePlace, sdk::Sample>> samples_of(const DatasetSubject& subject, std::size_t most) {
  std::vector<std::pair<SamplePlace, sdk::Sample>> samples;
  for (const auto& place : subject.places(most)) {
    try {
      samples.emplace_back(place, subject.sample(place));
    } catch (...) {  // sample.readable counts those
    }
  }
  return samples;
}

Finding ids(DatasetSubject& subject) {
  std::map<std::pair<sdk::ViewKind, std::string>, SamplePlace> seen;
  for (const auto& [place, sample] : samples_of(subject, kMany)) {
    if (sample.id.empty()) return {Outcome::fail, text_of(place) + " has no id"};
    const auto [known, fresh] = seen.emplace(std::pair{place.kind, sample.id}, place);
    if (!fresh)
      return {Outcome::fail,
              text_of(known->second) + " and " + text_of(place) + " both have the id \"" + sample.id + "\""};
  }
  return {Outcome::pass, ""};
}

Finding modalities(DatasetSubject& subject) {
  for (const auto& [place, sample] : samples_of(subject, kFew)) {
    for (const auto& name : DatasetSubject::offered(subject.dataset(), place.kind)) {
      const auto values = sample.data.find(name);
      const auto reason = sample.absent.find(name);
      if (values != sample.data.end() && !values->second.defined())
        return {Outcome::fail, text_of(place) + " has an undefined " + name};
      if (values == sample.data.end() && (reason == sample.absent.end() || name == "rgb"))
        return {Outcome::fail, text_of(place) + " has no " + name + ", which it offers and was asked for" +
                                   (name == "rgb" ? "" : ", and Sample::absent does not say why")};
      if (values == sample.data.end() && reason->second.empty())
        return {Outcome::fail, text_of(place) + " lacks " + name + " for no reason"};
    }
    const sdk::Sample bare = subject.dataset().sample(place.scene, place.index, place.kind, {"rgb"});
    if (bare.id != sample.id || bare.data.count("rgb") == 0 ||
        !torch::equal(bare.data.at("rgb"), sample.data.at("rgb")))
      return {Outcome::fail,
              text_of(place) + " has another id or another rgb when nothing else is asked for"};
  }
  return {Outcome::pass, ""};
}

Finding shapes(DatasetSubject& subject) {
  for (const auto& [place, sample] : samples_of(subject, kMany))
    if (const auto problem = wrong_layout(place, sample, subject.side()); !problem.empty())
      return {Outcome::fail, problem};
  return {Outcome::pass, ""};
}

Finding sides(DatasetSubject& subject) {
  for (const std::int64_t side : {std::int64_t{24}, std::int64_t{40}}) {
    const DatasetSubject other([&](std::int64_t of) { return subject.make(of); }, side);
    for (const auto& [place, sample] : samples_of(other, 1))
      if (const auto problem = wrong_layout(place, sample, side); !problem.empty())
        return {Outcome::fail, "with side " + std::to_string(side) + ": " + problem};
  }
  return {Outcome::pass, ""};
}

/// Whether it is no wonder among few samples: a view without an object, an absent file.
bool is_of_few(const Remark& remark, const ModalityLint& lint) {
  const bool some = lint.values().empty < lint.values().tensors;
  return some && (remark.text.rfind("no value at all", 0) == 0 || remark.text.rfind("missing in", 0) == 0);
}

Finding values(DatasetSubject& subject) {
  const auto& names = subject.info().class_names;
  std::map<std::string, ModalityLint> lints;
  for (const auto& [place, sample] : samples_of(subject, kMany)) {
    const auto camera = sample.data.find("intrinsics");
    for (const auto& [name, tensor] : sample.data) {
      const auto classes = names.find(name);
      auto& lint =
          lints
              .try_emplace(name, name,
                           classes == names.end() ? 0 : static_cast<std::int64_t>(classes->second.size()))
              .first->second;
      lint.add(tensor, sample.id, subject.side(),
               camera == sample.data.end() ? torch::Tensor() : camera->second);
    }
  }
  std::vector<std::string> remarks;
  for (const auto& [name, lint] : lints)
    for (const auto& remark : lint.remarks())
      if (!is_of_few(remark, lint)) remarks.push_back(remark.subject + ": " + remark.text);
  if (remarks.empty()) return {Outcome::pass, ""};
  return {Outcome::warn, base::join(remarks, "; ")};
}

Finding pure(DatasetSubject& subject) {
  const auto samples = samples_of(subject, kFew);
  std::vector<sdk::Sample> kept;
  for (const auto& [place, sample] : samples) kept.push_back(copy_of(sample));
  const auto compare = [&](const sdk::Dataset& dataset, std::size_t at,
                           const std::string& when) -> std::string {
    const auto change = difference(kept[at], DatasetSubject::sample(dataset, samples[at].first));
    return change.empty() ? "" : text_of(samples[at].first) + " has " + change + " " + when;
  };
  std::vector<std::string> problems;
  for (std::size_t at = samples.size(); at-- > 0 && problems.empty();)
    if (auto problem = compare(subject.dataset(), at, "when it is read again"); !problem.empty())
      problems.push_back(problem);
  const auto another = subject.make(subject.side());
  for (std::size_t at = samples.size(); at-- > 0 && problems.empty();)
    if (auto problem = compare(*another, at, "from another object, read in another order"); !problem.empty())
      problems.push_back(problem);
  if (!problems.empty()) return finding_of(problems);
  // Who gets a sample may write to it: that must be nobody else's.
  for (const auto& [place, sample] : samples) sample.data.at("rgb").zero_();
  for (std::size_t at = 0; at < samples.size() && problems.empty(); ++at)
    if (auto problem = compare(subject.dataset(), at, "after somebody wrote to what was handed out");
        !problem.empty())
      problems.push_back(problem);
  return finding_of(problems);
}

std::string fingerprints(const DatasetSubject& subject) {
  const auto dataset = subject.make(subject.side());
  std::string text;
  for (const auto& place : subject.places(kFew)) {
    try {
      text += fingerprint_of(DatasetSubject::sample(*dataset, place)) + "\n";
    } catch (...) {
      text += said() + "\n";
    }
  }
  return text;
}

Finding processes(DatasetSubject& subject) {
  const std::string expected = fingerprints(subject);
  for (int copy = 0; copy < 2; ++copy)
    if (answer_of_copy([&] { return fingerprints(subject); }) != expected)
      return {Outcome::fail, "a sample that is read in two processes differs"};
  return {Outcome::pass, ""};
}

Finding in_threads(DatasetSubject& subject) {
  constexpr std::size_t kThreads = 4, kRounds = 3;
  const auto samples = samples_of(subject, kFew);
  const auto& dataset = subject.dataset();
  std::array<std::string, kThreads> problems;
  const auto work = [&](std::size_t thread) {
    try {
      for (std::size_t round = 0; round < kRounds * samples.size(); ++round) {
        const auto& [place, expected] = samples[(thread + round) % samples.size()];
        const auto change = difference(expected, DatasetSubject::sample(dataset, place));
        if (!change.empty()) problems[thread] = text_of(place) + " has " + change;
      }
    } catch (...) {
      problems[thread] = said();
    }
  };
  std::vector<std::thread> running;
  for (std::size_t thread = 0; thread < kThreads; ++thread) running.emplace_back(work, thread);
  for (auto& thread : running) thread.join();
  for (const auto& problem : problems)
    if (!problem.empty()) return {Outcome::fail, "read by four threads at once: " + problem};
  return {Outcome::pass, ""};
}

Finding beyond(DatasetSubject& subject) {
  const auto place = subject.places(1).front();
  std::int64_t count = 0;
  for (const auto& scene : subject.dataset().scenes(place.kind))
    if (scene.id == place.scene) count = std::max(count, scene.samples);
  const auto returns = [&](const std::string& scene, std::int64_t index) {
    try {
      (void)subject.dataset().sample(scene, index, place.kind, {"rgb"});
      return true;
    } catch (...) {
      return false;
    }
  };
  if (returns(place.scene, count))
    return {Outcome::warn, "scene \"" + place.scene + "\" has " + std::to_string(count) +
                               " samples, and gives one more: is the count right?"};
  if (returns("no such scene", 0))
    return {Outcome::warn, "it gives a sample of a scene that it does not have"};
  return {Outcome::pass, ""};
}

Finding files_state(DatasetSubject& subject) {
  for (const auto& place : subject.places(1)) {
    for (const auto& modality : subject.info().modalities) {
      const auto state = [&](const sdk::Dataset& dataset) {
        return dataset.files_state(place.scene, modality);
      };
      const std::string first = state(subject.dataset());
      if (first != state(subject.dataset()) || first != state(*subject.make(subject.side())))
        return {Outcome::fail, "files_state of " + modality + " of scene \"" + place.scene +
                                   "\" changes although no file does"};
    }
  }
  return {Outcome::pass, ""};
}

}  // namespace

std::vector<DatasetCheck> dataset_sample_checks() {
  const std::vector<std::string> counted{"scenes.counts"}, read{"scenes.counts", "sample.readable"};
  const std::vector<std::string> known{"scenes.counts", "sample.readable", "sample.modalities"};
  return {
      {"sample.readable",
       "the first and the last sample of its scenes can be read: counts are those of samples",
       "throw std::runtime_error naming the file for single damaged ones; do not count what is not there",
       Level::quick, counted, readable},
      {"sample.modalities",
       "a sample has what it was asked for, or says why it is absent, and is the same whatever is asked for "
       "beside it",
       "fill Sample::data for every name in `modalities`, else Sample::absent", Level::quick, read,
       modalities},
      {"sample.ids", "every sample has an id of its own: results, splits and labels go by it",
       "put the scene, the kind of views and the number into the id", Level::quick, read, ids},
      {"sample.shapes",
       "types and shapes are those of sample.hpp, with one row for each view, and images have the side",
       "compare with the table in sample.hpp; resize to DatasetContext::side; contiguous() last",
       Level::quick, known, shapes},
      {"sample.sides",
       "images have the side that is asked for, whichever",
       "resize to DatasetContext::side, labels by nearest neighbours",
       Level::full,
       {"sample.shapes"},
       sides},
      {"sample.values",
       "values are what sample.hpp says: units, ranges, unit lengths, class ids, cameras",
       "compare units with the table in sample.hpp; `data lint RECIPE` looks at more samples",
       Level::full,
       {"sample.shapes"},
       values},
      {"sample.pure", "the same place gives the same sample again, in any order and from any object",
       "draw from a generator seeded by scene and number; clone() what is kept and handed out", Level::quick,
       known, pure},
      {"sample.processes",
       "a sample is the same in every process: workers read them side by side",
       "nothing may depend on time, addresses, std::random_device or the order of a hash table",
       Level::full,
       {"scenes.stable", "sample.pure"},
       processes},
      {"sample.threads",
       "several threads may read samples of one object at once",
       "keep nothing in the object that sample() writes to, or lock it",
       Level::full,
       {"sample.pure"},
       in_threads},
      {"sample.beyond", "there is nothing behind the last sample of a scene, and no scene that is not listed",
       "throw std::runtime_error for what does not exist", Level::full, read, beyond},
      {"sample.files_state", "files_state changes only when files do: a run is made again where it changes",
       "return state_of() the files, or \"\"", Level::full, read, files_state},
  };
}

}  // namespace taskonomy::checks
