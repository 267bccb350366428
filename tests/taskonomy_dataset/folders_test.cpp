// The dataset plugin `taskonomy` on small folders written by the test, and on NYU Depth v2 where it is at
// hand.
#include <filesystem>
#include <string>

#include <taskonomy/sdk/dataset_notes.hpp>

#include "core/base/error.hpp"
#include "tests/taskonomy_dataset/root.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;
namespace fs = std::filesystem;

TEST_CASE("buildings are scenes, views sorted by name, modalities those found") {
  const Root root;
  for (const int point : {12, 3, 7}) write_view(root, "beechwood", point);
  write_view(root, "almena", 1);
  fs::create_directories(root.path() / "notes");
  const auto dataset = open_dataset(rooted(root.path()), 16);
  const auto scenes = dataset->scenes(sdk::ViewKind::single);
  REQUIRE(scenes.size() == 2);
  CHECK(scenes[0].id == "almena");
  CHECK(scenes[1].samples == 3);
  CHECK(dataset->scenes(sdk::ViewKind::fixated_pair)[1].samples == 0);
  CHECK(dataset->info().modalities ==
        std::vector<std::string>{"depth_zbuffer", "intrinsics", "rgb", "segment_semantic"});
  CHECK(dataset->info().class_names.at("segment_semantic").size() == 18);
  CHECK(dataset->sample("beechwood", 0, sdk::ViewKind::single, {"rgb"}).id == "beechwood/point_12_view_0");
  CHECK(dataset->sample("beechwood", 2, sdk::ViewKind::single, {"rgb"})
            .data.at("rgb")[0][1][0][0]
            .item<int>() == 7);
  CHECK_THROWS((void)dataset->sample("beechwood", 3, sdk::ViewKind::single, {"rgb"}));
  CHECK_THROWS((void)dataset->sample("elsewhere", 0, sdk::ViewKind::single, {"rgb"}));
}

TEST_CASE(
    "images are centre-cropped and area-averaged, depth does not bleed, labels are nearest, intrinsics "
    "follow") {
  const Root root;
  write_view(root, "almena", 1);
  const auto dataset = open_dataset(rooted(root.path()), 16);  // crop columns 8..55, then 3 pixels become 1
  const sdk::Sample sample = dataset->sample("almena", 0, sdk::ViewKind::single, kAll);
  const torch::Tensor& rgb = sample.data.at("rgb");
  CHECK((rgb.sizes() == torch::IntArrayRef({1, 3, 16, 16})));
  for (std::int64_t c = 0; c < 16; ++c) CHECK(rgb[0][0][9][c].item<int>() == 8 + 3 * c + 1);
  const torch::Tensor depth = sample.data.at("depth_zbuffer")[0][0];
  CHECK((depth[0].eq(0).all().item<bool>() && depth[15].eq(0).all().item<bool>()));
  const torch::Tensor inner = depth.slice(0, 1, 15);
  CHECK((inner.eq(2.0).logical_or(inner.eq(4.0)).all().item<bool>()));
  CHECK(inner[5][7].item<float>() == 2.0F);
  CHECK(inner[5][8].item<float>() == 4.0F);
  const torch::Tensor classes = sample.data.at("segment_semantic")[0][0];
  CHECK((classes.slice(1, 0, 8).eq(0).all().item<bool>() && classes.slice(1, 8).eq(5).all().item<bool>()));
  // 90 degrees across 128 pixels: f = 64; at 64 x 48 f = 32, after the crop and a third of it f = 32 / 3 and
  // c = 24 / 3.
  const torch::Tensor k = sample.data.at("intrinsics")[0];
  CHECK(k[0][0].item<double>() == doctest::Approx(32.0 / 3));
  CHECK(k[1][1].item<double>() == doctest::Approx(32.0 / 3));
  CHECK(k[0][2].item<double>() == doctest::Approx(8.0));
  CHECK(k[1][2].item<double>() == doctest::Approx(8.0));
  CHECK(k[2][2].item<double>() == 1.0);
}

