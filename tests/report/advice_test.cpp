// The first words of a summary: what to label, in which order, where it stops paying, what not to believe.
#include <algorithm>

#include "core/base/text.hpp"
#include "core/report/advice.hpp"
#include "core/report/learning_curve_text.hpp"
#include "core/report/text_table.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using analysis::Question;
using tests::has;
using tests::unwrapped;

namespace {

taxonomy::Taxonomy optimum(double budget, double objective, std::vector<std::string> sources) {
  taxonomy::Taxonomy taxonomy;
  taxonomy.budget = budget;
  taxonomy.objective = objective;
  taxonomy.sources = std::move(sources);
  taxonomy.transfers = {{{"normal"}, "depth", 0.2, 0.8, 0.3}};
  return taxonomy;
}

const recipe::Prices kPrices{{{"edges", 0.0}}, {"random"}, ""};

std::string advice(const std::vector<double>& objectives, const recipe::Prices& prices = kPrices) {
  const std::vector<std::string> order{"normal", "segments", "depth", "layout"};
  std::vector<taxonomy::Taxonomy> sweep;
  std::vector<std::string> sources{"edges"};
  for (std::size_t k = 0; k < objectives.size(); ++k) {
    sweep.push_back(optimum(static_cast<double>(k), objectives[k], sources));
    if (k < order.size()) sources.push_back(order[k]);
    std::sort(sources.begin(), sources.end());
  }
  return unwrapped(report::advice_text(sweep, prices));
}

}  // namespace

TEST_CASE("advice begins with the labels in the order of the budgets and ends where they stop paying") {
  const auto text = advice({50, 70, 85, 96, 98});
  CHECK(text.starts_with(
      "Label normal first, then segments, then depth. These 3 labels (cost 3) reach .98 of what all "
      "labels together reach. Each further label adds less than .05 of that."));
  CHECK(has(text, "Trained as well, without labels: edges"));
  CHECK(has(text, "50 is as good"));
  CHECK(has(advice({50, 100}), "Label normal. That label (cost 1) reaches 1.00"));
  CHECK_FALSE(has(advice({50, 100}), "Each further"));
  CHECK(advice({98, 99, 100}).starts_with("Label nothing: what needs no labels reaches .98"));
  CHECK(has(advice({50, 100}, {{{"edges", 0.0}}, {}, "hours"}), "(cost 1 hours)"));
}

TEST_CASE(
    "the plan's Gain and Quality are those of the halves, with intervals, and the text says who judged") {
  const std::vector<taxonomy::Taxonomy> sweep{optimum(0, 50, {"edges"}),
                                              optimum(1, 100, {"edges", "normal"})};
  const auto paper = unwrapped(report::advice_text(sweep, kPrices));
  CHECK(has(paper, "Judged the paper's way"));
  analysis::Judgement judgement;
  judgement.judge = analysis::Judge::halves;
  judgement.scenes = 96;
  const auto free = optimum(0, 50, {"edges"}), other = optimum(0, 50, {"edges", "segments"});
  judgement.budgets = {{0, {}, {}, {0.61, 0.52, 0.7}, {0.25, 0.2, 0.3}, {0.44, 0.4, 0.48}, {free, other}},
                       {1, {}, {}, {0.71, 0.6, 0.8}, {}, {1.0, 1.0, 1.0}, {sweep[1], sweep[1]}}};
  const auto halves = unwrapped(report::advice_text(sweep, kPrices, judgement));
  CHECK(has(halves, ".61 [.52, .70]"));
  CHECK(has(halves, ".71 [.60, .80]"));
  CHECK(has(halves, "what one half of the 96 test scenes chose"));
  CHECK(has(halves, "95 % intervals"));
  CHECK_FALSE(has(halves, "the paper's way"));
  CHECK(has(paper, " .50  "));
  CHECK(has(halves, ".44 [.40, .48]"));  // what the labels reach is judged like the rest
  CHECK_FALSE(has(halves, " .50  "));
  CHECK(has(halves, "at cost 1 each half alone chooses the same."));
  judgement.budgets[0].reached = {0.97, 0.9, 1.0};  // then nothing needs a label
  const auto nothing = unwrapped(report::advice_text(sweep, kPrices, judgement));
  CHECK(nothing.starts_with("Label nothing: what needs no labels reaches .97"));
  CHECK(has(nothing, "at cost 0 one half alone chooses none, the other segments."));
  CHECK(report::advice_headline(sweep, kPrices, judgement).starts_with("Label nothing"));
  CHECK(report::advice_headline(sweep, kPrices).starts_with("Label normal"));
}

TEST_CASE(
    "the headline names a label once, drops what larger budgets drop, and never more than all labels "
    "together") {
  const std::vector<taxonomy::Taxonomy> sweep{
      optimum(1, 40, {"normal"}), optimum(2, 60, {"depth", "segments"}), optimum(3, 80, {"depth", "normal"}),
      optimum(4, 80, {"depth", "normal", "segments"})};
  const auto text = report::advice_headline(sweep, kPrices);
  CHECK(text.starts_with("Label normal first, then depth. These 2 labels (cost 3) reach 1.00"));
  analysis::Judgement judgement;
  judgement.judge = analysis::Judge::halves;
  for (const auto& one : sweep)
    judgement.budgets.push_back(
        {one.budget, {}, {}, {}, {}, {one.budget == 3 ? 1.07 : one.objective / 80}, {}});
  CHECK(has(report::advice_headline(sweep, kPrices, judgement),
            "These 2 labels (cost 3) reach as much as all labels together."));
}

