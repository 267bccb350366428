// JSON as others read it (against the library itself), and what errors say about JSON that is not as it
// should be.
#include "core/base/json.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using base::Json;
using base::parse_json;

namespace {

std::string refusal(const std::function<void()>& body) {
  try {
    body();
    return "";
  } catch (const base::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("what is written reads back as the same with another reader, members in the order they were set") {
  const Json json = Json::object()
                        .set("z", 1)
                        .set("a", Json::array().add(-2).add(0.1).add(8.0).add(true).add(nullptr))
                        .set("text", "\"quoted\"\n<\t\u00fc>")
                        .set("map", std::map<std::string, double>{{"y", 1e300}, {"x", 2.5}})
                        .set("list", std::vector<std::string>{"p", "q"})
                        .set("most", std::numeric_limits<std::uint64_t>::max())
                        .set("none", Json::object());
  const nlohmann::ordered_json expected{{"z", 1},
                                        {"a", {-2, 0.1, 8.0, true, nullptr}},
                                        {"text", "\"quoted\"\n<\t\u00fc>"},
                                        {"map", {{"x", 2.5}, {"y", 1e300}}},
                                        {"list", {"p", "q"}},
                                        {"most", std::numeric_limits<std::uint64_t>::max()},
                                        {"none", nlohmann::ordered_json::object()}};
  CHECK(json.dump() == expected.dump());
  CHECK(json.dump(2) == expected.dump(2));
  CHECK(parse_json(json.dump(1)).dump() == expected.dump());
}

TEST_CASE("a member that is set again keeps its place; a value that JSON cannot write is null") {
  CHECK(Json::object().set("a", 1).set("b", 2).set("a", 3).dump() == R"({"a":3,"b":2})");
  CHECK(Json(std::numeric_limits<double>::quiet_NaN()).dump() == "null");
  CHECK(Json(std::numeric_limits<double>::infinity()).dump() == "null");
  CHECK(Json().empty());
  CHECK(Json::object().empty());
  CHECK_FALSE(Json::array().add(1).empty());
}

TEST_CASE("bytes that are no UTF-8 are replaced, or refused where text must be read back unchanged") {
  const Json name = Json::array().add("a\xFFz");
  CHECK(name.dump() == "[\"a\xEF\xBF\xBDz\"]");
  CHECK(base::utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(refusal([&] { (void)name.dump_exactly(); }) ==
        "text that is not UTF-8 cannot be kept in JSON: [\"a\xEF\xBF\xBDz\"]");
}

TEST_CASE("errors of a reader name the place from the outermost value on") {
  const auto json =
      parse_json(R"({"jobs": [{"id": "a"}, {"id": 5}], "count": -1, "half": 0.5, "big": 4294967296})");
  CHECK(json.at("jobs").elements()[0].at("id").text() == "a");
  CHECK(refusal([&] { (void)json.at("jobs").elements()[1].at("id").text(); }) ==
        "jobs[1].id: expected text, got 5");
  CHECK(refusal([&] { (void)json.at("jobs").elements()[1].at("key"); }) == "no \"key\" in jobs[1]");
  CHECK(refusal([&] { (void)json.at("nothing"); }) == "no \"nothing\"");
  CHECK(refusal([&] { (void)json.at("count").count(); }) == "count: expected an integer >= 0, got -1");
  CHECK(refusal([&] { (void)json.at("half").integer(); }) == "half: expected an integer, got 0.5");
  CHECK(refusal([&] { (void)json.at("big").as<std::int32_t>(); }) ==
        "big: expected a smaller number, got 4294967296");
  CHECK(refusal([&] { (void)json.at("count").boolean(); }) == "count: expected true or false, got -1");
  CHECK(refusal([&] { (void)json.at("count").elements(); }) == "count: expected an array, got -1");
  CHECK(refusal([&] { (void)parse_json("[1]").at("a"); }) == "expected an object, got [1]");
}

TEST_CASE("what is asked for in one go: lists, maps, and a value that may be missing") {
  const auto json = parse_json(R"({"files": {"a": 1, "b": 2}, "rows": [[1, 2], []], "on": true})");
  CHECK(json.at("files").as<std::map<std::string, std::uint64_t>>() ==
        std::map<std::string, std::uint64_t>{{"a", 1}, {"b", 2}});
  CHECK(json.at("rows").as<std::vector<std::vector<double>>>() ==
        std::vector<std::vector<double>>{{1, 2}, {}});
  CHECK(json.get("on", false));
  CHECK(json.get<std::string>("off", "never") == "never");
  CHECK(refusal([&] { (void)json.get<std::string>("on", ""); }) == "on: expected text, got true");
  CHECK(refusal([&] { (void)json.at("rows").as<std::vector<std::vector<std::string>>>(); }) ==
        "rows[0][0]: expected text, got 1");
}

TEST_CASE("of members with the same name the last counts, at the place of the last") {
  CHECK(parse_json(R"({"b":1,"a":2,"b":3})").dump() == R"({"a":2,"b":3})");
  CHECK(parse_json(R"({"a":2,"b":1,"b":3})").dump() == R"({"a":2,"b":3})");
}

TEST_CASE("malformed JSON is refused with the byte where it ends to be JSON") {
  CHECK(refusal([] { (void)parse_json("{\"a\":}"); }) == "not JSON at byte 6");
  CHECK(refusal([] { (void)parse_json(""); }) == "not JSON at byte 1");
  CHECK(refusal([] { (void)parse_json("{} x"); }) == "not JSON at byte 4");
  CHECK(refusal([] { (void)parse_json("1e999"); }).rfind("not JSON at byte", 0) == 0);
}
