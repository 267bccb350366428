#include "core/report/plain_page.hpp"

#include <set>

#include "core/analysis/label_plan.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/base/text.hpp"
#include "core/report/advice.hpp"
#include "core/report/svg.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

std::string table_row(const char* cell, const std::vector<std::string>& texts) {
  std::string html = "<tr>";
  for (const auto& text : texts)
    html += std::string("<") + cell + ">" + xml_escaped(text) + "</" + cell + ">";
  return html + "</tr>\n";
}

/// "Budget 3 hours: label normal and reshading (cost 3 hours)."
std::string budget_text(const taxonomy::Taxonomy& taxonomy, const recipe::Prices& prices) {
  const auto label = analysis::asked_of(taxonomy.sources, prices).label;
  return "Budget " + cost_text(taxonomy.budget, prices) + ": label " +
         (label.empty() ? "nothing" : base::listed(label)) + " (cost " + cost_text(taxonomy.cost, prices) +
         ")";
}

std::string table_html(const taxonomy::Taxonomy& taxonomy, const recipe::Prices& prices) {
  std::string html = "<table><caption>" + xml_escaped(budget_text(taxonomy, prices)) + "</caption>\n<thead>" +
                     table_row("th", {"Target", "From", "Gain", "Quality"}) + "</thead>\n<tbody>";
  for (const auto& row : taxonomy.transfers)
    html += table_row("td", {row.target, row.is_self() ? "its own labels" : base::join(row.sources, " + "),
                             share_text(row.gain), share_text(row.quality)});
  const auto means = analysis::means_of(taxonomy);
  return html + "</tbody>\n<tfoot>" +
         table_row("td", {"mean", "", share_text(means.gain), share_text(means.quality)}) +
         "</tfoot></table>\n";
}

}  // namespace

std::string answer_html(const PageContent& content, const Optima& optima) {
  std::string html;
  if (!optima.presets.empty())
    html += "<p>" +
            xml_escaped(advice_headline(optima.presets.front().fronts.back().taxonomies, content.prices,
                                        content.judgement, {content.verdicts, content.curves})) +
            "</p>\n";
  const auto doubts = doubts_of(content.verdicts);
  if (doubts.empty()) return html;
  html += "<details class=\"doubts\"><summary>What not to believe</summary>\n<ul>\n";
  for (const auto& doubt : doubts) html += "<li>" + xml_escaped(doubt) + "</li>\n";
  return html + "</ul></details>\n";
}

std::string plain_html(const PageContent& content, const Optima& optima) {
  if (optima.presets.empty()) return "";
  const auto& taxonomies = optima.presets.front().fronts.back().taxonomies;
  std::string html;
  for (const std::size_t place :
       std::set<std::size_t>{0, start_of(content, optima).taxonomy, taxonomies.size() - 1})
    html += table_html(taxonomies[place], content.prices);
  return html;
}

}  // namespace taskonomy::report