TEST_CASE("doubts are grouped, name numbers and a cure; without them one line says so") {
  CHECK(report::doubts_text({}).empty());
  const auto none =
      report::doubts_text({{"depth", Question::learned, "depth", affinity::kConstant, 0.9, 0.001}});
  CHECK(has(none, "Every network learned"));
  const std::string text =
      report::doubts_text({{"depth", Question::learned, "depth", affinity::kConstant, 0.52, 0.4},
                           {"layout", Question::learned, "layout", affinity::kConstant, 0.4, 0.01},
                           {"normal", Question::learned, "normal", affinity::kConstant, 0.9, 0.01},
                           {"depth", Question::transferred, "edges", affinity::kConstant, 0.5, 1.0},
                           {"normal", Question::told_apart, "depth", "edges", 0.54, 0.2}});
  CHECK(has(unwrapped(text), "did not learn: depth .52, layout .40."));
  CHECK(has(text, "no source helps: depth (edges .50)"));
  CHECK(has(text, "cannot be told apart: normal (depth .54 against edges)"));
  CHECK(has(unwrapped(text), "[source.steps_of]"));
  for (const auto& line : base::split(text, '\n')) CHECK(report::letters(line) <= report::kTextWidth);
}

namespace {

/// Three networks of 110, 220 and 437 labels, and what 400 more would bring.
analysis::LearningCurve curve_of(const std::string& target, double gain, double low, double high) {
  analysis::LearningCurve curve{target, 110, 220, 437, 0.52, 0.57, 0.63, 400, gain, low, high};
  curve.metric = "mean_angle";
  curve.unit = "degrees";
  curve.metric_quarter = 32.125, curve.metric_half = 30, curve.metric_full = 28.5;
  curve.metric_gain = -2, curve.metric_low = -3, curve.metric_high = -1;
  return curve;
}

}  // namespace

TEST_CASE(
    "learning curves say which labels need more images, most gain first, and of which that cannot be told") {
  CHECK(report::more_labels_text({}).empty());
  CHECK(report::learning_curve_text({}).empty());
  const std::vector<analysis::LearningCurve> curves{curve_of("reshading", 0.002, -0.02, 0.03),
                                                    curve_of("depth_zbuffer", 0.03, 0.01, 0.06),
                                                    curve_of("normal", 0.051, 0.02, 0.08)};
  CHECK(report::more_labels_text(curves) ==
        "More labelled images help normal most: 400 more (437 now) would bring about 5 points (2 to 8). "
        "depth_zbuffer: 400 more (437 now) would bring about 3 points (1 to 6). "
        "What more labelled images would bring for reshading cannot be told apart from nothing.");
  CHECK(report::more_labels_text(
            {curve_of("a", 0, -0.1, 0.1), curve_of("b", 0, -0.1, 0.1), curve_of("c", 0, 0, 0)}) ==
        "What more labelled images would bring for a, b and c cannot be told apart from nothing.");
  const std::string text = report::learning_curve_text(curves);
  CHECK(has(text, "normal"));
  CHECK(has(text, "+5 points (2 to 8)"));
  CHECK(has(text, "+0 points (-2 to 3)"));
  CHECK(has(text, "mean_angle, degrees"));
  CHECK(has(text, "-2 (-3 to -1)"));
  for (const auto& line : base::split(text, '\n')) CHECK(report::letters(line) <= report::kTextWidth);
}

TEST_CASE("the first paragraph says what to label, which labels need more images, and whom not to believe") {
  const std::vector<taxonomy::Taxonomy> sweep{optimum(0, 50, {"edges"}),
                                              optimum(1, 100, {"edges", "normal"})};
  const analysis::Verdict learned{"normal", Question::learned, "normal", affinity::kConstant, 0.9, 0.001},
      not_learned{"depth", Question::learned, "depth", affinity::kConstant, 0.52, 0.4};
  const auto paragraph = [&](const report::Evidence& evidence) {
    const auto text = report::advice_text(sweep, kPrices, {}, evidence);
    return unwrapped(text.substr(0, text.find("\n\n")));
  };
  CHECK(paragraph({}) == paragraph({.verdicts = {learned}}));
  const auto mixed = paragraph({{learned, not_learned}, {curve_of("normal", 0.05, 0.02, 0.08)}});
  CHECK(mixed.starts_with("Label normal."));
  CHECK(has(mixed, "More labelled images help normal most"));
  CHECK(has(mixed, "Believe nothing that is said of depth: its network does not beat"));
  CHECK(report::advice_headline(sweep, kPrices, {},
                                {{learned, not_learned}, {curve_of("normal", 0.05, 0.02, 0.08)}}) == mixed);
  const auto nothing = paragraph({{not_learned}, {}});
  CHECK(nothing.starts_with("Nothing was learned: no network beats the best constant guess"));
  CHECK_FALSE(has(nothing, "Label normal"));
  auto advised = learned;
  advised.p = 0.4;
  CHECK(
      paragraph({{advised, {"depth", Question::learned, "depth", affinity::kConstant, 0.9, 0.001}}, {}})
          .starts_with(
              "Believe nothing that is said of normal: its network does not beat the best constant guess on "
              "more test images than a coin would. Label normal."));
  CHECK(has(report::disbelief_text({not_learned, advised, learned}),
            "of depth and normal: their networks do not"));
}
