#include "core/affinity/affinity_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/affinity/ahp.hpp"
#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"

namespace taskonomy::affinity {

namespace {

void append_new(std::vector<std::string>& names, std::set<std::string>& seen, const std::string& name) {
  if (seen.insert(name).second) names.push_back(name);
}

const std::vector<std::string> kColumns{"sources", "target", "affinity", "gain", "quality", "labels"};
constexpr std::size_t kRequired = 3;

std::string place(const std::string& name, std::size_t line) { return name + ":" + std::to_string(line); }

/// Where each known column stands in a file.
struct Header {
  std::map<std::string, std::size_t> columns;
  std::vector<std::string> ignored;
  std::size_t cells = 0;
};

Header read_header(const base::CsvRecord& record, const std::string& name) {
  Header header;
  header.cells = record.cells.size();
  std::vector<std::string> found;
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    const std::string column = base::trim(record.cells[i]);
    found.push_back(column);
    if (std::find(kColumns.begin(), kColumns.end(), column) == kColumns.end()) {
      header.ignored.push_back(column);
    } else if (!header.columns.emplace(column, i).second) {
      throw base::Error(place(name, record.line) + ": column \"" + column + "\" appears twice");
    }
  }
  for (std::size_t i = 0; i < kRequired; ++i) {
    if (header.columns.count(kColumns[i]) > 0) continue;
    std::string cure;  // a column whose name is nearly the missing one
    for (const auto& column : header.ignored)
      if (cure.empty() && !base::did_you_mean(kColumns[i], {column}).empty())
        cure = "; rename \"" + column + "\" to \"" + kColumns[i] + "\"";
    throw base::Error(
        place(name, record.line) + ": column \"" + kColumns[i] +
        "\" is missing; expected a header line sources,target,affinity[,gain,quality,labels], found " +
        base::join(found, ",") + cure);
  }
  return header;
}

/// One cell as a finite number in [0, high].
double read_number(const std::string& cell, const std::string& column, double high,
                   const std::string& where) {
  double value = 0.0;
  const std::string text = base::trim(cell);
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc() && stop == text.data() + text.size();
  if (!whole || !std::isfinite(value) || value < 0.0 || value > high) {
    const std::string range = std::isfinite(high) ? " between 0 and " + base::number(high) : " >= 0";
    throw base::Error(where + ": " + column + ": expected a number" + range + ", got \"" + cell + "\"");
  }
  return value;
}

/// Refuses names that a terminal would obey instead of showing them.
void require_name(const std::string& name, const std::string& column, const std::string& where) {
  if (name.empty()) throw base::Error(where + ": " + column + ": expected a task name, got nothing");
  if (std::any_of(name.begin(), name.end(), base::is_control))
    throw base::Error(where + ": " + column + ": a task's name holds a control character");
}

std::vector<std::string> read_sources(const std::string& cell, const std::string& where) {
  std::vector<std::string> sources;
  for (const auto& part : base::split(cell, '+')) {
    const std::string source = base::trim(part);
    if (source.empty()) {
      throw base::Error(where + ": sources: expected task names joined by '+', got \"" + cell + "\"");
    }
    require_name(source, "sources", where);
    if (std::find(sources.begin(), sources.end(), source) != sources.end()) {
      throw base::Error(where + ": sources: \"" + source + "\" appears twice in \"" + cell + "\"");
    }
    sources.push_back(source);
  }
  return sources;
}

AffinityRow read_row(const base::CsvRecord& record, const Header& header, const std::string& where) {
  if (record.cells.size() != header.cells) {
    throw base::Error(where + ": expected " + std::to_string(header.cells) + " cells as in the header, got " +
                      std::to_string(record.cells.size()));
  }
  const auto cell = [&](const std::string& column) { return record.cells[header.columns.at(column)]; };
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  const auto optional = [&](const std::string& column, double high) {
    if (header.columns.count(column) == 0 || base::trim(cell(column)).empty()) return kUnknown;
    return read_number(cell(column), column, high, where);
  };
  AffinityRow row;
  row.sources = read_sources(cell("sources"), where);
  row.target = base::trim(cell("target"));
  require_name(row.target, "target", where);
  row.affinity = read_number(cell("affinity"), "affinity", kInfinite, where);
  row.gain = optional("gain", 1.0);
  row.quality = optional("quality", 1.0);
  row.labels = optional("labels", kInfinite);
  return row;
}

}  // namespace

std::vector<std::string> AffinityTable::tasks() const {
  std::set<std::string> names;
  for (const auto& row : rows) {
    names.insert(row.target);
    names.insert(row.sources.begin(), row.sources.end());
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> AffinityTable::targets() const {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& row : rows) append_new(names, seen, row.target);
  return names;
}

std::vector<std::string> AffinityTable::sources() const {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& row : rows) {
    for (const auto& source : row.sources) append_new(names, seen, source);
  }
  return names;
}

