// manifest.json of a run: what it was made with, when and on which machine.
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::jobs {

namespace {

/// The prices of a manifest; empty where it has none. Throws Error naming the task of a cost that is none.
recipe::Prices prices_in(const base::JsonReader& manifest) {
  recipe::Prices prices;
  if (!manifest.is_object()) throw base::Error("expected a JSON object");
  for (const auto& source : manifest.get("untrained", std::vector<std::string>{}))
    prices.untrained.insert(source);
  prices.unit = manifest.get("cost_unit", std::string());
  if (!manifest.has("label_costs")) return prices;
  const auto entries = manifest.at("label_costs");
  if (!entries.is_object()) throw base::Error("label_costs: expected {task: cost}");
  for (const auto& [task, cost] : entries.members()) {
    if (!cost.is_number() || cost.number() < 0.0)
      throw base::Error("label_costs: " + task + ": expected a number >= 0, got " + cost.dump());
    prices.cost[task] = cost.number();
  }
  return prices;
}

std::vector<PluginRecord> plugins_in(const base::JsonReader& manifest) {
  std::vector<PluginRecord> plugins;
  if (!manifest.has("plugins")) return plugins;  // of an earlier version
  for (const auto& one : manifest.at("plugins").elements()) {
    auto& plugin = plugins.emplace_back();
    PluginRecord::visit(plugin, [&](const char* name, auto& member) {
      member = one.at(name).as<std::remove_reference_t<decltype(member)>>();
    });
  }
  return plugins;
}

}  // namespace

std::vector<std::string> plugin_sentences(const std::vector<PluginRecord>& plugins) {
  constexpr std::size_t kShown = 12;  // digits of a fingerprint that tell two builds apart
  std::vector<std::string> sentences;
  for (const auto& plugin : plugins)
    if (!plugin.own || !plugin.shadows.empty())
      sentences.push_back(
          plugin.kind + " \"" + plugin.id + "\" " + plugin.version + " (" + plugin.file + ", fingerprint " +
          plugin.fingerprint.substr(0, kShown) + ")" +
          (plugin.shadows.empty() ? "" : " runs in place of " + base::join(plugin.shadows, ", ")));
  return sentences;
}

void RunDirectory::write_manifest(const Manifest& manifest) const {
  const std::string now = base::utc_now();
  std::string created = now;
  if (std::filesystem::exists(manifest_file())) {
    try {
      created = base::parse_json(base::read_file(manifest_file())).get("created", now);
    } catch (const base::Error&) {  // a damaged manifest is written anew
    }
  }
  const base::Machine machine = base::this_machine();
  const auto content = base::Json::object()
                           .set("program", "taskonomy " + manifest.program_version)
                           .set("sdk", manifest.sdk_version)
                           .set("libtorch", manifest.libtorch_version)
                           .set("seed", manifest.seed)
                           .set("created", created)
                           .set("last_run", now)
                           .set("machine", base::Json::object()
                                               .set("cpu", machine.cpu)
                                               .set("cores", machine.cores)
                                               .set("memory_gib", machine.memory_gib))
                           .set("tasks", manifest.tasks)
                           .set("label_costs", manifest.prices.cost)
                           .set("untrained", std::vector<std::string>(manifest.prices.untrained.begin(),
                                                                      manifest.prices.untrained.end()))
                           .set("cost_unit", manifest.prices.unit)
                           .set("left_out", manifest.left_out)
                           .set("samples_left_out", manifest.samples_left_out)
                           .set("plugins", base::to_json(manifest.plugins));
  base::write_file(manifest_file(), content.dump(2) + "\n");
}

Manifest RunDirectory::read_manifest() const {
  const std::string text = base::read_file(manifest_file());
  return base::with_context(manifest_file().string(), [&] {
    const auto content = base::parse_json(text);
    Manifest manifest;
    const std::string program = content.at("program").text();
    manifest.program_version = program.substr(program.find(' ') + 1);
    manifest.sdk_version = content.at("sdk").text();
    manifest.libtorch_version = content.at("libtorch").text();
    manifest.seed = content.at("seed").count();
    manifest.tasks = content.at("tasks").as<std::vector<std::string>>();
    static_cast<void>(content.at("label_costs"));
    manifest.prices = prices_in(content);
    manifest.left_out = content.get("left_out", manifest.left_out);
    manifest.samples_left_out = content.get("samples_left_out", manifest.samples_left_out);
    manifest.plugins = plugins_in(content);
    manifest.created = content.get("created", manifest.created);
    manifest.last_run = content.get("last_run", manifest.last_run);
    if (content.has("machine")) {
      const auto machine = content.at("machine");
      manifest.machine = {machine.get("cpu", std::string()), machine.get("cores", std::size_t{1}),
                          machine.get("memory_gib", 0.0)};
    }
    return manifest;
  });
}

recipe::Prices RunDirectory::prices() const {
  if (!std::filesystem::exists(manifest_file())) return {};
  const std::string text = base::read_file(manifest_file());
  return base::with_context(manifest_file().string(), [&] { return prices_in(base::parse_json(text)); });
}

}  // namespace taskonomy::jobs
