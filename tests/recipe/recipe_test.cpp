// A recipe is read exactly or refused with its line; what is written reads back as the same recipe.
#include "core/recipe/recipe.hpp"

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/recipe/recipe_text.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using recipe::message_of;
using recipe::parse_recipe;
using recipe::Recipe;
using recipe::with;
using tests::has;

namespace {

const char* const kSmall = R"(seed = 3
tasks = ["normal", "edge_texture"]

[data]
dataset = "scenes"
root = "data/x y"
rooms = 40

[task.normal]
weight = 0.5
names = ["a", "b"]

[source]
steps = 100
learning_rate = 1

[taxonomy]
budgets = [1, 2.5]
cost = { normal = 2 }
)";

/// A line of kSmall, what stands there instead, and how the message begins.
struct Mistake {
  std::string line, replacement, message;
};
const std::vector<Mistake> kMistakes{
    {"steps = 100", "steps = \"many\"",
     "demo.toml:14: [source] steps: expected an integer of at least 1, got \"many\""},
    {"steps = 100", "steps = 0", "demo.toml:14: [source] steps: expected an integer of at least 1, got 0"},
    {"steps = 100", "steps = 1.5",
     "demo.toml:14: [source] steps: expected an integer of at least 1, got 1.5"},
    {"steps = 100", "stepps = 100", "demo.toml:14: [source] stepps: unknown key; did you mean \"steps\"?"},
    {"steps = 100", "steps = 1\nsteps = 2", "demo.toml:15: "},
    {"learning_rate = 1", "learning_rate = 0",
     "demo.toml:15: [source] learning_rate: expected a number above 0, got 0"},
    {"learning_rate = 1", "learning_rate = nan",
     "demo.toml:15: [source] learning_rate: expected a number above 0"},
    {"learning_rate = 1", "schedule = \"onecycle\"",
     "demo.toml:15: [source] schedule: expected one of \"one_cycle\", \"cosine\", \"step\", \"constant\", "
     "\"until_flat\", got "
     "\"onecycle\""},
    {"[source]", "[sorce]", "demo.toml:13: [sorce]: unknown section; did you mean \"source\"?"},
    {"[source]", "[data.inner]", "demo.toml:13: [data.inner]: unknown section"},
    {"[task.normal]", "[task.norml]",
     "demo.toml:9: [task.norml]: \"norml\" is not in tasks; did you mean \"normal\"?"},
    {"seed = 3", "seed = -1", "demo.toml:1: seed: expected an integer of at least 0, got -1"},
    {"seed = 3", "sed = 3", "demo.toml:1: sed: unknown key; did you mean \"seed\"?"},
    {"seed = 3", "seed = ", "demo.toml:1: "},
    {"seed = 3", "name = \"a/b\"",
     "demo.toml:1: name: expected a name without spaces and slashes, got \"a/b\""},
    {"\"edge_texture\"]", "\"normal\"]", "demo.toml:2: tasks: expected a list of different task ids"},
    {"tasks = [\"normal\", \"edge_texture\"]", "",
     "demo.toml: tasks: missing; expected a list of different task ids"},
    {"tasks = [\"normal\", \"edge_texture\"]", "tasks = []",
     "demo.toml:2: tasks: expected a list of different"},
    {"dataset = \"scenes\"", "", "demo.toml:4: [data] dataset: missing; expected the id of a dataset plugin"},
    {"rooms = 40", "rooms = [1, \"a\"]", "demo.toml:7: [data] rooms: expected true or false, a number"},
    {"rooms = 40", "rooms = 2020-01-01", "demo.toml:7: [data] rooms: expected true or false, a number"},
    {"rooms = 40", "side = 7", "demo.toml:7: [data] side: expected an integer from 8 to 4096, got 7"},
    {"cost = { normal = 2 }", "cost = { norml = 2 }",
     "demo.toml:19: [taxonomy.cost] norml: \"norml\" is not in tasks; did"},
    {"cost = { normal = 2 }", "cost = { normal = -2 }",
     "demo.toml:19: [taxonomy.cost] normal: expected a number of at"},
    {"budgets = [1, 2.5]", "budgets = [1, -1]",
     "demo.toml:18: [taxonomy] budgets: expected a list of numbers of at"},
    {"[taxonomy]", "[split]\ntrain = 0.9\n[taxonomy]",
     "demo.toml:17: [split]: train + transfer + test is 1.35, expected"},
    {"[taxonomy]", "[split]\ntest = 0\n[taxonomy]",
     "demo.toml:17: [split] test: expected a number above 0, got 0"},
    {"[taxonomy]", "[transfer]\norders = [2]\n[taxonomy]",
     "demo.toml:18: [transfer] orders: expected increasing integers starting"},
    {"[taxonomy]", "[transfer]\norders = [1, 1]\n[taxonomy]",
     "demo.toml:18: [transfer] orders: expected increasing integers"},
    {"[taxonomy]", "[transfer]\norders = [1, 2, 3, 4]\ntop = 3\n[taxonomy]",
     "demo.toml:17: [transfer] orders: order 4 joins 4 of the top = 3 best sources, which is none; set top "
     "to 4"},
    {"[taxonomy]", "[source.steps_of]\nnormal = 0\n[taxonomy]",
     "demo.toml:18: [source.steps_of] normal: expected an integer of at least 1, got 0"},
    {"[taxonomy]", "[source.steps_of]\nnorml = 9\n[taxonomy]",
     "demo.toml:18: [source.steps_of] norml: \"norml\" is not in tasks; did"},
    {"[taxonomy]", "[encoder]\nwidth = true\n[taxonomy]",
     "demo.toml:18: [encoder] width: expected an integer from 1"},
};

}  // namespace

