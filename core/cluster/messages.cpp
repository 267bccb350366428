#include "core/cluster/messages.hpp"

#include <cmath>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/jobs/protocol.hpp"

namespace taskonomy::cluster {

namespace {

using base::Json;
using base::JsonReader;

template <class... Functions>
struct Cases : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Cases(Functions...) -> Cases<Functions...>;

std::string named(const char* kind, Json content) {
  return Json::object().set(kind, std::move(content)).dump();
}

/// A number of seconds; throws Error for what no duration is.
double seconds_in(const JsonReader& content) {
  const double seconds = content.number();
  if (!std::isfinite(seconds)) throw base::Error("expected a number of seconds");
  return seconds;
}

Hello hello_in(const JsonReader& content) {
  Hello hello;
  hello.pilot = content.at("pilot").as<std::size_t>();
  hello.token = content.at("token").text();
  hello.version = content.at("version").text();
  hello.stamp = content.at("stamp").text();
  hello.node = content.at("node").text();
  hello.workers = content.at("workers").as<std::size_t>();
  hello.clock = seconds_in(content.at("clock"));
  hello.at_work = content.at("at_work").as<std::map<std::string, std::string>>();
  constexpr std::size_t kMostWorkers = 4096;
  if (hello.workers == 0 || hello.workers > kMostWorkers) throw base::Error("expected 1 to 4096 workers");
  return hello;
}

Heartbeat heartbeat_in(const JsonReader& content) {
  Heartbeat heartbeat;
  if (content.has("left")) heartbeat.left = seconds_in(content.at("left"));
  return heartbeat;
}

Order order_in(const JsonReader& content) {
  Order order{jobs::assignment_in(content.at("job")), seconds_in(content.at("limit")),
              content.at("keys").as<std::map<std::string, std::string>>()};
  if (order.assignment.id.empty()) throw base::Error("an order without an id");
  return order;
}

}  // namespace

std::string to_line(const FromAgent& message) {
  return std::visit(Cases{[](const Hello& hello) {
                            return named("hello", Json::object()
                                                      .set("pilot", hello.pilot)
                                                      .set("token", hello.token)
                                                      .set("version", hello.version)
                                                      .set("stamp", hello.stamp)
                                                      .set("node", hello.node)
                                                      .set("workers", hello.workers)
                                                      .set("clock", hello.clock)
                                                      .set("at_work", hello.at_work));
                          },
                          [](const Ready&) { return named("ready", true); },
                          [](const Heartbeat& heartbeat) {
                            Json content = Json::object();
                            if (heartbeat.left) content.set("left", *heartbeat.left);
                            return named("heartbeat", std::move(content));
                          },
                          [](const jobs::JobStep& step) { return named("step", jobs::to_json(step)); },
                          [](const Finished& finished) {
                            return named("finished", Json::object()
                                                         .set("report", jobs::to_json(finished.report))
                                                         .set("key", finished.key)
                                                         .set("sums", finished.sums));
                          },
                          [](const Parting& parting) {
                            return named(
                                "parting",
                                Json::object().set("reason", parting.reason).set("broken", parting.broken));
                          }},
                    message);
}

std::string to_line(const FromHost& message) {
  return std::visit(
      Cases{[](const Welcome& welcome) {
              return named("welcome", Json::object().set("mark", welcome.mark).set("settle", welcome.settle));
            },
            [](const Order& order) {
              return named("order", Json::object()
                                        .set("job", jobs::to_json(order.assignment))
                                        .set("limit", order.limit)
                                        .set("keys", order.keys));
            },
            [](const NewLimit& limit) {
              return named("limit", Json::object().set("id", limit.id).set("seconds", limit.seconds));
            },
            [](const Heard&) { return named("heard", true); },
            [](const Stop&) { return named("stop", true); }},
      message);
}

std::optional<FromAgent> parse_from_agent(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    if (content.has("step")) return jobs::step_in(content.at("step"));
    if (content.has("heartbeat")) return heartbeat_in(content.at("heartbeat"));
    if (content.has("finished")) {
      const auto finished = content.at("finished");
      return Finished{jobs::report_in(finished.at("report")), finished.at("key").text(),
                      finished.at("sums").as<std::map<std::string, std::string>>()};
    }
    if (content.has("hello")) return hello_in(content.at("hello"));
    if (content.has("ready")) return Ready{};
    if (content.has("parting"))
      return Parting{content.at("parting").at("reason").text(), content.at("parting").at("broken").boolean()};
  } catch (const base::Error&) {
  }
  return std::nullopt;
}

std::optional<FromHost> parse_from_host(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    if (content.has("order")) return order_in(content.at("order"));
    if (content.has("heard")) return Heard{};
    if (content.has("limit"))
      return NewLimit{content.at("limit").at("id").text(), seconds_in(content.at("limit").at("seconds"))};
    if (content.has("welcome"))
      return Welcome{content.at("welcome").at("mark").text(), seconds_in(content.at("welcome").at("settle"))};
    if (content.has("stop")) return Stop{};
  } catch (const base::Error&) {
  }
  return std::nullopt;
}

}  // namespace taskonomy::cluster
