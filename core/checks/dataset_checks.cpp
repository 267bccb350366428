// spec.* and scenes.* of a dataset: its record, and the list of its scenes.
#include "core/checks/dataset_checks.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include <ATen/Parallel.h>
#include <taskonomy/sdk/modality.hpp>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/checks/plugin_check.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::checks {

namespace {

using sdk::ViewKind;

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

void look_at_modalities(const sdk::DatasetInfo& info, std::vector<std::string>& problems) {
  if (!contains(info.modalities, "rgb")) problems.push_back("it offers no rgb, so it has no samples");
  std::set<std::string> seen;
  for (const auto& name : info.modalities) {
    if (!sdk::is_id(name)) problems.push_back(in_quotes(name) + " is no name of a modality");
    if (!seen.insert(name).second) problems.push_back("it lists the modality " + name + " twice");
  }
  for (const auto& [modality, names] : info.class_names) {
    if (seen.count(modality) == 0)
      problems.push_back("it names classes of " + modality + ", which it does not offer");
    if (names.empty()) problems.push_back("its list of classes of " + modality + " is empty");
    if (std::set<std::string>(names.begin(), names.end()).size() < names.size())
      problems.push_back("two classes of " + modality + " have one name");
  }
}

Finding complete(DatasetSubject& subject) {
  const auto& info = subject.info();
  std::vector<std::string> problems;
  if (!sdk::is_id(info.id))
    problems.push_back("the id " + in_quotes(info.id) + " is not made of a-z, 0-9 and _");
  if (info.title.empty()) problems.emplace_back("it has no title");
  look_at_modalities(info, problems);
  if (info.view_kinds.empty()) problems.emplace_back("it has no kind of views");
  if (std::set<ViewKind>(info.view_kinds.begin(), info.view_kinds.end()).size() < info.view_kinds.size())
    problems.emplace_back("it lists a kind of views twice");
  if (&subject.info() != &info) problems.emplace_back("info() returns another object each time");
  if (!problems.empty()) return finding_of(problems);
  if (info.reference.empty())
    return {Outcome::warn, "reference is empty; readers cannot tell who made it and under which licence"};
  return {Outcome::pass, base::join(info.modalities, ", ")};
}

/// 'scene "a" (single)'.
std::string text_of(const sdk::Scene& scene, ViewKind kind) {
  return "scene " + in_quotes(scene.id) + " (" + sdk::word_of(kind) + ")";
}

Finding named(DatasetSubject& subject) {
  std::vector<std::string> problems;
  for (const auto kind : subject.info().view_kinds) {
    std::map<std::string, std::size_t> seen;
    for (const auto& scene : subject.dataset().scenes(kind)) {
      if (scene.id.empty()) problems.emplace_back("a scene has no id");
      if (std::any_of(scene.id.begin(), scene.id.end(), base::is_control))
        problems.emplace_back("the id of a scene has control characters");
      ++seen[scene.id];
    }
    for (const auto& [id, count] : seen)
      if (count > 1)
        problems.push_back(std::to_string(count) + " scenes (" + sdk::word_of(kind) + ") have the id " +
                           in_quotes(id));
    if (!problems.empty()) break;  // the other kinds would say the same
  }
  return finding_of(problems);
}

Finding counts(DatasetSubject& subject) {
  constexpr std::int64_t kMost = 1'000'000'000;  // more samples than anybody has
  std::vector<std::string> problems;
  for (const auto kind : subject.info().view_kinds) {
    std::int64_t all = 0;
    for (const auto& scene : subject.dataset().scenes(kind)) {
      if (scene.samples >= 0 && scene.samples <= kMost) {
        all = std::min(kMost + 1, all + scene.samples);
        continue;
      }
      problems.push_back(text_of(scene, kind) + " has " + std::to_string(scene.samples) + " samples");
      break;
    }
    if (all > kMost) problems.push_back("it has more than a billion samples (" + sdk::word_of(kind) + ")");
    if (all == 0 && problems.empty())
      problems.push_back("it says that it has views of the kind " + sdk::word_of(kind) +
                         ", and has no sample of it");
  }
  return finding_of(problems);
}

Finding split(DatasetSubject& subject) {
  std::vector<std::string> problems;
  std::map<std::string, std::string> split_of;
  std::set<std::string> without;
  for (const auto kind : subject.info().view_kinds) {
    for (const auto& scene : subject.dataset().scenes(kind)) {
      if (scene.split.empty()) {
        without.insert(scene.id);
      } else if (!contains({"train", "transfer", "test"}, scene.split)) {
        problems.push_back(text_of(scene, kind) + " is in a split " + in_quotes(scene.split));
      }
      const auto [known, fresh] = split_of.emplace(scene.id, scene.split);
      if (!fresh && known->second != scene.split)
        problems.push_back("scene " + in_quotes(scene.id) + " is in split " + in_quotes(known->second) +
                           " for one kind of " + "views and in " + in_quotes(scene.split) + " for another");
      if (!problems.empty()) return finding_of(problems);
    }
  }
  if (!without.empty() && without.size() < split_of.size())
    return {Outcome::warn, std::to_string(without.size()) + " of " + std::to_string(split_of.size()) +
                               " scenes have no split, so the recipe's shares decide for all"};
  return {Outcome::pass, ""};
}

/// All scenes as a text.
std::string listed(const sdk::Dataset& dataset) {
  std::string text;
  for (const auto kind : dataset.info().view_kinds)
    for (const auto& scene : dataset.scenes(kind))
      text += sdk::word_of(kind) + " " + scene.id + " " + std::to_string(scene.samples) + " " + scene.split +
              "\n";
  return text;
}

Finding stable(DatasetSubject& subject) {
  const std::string expected = listed(subject.dataset());
  const std::string what = " lists other scenes, or in another order";
  std::vector<std::string> problems;
  if (listed(subject.dataset()) != expected) return {Outcome::fail, "asked again, it" + what};
  if (listed(*subject.make(subject.side())) != expected) return {Outcome::fail, "another object" + what};
  const auto in_copy = [&] { return answer_of_copy([&] { return listed(*subject.make(subject.side())); }); };
  if (in_copy() != expected || in_copy() != expected) return {Outcome::fail, "another process" + what};
  return {Outcome::pass, ""};
}

/// The recipe's shares count scenes, so that a scene without samples of a kind must be listed all the same.
Finding same_for_all_kinds(DatasetSubject& subject) {
  const auto& kinds = subject.info().view_kinds;
  const auto ids_of = [&](ViewKind kind) {
    std::vector<std::string> ids;
    for (const auto& scene : subject.dataset().scenes(kind)) ids.push_back(scene.id);
    return ids;
  };
  const auto first = ids_of(kinds.front());
  for (const auto kind : kinds)
    if (ids_of(kind) != first)
      return {Outcome::warn, "the scenes of " + sdk::word_of(kind) + " are others than those of " +
                                 sdk::word_of(kinds.front()) +
                                 ", so that one scene may be in two splits of a run with both"};
  return {Outcome::pass, ""};
}

}  // namespace