TEST_CASE("every value lands in its field, defaults elsewhere") {
  const Recipe recipe = parse_recipe(kSmall, "share/recipes/demo.toml");
  CHECK(recipe.name == "demo");
  CHECK(recipe.seed == 3);
  REQUIRE(recipe.tasks.size() == 2);
  CHECK(recipe.tasks[0].id == "normal");
  CHECK(recipe.tasks[0].where == "share/recipes/demo.toml:2");
  CHECK(std::get<double>(recipe.tasks[0].params.at("weight").value) == 0.5);
  CHECK(std::get<std::vector<std::string>>(recipe.tasks[0].params.at("names").value).size() == 2);
  CHECK(recipe.tasks[1].params.empty());
  CHECK(recipe.data.dataset == "scenes");
  CHECK(recipe.data.side == 64);
  CHECK(std::get<std::string>(recipe.data.params.at("root").value) ==
        (std::filesystem::current_path() / "share/recipes/data/x y").string());
  CHECK(std::get<std::int64_t>(recipe.data.params.at("rooms").value) == 40);
  CHECK(recipe.data.params.at("rooms").where == "share/recipes/demo.toml:7");
  CHECK(recipe.source.steps == 100);
  CHECK(recipe.source.learning_rate == 1.0);
  CHECK(recipe.transfer.training.steps == 300);
  CHECK(recipe::scratch_training(recipe).steps == 300);
  const Recipe longer =
      parse_recipe(kSmall, "demo.toml", {"scratch.steps=900", "scratch.learning_rate=0.01"});
  CHECK(recipe::scratch_training(longer).steps == 900);
  CHECK(recipe::scratch_training(longer).learning_rate == 0.01);
  CHECK(recipe::scratch_training(longer).batch == longer.transfer.training.batch);
  CHECK(recipe.taxonomy.costs == "own");
  CHECK(parse_recipe(kSmall, "demo.toml", {"taxonomy.costs=paper"}).taxonomy.costs == "paper");
  CHECK(parse_recipe(kSmall, "demo.toml", {"taxonomy.unit=hours"}).taxonomy.unit == "hours");
  CHECK(recipe.taxonomy.budgets == std::vector<double>{1.0, 2.5});
  CHECK(recipe.taxonomy.cost.at("normal") == 2.0);
}

