// A plugin is one file that is also its manual page: the comment at its head has a title, an empty line and
// rows with fixed names in a fixed order, so that `taskonomy tasks show` prints the same page for every
// plugin. The rule is also tried on pages that break it.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "tests/support/testing.hpp"

namespace {

namespace fs = std::filesystem;

/// A row that a manual page may have; all pages have the required ones.
struct Row {
  std::string name;
  bool required = true;
};

const std::vector<Row> kTaskRows{{"label"},      {"input"},          {"prediction"},     {"loss"},
                                 {"mask"},       {"metrics", false}, {"drawing", false}, {"role", false},
                                 {"parameters"}, {"differs", false}, {"source"}};
const std::vector<Row> kDatasetRows{{"layout"},     {"scenes"},  {"views"}, {"modalities"},
                                    {"parameters"}, {"failure"}, {"source"}};

constexpr std::size_t kNameColumn = 5;   // behind "//   "
constexpr std::size_t kTextColumn = 17;  // "//   parameters  "
constexpr std::size_t kMostColumns = 110;

std::vector<std::string> head_of(const std::string& source) {
  std::vector<std::string> lines;
  std::istringstream stream(source);
  for (std::string line; std::getline(stream, line) && line.rfind("//", 0) == 0;) lines.push_back(line);
  return lines;
}

bool is_blank(const std::string& line, std::size_t from, std::size_t to) {
  return line.find_first_not_of(' ', from) >= std::min(to, line.size());
}

/// The name of the row that begins in this line; "" for a line that goes on with the row before.
std::string row_of(const std::string& line) {
  if (is_blank(line, 2, kTextColumn)) return "";
  const std::string name = line.substr(kNameColumn, line.find(' ', kNameColumn) - kNameColumn);
  const bool in_place = is_blank(line, 2, kNameColumn) && line.size() > kTextColumn &&
                        is_blank(line, kNameColumn + name.size(), kTextColumn) && line[kTextColumn] != ' ';
  return in_place ? name : line;
}

/// What is wrong with a manual page; empty when nothing is.
std::vector<std::string> faults_of(const std::string& source, const std::vector<Row>& rows) {
  std::vector<std::string> faults;
  const std::vector<std::string> head = head_of(source);
  const auto empty_line = std::find(head.begin(), head.end(), "//");
  if (empty_line == head.begin() || empty_line == head.end())
    return {"no title with an empty line behind it"};
  if (std::prev(empty_line)->back() != '.') faults.push_back("the title does not end in a full stop");
  std::size_t next = 0;
  for (auto line = std::next(empty_line); line != head.end(); ++line) {
    if (line->size() > kMostColumns) faults.push_back("too long: " + *line);
    const std::string name = row_of(*line);
    if (name.empty()) continue;
    std::size_t at = next;
    while (at < rows.size() && rows[at].name != name) ++at;
    if (at == rows.size()) {
      faults.push_back("no row, or not in its place: " + name);
      continue;
    }
    for (; next < at; ++next)
      if (rows[next].required) faults.push_back("no row " + rows[next].name + " before " + name);
    next = at + 1;
  }
  for (; next < rows.size(); ++next)
    if (rows[next].required) faults.push_back("no row " + rows[next].name);
  return faults;
}

/// ROOT/ID/ID.cpp of every folder in ROOT.
std::vector<fs::path> main_sources(const std::string& root) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(TASKONOMY_SOURCE_DIR) / root))
    if (entry.is_directory()) files.push_back(entry.path() / (entry.path().filename().string() + ".cpp"));
  return files;
}

void check_pages(const std::vector<fs::path>& files, const std::vector<Row>& rows) {
  for (const auto& file : files) {
    CAPTURE(file.string());
    for (const auto& fault : faults_of(taskonomy::base::read_file(file), rows)) FAIL_CHECK(fault);
  }
}

const std::string kPage =
    "// A task: what it is.\n"
    "//\n"
    "//   label       float32 [3,H,W]: the label\n"
    "//               and more about it\n"
    "//   input       the plain image\n"
    "//   prediction  float32 [3,H,W]\n"
    "//   loss        mean |prediction - label|\n"
    "//   mask        none\n"
    "//   parameters  sigma (1; 0..2): of the blur,\n"
    "//                 in pixels\n"
    "//   source      a paper\n"
    "#include <taskonomy/sdk/plugin.hpp>\n";

std::size_t faults_with(const std::string& from, const std::string& to) {
  std::string page = kPage;
  page.replace(page.find(from), from.size(), to);
  return faults_of(page, kTaskRows).size();
}

}  // namespace

TEST_CASE("every plugin's head is a manual page: its rows, in order") {
  const auto tasks = main_sources("plugins/tasks"), datasets = main_sources("plugins/datasets");
  CHECK(tasks.size() >= 26);
  CHECK(datasets.size() >= 3);
  check_pages(tasks, kTaskRows);
  check_pages(datasets, kDatasetRows);
}

TEST_CASE("templates show authors the same page") {
  std::size_t pages = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TASKONOMY_SOURCE_DIR) / "share/templates")) {
    const fs::path task = entry.path() / "my_task.cpp", dataset = entry.path() / "my_dataset.cpp";
    if (fs::exists(task)) check_pages({task}, kTaskRows);
    if (fs::exists(dataset)) check_pages({dataset}, kDatasetRows);
    pages += fs::exists(task) || fs::exists(dataset) ? 1 : 0;
  }
  CHECK(pages >= 6);
}

TEST_CASE("the rule for manual pages fires on pages that break it") {
  CHECK(faults_of(kPage, kTaskRows).empty());
  CHECK(faults_with("//   loss        mean |prediction - label|\n", "") == 1);
  CHECK(faults_with("//   loss ", "//   lost ") == 2);                // unknown, and the real one is missing
  CHECK(faults_with("//   mask        none\n", "//   mask\n") == 2);  // no text
  CHECK(faults_with("//   mask        none", "//   mask     none") == 2);  // not in the column
  CHECK(faults_with("//               and", "//   and") == 1);             // as a formatter leaves it
  CHECK(faults_with("//   input       the plain image\n//   prediction  float32 [3,H,W]\n",
                    "//   prediction  float32 [3,H,W]\n//   input       the plain image\n") == 2);
  CHECK(faults_with("what it is.", "what it is") == 1);
  CHECK(faults_with("a paper", std::string(100, 'a')) == 1);
  CHECK(faults_of("#include <cmath>\n", kTaskRows).size() == 1);
}
