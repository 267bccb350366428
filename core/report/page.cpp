#include "core/report/page.hpp"

#include <map>
#include <stdexcept>

#include "core/base/files.hpp"
#include "core/report/page_assets.hpp"
#include "core/report/page_json.hpp"
#include "core/report/svg.hpp"

namespace taskonomy::report {

namespace {

std::string_view asset(std::string_view name) {
  for (const auto& candidate : page_assets())
    if (candidate.name == name) return candidate.text;
  throw std::logic_error("no file " + std::string(name) + " was embedded");
}

std::string scripts() {
  std::string all;
  for (const auto& [name, text] : page_assets())
    if (name.ends_with(".js")) all.append("<script>\n").append(text).append("</script>\n");
  return all;
}

/// page.html with its places {{name}} filled. What is filled in is not looked at again.
std::string filled(std::string_view text, const std::map<std::string, std::string, std::less<>>& places) {
  std::string result;
  for (std::size_t open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    const std::size_t shut = text.find("}}", open);
    result += text.substr(0, open);
    result += places.at(std::string(text.substr(open + 2, shut - open - 2)));
    text.remove_prefix(shut + 2);
  }
  return result.append(text);
}

}  // namespace

std::string page(const PageContent& content) {
  const Optima optima = solve_all(content.table, content.cost, content.importance);
  return filled(asset("page.html"), {{"title", xml_escaped(content.title)},
                                     {"style", std::string(asset("page.css"))},
                                     {"data", page_json(content, optima)},
                                     {"licences", xml_escaped(asset("vendor/LICENSES.txt"))},
                                     {"scripts", scripts()}});
}

void write_page(const std::filesystem::path& path, const PageContent& content) {
  base::write_file(path, page(content));
}

}  // namespace taskonomy::report