std::string text_of(const SamplePlace& place) {
  return "sample " + std::to_string(place.index) + " of scene " + in_quotes(place.scene) + " (" +
         sdk::word_of(place.kind) + ")";
}

DatasetSubject::DatasetSubject(Factory factory, std::int64_t side)
    : factory_(std::move(factory)), side_(side) {}

const sdk::Dataset& DatasetSubject::dataset() const {
  if (dataset_ == nullptr) dataset_ = make(side_);
  return *dataset_;
}

std::vector<SamplePlace> DatasetSubject::places(std::size_t most) const {
  std::vector<SamplePlace> all;
  for (const auto kind : info().view_kinds) {
    std::vector<sdk::Scene> scenes = dataset().scenes(kind);
    scenes.erase(
        std::remove_if(scenes.begin(), scenes.end(), [](const auto& scene) { return scene.samples < 1; }),
        scenes.end());
    if (scenes.empty()) continue;
    std::vector<SamplePlace> own;
    const auto add = [&](std::size_t at, std::int64_t index) {
      const bool known = std::any_of(own.begin(), own.end(), [&](const auto& place) {
        return place.scene == scenes[at].id && place.index == index;
      });
      if (!known && own.size() < most) own.push_back({kind, scenes[at].id, index});
    };
    for (const std::size_t at : {std::size_t{0}, scenes.size() - 1, scenes.size() / 2, scenes.size() / 4}) {
      add(at, 0);
      add(at, scenes[at].samples - 1);
    }
    all.insert(all.end(), own.begin(), own.end());
  }
  if (all.empty()) throw base::Error("it has no samples");
  return all;
}