TEST_CASE("a side that does not divide the image keeps the mean brightness, also when enlarging") {
  const Root root;
  write_view(root, "almena", 1);
  for (const std::int64_t side : {13, 48, 64}) {
    const auto dataset = open_dataset(rooted(root.path()), side);
    const torch::Tensor red =
        dataset->sample("almena", 0, sdk::ViewKind::single, {"rgb"}).data.at("rgb")[0][0];
    CHECK(red.to(torch::kFloat32).mean().item<double>() == doctest::Approx(31.5).epsilon(0.02));
    const torch::Tensor steps =
        red[0].slice(0, 1).to(torch::kInt32) - red[0].slice(0, 0, side - 1).to(torch::kInt32);
    CHECK(steps.min().item<int>() >= 0);
  }
}

TEST_CASE("camera_intrinsics win over the field of view") {
  const Root root;
  write_view(root, "almena", 1);
  write_text(
      root.file("almena", 1, "point_info", "json"),
      R"({"resolution": 64, "field_of_view_rads": 1.0, "camera_intrinsics": {"fx": 60, "fy": 80, "cx": 30, "cy": 32}})");
  const auto dataset = open_dataset(rooted(root.path()), 48);
  const torch::Tensor k =
      dataset->sample("almena", 0, sdk::ViewKind::single, {"intrinsics"}).data.at("intrinsics")[0];
  CHECK(k[0][0].item<double>() == doctest::Approx(60.0));
  CHECK(k[1][1].item<double>() == doctest::Approx(60.0));  // 64 rows of the file are 48 of the image
  CHECK(k[0][2].item<double>() == doctest::Approx(22.0));
  CHECK(k[1][2].item<double>() == doctest::Approx(24.0));
}

TEST_CASE("what is wrong with the folder or a file is said with its name") {
  const Root root;
  CHECK(contains(message_of([] { open_dataset({}, 16); }), "--set data.root="));
  CHECK(contains(message_of([&] { open_dataset(rooted(root.path() / "nowhere"), 16); }),
                 "nowhere: cannot read the data folder"));
  CHECK(contains(message_of([&] { open_dataset(rooted(root.path()), 16); }), "no images found"));
  write_view(root, "almena", 1);
  recipe::Table misspelt = rooted(root.path());
  misspelt["clases"] = {std::int64_t{40}, "recipe.toml:9"};
  CHECK(contains(message_of([&] { open_dataset(misspelt, 16); }), "\"classes\""));

  const auto dataset = open_dataset(rooted(root.path()), 16);
  const auto read = [&](const std::string& modality) { return trouble_of(*dataset, "almena", 0, modality); };
  CHECK(read("rgb").empty());
  write_text(root.file("almena", 1, "point_info", "json"), "{\"resolution\": [64, 48], \"field_of");
  CHECK(contains(read("intrinsics"), "point_1_view_0_domain_point_info.json: "));
  sdk::write_png(root.file("almena", 1, "depth_zbuffer", "png"), torch::ones({1, 8, 8}, torch::kUInt8));
  CHECK(contains(read("depth_zbuffer"),
                 "domain_depth_zbuffer.png: expected depth as 16-bit grey, got 8 bits in 1 channel"));
  fs::remove(root.file("almena", 1, "segment_semantic", "png"));
  CHECK(contains(read("segment_semantic"), "segment_semantic.*: no such file"));
  CHECK(contains(read("normal"), "offers no modality \"normal\""));
  fs::resize_file(root.file("almena", 1, "rgb", "png"), 60);
  CHECK(contains(read("rgb"), "domain_rgb.png: "));
}

