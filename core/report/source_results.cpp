#include "core/report/source_results.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "core/affinity/loss_table.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

namespace fs = std::filesystem;

double mean_of(const std::vector<analysis::SourceCheck>& checks, double analysis::SourceCheck::*share) {
  double sum = 0.0;
  double count = 0.0;
  for (const auto& check : checks) {
    if (std::isnan(check.*share)) continue;
    sum += check.*share;
    count += 1.0;
  }
  return count == 0.0 ? affinity::kUnknown : sum / count;
}

constexpr const char* kIds = "images.txt";
constexpr const char* kKey = "key.png";
constexpr const char* kKeyOfAll = "key-of-all.png";
constexpr std::string_view kFrom = "-from-", kPng = ".png";

std::string name_of(std::size_t picture, const std::string& part) {
  return std::to_string(picture) + "-" + part + std::string(kPng);
}

std::string bytes_of(const fs::path& file) {
  return fs::exists(file) ? base::read_file(file) : std::string();
}

/// Writes files into RUN/pictures/TASK and remembers them.
class FolderOfPictures {
 public:
  FolderOfPictures(fs::path run, const std::string& task)
      : run_(std::move(run)), folder_(fs::path(kPicturesFolder) / task) {}
  /// Nothing where there are no bytes.
  void write(const std::string& name, const std::string& bytes) {
    if (bytes.empty()) return;
    made_.push_back(folder_ / name);
    base::write_file(run_ / made_.back(), bytes);
  }
  [[nodiscard]] const std::vector<fs::path>& made() const { return made_; }

 private:
  fs::path run_, folder_;
  std::vector<fs::path> made_;
};

/// A transfer's prediction on one image: "3-from-a+b.png".
struct TransferFile {
  fs::path file;
  std::size_t picture = 0;
  std::string sources;
};

std::vector<TransferFile> drawn_transfers(const fs::path& folder) {
  std::vector<TransferFile> all;
  if (!fs::exists(folder)) return all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const auto from = name.find(kFrom);
    TransferFile drawn{entry.path(), 0, ""};
    if (from == std::string::npos || !name.ends_with(kPng) ||
        std::from_chars(name.data(), name.data() + from, drawn.picture).ptr != name.data() + from)
      continue;
    drawn.sources = name.substr(from + kFrom.size(), name.size() - kPng.size() - from - kFrom.size());
    all.push_back(std::move(drawn));
  }
  return all;
}

}  // namespace

std::optional<std::vector<analysis::Verdict>> read_verdicts(const std::filesystem::path& path) {
  const std::string text = base::read_file(path);
  if (!text.substr(0, text.find('\n')).ends_with(",judge")) return std::nullopt;
  return base::read_records<analysis::Verdict>(path);
}

std::vector<TaskText> read_task_texts(const std::filesystem::path& path) {
  const std::string text = base::read_file(path);
  if (text.substr(0, text.find('\n')) != "task,title,family") return base::read_records<TaskText>(path);
  std::vector<TaskText> texts;
  for (const auto& row : base::read_csv(path, {"task", "title", "family"}))
    texts.push_back({row.text(0), row.text(1), row.text(2)});
  return texts;
}

std::string table_one_csv(const std::vector<analysis::SourceCheck>& checks) { return base::to_csv(checks); }

std::vector<analysis::SourceCheck> read_table_one(const std::filesystem::path& path) {
  std::vector<std::string> columns{"task", "beats_average", "beats_constant", "beats_random", "images"};
  if (base::read_file(path).starts_with("task,beats_constant,")) columns.erase(columns.begin() + 1);
  const std::size_t shift = columns.size() - 4;
  std::vector<analysis::SourceCheck> checks;
  for (const auto& row : base::read_csv(path, columns)) {
    const auto share = [&](std::size_t column) {
      const double value = row.number(column);
      if (value < 0.0 || value > 1.0) row.refuse(column, "a share from 0 to 1");
      return value;
    };
    const double average = shift == 1 ? share(1) : affinity::kUnknown;
    checks.push_back({row.text(0), average, share(1 + shift), share(2 + shift), row.count(3 + shift)});
  }
  return checks;
}