TEST_CASE("what is written reads back as the same recipe") {
  for (const std::vector<std::string>& overrides :
       {std::vector<std::string>{},
        {"source.learning_rate=0.1234567890123456", "name=x"},
        {"data.note=quote \" backslash \\ tab \t end", "data.\"odd key\"=1"},
        {"transfer.orders=[1,2,3]", "task.normal.flag=true"},
        {"data.real=3.0", "data.whole=3", "data.tiny=1e-300", "data.none=[]"},
        {"plugins.dirs=[\"a\",\"b c\"]"}}) {
    const Recipe recipe = parse_recipe(kSmall, "demo.toml", overrides);
    const std::string text = to_toml(recipe);
    const Recipe again = parse_recipe(text, "recipe.toml");
    CHECK(to_toml(again) == text);
    CHECK(canonical(again.data.params) == canonical(recipe.data.params));
    CHECK(again.data.params.size() == recipe.data.params.size());
    for (const auto& [key, value] : recipe.data.params)
      if (key != "\"odd key\"") CHECK(again.data.params.at(key).value == value.value);
    CHECK(again.source.learning_rate == recipe.source.learning_rate);
    CHECK(again.transfer.orders == recipe.transfer.orders);
    CHECK(again.plugin_dirs == recipe.plugin_dirs);
    CHECK(again.taxonomy.budgets == recipe.taxonomy.budgets);
    CHECK(again.taxonomy.cost == recipe.taxonomy.cost);
    REQUIRE(again.tasks.size() == recipe.tasks.size());
    for (std::size_t i = 0; i < recipe.tasks.size(); ++i) {
      CHECK(again.tasks[i].id == recipe.tasks[i].id);
      CHECK(canonical(again.tasks[i].params) == canonical(recipe.tasks[i].params));
    }
  }
}

TEST_CASE("every setting of the resolved recipe can be given as --set and changes what is written") {
  const Recipe recipe = parse_recipe(kSmall, "demo.toml");
  for (const auto& setting : settings(recipe)) {
    const std::string path = setting.section.empty() ? setting.key : setting.section + "." + setting.key;
    CHECK_MESSAGE(to_toml(parse_recipe(kSmall, "demo.toml", {path + "=" + setting.value})) == to_toml(recipe),
                  path);
  }
}

TEST_CASE("mistakes are refused with their line, what was expected and the nearest key") {
  for (const Mistake& mistake : kMistakes) {
    const std::string message = message_of(with(kSmall, mistake.line, mistake.replacement));
    CHECK_MESSAGE(message.rfind(mistake.message, 0) == 0, "expected ", mistake.message, "\n  got ", message);
  }
}

TEST_CASE("a key of one section is not one of another") {
  for (const auto& setting : settings(parse_recipe(kSmall, "demo.toml")))
    for (const std::string section : {"encoder", "source", "compute"}) {
      const auto known = settings(parse_recipe(kSmall, "demo.toml"));
      const bool right = std::any_of(known.begin(), known.end(), [&](const auto& other) {
        return other.section == section && other.key == setting.key;
      });
      const std::string message = message_of(kSmall, {section + "." + setting.key + "=" + setting.value});
      if (!right) CHECK(message.rfind("--set: [" + section + "] " + setting.key + ": unknown key", 0) == 0);
    }
}

TEST_CASE("a task may take its own number of steps") {
  const Recipe recipe = parse_recipe(kSmall, "demo.toml", {"source.steps=7", "source.steps_of.normal=900"});
  for (const Recipe& one : {recipe, parse_recipe(to_toml(recipe), "demo.toml")}) {
    CHECK(source_training(one, "normal").steps == 900);
    CHECK(source_training(one, "edge_texture").steps == 7);
    CHECK(source_training(one, "normal").batch == one.source.batch);
  }
}

TEST_CASE("learning curves are drawn when asked for") {
  CHECK_FALSE(parse_recipe(kSmall, "demo.toml").learning_curve);
  const Recipe recipe = parse_recipe(kSmall, "demo.toml", {"source.curve=true"});
  for (const Recipe& one : {recipe, parse_recipe(to_toml(recipe), "demo.toml")}) CHECK(one.learning_curve);
  CHECK_THROWS_WITH_AS((void)parse_recipe(kSmall, "demo.toml", {"source.curve=2"}),
                       doctest::Contains("[source] curve: expected true or false"), base::Error);
}

