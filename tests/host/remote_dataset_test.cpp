// A dataset in another process answers as it would here, and what it does there is told by its name.
#include "core/host/remote_dataset.hpp"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <taskonomy/sdk/dataset_notes.hpp>
#include <taskonomy/sdk/shared_photographs.hpp>

#include "core/base/error.hpp"
#include "core/host/child.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

const std::string kRoomsPlugin = "dataset \"rooms\" (/plugins/rooms.so)";

class Rooms : public sdk::Dataset, public sdk::DatasetNotes {
 public:
  const sdk::DatasetInfo& info() const noexcept override { return info_; }
  std::vector<sdk::Scene> scenes(sdk::ViewKind kind) const override {
    if (kind == sdk::ViewKind::matching_pair) throw std::runtime_error("no list of matches");
    if (kind == sdk::ViewKind::fixated_pair) std::exit(0);
    return {{"kitchen", 3, "train"}, {"bath", 0, ""}};
  }
  sdk::Sample sample(const std::string&, std::int64_t, sdk::ViewKind,
                     const std::vector<std::string>&) const override {
    return {};
  }
  std::string files_state(const std::string& scene, const std::string& modality) const override {
    return scene + " of " + modality + std::string(1, '\0') + "1 s";
  }
  std::vector<std::string> notes() const override { return {"2 files are no photographs"}; }
  std::string why_not_offered(const std::string& modality) const override { return "no " + modality; }

 private:
  sdk::DatasetInfo info_{"rooms",
                         "Rooms",
                         "nobody",
                         {"rgb", "class_scene"},
                         {sdk::ViewKind::single, sdk::ViewKind::fixated_pair},
                         {{"class_scene", {"a", "b"}}}};
};

class SharingRooms : public Rooms, public sdk::SharedPhotographs {
 public:
  std::vector<std::string> photographs(const std::string& scene, std::int64_t index,
                                       sdk::ViewKind kind) const override {
    return {scene + std::to_string(index), sdk::word_of(kind)};
  }
};

std::string message_of_remote(const std::function<void()>& act) {
  try {
    act();
    return "";
  } catch (const base::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a remote dataset answers as the dataset itself") {
  const auto remote = host::make_remote_dataset(kRoomsPlugin, [] { return std::make_shared<Rooms>(); });
  const Rooms rooms;
  const auto& info = remote->info();
  CHECK(info.id == "rooms");
  CHECK(info.title == "Rooms");
  CHECK(info.reference == "nobody");
  CHECK(info.modalities == rooms.info().modalities);
  CHECK((info.view_kinds == rooms.info().view_kinds));
  CHECK(info.class_names == rooms.info().class_names);
  const auto scenes = remote->scenes(sdk::ViewKind::single);
  REQUIRE(scenes.size() == 2);
  CHECK(scenes[0].id == "kitchen");
  CHECK(scenes[0].samples == 3);
  CHECK(scenes[0].split == "train");
  CHECK(scenes[1].samples == 0);
  CHECK(remote->files_state("kitchen", "rgb") == rooms.files_state("kitchen", "rgb"));
  const auto* notes = dynamic_cast<const sdk::DatasetNotes*>(remote.get());
  REQUIRE(notes != nullptr);
  CHECK(notes->notes() == rooms.notes());
  CHECK(notes->why_not_offered("depth") == "no depth");
  CHECK_THROWS_AS((void)remote->sample("kitchen", 0, sdk::ViewKind::single, {}), std::logic_error);
}

TEST_CASE("a remote dataset offers shared photographs where the dataset does") {
  CHECK(dynamic_cast<const sdk::SharedPhotographs*>(host::make_remote_dataset(kRoomsPlugin, [] {
                                                      return std::make_shared<Rooms>();
                                                    }).get()) == nullptr);
  const auto remote =
      host::make_remote_dataset(kRoomsPlugin, [] { return std::make_shared<SharingRooms>(); });
  const auto* shared = dynamic_cast<const sdk::SharedPhotographs*>(remote.get());
  REQUIRE(shared != nullptr);
  CHECK(shared->photographs("bath", 7, sdk::ViewKind::single) == std::vector<std::string>{"bath7", "single"});
}

TEST_CASE("what a remote dataset throws arrives, and it answers again") {
  const auto remote = host::make_remote_dataset(kRoomsPlugin, [] { return std::make_shared<Rooms>(); });
  CHECK(message_of_remote([&] { (void)remote->scenes(sdk::ViewKind::matching_pair); }) ==
        "no list of matches");
  CHECK(remote->scenes(sdk::ViewKind::single).size() == 2);
  CHECK(message_of_remote([] {
          (void)host::make_remote_dataset(kRoomsPlugin, []() -> std::shared_ptr<sdk::Dataset> {
            throw base::Error("photos: no such folder");
          });
        }) == "photos: no such folder");
}

TEST_CASE("a remote dataset that ends its process is named with what it was asked") {
  const auto remote = host::make_remote_dataset(kRoomsPlugin, [] { return std::make_shared<Rooms>(); });
  CHECK(message_of_remote([&] {
          (void)remote->scenes(sdk::ViewKind::fixated_pair);
        }).starts_with(kRoomsPlugin + " ended the process with exit code 0 while it was asked for scenes"));
  CHECK(message_of_remote([] {
          (void)host::make_remote_dataset(kRoomsPlugin,
                                          []() -> std::shared_ptr<sdk::Dataset> { std::abort(); });
        }).starts_with(kRoomsPlugin + " crashed with SIGABRT while it was loaded or made"));
  CHECK(message_of_remote([] {
          (void)host::make_remote_dataset(kRoomsPlugin, []() -> std::shared_ptr<sdk::Dataset> {
            ::close_range(3, ~0U, 0);
            return std::make_shared<Rooms>();
          });
        }).starts_with(kRoomsPlugin + " "));
}