std::string metrics_csv(const std::vector<MetricRow>& rows) { return base::to_csv(rows); }

std::vector<MetricRow> read_metrics(const std::filesystem::path& path) {
  return base::read_records<MetricRow>(path);
}

std::string metrics_text(const std::vector<MetricRow>& rows, std::size_t most) {
  std::map<std::string, std::map<std::string, std::map<std::string, std::string>>> cells;
  std::map<std::string, std::string> failed;  // target -> the first reason
  for (const auto& row : rows) {
    const bool there = row.unavailable.empty();
    cells[row.target][row.metric][row.competitor] = there ? value_text(row.value) : "not available";
    if (!there) failed.emplace(row.target, row.unavailable);
  }
  const auto cell_of = [&](const MetricRow& row, const std::string& competitor) {
    const auto& of_metric = cells[row.target][row.metric];
    const auto found = of_metric.find(competitor);
    return found == of_metric.end() ? "-" : found->second;
  };
  TextTable table("llrrrl");
  table.add({"task", "metric", "own network", "from scratch", "constant guess", "better"});
  table.rule();
  std::map<std::string, std::size_t> shown;
  for (const auto& row : rows) {
    if (row.competitor != row.target || shown[row.target] == most) continue;
    const bool first = shown[row.target]++ == 0;
    table.add({first ? row.target : "", row.metric + (row.unit.empty() ? "" : ", " + row.unit),
               cell_of(row, row.target), cell_of(row, affinity::kScratch), cell_of(row, affinity::kConstant),
               row.higher_is_better ? "higher" : "lower"});
  }
  std::string text = table.text();
  for (const auto& [target, reason] : failed)
    text += "metrics of " + target + " are " + kNotAvailable + reason + "\n";
  return text;
}

std::string source_check_text(const std::vector<analysis::SourceCheck>& checks) {
  using analysis::SourceCheck;
  constexpr std::array kShares{&SourceCheck::beats_average, &SourceCheck::beats_constant,
                               &SourceCheck::beats_random};
  TextTable table("lrrrr");
  table.add({"task", "beats average", "beats constant", "beats random encoder", "images"});
  table.rule();
  for (const auto& check : checks) {
    std::vector<std::string> cells{check.task};
    for (const auto share : kShares) cells.push_back(share_text(check.*share, 3));
    cells.push_back(std::to_string(check.images));
    table.add(cells);
  }
  table.rule();
  std::vector<std::string> means{"mean"};
  for (const auto share : kShares) means.push_back(share_text(mean_of(checks, share), 3));
  means.emplace_back();
  table.add(means);
  return table.text();
}

std::string sources_text(const std::vector<analysis::SourceCheck>& checks,
                         const std::vector<MetricRow>& metrics) {
  std::string text;
  if (!checks.empty())
    text +=
        "Source networks (the paper's Table 1): share of test images on which they beat what knows no image, "
        "the best "
        "value for each channel (average, the paper's avg) and the best whole image of values (constant, "
        "stricter), and a "
        "decoder on a random encoder\n\n" +
        source_check_text(checks) + "\n";
  if (!metrics.empty()) text += "Metrics, means over test images\n\n" + metrics_text(metrics) + "\n";
  return text;
}

std::vector<StartedNetwork> read_starts(const fs::path& run) {
  const fs::path file = run / kStartsFile;
  if (!fs::exists(file)) return {};
  return base::read_records<StartedNetwork>(file);
}

void write_starts(const fs::path& run, const std::vector<StartedNetwork>& starts) {
  const fs::path file = run / kStartsFile;
  if (starts.empty()) {
    fs::remove(file);
  } else if (const std::string text = base::to_csv(starts); bytes_of(file) != text) {
    base::write_file(file, text);
  }
}