TEST_CASE("endings in capitals are read; other images and other names are counted and named") {
  const Root root;
  write_view(root, "almena", 1);
  for (const std::string domain : {"rgb", "depth_zbuffer", "segment_semantic"})
    fs::rename(root.file("almena", 1, domain, "png"), root.file("almena", 1, domain, "PNG"));
  fs::rename(root.file("almena", 1, "point_info", "json"), root.file("almena", 1, "point_info", "JSON"));
  const auto before = open_dataset(rooted(root.path()), 16);
  for (const std::string& modality : kAll) CHECK(trouble_of(*before, "almena", 0, modality).empty());
  CHECK(dynamic_cast<const sdk::DatasetNotes&>(*before).notes().empty());

  for (const std::string name : {"b.heic", "a.TIF", "c.Jpg", "d.webp", "notes.txt", "Thumbs.db", "photo.jpg"})
    write_text(root.path() / "almena" / "rgb" / name, "x");
  write_text(root.path() / "almena" / "normal" / "normals.exr", "x");
  const auto dataset = open_dataset(rooted(root.path()), 16);
  CHECK(dataset->scenes(sdk::ViewKind::single)[0].samples == 1);
  const auto& said = dynamic_cast<const sdk::DatasetNotes&>(*dataset);
  const auto notes = said.notes();
  REQUIRE(notes.size() == 2);
  CHECK(contains(notes[0], "3 files are no PNG or JPEG and not used"));
  CHECK(contains(notes[0], "first " + (root.path() / "almena" / "rgb" / "a.TIF").string()));
  CHECK(contains(notes[1], "2 files are not called point_P_view_V_domain_rgb.png"));
  CHECK(contains(said.why_not_offered("normal"), "normals.exr"));
  CHECK(said.why_not_offered("depth_zbuffer").empty());
  CHECK(said.why_not_offered("reshading").empty());  // there is nothing of the sort

  for (const auto* photograph : {"c.Jpg", "photo.jpg"})
    fs::remove(root.path() / "almena" / "rgb" / photograph);
  fs::remove(root.file("almena", 1, "rgb", "PNG"));
  CHECK(contains(message_of([&] { open_dataset(rooted(root.path()), 16); }), "3 files are no PNG or JPEG"));
}

namespace {

/// A photograph with its depth, of millimetres.
void write_plain(const fs::path& photograph, const fs::path& depth, int millimetres) {
  fs::create_directories(photograph.parent_path());
  fs::create_directories(depth.parent_path());
  sdk::write_png(photograph, torch::full({3, 24, 32}, 90, torch::kUInt8));
  sdk::write_png(depth, torch::full({1, 24, 32}, millimetres, torch::kInt32));
}

}  // namespace

TEST_CASE("photographs with any names, in one folder: labels have the names of their photographs") {
  for (const std::string inner : {"", "rgb"}) {
    CAPTURE(inner);
    const Root root;
    write_plain(root.path() / inner / "IMG_1.png", root.path() / "depth_zbuffer" / "IMG_1.png", 1500);
    write_plain(root.path() / inner / "b c.png", root.path() / "depth_zbuffer" / "b c.png", 2000);
    fs::remove(root.path() / "depth_zbuffer" / "b c.png");
    write_text(root.path() / inner / "x.heic", "x");
    write_text(root.path() / "masks" / "IMG_1.png", "x");
    auto params = rooted(root.path());
    params["depth_units"] = {std::int64_t{1000}, "test"};
    params["field_of_view"] = {90.0, "test"};
    const auto dataset = open_dataset(params, 16);
    const auto scenes = dataset->scenes(sdk::ViewKind::single);
    REQUIRE(scenes.size() == 1);
    CHECK(scenes[0].id == root.path().filename().string());
    CHECK(scenes[0].samples == 2);
    CHECK(dataset->info().modalities == std::vector<std::string>{"depth_zbuffer", "intrinsics", "rgb"});
    CHECK(dataset->info().view_kinds.size() == 1);
    const auto sample =
        dataset->sample(scenes[0].id, 0, sdk::ViewKind::single, {"rgb", "depth_zbuffer", "intrinsics"});
    CHECK(sample.id == "IMG_1");  // for all that is known, of a scene of its own
    CHECK(sample.data.at("depth_zbuffer").mean().item<float>() == doctest::Approx(1.5));
    // 90 degrees across 32 pixels: a focal length of 16, which the crop to 24 and the size 16 bring to 32 /
    // 3.
    CHECK(sample.data.at("intrinsics")[0][0][0].item<float>() == doctest::Approx(16.0 * 16.0 / 24.0));
    CHECK(contains(trouble_of(*dataset, scenes[0].id, 1, "depth_zbuffer"), "b c.*: no such file"));
    const auto state = dataset->files_state(scenes[0].id, "depth_zbuffer");
    CHECK(contains(state, "b c missing"));
    const auto notes = dynamic_cast<const sdk::DatasetNotes&>(*dataset).notes();
    REQUIRE(notes.size() == 2);
    CHECK(contains(notes[0], "1 file is no PNG or JPEG"));
    CHECK(contains(notes[1],
                   "the folder \"masks\" is not read; labels lie in folders called rgb, depth_zbuffer"));
  }
}