TEST_CASE("a task may take its own gradient clip") {
  const Recipe recipe =
      parse_recipe(kSmall, "demo.toml", {"source.gradient_clip=2", "source.clip_of.normal=0.5"});
  for (const Recipe& one : {recipe, parse_recipe(to_toml(recipe), "demo.toml")}) {
    CHECK(source_training(one, "normal").gradient_clip == 0.5);
    CHECK(source_training(one, "edge_texture").gradient_clip == 2.0);
  }
}

TEST_CASE("a schedule that watches the validation loss is of sources alone, and wants images to watch") {
  CHECK(parse_recipe(kSmall, "demo.toml", {"source.schedule=until_flat"}).source.schedule == "until_flat");
  CHECK(parse_recipe(kSmall, "demo.toml", {"transfer.schedule=cosine"}).transfer.training.schedule ==
        "cosine");
  CHECK(message_of(kSmall, {"transfer.schedule=until_flat"})
            .find("[transfer] schedule: expected one of \"one_cycle\", \"cosine\"") != std::string::npos);
  CHECK(message_of(kSmall, {"source.schedule=until_flat", "split.validation=0"})
            .find("set validation to 0.1, say") != std::string::npos);
  CHECK(message_of(kSmall, {"source.augment=much"}).find("expected one of \"none\", \"light\", \"strong\"") !=
        std::string::npos);
  CHECK(message_of(kSmall, {"source.first_layer_rate=0"}).find("a number from 0.001 to 1") !=
        std::string::npos);
}

TEST_CASE("weight decay may go by the number of sources; the last one holds for all orders beyond") {
  const auto decay_of = [](const Recipe& recipe, std::size_t order) {
    return recipe::transfer_training(recipe, order).weight_decay;
  };
  const Recipe recipe = parse_recipe(kSmall, "demo.toml", {"transfer.weight_decay_of_orders=[1e-5, 1e-6]"});
  for (const Recipe& one : {recipe, parse_recipe(to_toml(recipe), "demo.toml")}) {
    CHECK(decay_of(one, 1) == 1e-5);
    CHECK(decay_of(one, 2) == 1e-6);
    CHECK(decay_of(one, 4) == 1e-6);
    CHECK(recipe::scratch_training(one).weight_decay == one.transfer.training.weight_decay);
  }
  const Recipe same = parse_recipe(kSmall, "demo.toml", {"transfer.weight_decay=3e-4"});
  CHECK(decay_of(same, 1) == 3e-4);
  CHECK(decay_of(same, 3) == 3e-4);
  CHECK_THROWS_WITH(
      static_cast<void>(parse_recipe(kSmall, "demo.toml", {"transfer.weight_decay_of_orders=[-1]"})),
      doctest::Contains("[transfer] weight_decay_of_orders: expected a list of numbers of at least 0"));
}

TEST_CASE("paths of [data] go by the recipe's folder, those of the command line by the current one") {
  const std::string text =
      with(kSmall, "rooms = 40", "rooms = 40\nsplit_file = \"../splits.csv\"\nfile = \"as it is\"");
  const auto value = [](const Recipe& recipe, const std::string& key) {
    return std::get<std::string>(recipe.data.params.at(key).value);
  };
  const Recipe recipe = parse_recipe(text, "/work/recipes/demo.toml");
  CHECK(value(recipe, "root") == "/work/recipes/data/x y");
  CHECK(value(recipe, "split_file") == "/work/splits.csv");
  CHECK(value(recipe, "file") == "as it is");
  CHECK(value(parse_recipe(to_toml(recipe), "/elsewhere/recipe.toml"), "root") == "/work/recipes/data/x y");
  const Recipe here = parse_recipe(text, "/work/recipes/demo.toml", {"data.root=x"});
  CHECK(value(here, "root") == (std::filesystem::current_path() / "x").string());
}

