// taskonomy tasks new, taskonomy datasets new: make a project that builds and works, for its author to
// change. A template (share/templates) is a plugin that works; it is called my_task or my_dataset, and a new
// plugin is a copy of it under another name.
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <set>
#include <string_view>
#include <utility>

#include "apps/learning/actions.hpp"
#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/host/stamp.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// The forms in which a plugin's name stands in its files.
struct PluginName {
  std::string id;          ///< "room_height"; also in the names of its files
  std::string title;       ///< "Room height"
  std::string class_name;  ///< "RoomHeight"
};

/// Words of C++20 that could be an id (the standard's tables "keywords" and "alternative representations").
const std::set<std::string>& words_of_cpp() {
  static const std::set<std::string> words{
      "alignas",     "alignof",  "and",        "and_eq",    "asm",       "auto",         "bitand",
      "bitor",       "bool",     "break",      "case",      "catch",     "char",         "char16_t",
      "char32_t",    "char8_t",  "class",      "co_await",  "co_return", "co_yield",     "compl",
      "concept",     "const",    "const_cast", "consteval", "constexpr", "constinit",    "continue",
      "decltype",    "default",  "delete",     "do",        "double",    "dynamic_cast", "else",
      "enum",        "explicit", "export",     "extern",    "false",     "float",        "for",
      "friend",      "goto",     "if",         "inline",    "int",       "long",         "mutable",
      "namespace",   "new",      "noexcept",   "not",       "not_eq",    "nullptr",      "operator",
      "or",          "or_eq",    "private",    "protected", "public",    "register",     "reinterpret_cast",
      "requires",    "return",   "short",      "signed",    "sizeof",    "static",       "static_assert",
      "static_cast", "struct",   "switch",     "template",  "this",      "thread_local", "throw",
      "true",        "try",      "typedef",    "typeid",    "typename",  "union",        "unsigned",
      "using",       "virtual",  "void",       "volatile",  "wchar_t",   "while",        "xor",
      "xor_eq"};
  return words;
}

bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
char lower(char letter) { return is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter; }
char upper(char letter) { return is_lower(letter) ? static_cast<char>(letter - 'a' + 'A') : letter; }

/// The id that was probably meant: "RoomHeight" -> "room_height", "3d-edges" -> "my_3d_edges".
std::string id_like(const std::string& text) {
  std::string id;
  for (const char letter : text) {
    if (is_upper(letter) && !id.empty() && id.back() != '_') id += '_';
    const char small = lower(letter);
    if (is_lower(small) || is_digit(small)) {
      id += small;
    } else if (!id.empty() && id.back() != '_') {
      id += '_';
    }
  }
  while (!id.empty() && id.back() == '_') id.pop_back();
  return host::is_id(id) ? id : "my_" + (id.empty() ? "task" : id);
}

/// A folder that is made here and removed again unless it is kept.
class NewFolder {
 public:
  explicit NewFolder(fs::path path) : path_(std::move(path)) {
    const fs::path parent = fs::absolute(path_).parent_path();
    std::error_code failed;
    const std::string elsewhere = "; choose another place, --dir DIR, or another name";
    if (!fs::exists(parent, failed))
      throw base::Error(parent.string() + " is not there; make it first: mkdir -p '" + parent.string() + "'");
    if (!fs::is_directory(parent, failed)) throw base::Error(parent.string() + " is no folder" + elsewhere);
    if (fs::exists(fs::symlink_status(path_, failed)))
      throw base::Error(path_.string() + " exists already" + elsewhere);
    fs::create_directory(path_, failed);
    if (failed)
      throw base::Error(path_.string() + ": cannot make the folder: " + failed.message() + elsewhere);
  }
  ~NewFolder() {
    std::error_code ignored;
    if (!kept_) fs::remove_all(path_, ignored);
  }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool kept_ = false;
};

/// Makes all three from the id.
PluginName plugin_name(const std::string& id) {
  PluginName name{id, "", ""};
  bool starts_word = true;
  for (const char letter : id) {
    name.title += letter == '_' ? ' ' : letter;
    if (letter != '_') name.class_name += starts_word ? upper(letter) : letter;
    starts_word = letter == '_';
  }
  name.title = base::trim(name.title);
  name.title.front() = upper(name.title.front());
  return name;
}

