#include "split_file.hpp"

#include <array>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "json_file.hpp"
#include "refusal.hpp"

namespace taskonomy_dataset {

namespace {

using Buildings = std::map<std::string, std::string>;

/// The file's word -> ours.
constexpr std::array<std::array<const char*, 2>, 3> kWords = {
    {{"train", "train"}, {"val", "transfer"}, {"test", "test"}}};

void add(const std::filesystem::path& file, Buildings& buildings, const std::string& building,
         const char* split) {
  if (!buildings.emplace(building, split).second)
    fail(file.string(), "building \"" + building + "\" is in two splits");
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) {
    const auto first = cell.find_first_not_of(" \t\r\""), last = cell.find_last_not_of(" \t\r\"");
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

Buildings from_csv(const std::filesystem::path& file, const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || cells_of(line) != std::vector<std::string>{"id", "train", "val", "test"})
    fail(file.string(), "expected a first line id,train,val,test");
  Buildings buildings;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.empty() || cells.front().empty()) continue;
    if (cells.size() != 4) fail(file.string(), "a line without four columns: " + line.substr(0, 80));
    for (std::size_t i = 0; i < kWords.size(); ++i)
      if (cells[i + 1] == "1") add(file, buildings, cells.front(), kWords[i][1]);
  }
  return buildings;
}

Buildings from_json(const std::filesystem::path& file, const std::string& text, const std::string& size) {
  nlohmann::json splits = parse_json(text, file.string());
  if (!splits.is_object()) fail(file.string(), "not a JSON object");
  if (!splits.contains("train")) {
    std::string sizes;
    for (const auto& [name, content] : splits.items()) sizes += (sizes.empty() ? "" : ", ") + name;
    if (!splits.contains(size)) fail(file.string(), "no split_size \"" + size + "\"; there are: " + sizes);
    splits = nlohmann::json(splits.at(size));
  }
  Buildings buildings;
  try {
    for (const auto& [theirs, ours] : kWords)
      for (const auto& building : splits.value(theirs, nlohmann::json::array()))
        add(file, buildings, building.get<std::string>(), ours);
  } catch (const nlohmann::json::exception& error) {
    fail(file.string(), error.what());
  }
  return buildings;
}

}  // namespace

Buildings read_split_file(const std::filesystem::path& file, const std::string& size) {
  const std::string text = read_text(file);
  Buildings buildings = file.extension() == ".json" ? from_json(file, text, size) : from_csv(file, text);
  if (buildings.empty()) fail(file.string(), "names no building");
  return buildings;
}

}  // namespace taskonomy_dataset
