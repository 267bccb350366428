// Records: which jobs of a run folder are done.
#include <cmath>
#include <cstdio>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::jobs {

namespace fs = std::filesystem;

std::string safe_name(const std::string& id) {
  constexpr std::size_t kLongest =
      180;  // file systems take 255 bytes; suffixes and temporary names come on top
  std::string name;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || c == '+';
    if (plain) {
      name += c;
    } else if (c == '/') {
      name += '.';
    } else {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
      name += code;
    }
  }
  if (name.size() > kLongest) name = name.substr(0, kLongest - 33) + "~" + base::fingerprint(id);
  return name;
}

fs::path RunDirectory::record_file(const std::string& id) const {
  return root_ / "jobs" / (safe_name(id) + ".json");
}

std::optional<JobRecord> RunDirectory::record(const std::string& id) const {
  std::error_code error;
  if (!fs::is_regular_file(record_file(id), error)) return std::nullopt;
  try {
    const auto content = base::parse_json(base::read_file(record_file(id)));
    JobRecord record;
    record.id = content.at("id").text();
    record.key = content.at("key").text();
    record.seconds = content.at("seconds").number();
    record.files = content.at("files").as<std::map<std::string, std::uint64_t>>();
    record.figures = content.at("figures").as<std::map<std::string, double>>();
    record.ingredients = content.get("ingredients", std::string());  // version 1.0 wrote none
    if (record.id != id) return std::nullopt;
    return record;
  } catch (const base::Error&) {
    return std::nullopt;  // damaged: the job is made again
  }
}

bool RunDirectory::intact(const JobRecord& record) const {
  for (const auto& [file, bytes] : record.files) {
    std::error_code error;
    const auto size = fs::file_size(root_ / file, error);
    if (error || size != bytes) return false;
  }
  return true;
}

bool RunDirectory::done(const std::string& id, const std::string& key) const {
  const auto found = record(id);
  return found && found->key == key && intact(*found);
}

void RunDirectory::write_record(const JobReport& report, const std::string& key,
                                const std::string& ingredients) const {
  base::Json files = base::Json::object(), figures = base::Json::object();
  for (const std::string& file : report.files) {
    const fs::path path = fs::path(file).lexically_normal();
    if (path.is_absolute() || path.empty() || *path.begin() == "..")
      throw base::Error("job \"" + report.id + "\": its file " + file + " lies outside the run folder");
    std::error_code error;
    const auto size = fs::file_size(root_ / path, error);
    if (error) throw base::Error("job \"" + report.id + "\": its file " + file + ": " + error.message());
    files.set(path.string(), size);
  }
  for (const auto& [name, value] : report.figures)
    if (std::isfinite(value)) figures.set(name, value);
  const base::Json content = base::Json::object()
                                 .set("id", report.id)
                                 .set("key", key)
                                 .set("seconds", report.seconds)
                                 .set("files", std::move(files))
                                 .set("figures", std::move(figures))
                                 .set("ingredients", ingredients);
  base::write_file(record_file(report.id), content.dump(1) + "\n");
}

void RunDirectory::remove_record(const std::string& id) const {
  std::error_code error;
  fs::remove(record_file(id), error);
  if (error) throw base::Error(record_file(id).string() + ": cannot remove: " + error.message());
}

}  // namespace taskonomy::jobs