TEST_CASE("sub-folders of photographs are buildings; labels without a photograph of their name are named") {
  const Root root;
  write_plain(root.path() / "attic" / "1.png", root.path() / "attic" / "depth" / "1.png", 1024);
  write_plain(root.path() / "cellar" / "rgb" / "2.png", root.path() / "cellar" / "normal" / "other.png", 1);
  const auto dataset = open_dataset(rooted(root.path()), 16);
  const auto scenes = dataset->scenes(sdk::ViewKind::single);
  REQUIRE(scenes.size() == 2);
  CHECK(scenes[0].id == "attic");
  CHECK(scenes[1].id == "cellar");
  const auto sample = dataset->sample("attic", 0, sdk::ViewKind::single, {"rgb", "depth_zbuffer"});
  CHECK(sample.data.at("depth_zbuffer").mean().item<float>() == doctest::Approx(2.0));
  CHECK(contains(dynamic_cast<const sdk::DatasetNotes&>(*dataset).why_not_offered("intrinsics"),
                 "field_of_view in [data]"));
  CHECK(contains(dynamic_cast<const sdk::DatasetNotes&>(*dataset).why_not_offered("normal"),
                 "none of its 1 files is a .png, .jpg, .json or .npy with the name of a photograph"));
  CHECK(contains(message_of([&] {
                   auto params = rooted(root.path());
                   params["field_of_view"] = {180.0, "test"};
                   open_dataset(params, 16);
                 }),
                 "field_of_view"));
}

TEST_CASE("cameras that were refused are the reason why there are none") {
  const Root root;
  write_view(root, "almena", 1);
  write_text(root.file("almena", 1, "point_info", "json"), R"({"field_of_view_rads": 57.3})");
  const auto dataset = open_dataset(rooted(root.path()), 16);
  const std::string why = dynamic_cast<const sdk::DatasetNotes&>(*dataset).why_not_offered("intrinsics");
  CHECK(contains(why, "1 of the 1 point_info files that were looked at are refused, first "));
  CHECK(contains(why, "field_of_view_rads: 57.3 is no angle between 0 and pi; is it in degrees?"));
  write_text(root.file("almena", 1, "point_info", "json"), R"({"field_of_view_rads": "wide"})");
  CHECK(contains(
      dynamic_cast<const sdk::DatasetNotes&>(*open_dataset(rooted(root.path()), 16)).why_not_offered("pose"),
      "field_of_view_rads: expected a number, got \"wide\""));
}

TEST_CASE("a folder that cannot be looked into is named with the reason") {
  const Root root;
  write_view(root, "almena", 1);
  fs::create_directories(root.path() / "beechwood");
  fs::create_symlink("rgb", root.path() / "beechwood" / "rgb");  // leads to itself
  CHECK(contains(message_of([&] { open_dataset(rooted(root.path()), 16); }),
                 "beechwood/rgb: cannot read the folder: Too many levels of symbolic links"));
}

