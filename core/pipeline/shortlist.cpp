#include "core/pipeline/shortlist.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"

namespace taskonomy::pipeline {

Shortlist shortlist_of(const std::string& target, const std::vector<affinity::AffinityRow>& rows) {
  std::vector<const affinity::AffinityRow*> first_order;
  for (const auto& row : rows)
    if (row.sources.size() == 1 && row.sources.front() != target) first_order.push_back(&row);
  std::sort(first_order.begin(), first_order.end(), [](const auto* a, const auto* b) {
    return a->affinity != b->affinity ? a->affinity > b->affinity : a->sources < b->sources;
  });
  Shortlist shortlist;
  for (const auto* row : first_order) shortlist.ranked.push_back(row->sources.front());
  return shortlist;
}

void write_shortlist(const std::filesystem::path& path, const Shortlist& shortlist,
                     const std::string& made_from) {
  const auto content = base::Json::object().set("made_from", made_from).set("ranked", shortlist.ranked);
  base::write_file(path, content.dump(2) + "\n");
}

Shortlist read_shortlist(const std::filesystem::path& path) {
  return base::with_context(path.string(), [&] {
    return Shortlist{base::parse_json(base::read_file(path)).at("ranked").as<transfer::Sources>()};
  });
}

}  // namespace taskonomy::pipeline