sdk::Sample DatasetSubject::sample(const sdk::Dataset& dataset, const SamplePlace& place) {
  return dataset.sample(place.scene, place.index, place.kind, offered(dataset, place.kind));
}

std::vector<std::string> DatasetSubject::offered(const sdk::Dataset& dataset, ViewKind kind) {
  std::vector<std::string> names = dataset.info().modalities;
  if (kind != ViewKind::matching_pair)
    names.erase(std::remove(names.begin(), names.end(), "match"), names.end());
  return names;
}

std::string answer_of_copy(const std::function<std::string()>& describe) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) throw base::Error(std::string("cannot open a pipe: ") + std::strerror(errno));
  const pid_t copy = ::fork();
  if (copy < 0) throw base::Error(std::string("cannot start a process: ") + std::strerror(errno));
  if (copy == 0) {
    at::set_num_threads(1);
    std::string text;
    try {
      text = describe();
    } catch (const std::exception& error) {
      text = std::string("threw: ") + error.what();
    } catch (...) {
      text = "threw something that is not a std::exception";
    }
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t count = ::write(ends[1], text.data() + at, text.size() - at);
      if (count <= 0) ::_exit(1);
      at += static_cast<std::size_t>(count);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(count));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(copy, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw base::Error("in another process it " + jobs::end_in_words(status));
  return text;
}

std::vector<DatasetCheck> dataset_record_checks() {
  using sdk::testing::Level;
  return {
      {"spec.complete",
       "the record (DatasetInfo) is complete and does not contradict itself",
       "fill in every field; the modalities of sample.hpp have fixed names, others are yours",
       Level::quick,
       {},
       complete},
      {"scenes.named",
       "every scene has an id of its own: scenes with one id fall into one split or into each other's",
       "take the folder's name, or a number that the list of files does not change",
       Level::quick,
       {"spec.complete"},
       named},
      {"scenes.counts",
       "a scene has 0 samples or more, and each kind of views that is offered has some",
       "count what can be read; offer only kinds of views that there are",
       Level::quick,
       {"spec.complete"},
       counts},
      {"scenes.split",
       "a scene's split is train, transfer, test or not said, and the same for all kinds of views",
       "leave Scene::split empty where the recipe's shares shall decide",
       Level::quick,
       {"scenes.named"},
       split},
      {"scenes.stable",
       "the scenes and their order are the same whenever they are asked for, in every object and process: "
       "splits are "
       "drawn by them",
       "sort what a folder lists; do not go by the order of a hash table, of time or of chance",
       Level::quick,
       {"scenes.counts"},
       stable},
      {"scenes.same_for_all_kinds",
       "every kind of views has the same scenes, those without samples of it with 0",
       "list every scene for every kind",
       Level::full,
       {"scenes.stable"},
       same_for_all_kinds},
  };
}

const std::vector<DatasetCheck>& dataset_checks() {
  static const std::vector<DatasetCheck> checks = [] {
    auto all = dataset_record_checks();
    for (auto& check : dataset_sample_checks()) all.push_back(std::move(check));
    return all;
  }();
  return checks;
}

}  // namespace taskonomy::checks