/// Why `id` can name no plugin, and what would do instead; "" where it can.
std::string problem_of_name(const std::string& id) {
  if (!host::is_id(id))
    return "\"" + id + "\" is no id: lower case letters, digits and _, a letter first; \"" + id_like(id) +
           "\" would do";
  if (words_of_cpp().count(id) > 0)
    return "\"" + id + "\" is a word of C++ itself; \"my_" + id + "\" would do";
  return "";
}

/// `text` with each form of the name `from` replaced by that of `to`, but not within a word: "taskonomy_task" holds
/// "my_task".
std::string renamed(const std::string& text, const PluginName& from, const PluginName& to) {
  const std::array<std::pair<std::string_view, std::string_view>, 3> forms{
      {{from.id, to.id}, {from.title, to.title}, {from.class_name, to.class_name}}};
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool in_a_word = at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;
    const auto form = std::find_if(forms.begin(), forms.end(), [&](const auto& candidate) {
      return !in_a_word && text.compare(at, candidate.first.size(), candidate.first) == 0;
    });
    if (form == forms.end()) {
      result += text[at++];
    } else {
      result += form->second;
      at += form->first.size();
    }
  }
  return result;
}

/// A file, or the files of a folder.
std::vector<fs::path> files_at(const fs::path& place) {
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(place)) files.push_back(file.path());
  return files;
}

/// Makes `folder` and copies `templates`, files and folders of files, into it under the name `to`. Returns the
/// names of its files, sorted. Throws Error naming folder, reason and cure where it exists or cannot be made;
/// then nothing is left of it.
std::vector<std::string> make_project(const std::vector<fs::path>& templates, const PluginName& from,
                                      const PluginName& to, const fs::path& folder) {
  NewFolder made(folder);
  std::vector<std::string> names;
  for (const auto& source : templates) {
    for (const auto& file : files_at(source)) {
      const std::string name = renamed(file.filename().string(), from, to);
      base::write_file(folder / name, renamed(base::read_file(file), from, to));
      names.push_back(name);
    }
  }
  made.keep();
  std::sort(names.begin(), names.end());
  return names;
}

/// Throws where a plugin of that id would hide another one, or be hidden by it.
void require_free(host::Kind kind, const std::string& id, const Values& values) {
  const host::PluginRegistry registry(host::search_options(values.list("plugin-dir")));
  const auto taken = [&](const fs::path& file) {
    throw base::Error(host::name_of(kind) + " \"" + id + "\" exists already: " + file.string() +
                      "; a run finds only one plugin of an id, so choose another name");
  };
  for (const auto& entry : registry.entries(kind)) {
    if (entry.id == id) taken(entry.path);
  }
  for (const auto& refusal : registry.refused()) {
    if (refusal.kind == kind && refusal.id == id) taken(refusal.path);
  }
}

/// The commands in a README: the lines that begin with four blanks.
std::vector<std::string> commands_of(const std::string& readme) {
  std::vector<std::string> commands;
  for (const auto& line : base::split(readme, '\n')) {
    if (line.rfind("    ", 0) == 0) commands.push_back(base::trim(line));
  }
  return commands;
}

/// `places`: folders and files of share/taskonomy, which become the project's.
base::ExitCode make(host::Kind kind, const std::vector<std::string>& places, const Values& values) {
  const std::string id = values.text("NAME");
  const std::string problem = problem_of_name(id);
  if (!problem.empty()) throw base::Error(host::name_of(kind) + "s new: " + problem);
  require_free(kind, id, values);
  std::vector<fs::path> sources;
  for (const auto& name : places) sources.push_back(shared(name));
  const fs::path folder = fs::path(values.text("dir")).lexically_normal() / id;
  const auto files = make_project(sources, plugin_name("my_" + host::name_of(kind)), plugin_name(id), folder);
  std::cout << "made " << folder.string() << ": " << base::join(files, ", ") << "\nnext:\n  cd "
            << folder.string() << "\n";
  for (const auto& command : commands_of(base::read_file(folder / "README.md")))
    std::cout << "  " << command << "\n";
  return base::ExitCode::done;
}

}  // namespace

base::ExitCode make_task(const Values& values) {
  const std::string chosen = values.required_choice("template");
  // A script task has no build: its project is a template by itself, and brings what makes its file.
  const std::string beside = chosen == "script" ? "python/make_task.py" : "templates/task";
  return make(host::Kind::task, {beside, "templates/" + chosen}, values);
}

base::ExitCode make_dataset(const Values& values) {
  return make(host::Kind::dataset, {"templates/dataset"}, values);
}

}  // namespace taskonomy::cli
