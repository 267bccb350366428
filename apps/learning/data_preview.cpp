// taskonomy data preview: draws samples of a recipe's dataset and what its tasks make of them.
#include <algorithm>
#include <cctype>
#include <iostream>

#include <taskonomy/sdk/modality.hpp>

#include "apps/learning/actions.hpp"
#include "apps/learning/workshop.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/data/augmentation.hpp"
#include "core/data/contact_sheet.hpp"
#include "core/data/example_writer.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::cli {

namespace {

/// `count` samples spread over a split.
std::vector<data::SampleKey> spread(const std::vector<data::SampleKey>& keys, data::Split split,
                                    std::size_t count) {
  std::vector<data::SampleKey> all;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(all),
               [&](const auto& key) { return key.split == split; });
  return data::pick_evenly(all, static_cast<std::int64_t>(count));
}

/// One column of the sheet: a task's own input or its target.
struct Column {
  std::shared_ptr<const sdk::Task> task;
  bool input;
};

/// The kinds of views that the tasks look at, in the order of the recipe.
std::vector<sdk::ViewKind> previewed_kinds(const pipeline::Setup& setup) {
  std::vector<sdk::ViewKind> kinds;
  for (const auto& entry : setup.recipe().tasks) {
    const auto kind = setup.info(entry.id).view_kind;
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

/// The columns of the tasks that look at views of this kind.
std::vector<Column> columns_of(const pipeline::Setup& setup, sdk::ViewKind kind) {
  std::vector<Column> columns;
  for (const auto& entry : setup.recipe().tasks) {
    const sdk::TaskInfo& info = setup.info(entry.id);
    if (!info.trained || info.view_kind != kind) continue;  // an untrained task has no target of its own
    const std::shared_ptr<const sdk::Task> task = setup.fresh_task(entry.id);
    if (info.input == sdk::InputKind::own) columns.push_back({task, true});
    columns.push_back({task, false});
  }
  return columns;
}

std::vector<std::string> headers_of(sdk::ViewKind kind, const std::vector<Column>& columns) {
  std::vector<std::string> headers;
  for (int view = 1; view <= sdk::views_of(kind); ++view)
    headers.push_back(sdk::views_of(kind) == 1 ? "input" : "view " + std::to_string(view));
  for (const Column& column : columns)
    headers.push_back(column.task->info().id + (column.input ? " input" : ""));
  return headers;
}

/// What examples are drawn with beside the sample.
struct Drawing {
  std::uint64_t seed;       ///< of the run
  data::Strength strength;  ///< of the augmentation

  /// The same for every task, so that all columns show one crop.
  [[nodiscard]] std::uint64_t seed_of(const sdk::Sample& sample) const {
    return base::seed_of(seed, sample.id);
  }
};

/// The photographs of a sample, float32 [V,3,H,W], as the networks see them.
torch::Tensor photographs_of(const sdk::Sample& sample, const Drawing& drawing) {
  const torch::Tensor views = sdk::scaled_rgb(sample);
  if (drawing.strength == data::Strength::none || views.size(0) > 1) return views;
  return data::augment_images(views, {drawing.strength, true, {drawing.seed_of(sample)}}).images;
}

/// One cell: "none" where the task has no example of this sample; standard error says why.
sdk::Figure cell(const Column& column, const sdk::Sample& sample, const Drawing& drawing) {
  const std::string& id = column.task->info().id;
  try {
    const sdk::Example plain = data::example_of(*column.task, sample, drawing.seed);
    return host::call_task(id, "drawing its example", [&]() -> sdk::Figure {
      const auto [photographs, example] = data::augment_example(*column.task, sdk::scaled_rgb(sample), plain,
                                                                drawing.strength, drawing.seed_of(sample));
      const data::Seen seen{sample, example.input.defined() ? example.input : photographs, photographs[0]};
      if (column.input) return {.picture = data::draw_inputs(example.input)};
      return data::figure_of(*column.task, example.target, example.mask, seen);
    });
  } catch (const base::Error& error) {
    std::cerr << "left out: " << sample.id << ": " << error.what() << "\n";
    return data::blank_figure("none");
  }
}

/// What the tasks of a kind need of a sample, and the cameras, over whose photographs some figures are drawn.
std::vector<std::string> modalities_of(const pipeline::Setup& setup, sdk::ViewKind kind) {
  auto modalities = setup.modalities(kind);
  const auto& offered = setup.dataset().info().modalities;
  const auto among = [](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), "intrinsics") != names.end();
  };
  if (among(offered) && !among(modalities)) modalities.emplace_back("intrinsics");
  return modalities;
}

