// A page is read as recipes are, so that errors name its lines; keys that the plugin does not know are refused as those of a
// recipe's table are.
#include "core/host/script_page.hpp"

#include <utility>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/recipe/document.hpp"

namespace taskonomy::host {

namespace fs = std::filesystem;

namespace {

constexpr const char* kEnding = ".task.toml";

/// "wall" of "folder/wall.task.toml".
std::string id_of(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.size() - std::char_traits<char>::length(kEnding));
}

std::string text_of(const recipe::Table& keys, const std::string& key, const std::string& fallback) {
  const auto found = keys.find(key);
  if (found == keys.end()) return fallback;
  const auto* text = std::get_if<std::string>(&found->second.value);
  if (text == nullptr || text->empty() || text->find('\n') != std::string::npos)
    throw base::Error(found->second.where + ": " + key + ": expected a text of one line");
  return *text;
}

/// The comment at the page's head, without its marks.
std::string head_of(const std::string& text) {
  std::string manual;
  for (const auto& line : base::split(text, '\n')) {
    if (!line.starts_with('#')) break;
    manual += line.substr(line.starts_with("# ") ? 2 : 1) + "\n";
  }
  return read_manual(manual);
}

fs::path script_plugin() {
  const fs::path file = sdk_library().parent_path() / "taskonomy/script/taskonomy_task_script.so";
  if (!fs::exists(file))
    throw base::Error(file.string() + ", which makes script tasks, is not there; install all of taskonomy");
  return file;
}

/// The built-in plugin under the name and with the keys of a page.
class ScriptLibrary : public Library {
 public:
  explicit ScriptLibrary(const fs::path& path)
      : page_(read_script_page(path)), id_(id_of(path)), plugin_(load_library(script_plugin())) {}
  [[nodiscard]] const sdk::PluginTable& table() const noexcept override { return plugin_->table(); }
  [[nodiscard]] std::string id() const override { return id_; }
  [[nodiscard]] const recipe::Table& keys() const noexcept override { return page_.keys; }

 private:
  ScriptPage page_;
  std::string id_;
  std::shared_ptr<const Library> plugin_;
};

}  // namespace

bool is_script_page(const fs::path& path) { return path.filename().string().ends_with(kEnding); }

ScriptPage read_script_page(const fs::path& path) {
  const std::string text = base::read_file(path), name = path.string(), id = id_of(path);
  recipe::Document document = recipe::parse_document(text, name);
  for (const auto& [section, content] : document)
    if (!section.empty())
      throw base::Error(content.where + ": [" + section + "]: a script task's page has no sections");
  ScriptPage page{std::move(document[""].entries), head_of(text)};
  if (!is_id(id))
    throw base::Error(name + ": \"" + id + "\" is no id: lower case letters, digits and _, a letter first");
  if (page.keys.count("title") == 0)
    throw base::Error(name + ":1: title is missing: title = \"Wall distance\"");
  if (const std::string given = text_of(page.keys, "id", id); given != id)
    throw base::Error(page.keys.at("id").where + ": id: \"" + given + "\", but the file is called " +
                      path.filename().string());
  for (const char* key : {"title", "summary", "version", "licence"}) (void)text_of(page.keys, key, "");
  const fs::path script = text_of(page.keys, "script", id + ".pt");
  page.keys.try_emplace("id", recipe::Value{id, name + ":1"});
  auto& file = page.keys.try_emplace("script", recipe::Value{"", name + ":1"}).first->second;
  file.value = (fs::absolute(path).parent_path() / script).lexically_normal().string();
  return page;
}

PluginFile inspect_script_page(const fs::path& path, const HostFacts& host) {
  const auto refused = [&](Refusal refusal) {
    refusal.kind = Kind::task;
    refusal.id = id_of(path);
    return PluginFile{std::move(refusal), {}, {}, {}};
  };
  try {
    ScriptPage page = read_script_page(path);
    const fs::path script = std::get<std::string>(page.keys.at("script").value);
    if (open_to_anybody(script))
      return refused(make_refusal(1008, path, "anybody may write " + script.string(),
                                  {{"found", "a TorchScript file that every user of this machine may write"},
                                   {"why", "it is a program that runs with your rights"},
                                   {"fix", "make it again, then chmod o-w " + script.string()}}));
    PluginFile file{std::nullopt, host.stamp, {}, std::move(page.manual)};
    auto& values = file.stamp.values;
    values["kind"] = "task";
    values["id"] = id_of(path);
    values["summary"] = text_of(page.keys, "summary", text_of(page.keys, "title", ""));
    values["version"] = text_of(page.keys, "version", "unspecified");
    values["licence"] = text_of(page.keys, "licence", "unspecified");
    return file;
  } catch (const base::Error& error) {
    return refused(make_refusal(1011, path, error.what(),
                                {{"found", error.what()},
                                 {"why", "the page says what the task is"},
                                 {"fix", "mend that line; share/doc/script_tasks.md has all keys"}}));
  }
}

std::shared_ptr<const Library> load_script_page(const fs::path& path) {
  return std::make_shared<const ScriptLibrary>(path);
}

std::vector<fs::path> files_of_script_page(const fs::path& path) {
  return {path, std::get<std::string>(read_script_page(path).keys.at("script").value), script_plugin()};
}

}  // namespace taskonomy::host
