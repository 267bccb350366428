#include "core/recipe/cluster.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/recipe/document.hpp"

namespace taskonomy::recipe {

namespace {

/// One key of the section; `read` is false for what was not expected.
struct ClusterField {
  std::string key;
  std::string expected;
  std::function<bool(Cluster&, const Value&)> read;
};

ClusterField text_field(const char* key, const char* expected, std::string Cluster::*member) {
  return {key, expected, [=](Cluster& cluster, const Value& value) {
            const auto* text = std::get_if<std::string>(&value.value);
            if (text != nullptr) cluster.*member = *text;
            return text != nullptr;
          }};
}

ClusterField count_field(const char* key, std::int64_t low, std::int64_t high,
                         std::int64_t Cluster::*member) {
  return {key, "an integer from " + std::to_string(low) + " to " + std::to_string(high),
          [=](Cluster& cluster, const Value& value) {
            const auto* count = std::get_if<std::int64_t>(&value.value);
            if (count == nullptr || *count < low || *count > high) return false;
            cluster.*member = *count;
            return true;
          }};
}

/// A text or a list of texts.
ClusterField texts_field(const char* key, const char* expected, std::vector<std::string> Cluster::*member) {
  return {key, expected, [=](Cluster& cluster, const Value& value) {
            if (const auto* text = std::get_if<std::string>(&value.value)) {
              cluster.*member = text->empty() ? std::vector<std::string>{} : std::vector<std::string>{*text};
              return true;
            }
            if (const auto* numbers = std::get_if<std::vector<double>>(&value.value);
                numbers && numbers->empty()) {
              (cluster.*member).clear();
              return true;
            }
            const auto* texts = std::get_if<std::vector<std::string>>(&value.value);
            if (texts == nullptr) return false;
            cluster.*member = *texts;
            return true;
          }};
}

bool read_engine(Cluster& cluster, const Value& value) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr || (*text != "launch" && *text != "slurm")) return false;
  cluster.engine = *text;
  return true;
}

/// TOML's bare 30 is thirty minutes, too.
bool read_time(Cluster& cluster, const Value& value) {
  const auto* text = std::get_if<std::string>(&value.value);
  const auto* minutes = std::get_if<std::int64_t>(&value.value);
  cluster.time = text != nullptr ? *text : minutes != nullptr ? std::to_string(*minutes) : "?";
  return cluster.time.empty() || slurm_seconds(cluster.time) > 0.0;
}

bool read_settle(Cluster& cluster, const Value& value) {
  const auto* real = std::get_if<double>(&value.value);
  const auto* integer = std::get_if<std::int64_t>(&value.value);
  cluster.settle = real != nullptr ? *real : integer != nullptr ? static_cast<double>(*integer) : -1.0;
  return std::isfinite(cluster.settle) && cluster.settle >= 0.0;
}

const std::vector<ClusterField>& cluster_fields() {
  constexpr std::int64_t kMostPilots = 1000;  // tasks of one array of Slurm, as it is set up as a rule
  constexpr std::int64_t kHighestPort = 65535;
  static const std::vector<ClusterField> all{
      {"engine", "one of \"launch\", \"slurm\"", read_engine},
      texts_field("launch", R"(a command, or a list of them, as in "srun --ntasks=1" or ["ssh a", "ssh b"])",
                  &Cluster::launch),
      count_field("pilots", 1, kMostPilots, &Cluster::pilots),
      count_field("workers", 0, kMostWorkers, &Cluster::workers),
      {"time", R"(a time as Slurm writes it, as in "30" (minutes), "8:00:00" or "2-00:00:00")", read_time},
      text_field("program", "the path of the program on the other machines", &Cluster::program),
      {"settle", "a number of at least 0 (seconds)", read_settle},
      text_field("copies", "a folder on the disks of the pilots' machines, as in \"/scratch\" or \"$TMPDIR\"",
                 &Cluster::copies),
      text_field("partition", "the name of a partition", &Cluster::partition),
      text_field("account", "the name of an account", &Cluster::account),
      text_field("constraint", "features of nodes, as sbatch takes them", &Cluster::constraint),
      count_field("gpus", 0, 64, &Cluster::gpus),
      texts_field("extra", R"(options of sbatch, as in ["--mem=32G", "--qos=long"])", &Cluster::extra),
      text_field("address", "a host name or an address", &Cluster::address),
      count_field("port", 0, kHighestPort, &Cluster::port)};
  return all;
}

/// The numbers of "8:00:00"; nothing for anything else.
std::optional<std::vector<double>> numbers_of(const std::string& text) {
  std::vector<double> numbers;
  for (const auto& part : base::split(text, ':')) {
    int number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size() || number < 0) return std::nullopt;
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

double Cluster::seconds() const { return slurm_seconds(time); }

double slurm_seconds(const std::string& text) {
  constexpr double kMinute = 60.0, kHour = 3600.0, kDay = 24 * kHour;
  const auto dash = text.find('-');
  if (dash == std::string::npos) {
    const auto numbers = numbers_of(text);
    if (!numbers || numbers->size() > 3) return 0.0;
    const auto& n = *numbers;
    return n.size() == 1   ? n[0] * kMinute
           : n.size() == 2 ? n[0] * kMinute + n[1]
                           : n[0] * kHour + n[1] * kMinute + n[2];
  }
  const auto days = numbers_of(text.substr(0, dash)), rest = numbers_of(text.substr(dash + 1));
  if (!days || !rest || days->size() != 1 || rest->size() > 3) return 0.0;
  constexpr std::array kUnits{kHour, kMinute, 1.0};
  double seconds = days->front() * kDay;
  for (std::size_t i = 0; i < rest->size(); ++i) seconds += (*rest)[i] * kUnits[i];
  return seconds;
}

Cluster cluster_in(const Section& section) {
  Cluster cluster;
  std::vector<std::string> keys;
  for (const auto& field : cluster_fields()) keys.push_back(field.key);
  for (const auto& [key, value] : section.entries) {
    const auto at = std::find(keys.begin(), keys.end(), key);
    if (at == keys.end())
      throw base::Error(value.where + ": [cluster] " + key + ": unknown key" + base::did_you_mean(key, keys) +
                        " (known: " + base::join(keys, ", ") + ")");
    const auto& field = cluster_fields()[static_cast<std::size_t>(at - keys.begin())];
    if (!field.read(cluster, value))
      throw base::Error(value.where + ": [cluster] " + key + ": expected " + field.expected + ", got " +
                        toml_text(value));
  }
  if (cluster.engine == "launch" && cluster.launch.empty())
    throw base::Error(section.where +
                      ": [cluster] launch: missing; expected what brings a command to another " +
                      "machine, as in launch = \"srun --ntasks=1 --cpus-per-task=8\", or engine = \"slurm\"");
  return cluster;
}

Cluster read_cluster(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  const std::string name = base::name_of_input(file);
  Document document = parse_document(base::read_input(file), name);
  if (document.count("cluster") == 0)
    throw base::Error(name +
                      ": no section [cluster]; expected one, as in\n[cluster]\nlaunch = \"ssh host-a\"");
  // A whole recipe may stand here; anything else beside the section is a mistake.
  if (const bool recipe = document[""].entries.count("tasks") > 0; !recipe)
    for (const auto& [section, content] : document)
      if (section != "cluster" && !content.entries.empty())
        throw base::Error(content.entries.begin()->second.where + ": " + content.entries.begin()->first +
                          ": expected nothing but the section [cluster]");
  for (const auto& override : overrides) apply_override(document, "cluster." + override);
  return cluster_in(document["cluster"]);
}

}  // namespace taskonomy::recipe
