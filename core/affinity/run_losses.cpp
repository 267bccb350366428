#include "core/affinity/run_losses.hpp"

#include <algorithm>

#include "core/affinity/loss_file.hpp"
#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/safetensors.hpp"

namespace taskonomy::affinity {

namespace {

namespace fs = std::filesystem;

/// The rows of a target's tournament: the header behind its first cell.
std::vector<std::string> competitors_of(const fs::path& tournament) {
  const auto records = base::parse_csv(base::read_file(tournament), tournament.string());
  if (records.empty() || records.front().cells.size() < 2)
    throw base::Error(tournament.string() + ": expected the competitors' names in the first line");
  const auto& cells = records.front().cells;
  return {cells.begin() + 1, cells.end()};
}

fs::path file_of(const fs::path& run, const std::string& target, const std::string& competitor) {
  const std::string name = competitor == target      ? kSelfFile
                           : competitor == kScratch  ? kScratchFile
                           : competitor == kConstant ? kConstantFile
                                                     : competitor;
  return run / "losses" / target / (name + ".safetensors");
}

/// Test ids of each list of images (one per kind of view) that the run has.
std::vector<std::vector<std::string>> image_lists(const fs::path& run) {
  std::vector<fs::path> files;
  if (fs::is_directory(run / "examples")) {
    for (const auto& entry : fs::directory_iterator(run / "examples"))
      if (entry.path().filename().string().starts_with("images-")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::vector<std::string>> lists;
  for (const auto& file : files) {
    base::with_context(file.string(), [&] {
      const base::Safetensors images(file);
      const auto ids = base::json_in(images.metadata(), "ids");
      lists.push_back(ids.at("test").as<std::vector<std::string>>());
    });
  }
  return lists;
}

std::vector<std::string> image_names(const std::vector<std::vector<std::string>>& lists, std::size_t count) {
  const auto fits = [&](const std::vector<std::string>& list) { return list.size() == count; };
  const auto list = std::find_if(lists.begin(), lists.end(), fits);
  if (list != lists.end() && std::none_of(list + 1, lists.end(), fits)) return *list;
  std::vector<std::string> numbers;
  for (std::size_t n = 1; n <= count; ++n) numbers.push_back(std::to_string(n));
  return numbers;
}

}  // namespace

std::vector<LossTable> read_run_losses(const fs::path& run, const std::vector<std::string>& targets) {
  const auto lists = image_lists(run);
  std::vector<LossTable> tables;
  for (const auto& target : targets) {
    LossTable table{target, {}, {}, {}};
    for (const auto& competitor : competitors_of(run / "tournaments" / (target + ".csv"))) {
      auto losses = read_losses(file_of(run, target, competitor));
      if (table.competitors.empty()) table.images = image_names(lists, losses.size());
      table.add(competitor, std::move(losses));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace taskonomy::affinity