std::vector<data::SheetRow> rows_of(const pipeline::Setup& setup, sdk::ViewKind kind,
                                    const std::vector<data::SampleKey>& keys,
                                    const std::vector<Column>& columns, const Drawing& drawing) {
  const auto modalities = modalities_of(setup, kind);
  std::vector<data::SheetRow> rows;
  for (const auto& key : keys) {
    try {
      const sdk::Sample sample = host::call_dataset(setup.recipe().data.dataset, "sample", [&] {
        return setup.dataset().sample(key.scene, key.index, kind, modalities);
      });
      data::SheetRow row{sample.id, {}};
      for (const auto& view : photographs_of(sample, drawing).unbind())
        row.cells.push_back({.picture = data::draw_input(view)});
      for (const Column& column : columns) row.cells.push_back(cell(column, sample, drawing));
      rows.push_back(std::move(row));
    } catch (const base::Error& error) {
      std::cerr << "left out: " << key.scene << "/" << key.index << ": " << error.what() << "\n";
    }
  }
  return rows;
}

/// What the ending of the file asks for. Without an ending a PNG.
data::SheetFormat format_of(const Values& values, const std::string& out) {
  std::string ending = std::filesystem::path(out).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (ending.empty() || ending == ".png") return data::SheetFormat::png;
  if (ending == ".pdf") return data::SheetFormat::pdf;
  if (ending == ".svg") return data::SheetFormat::svg;
  throw values.usage_error("--out: expected FILE.png, FILE.pdf or FILE.svg, got \"" + out + "\"");
}

}  // namespace

base::ExitCode preview_data(const Values& values) {
  const data::Split split = data::split_named(values.choice("split")).value();
  const std::size_t samples = values.count("samples", 8, 1);
  const std::string out = values.text("out", "sheet.png");
  const data::SheetFormat format = format_of(values, out);
  const data::Strength strength = data::strength_named(values.choice("augment"));
  Workshop workshop = open_workshop(values);
  const pipeline::Setup& setup = *workshop.working_setup();
  for (const auto& [task, reason] : setup.left_out())
    std::cerr << "left out: " << task << ": " << reason << "\n";
  (void)setup.dataset();  // first, so that its errors are reported as its own
  std::vector<data::ContactSheet> sheets;
  std::size_t drawn = 0, wanted = 0, targets = 0;
  for (const auto kind : previewed_kinds(setup)) {
    const auto columns = columns_of(setup, kind);
    if (columns.empty()) continue;
    const auto keys = spread(setup.samples(kind), split, samples);
    auto rows = rows_of(setup, kind, keys, columns, {setup.recipe().seed, strength});
    wanted += keys.size();
    drawn += rows.size();
    targets += columns.size();
    if (!rows.empty())
      sheets.push_back(
          {headers_of(kind, columns), std::move(rows), static_cast<std::size_t>(sdk::views_of(kind))});
  }
  if (sheets.empty())
    throw base::Error(setup.recipe().file + ": no sample of split \"" + data::name_of(split) +
                      "\" could be drawn");
  const auto sheet = data::draw_contact_sheets(sheets, format);
  base::write_file(out, sheet.file);
  std::cout << out << ": " << drawn << " samples of split " << data::name_of(split) << ", " << targets
            << " columns beside the input, " << sheet.width << " x " << sheet.height << " pixels\n";
  return drawn == wanted ? base::ExitCode::done : base::ExitCode::some_jobs_failed;
}

}  // namespace taskonomy::cli