TEST_CASE(
    "a start is none, or a path that goes by the recipe's folder, on the command line by the current one") {
  const std::string text = with(kSmall, "[taxonomy]",
                                "[source.start_of]\nnormal = \"none\"\n[scratch]\nstart = "
                                "\"w.safetensors\"\n[taxonomy]");
  const auto given = [&](const std::string& start) {
    return parse_recipe(with(text, "steps = 100", "steps = 100\nstart = \"" + start + "\""),
                        "/work/recipes/demo.toml");
  };
  const Recipe recipe = given("../runs/rooms/");
  for (const Recipe& one : {recipe, parse_recipe(to_toml(recipe), "/elsewhere/recipe.toml")}) {
    CHECK(source_start(one, "edge_texture") == "/work/runs/rooms");
    CHECK(source_start(one, "normal") == "none");
    CHECK(one.scratch.start == "/work/recipes/w.safetensors");
    CHECK(source_training(one, "edge_texture").learning_rate ==
          doctest::Approx(0.33 * recipe.source.learning_rate));
    CHECK(source_training(one, "normal").learning_rate == recipe.source.learning_rate);
  }
  CHECK(source_start(parse_recipe(kSmall, "demo.toml"), "normal") == "none");
  CHECK(given("none").start == "none");
  const Recipe here =
      parse_recipe(text, "/work/recipes/demo.toml", {"source.start=rooms", "source.start_of.normal=photos"});
  CHECK(here.start == (std::filesystem::current_path() / "rooms").string());
  CHECK(source_start(here, "normal") == (std::filesystem::current_path() / "photos").string());

  CHECK(has(message_of(kSmall, {"source.start=3"}),
            "--set: [source] start: expected \"none\", the folder of a run"));
  CHECK(has(message_of(kSmall, {"scratch.start=\"\""}), "--set: [scratch] start: expected \"none\""));
  CHECK(has(message_of(kSmall, {"source.start_of.normal=true"}),
            "--set: [source.start_of] normal: expected \"none\""));
  CHECK(has(message_of(kSmall, {"source.start_of.norml=none"}), "\"norml\" is not in tasks; did you mean"));
}

TEST_CASE("--set overrides any key, bare words are texts, mistakes name --set") {
  const Recipe recipe =
      parse_recipe(kSmall, "demo.toml",
                   {"source.steps=7", "data.root=/tmp/some where", "compute.device=cuda",
                    "task.edge_texture.sigma=2", "taxonomy.cost={edge_texture=3}", "data.date=2020-01-01"});
  CHECK(recipe.source.steps == 7);
  CHECK(std::get<std::string>(recipe.data.params.at("root").value) == "/tmp/some where");
  CHECK(recipe.data.params.at("root").where == "--set");
  CHECK(recipe.compute.device == "cuda");
  CHECK(std::get<std::int64_t>(recipe.tasks[1].params.at("sigma").value) == 2);
  CHECK(recipe.taxonomy.cost.at("edge_texture") == 3.0);
  CHECK(recipe.taxonomy.cost.at("normal") == 2.0);
  CHECK(std::get<std::string>(recipe.data.params.at("date").value) == "2020-01-01");

  CHECK(message_of(kSmall, {"source.steps=x"}) ==
        "--set: [source] steps: expected an integer of at least 1, got \"x\"");
  CHECK(message_of(kSmall, {"sorce.steps=1"})
            .rfind("--set: [sorce]: unknown section; did you mean \"source\"?", 0) == 0);
  CHECK(message_of(kSmall, {"source.step=1"})
            .rfind("--set: [source] step: unknown key; did you mean \"steps\"?", 0) == 0);
  CHECK(
      message_of(kSmall, {"task.random.x=1"}).rfind("--set: [task.random]: \"random\" is not in tasks", 0) ==
      0);
  CHECK(message_of(kSmall, {"steps"}).rfind("--set steps: expected section.key=value", 0) == 0);
  CHECK(message_of(kSmall, {"=1"}).rfind("--set =1: expected section.key=value", 0) == 0);
}

TEST_CASE("with another list of tasks, tables of the file for tasks that went are no mistake") {
  const Recipe recipe = parse_recipe(kSmall, "demo.toml", {"tasks=[\"edge_texture\"]"});
  REQUIRE(recipe.tasks.size() == 1);
  CHECK(recipe.tasks[0].params.empty());
  CHECK(recipe.taxonomy.cost.empty());
}

TEST_CASE("a file that is not there is named") {
  try {
    static_cast<void>(recipe::read_recipe("/nonexistent/demo.toml"));
    FAIL("read a file that is not there");
  } catch (const base::Error& error) {
    CHECK(std::string(error.what()).find("/nonexistent/demo.toml: cannot read: No such file") == 0);
  }
}
