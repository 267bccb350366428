// [sources.NAME] is read exactly or refused with its line; what is written reads back as the same source.
#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/recipe/recipe.hpp"
#include "tests/recipe/recipe_text.hpp"

using namespace taskonomy;
using recipe::message_of;
using recipe::parse_recipe;
using recipe::with;

namespace {

const char* const kRecipe = R"(tasks = ["normal", "edge_texture"]

[data]
dataset = "scenes"

[taxonomy.cost]
imagenet = 0.5

[sources.dino]
torchscript = "../nets/dino.pt"
method = "maps"
output = 1
side = 224
range = [0, 255]
mean = [1, 2, 3]
std = [4, 5, 6.5]
label_cost = 2

[sources.imagenet]
safetensors = "/nets/resnet50.safetensors"
architecture = "resnet50"
)";

}  // namespace

TEST_CASE("every key of a source lands in its field, defaults elsewhere") {
  const auto recipe = parse_recipe(kRecipe, "/home/her/recipes/demo.toml");
  REQUIRE(recipe.sources.size() == 2);
  const auto& dino = recipe.sources[0];
  CHECK(dino.id == "dino");
  CHECK(dino.where == "/home/her/recipes/demo.toml:9");
  CHECK(dino.is_torchscript());
  CHECK(dino.file == "/home/her/nets/dino.pt");
  CHECK(dino.method == "maps");
  CHECK(dino.output == "1");
  CHECK(dino.side == 224);
  CHECK(dino.range == std::vector<double>{0.0, 255.0});
  CHECK(dino.mean == std::vector<double>{1.0, 2.0, 3.0});
  CHECK(dino.deviation == std::vector<double>{4.0, 5.0, 6.5});
  CHECK(dino.label_cost == 2.0);
  const auto& imagenet = recipe.sources[1];
  CHECK_FALSE(imagenet.is_torchscript());
  CHECK(imagenet.file == "/nets/resnet50.safetensors");
  CHECK(imagenet.side == 0);
  CHECK(imagenet.range == std::vector<double>{0.0, 1.0});
  CHECK(imagenet.label_cost == 0.0);
  CHECK(recipe.taxonomy.cost.at("imagenet") == 0.5);
}

TEST_CASE("files are looked for beside the recipe, those of --set from the current folder") {
  const auto here = std::filesystem::current_path();
  CHECK(parse_recipe(kRecipe, "sub/demo.toml").sources[0].file == here / "nets/dino.pt");
  const auto recipe = parse_recipe(kRecipe, "/far/demo.toml", {"sources.dino.torchscript=other.pt"});
  CHECK(recipe.sources[0].file == here / "other.pt");
  const auto added = parse_recipe(kRecipe, "/far/demo.toml", {"sources.third.torchscript=third.pt"});
  REQUIRE(added.sources.size() == 3);
  CHECK(added.sources[2].id == "third");
}

TEST_CASE("sources that are written read back as the same") {
  const auto text = to_toml(parse_recipe(kRecipe, "/home/her/recipes/demo.toml"));
  CHECK(to_toml(parse_recipe(text, "/elsewhere/recipe.toml")) == text);
  const auto recipe = parse_recipe(text, "/elsewhere/recipe.toml");
  CHECK(recipe.sources[0].file == "/home/her/nets/dino.pt");
  CHECK(recipe.sources[0].output == "1");
  CHECK(recipe.sources[1].architecture == "resnet50");
}

TEST_CASE("mistakes in a source are refused with their line and the cure") {
  struct Mistake {
    std::string line, replacement, message;
  };
  for (const Mistake& mistake : std::vector<Mistake>{
           {"torchscript = \"../nets/dino.pt\"", "",
            "demo.toml:9: [sources.dino]: neither torchscript nor safetensors given; expected one of them"},
           {"torchscript = \"../nets/dino.pt\"", "torchscript = \"a.pt\"\nsafetensors = \"b.safetensors\"",
            "demo.toml:9: [sources.dino]: both torchscript and safetensors given; expected one of them"},
           {"torchscript = \"../nets/dino.pt\"", "torchscript = 3",
            "demo.toml:10: [sources.dino] torchscript: expected the path of a file, got 3"},
           {"architecture = \"resnet50\"", "",
            "demo.toml:19: [sources.imagenet]: safetensors holds numbers alone; architecture says of which "
            "network: \"resnet18\" or \"resnet50\""},
           {"architecture = \"resnet50\"", "architecture = \"vit_b\"",
            "demo.toml:21: [sources.imagenet] architecture: expected one of \"resnet18\", \"resnet50\", got "
            "\"vit_b\""},
           {"architecture = \"resnet50\"", "architecture = \"resnet50\"\nmethod = \"forward\"",
            "demo.toml:19: [sources.imagenet]: method belongs to torchscript"},
           {"architecture = \"resnet50\"", "architecture = \"resnet50\"\noutput = \"layer5\"",
            "demo.toml:22: [sources.imagenet] output: expected one of \"layer1\", "},
           {"method = \"maps\"", "architecture = \"resnet18\"",
            "demo.toml:9: [sources.dino]: architecture belongs to safetensors; a TorchScript file holds its "
            "own"},
           {"method = \"maps\"", "metod = \"maps\"",
            "demo.toml:11: [sources.dino] metod: unknown key; did you mean \"method\"?"},
           {"output = 1", "output = -1",
            "demo.toml:12: [sources.dino] output: expected the index in a tuple"},
           {"side = 224", "side = 1e9",
            "demo.toml:13: [sources.dino] side: expected an integer from 0 to 4096"},
           {"range = [0, 255]", "range = [1, 1]",
            "demo.toml:14: [sources.dino] range: expected two rising numbers"},
           {"mean = [1, 2, 3]", "mean = [1, 2]", "demo.toml:15: [sources.dino] mean: expected three numbers"},
           {"mean = [1, 2, 3]", "mean = [1, nan, 3]",
            "demo.toml:15: [sources.dino] mean: expected three numbers"},
           {"std = [4, 5, 6.5]", "std = [4, 0, 6.5]",
            "demo.toml:16: [sources.dino] std: expected three numbers above 0"},
           {"label_cost = 2", "label_cost = -2",
            "demo.toml:17: [sources.dino] label_cost: expected a number of at least 0, got -2"},
           {"[sources.dino]", "[sources.normal]",
            "demo.toml:9: [sources.normal]: \"normal\" is a task of this recipe (demo.toml:1); give the "
            "source a "
            "name of its own"},
           {"[sources.dino]", "[sources.\"a+b\"]",
            "demo.toml:9: [sources.a+b]: expected a name of small letters"},
           {"[sources.dino]", "[sources.a.b]", "demo.toml:9: [sources.a]: neither torchscript"},
           {"[sources.dino]", "[sources]",
            "demo.toml:9: [sources]: expected a table [sources.NAME] for each"},
           {"imagenet = 0.5", "imagnet = 0.5",
            "demo.toml:7: [taxonomy.cost] imagnet: \"imagnet\" is not in tasks; did you mean \"imagenet\"?"},
           {"[taxonomy.cost]", "[taxonomy.importance]",
            "demo.toml:7: [taxonomy.importance] imagenet: \"imagenet\" is not in tasks"}}) {
    const auto found = message_of(with(kRecipe, mistake.line, mistake.replacement));
    CHECK_MESSAGE(found.starts_with(mistake.message), "expected ", mistake.message, "\n  got ", found);
  }
}