std::size_t AffinityTable::max_order() const {
  std::size_t order = 0;
  for (const auto& row : rows) order = std::max(order, row.sources.size());
  return order;
}

std::vector<AffinityRow> affinity_of(const LossTable& losses) {
  return affinity_of(losses.target, play(losses));
}

std::vector<AffinityRow> affinity_of(const std::string& target, const Tournament& tournament) {
  const auto competing = without_references(tournament);
  if (competing.competitors.empty()) {
    throw base::Error("target \"" + target + "\": no transfer and no network of its own has losses");
  }
  const auto weights = priorities(competing.wins);
  const auto gains = win_rates_against(tournament, kScratch);
  const auto qualities = win_rates_against(tournament, target);
  std::vector<AffinityRow> rows;
  for (std::size_t k = 0; k < tournament.competitors.size(); ++k) {
    const auto& name = tournament.competitors[k];
    if (is_reference(name)) continue;
    const auto weight = weights(static_cast<Eigen::Index>(rows.size()));
    rows.push_back({base::split(name, '+'), target, weight, gains[k], qualities[k]});
  }
  return rows;
}

ReadTable read_affinity(const std::filesystem::path& path) {
  return parse_affinity(base::read_input(path), base::name_of_input(path));
}

ReadTable parse_affinity(std::string_view text, const std::string& name) {
  const auto records = base::parse_csv(text, name);
  if (records.empty()) {
    throw base::Error(
        name + ": the file is empty; expected a header line sources,target,affinity[,gain,quality,labels]");
  }
  const Header header = read_header(records.front(), name);
  ReadTable result{{}, header.ignored};
  std::map<std::tuple<std::string, std::set<std::string>, double>, std::size_t> line_of;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::string where = place(name, records[i].line);
    AffinityRow row = read_row(records[i], header, where);
    const double labels = std::isnan(row.labels) ? -1.0 : row.labels;  // NaN has no place in an order
    const auto [before, fresh] = line_of.emplace(
        std::tuple{row.target, std::set(row.sources.begin(), row.sources.end()), labels}, records[i].line);
    if (!fresh) {
      throw base::Error(where + ": duplicate row: " + base::join(row.sources, "+") + " -> " + row.target +
                        " stands in line " + std::to_string(before->second) + " already");
    }
    result.table.rows.push_back(std::move(row));
  }
  if (result.table.rows.empty()) {
    throw base::Error(name + ": no rows behind the header; expected one row per transfer");
  }
  return result;
}

AffinityTable with_labels(AffinityTable table, std::optional<double> labels) {
  std::set<double> sizes;
  for (const auto& row : table.rows)
    if (!std::isnan(row.labels)) sizes.insert(row.labels);
  std::vector<std::string> known;
  for (const double size : sizes) known.push_back(base::number(size));
  if (labels && !sizes.contains(*labels))
    throw base::Error(
        "labels: no transfer of the table was trained with " + base::number(*labels) +
        (known.empty() ? "; it has no column \"labels\"" : "; known: " + base::join(known, ", ")));
  if (labels)
    std::erase_if(table.rows,
                  [&](const AffinityRow& row) { return !std::isnan(row.labels) && row.labels != *labels; });
  std::set<std::pair<std::string, std::vector<std::string>>> seen;
  for (const auto& row : table.rows)
    if (!seen.emplace(row.target, row.sources).second)
      throw base::Error("the transfer " + base::join(row.sources, "+") + " -> " + row.target +
                        " comes with several numbers of labels; choose one (--labels of compare and tree): " +
                        base::join(known, ", "));
  return table;
}

std::string to_csv(const AffinityTable& table) {
  const auto known = [&](double AffinityRow::*column) {
    return std::any_of(table.rows.begin(), table.rows.end(),
                       [&](const AffinityRow& row) { return !std::isnan(row.*column); });
  };
  const bool with_gain = known(&AffinityRow::gain);
  const bool with_quality = known(&AffinityRow::quality);
  const bool with_labels = known(&AffinityRow::labels);
  std::string text = "sources,target,affinity";
  if (with_gain) text += ",gain";
  if (with_quality) text += ",quality";
  if (with_labels) text += ",labels";
  text += "\n";
  for (const auto& row : table.rows) {
    for (const auto& source : row.sources) {
      if (source.empty() || source.find('+') != std::string::npos) {
        throw base::Error("a task called \"" + source +
                          "\" cannot stand in an affinity table: names hold no '+'");
      }
    }
    using base::csv_cell;
    text += csv_cell(row.sources) + "," + csv_cell(row.target) + "," + csv_cell(row.affinity);
    if (with_gain) text += "," + csv_cell(row.gain);
    if (with_quality) text += "," + csv_cell(row.quality);
    if (with_labels) text += "," + csv_cell(row.labels);
    text += "\n";
  }
  return text;
}

void write_affinity(const std::filesystem::path& path, const AffinityTable& table) {
  base::write_file(path, to_csv(table));
}

}  // namespace taskonomy::affinity
