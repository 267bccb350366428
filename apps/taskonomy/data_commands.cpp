// taskonomy data preview, data lint, data export: their help and options. What they do is in apps/learning.
#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/learning_library.hpp"

namespace taskonomy::cli {

Command data_preview_command() {
  return {.name = "preview",
          .summary = "a picture: samples beside every task's label",
          .arguments = {{"RECIPE"}},
          .about = R"(Draws samples of a recipe's dataset as a picture: one row a sample, one
column for the input and one for each task's target, with class names, colour
keys and units. Tasks that look at pairs or triplets of views follow below,
with the samples of their kind. Look at it before you train anything. The
name's ending says what is made: a PNG, or a PDF or SVG for a paper.)",
          .examples = R"(taskonomy data preview share/recipes/demo.toml
taskonomy data preview share/recipes/nyuv2.toml --set data.root=nyuv2 \
    --split test --samples 20)",
          .options = {{"samples", "N", "rows of the sheet (8)"},
                      {"split", "train|validation|transfer|test", "whose samples are drawn (train)"},
                      {"augment", "none|light|strong", "show examples as [source] augment has them (none)"},
                      {"out", "FILE", "where the picture goes: .png, .pdf or .svg (sheet.png)"},
                      set_option(),
                      plugin_dir_option()},
          .run = call_learning_library};
}

Command data_lint_command() {
  return {.name = "lint",
          .summary = "counts, ranges and suspicions about samples and labels",
          .arguments = {{"RECIPE"}},
          .about = R"(Reads the samples of a recipe's dataset and makes every task's labels. Prints
how many there are, what values they have, how much is masked, which files
cannot be read, and what looks wrong: depth in millimetres, normals that are
not unit vectors, class ids that nobody declared, poses that are no rotation.
The exit code is 1 when a run could not work, else 0.)",
          .examples = R"(taskonomy data lint share/recipes/nyuv2.toml --set data.root=nyuv2
taskonomy data lint share/recipes/demo.toml --samples 100 --format json)",
          .options = {{"samples", "N", "look at N samples of each kind of views, evenly picked (all)"},
                      set_option(),
                      plugin_dir_option(),
                      format_option("text|json")},
          .run = call_learning_library};
}

Command data_export_command() {
  return {.name = "export",
          .summary = "write the samples as files of the Taskonomy layout",
          .arguments = {{"RECIPE"}, {"DIR"}},
          .about = R"(Writes every sample of the kinds of views that the recipe's tasks look at,
with all modalities that the layout of the Taskonomy data set has, into
DIR/BUILDING/DOMAIN/point_P_view_V_domain_DOMAIN.png (.npy, .json). Views of
one sample fixate one point; non-fixated pairs are two points that name each
other. The same command again writes only what is missing. DIR must be new,
empty, or an export of the same recipe and data.)",
          .examples = R"(taskonomy data export share/recipes/demo.toml rooms
taskonomy data lint share/recipes/nyuv2.toml --set data.root=rooms)",
          .options = {set_option(), plugin_dir_option()},
          .run = call_learning_library};
}

}  // namespace taskonomy::cli