TEST_CASE("class names come from the recipe, by number or by name") {
  const Root root;
  write_view(root, "almena", 1);
  recipe::Table params = rooted(root.path());
  params["classes"] = {std::int64_t{3}, "test"};
  CHECK(open_dataset(params, 16)->info().class_names.at("segment_semantic") ==
        std::vector<std::string>{"uncertain", "class 1", "class 2"});
  params["class_names"] = {std::vector<std::string>{"wall", "floor"}, "test"};
  CHECK(open_dataset(params, 16)->info().class_names.at("segment_semantic") ==
        std::vector<std::string>{"uncertain", "wall", "floor"});
  params["classes"] = {std::int64_t{4}, "test"};
  CHECK(contains(message_of([&] { open_dataset(params, 16); }), "classes = 4"));
}

TEST_CASE(
    "files_state: every modality counts its own files, a lost one as missing; match counts what pairs "
    "views") {
  const Root root;
  for (const int point : {1, 2}) write_view(root, "almena", point);
  write_view(root, "beechwood", 1);
  const auto state = [&](const std::string& modality, const std::string& building = "almena",
                         const recipe::Table& more = {}) {
    recipe::Table params = rooted(root.path());
    params.insert(more.begin(), more.end());
    return open_dataset(params, 16)->files_state(building, modality);
  };
  CHECK(state("rgb", "nowhere").empty());
  CHECK(contains(state("depth_zbuffer"), "point_2_view_0_domain_depth_zbuffer.png "));
  CHECK(state("intrinsics") == state("pose"));  // of one file
  CHECK(state("match") == state("intrinsics"));
  CHECK(state("class_scene", "almena", {{"building_classes", {std::vector<std::string>{"almena", "b"}, "t"}}})
            .empty());

  const std::string depth = state("depth_zbuffer"), rgb = state("rgb"), info = state("intrinsics"),
                    other = state("depth_zbuffer", "beechwood");
  fs::remove(root.file("almena", 2, "depth_zbuffer", "png"));
  CHECK(contains(state("depth_zbuffer"), "point_2_view_0 missing\n"));
  CHECK(state("depth_zbuffer", "beechwood") == other);
  CHECK(state("rgb") == rgb);
  sdk::write_png(root.file("almena", 2, "depth_zbuffer", "png"), torch::ones({1, 8, 8}, torch::kInt32));
  CHECK(state("depth_zbuffer") != depth);
  fs::remove_all(root.path() / "almena" / "depth_zbuffer");
  CHECK(state("depth_zbuffer") == "point_1_view_0 missing\npoint_2_view_0 missing\n");

  write_text(root.file("almena", 1, "point_info", "json"), R"({"nonfixated_points_in_view": ["2"]})");
  CHECK(state("intrinsics") != info);
  CHECK(state("match") != info);
  const fs::path matches = root.path() / "almena" / "nonfixated_matches";
  write_text(matches / "point_1.json", R"({"views": []})");
  const std::string match = state("match");
  CHECK(contains(match, "point_1.json "));
  write_text(matches / "point_2.json", R"({"views": []})");
  CHECK(state("match") != match);
}

TEST_CASE("NYU Depth v2: 795 readable samples") {
  const fs::path root = fs::path(TASKONOMY_SOURCE_DIR) / ".." / "shared" / "data" / "nyuv2";
  if (!fs::exists(root)) {
    MESSAGE("skipped: no ../shared/data");
    return;
  }
  recipe::Table params = rooted(root);
  params["classes"] = {std::int64_t{40}, "test"};
  const auto dataset = open_dataset(params, 64);
  std::int64_t samples = 0;
  for (const auto& scene : dataset->scenes(sdk::ViewKind::single)) {
    samples += scene.samples;
    const sdk::Sample sample = dataset->sample(scene.id, scene.samples / 2, sdk::ViewKind::single, kAll);
    const torch::Tensor depth = sample.data.at("depth_zbuffer");
    CHECK(depth.max().item<float>() < 12.0F);
    CHECK(depth.gt(0.3).to(torch::kFloat32).mean().item<float>() > 0.5F);
    CHECK(sample.data.at("segment_semantic").max().item<int>() < 40);
    CHECK(sample.data.at("intrinsics")[0][0][0].item<float>() == doctest::Approx(79.06).epsilon(0.01));
  }
  CHECK(samples == 795);
}