std::vector<std::string> start_sentences(const std::vector<StartedNetwork>& starts) {
  // One sentence for a kind of network and a start, one part of it for tasks that took the same of it.
  struct Part {
    const StartedNetwork* first;
    std::vector<std::string> tasks;
  };
  std::vector<std::vector<Part>> groups;
  const auto of_scratch = [](const StartedNetwork& start) { return start.network.starts_with("scratch/"); };
  for (const auto& start : starts) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& parts) {
      return of_scratch(*parts.front().first) == of_scratch(start) && parts.front().first->from == start.from;
    });
    if (group == groups.end()) group = groups.insert(groups.end(), std::vector<Part>());
    auto part = std::find_if(group->begin(), group->end(), [&](const Part& known) {
      return known.first->whole == start.whole && known.first->why == start.why;
    });
    if (part == group->end()) part = group->insert(part, {&start, {}});
    part->tasks.push_back(start.task);
  }
  std::vector<std::string> sentences;
  for (const auto& group : groups) {
    std::string sentence = of_scratch(*group.front().first) ? "networks from scratch of " : "";
    for (const auto& [start, tasks] : group) {
      const bool first = start == group.front().first;
      sentence += (first ? "" : "; ") + base::join(tasks, ", ") + (first ? " start from " : " from ");
      sentence += start->whole ? (first ? start->from : "all of it")
                               : (first ? "the encoder of " + start->from : "its encoder") + " alone" +
                                     (start->why.empty() ? "" : " (" + start->why + ")");
    }
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

std::string starts_text(const std::vector<std::string>& sentences) {
  std::string text =
      "Networks that did not begin at random (what they know is not from these labels alone)\n\n";
  for (const auto& sentence : sentences) text += base::join(wrap(sentence), "\n") + "\n";
  return text;
}

std::vector<fs::path> write_pictures(const fs::path& run, const TaskPictures& pictures) {
  FolderOfPictures folder(run, pictures.task);
  std::string ids;
  for (std::size_t k = 0; k < pictures.pictures.size(); ++k) {
    const Picture& picture = pictures.pictures[k];
    folder.write(name_of(k, "input"), picture.input);
    folder.write(name_of(k, "target"), picture.target);
    folder.write(name_of(k, "prediction"), picture.prediction);
    ids += picture.image + "\n";
  }
  folder.write(kKey, pictures.key);
  folder.write(kIds, ids);
  return folder.made();
}

std::vector<fs::path> write_predictions(const fs::path& run, const TaskPictures& pictures) {
  FolderOfPictures folder(run, pictures.task);
  for (const auto& old : drawn_transfers(run / kPicturesFolder / pictures.task)) fs::remove(old.file);
  for (std::size_t k = 0; k < pictures.pictures.size(); ++k) {
    folder.write(name_of(k, "scratch"), pictures.pictures[k].scratch);
    for (const auto& [sources, png] : pictures.pictures[k].transfers)
      folder.write(name_of(k, "from-" + sources), png);
  }
  folder.write(kKeyOfAll, pictures.key);
  return folder.made();
}

std::vector<TaskPictures> read_pictures(const fs::path& folder, const std::vector<std::string>& tasks) {
  std::vector<TaskPictures> all;
  for (const auto& task : tasks) {
    const auto read = [&](const std::string& file) { return bytes_of(folder / task / file); };
    const auto ids = base::split(read(kIds), '\n');
    TaskPictures pictures{task, {}};
    for (std::size_t k = 0; k < ids.size(); ++k) {
      if (ids[k].empty()) continue;  // behind the last line
      pictures.pictures.push_back({ids[k],
                                   read(name_of(k, "input")),
                                   read(name_of(k, "target")),
                                   read(name_of(k, "prediction")),
                                   read(name_of(k, "scratch")),
                                   {}});
    }
    if (pictures.pictures.empty()) continue;
    for (const auto& drawn : drawn_transfers(folder / task))
      if (drawn.picture < pictures.pictures.size())
        pictures.pictures[drawn.picture].transfers[drawn.sources] = base::read_file(drawn.file);
    pictures.key = read(kKeyOfAll);
    if (pictures.key.empty()) pictures.key = read(kKey);
    all.push_back(std::move(pictures));
  }
  return all;
}

}  // namespace taskonomy::report
