// Names of the kinds of views.
#include <set>
#include <string>

#include <taskonomy/sdk/sample.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

TEST_CASE("every kind of views has a name of its own that leads back to it") {
  std::set<std::string> words;
  for (const sdk::ViewKind kind : sdk::kViewKinds) {
    const std::string word = sdk::word_of(kind);
    words.insert(word);
    CHECK(sdk::view_kind_of(word) == kind);
  }
  CHECK(words.size() == sdk::kViewKinds.size());
  CHECK(sdk::word_of(sdk::ViewKind::fixated_pair) ==
        "fixated_pair");  // stands in file names and keys of runs
}

TEST_CASE("no other word is a kind of views") {
  for (const char* word : {"", "pair", "Single", "fixated pair", "single "})
    CHECK_FALSE(sdk::view_kind_of(word));
}
