// Installed documents stand alone: every link leads to a file and a heading that are there, and nothing needs the source tree.
#include <cctype>
#include <filesystem>
#include <regex>
#include <string>

#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "tests/install/workshop.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy::install_test;
using taskonomy::base::read_file;
using taskonomy::tests::has;
namespace fs = std::filesystem;

namespace {

fs::path documents() { return moved_prefix() / "share/doc/taskonomy"; }

/// What a heading is linked by: small letters, - for blanks, no other punctuation.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char letter : heading) {
    if (letter == ' ' || letter == '-') anchor += '-';
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_')
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return anchor;
}

bool has_heading(const std::string& text, const std::string& anchor) {
  for (const auto& line : taskonomy::base::split(text, '\n')) {
    const auto blank = line.find(' ');
    if (line.starts_with('#') && blank != std::string::npos && anchor_of(line.substr(blank + 1)) == anchor)
      return true;
  }
  return false;
}

/// What is wrong with the links of a document, a line each.
std::string dead_links(const fs::path& document) {
  static const std::regex link(R"(\]\(([^)\s]+)\))");
  const std::string text = read_file(document);
  std::string dead;
  for (std::sregex_iterator found(text.begin(), text.end(), link), end; found != end; ++found) {
    const std::string target = (*found)[1];
    if (target.starts_with("http")) continue;
    const auto hash = target.find('#');
    const std::string name = target.substr(0, hash);
    const fs::path file = name.empty() ? document : document.parent_path() / name;
    const bool there = fs::exists(file);
    if (!there || (hash != std::string::npos && !has_heading(read_file(file), target.substr(hash + 1))))
      dead += document.filename().string() + ": " + target + "\n";
  }
  return dead;
}

}  // namespace

TEST_CASE("links of installed documents lead somewhere, and nothing in them needs the source tree") {
  int seen = 0;
  for (const auto& entry : fs::directory_iterator(documents())) {
    if (entry.path().extension() != ".md") continue;
    ++seen;
    CHECK(dead_links(entry.path()) == "");
    const std::string text = read_file(entry.path());
    INFO(entry.path().string());
    for (const char* needs :
         {"./dev", "share/doc/", "build/release", "sdk/include", "`core/", "`tests/", "<!--", "CONTRIBUTING"})
      CHECK_FALSE(has(text, needs));
  }
  CHECK(seen > 15);
}

TEST_CASE("the installed reference has every header, and what it declares") {
  const std::string reference = read_file(documents() / "sdk.md");
  for (const auto& entry : fs::recursive_directory_iterator(moved_prefix() / "include/taskonomy/sdk")) {
    const std::string name = fs::relative(entry.path(), moved_prefix() / "include/taskonomy/sdk").string();
    if (!name.ends_with(".hpp") || name.starts_with("detail/")) continue;
    INFO(name);
    CHECK(has(reference, "\n## " + name + "\n"));
    CHECK(has(reference, "| [" + name + "](#"));
  }
  CHECK(has(reference, "virtual torch::Tensor loss(const torch::Tensor& prediction"));
  CHECK(has(reference, "nonfixated_pair,  ///< two cameras"));
  CHECK_FALSE(has(reference, "#include"));
}
