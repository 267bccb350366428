// Photographs as people give them: names, folders, pairs, and files of every kind.
#include "core/predict/photographs.hpp"

#include <sstream>

#include <taskonomy/sdk/image.hpp>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;

namespace {

std::vector<std::string> ids_of(const std::vector<predict::Given>& given) {
  std::vector<std::string> ids;
  for (const auto& one : given) ids.push_back(one.id);
  return ids;
}

std::vector<std::string> ids_in(const std::vector<std::string>& given, const std::string& lines = "") {
  std::istringstream input(lines);
  return ids_of(predict::photographs_of(given, input));
}

std::string refusal_of_photographs(const std::vector<std::string>& given) {
  try {
    (void)ids_in(given);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("photographs come from files, folders and standard input, each with a name of its own") {
  const tests::Folder folder;
  const auto path = [&](const std::string& name) { return (folder / name).string(); };
  for (const std::string name : {"b.JPG", "a.png", "c.jpeg", "notes.txt", "deeper/d.png", "other/a.png"})
    base::write_file(folder / name, "");
  using Names = std::vector<std::string>;
  CHECK(ids_in({folder.path().string()}) == Names{"a", "b", "c"});
  CHECK(ids_in({path("c.jpeg"), path("a.png"), path("c.jpeg")}) == Names{"c", "a"});
  CHECK(ids_in({"-"}, path("b.JPG") + "\n\n" + path("deeper") + "\n") == Names{"b", "d"});
  base::write_file(folder / "a.jpg", "");
  CHECK(ids_in({path("a.png"), path("a.jpg")}) == Names{"a.png", "a.jpg"});
  CHECK(ids_in({path("other/a.png"), path("b.JPG"), path("a.png")})[0] == "other-a.png");
  base::write_file(folder / "phone/e.HEIC", "");  // cannot be read, and is not passed over
  CHECK(ids_in({path("phone")}) == Names{"e"});

  CHECK(tests::has(refusal_of_photographs({path("nowhere.png")}),
                   "nowhere.png: there is no such file or folder"));
  base::write_file(folder / "empty/readme.md", "");
  CHECK(tests::has(refusal_of_photographs({path("empty")}), "empty: holds no photograph"));
  base::write_file(folder / "x/same/a.png", "");
  base::write_file(folder / "y/same/a.png", "");
  CHECK(ids_in({path("x/same"), path("y/same")}) == Names{"x-same-a.png", "y-same-a.png"});
}

TEST_CASE("pairs are named on the command line or in a CSV file") {
  const tests::Folder folder;
  const auto table = (folder / "pairs.csv").string();
  base::write_file(table, "id,left,right\nfirst,a.png,b.png\n\nsecond, c.png ,d.png\n");
  const auto sets = predict::view_sets_of({"l.png,r.png", table}, 2);
  CHECK(ids_of(sets) == std::vector<std::string>{"l+r", "first", "second"});
  CHECK(sets[2].files.front() == folder / "c.png");
  CHECK_THROWS_WITH_AS((void)predict::view_sets_of({"a.png,b.png"}, 3),
                       doctest::Contains("names 2 photographs; expected 3"), base::Error);
  base::write_file(folder / "four.csv", "a.png,b.png\na.png,b.png,c.png,d.png\n");
  CHECK_THROWS_WITH_AS((void)predict::view_sets_of({(folder / "four.csv").string()}, 2),
                       doctest::Contains("line 2 has 4 columns"), base::Error);
  CHECK_THROWS_WITH_AS((void)predict::view_sets_of({"a.png,b.png", "a.png,b.png"}, 2),
                       doctest::Contains("called \"a+b\""), base::Error);
}

TEST_CASE("a photograph of any size and depth becomes the square that networks see") {
  const tests::Folder folder;
  // Left third dark, middle third light, right third dark: the centred square is light.
  auto wide = torch::zeros({3, 20, 60}, torch::kUInt8);
  wide.slice(2, 20, 40).fill_(200);
  sdk::write_png(folder / "wide.png", wide);
  const auto photograph = predict::read_photograph(folder / "wide.png", 8);
  CHECK(photograph.image.sizes() == torch::IntArrayRef({3, 8, 8}));
  CHECK(photograph.image.eq(200).all().item<bool>());
  CHECK(photograph.height == 20);
  CHECK(photograph.width == 60);
  CHECK(photograph.square.left == 20);
  CHECK(photograph.square.size == 20);

  sdk::write_png(folder / "grey16.png", torch::full({1, 8, 8}, 51400, torch::kInt32));
  const auto grey = predict::read_photograph(folder / "grey16.png", 4).image;
  CHECK(grey.sizes() == torch::IntArrayRef({3, 4, 4}));
  CHECK(grey.eq(200).all().item<bool>());

  const std::pair<std::string, std::string> others[] = {
      {"GIF89a and so on", "a GIF"},
      {std::string("RIFF\x24\x00\x00\x00WEBPVP8 ", 16), "a WebP image"},
      {std::string("\x00\x00\x00\x18"
                   "ftypheic",
                   12),
       "a HEIC image"},
      {"II*, and so on", "a TIFF"},
      {"no image", "neither a PNG nor a JPEG image"}};
  for (const auto& [bytes, kind] : others) {
    base::write_file(folder / "other.jpg", bytes);
    CHECK_THROWS_WITH_AS((void)predict::read_photograph(folder / "other.jpg", 8),
                         doctest::Contains(kind.c_str()), base::Error);
  }

  base::write_file(folder / "cut.png", base::read_file(folder / "wide.png").substr(0, 60));
  CHECK_THROWS_WITH_AS((void)predict::read_photograph(folder / "cut.png", 8), doctest::Contains("cut.png: "),
                       base::Error);
}
