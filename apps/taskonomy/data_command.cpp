// taskonomy data preview: a contact sheet of what a recipe's dataset shows and what its tasks make of it.
#include <algorithm>
#include <iostream>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/modality.hpp>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/data/contact_sheet.hpp"
#include "core/host/boundary.hpp"
#include "core/pipeline/session.hpp"

namespace taskonomy::cli {

namespace {

namespace po = boost::program_options;

const Usage kUsage{
    "data preview",
    "RECIPE [options]",
    "Draws samples of a recipe's dataset: one row a sample, one column for the input and one for each\n"
    "task's target, as a PNG image. Look at it before training anything.",
    {"taskonomy data preview share/recipes/demo.toml",
     "taskonomy data preview share/recipes/nyuv2.toml --set data.root=nyuv2 --split test --samples 20"}};

data::Split split_named(const Values& values) {
  const std::string name = values.text("split", "train");
  std::vector<std::string> names;
  for (const data::Split split : data::kSplits) {
    if (data::name_of(split) == name) return split;
    names.push_back(data::name_of(split));
  }
  throw values.usage_error("--split: no split \"" + name + "\"; there are " + base::join(names, ", ") +
                           base::did_you_mean(name, names));
}

/// `count` samples of a split, evenly spread over it.
std::vector<data::SampleKey> spread(const std::vector<data::SampleKey>& keys, data::Split split,
                                    std::size_t count) {
  std::vector<data::SampleKey> all, chosen;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(all),
               [&](const auto& key) { return key.split == split; });
  count = std::min(count, all.size());
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(all[i * all.size() / count]);
  return chosen;
}

/// One column of the sheet: a task's own input or its target.
struct Column {
  const sdk::Task* task;
  bool input;
};

/// The tasks that can be drawn beside one plain image; the others are named on stderr.
std::vector<Column> columns_of(pipeline::Session& session) {
  std::vector<Column> columns;
  for (const auto& entry : session.recipe().tasks) {
    const sdk::Task& task = session.task(entry.id);
    if (!task.info().trained) continue;  // it has no target of its own
    if (task.info().view_kind != sdk::ViewKind::single) {
      std::cerr << "not drawn: task \"" << entry.id << "\" looks at several views\n";
      continue;
    }
    if (task.info().input == sdk::InputKind::own) columns.push_back({&task, true});
    columns.push_back({&task, false});
  }
  return columns;
}

/// One cell; undefined where the task has no example of this sample, which stderr says.
torch::Tensor cell(const Column& column, const sdk::Sample& sample, const recipe::Recipe& recipe) {
  const std::string& id = column.task->info().id;
  try {
    return host::call(id, "data preview", [&] {
      const std::uint64_t seed = base::seed_of(base::seed_of(recipe.seed, "examples/" + id), sample.id);
      auto generator = torch::make_generator<torch::CPUGeneratorImpl>(seed);
      const sdk::Example example = column.task->make_example(sample, generator);
      if (column.input) return data::draw_input(example.input.select(0, 0));
      return data::draw_label(*column.task, example.target, example.mask, recipe.data.side);
    });
  } catch (const base::Error& error) {
    std::cerr << "left out: " << sample.id << ": " << error.what() << "\n";
    return {};
  }
}

std::vector<data::SheetRow> rows_of(pipeline::Session& session, const std::vector<data::SampleKey>& keys,
                                    const std::vector<Column>& columns) {
  const sdk::ViewKind kind = sdk::ViewKind::single;
  const auto modalities = session.modalities(kind);
  std::vector<data::SheetRow> rows;
  for (const auto& key : keys) {
    try {
      const sdk::Sample sample = host::call_dataset(session.recipe().data.dataset, "sample", [&] {
        return session.dataset().sample(key.scene, key.index, kind, modalities);
      });
      data::SheetRow row{sample.id, {data::draw_input(sdk::scaled_rgb(sample).select(0, 0))}};
      for (const Column& column : columns) row.cells.push_back(cell(column, sample, session.recipe()));
      rows.push_back(std::move(row));
    } catch (const base::Error& error) {
      std::cerr << "left out: " << key.scene << "/" << key.index << ": " << error.what() << "\n";
    }
  }
  return rows;
}

base::ExitCode preview(const std::vector<std::string>& args) {
  po::options_description options;
  options.add_options()("set", list_value("KEY=VALUE"),
                        "override a recipe key, as in --set data.root=FOLDER; repeatable")(
      "samples", text_value("N"), "rows of the sheet (8)")("split", text_value("NAME"),
                                                           "train, validation, transfer or test (train)")(
      "out", text_value("FILE"), "where the picture goes (sheet.png)")(
      "plugin-dir", list_value("FOLDER"), "look for plugins here first; repeatable");
  const auto values = parse_options(kUsage, options, {{"RECIPE"}}, args);
  if (!values) return base::ExitCode::done;
  const data::Split split = split_named(*values);
  const auto samples = static_cast<std::size_t>(values->integer("samples", 8, 1));
  const std::string out = values->text("out", "sheet.png");

  const recipe::Recipe recipe = recipe::read_recipe(values->text("RECIPE"), values->list("set"));
  host::SearchOptions search;
  for (const auto& folder : values->list("plugin-dir")) search.plugin_dirs.emplace_back(folder);
  search.recipe_dirs = recipe.plugin_dirs;
  search.recipe_folder = std::filesystem::path(recipe.file).parent_path();
  host::PluginRegistry registry(search);
  pipeline::Session session(recipe, registry);

  (void)session.dataset();  // first, so that what is wrong with it is said as its own
  const auto keys = spread(session.samples(sdk::ViewKind::single), split, samples);
  const auto columns = columns_of(session);
  std::vector<std::string> headers{"input"};
  for (const Column& column : columns)
    headers.push_back(column.task->info().id + (column.input ? " input" : ""));
  const auto rows = rows_of(session, keys, columns);
  if (rows.empty())
    throw base::Error(recipe.file + ": no sample of split \"" + data::name_of(split) + "\" could be drawn");
  const torch::Tensor sheet = data::contact_sheet(headers, rows);
  base::write_file(out, sdk::encode_png(sheet));
  std::cout << out << ": " << rows.size() << " samples of split " << data::name_of(split) << ", "
            << columns.size() << " columns beside the input, " << sheet.size(2) << " x " << sheet.size(1)
            << " pixels\n";
  return rows.size() == keys.size() ? base::ExitCode::done : base::ExitCode::some_jobs_failed;
}

}  // namespace

base::ExitCode data(const std::vector<std::string>& args) {
  if (!args.empty() && args.front() == "preview") return preview({args.begin() + 1, args.end()});
  if (args.empty() || args.front() == "--help" || args.front() == "-h") return preview({"--help"});
  throw base::Error("data: unknown subcommand \"" + args.front() + "\"" +
                        base::did_you_mean(args.front(), {"preview"}) + "\nthere is: data preview RECIPE",
                    base::ExitCode::usage);
}

}  // namespace taskonomy::cli
