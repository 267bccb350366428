// Lines between host and agents: what is said is what is heard, and damaged lines are refused, 100,000 of them.
#include "core/cluster/messages.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "core/cluster/link.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using namespace taskonomy::cluster;

namespace {

Hello some_hello() { return {3, "secret", "1.0", "stamp", "node-a", 8, 1.5e9, {{"source/a", "key"}}}; }

Finished some_report() {
  Finished finished;
  finished.report = {"source/a", true, "", 2.5, {"sources/a"}, {{"images", 3.0}}};
  finished.key = "0123";
  finished.sums = {{"sources/a", "abcd"}};
  return finished;
}

Order some_order() {
  Order order;
  order.assignment = {"transfer/a/b+c", "0123", {"source/b", "source/c"}, "steps=3"};
  order.limit = 600.0;
  order.keys = {{"source/b", "77"}};
  return order;
}

int most(double share) { return static_cast<int>(share * tests::mutations(100000)); }

}  // namespace

TEST_CASE("messages come back as they were sent") {
  const auto hello = std::get<Hello>(parse_from_agent(to_line(FromAgent(some_hello()))).value());
  CHECK(hello.pilot == 3);
  CHECK(hello.token == "secret");
  CHECK(hello.workers == 8);
  CHECK(hello.at_work.at("source/a") == "key");
  const auto finished = std::get<Finished>(parse_from_agent(to_line(FromAgent(some_report()))).value());
  CHECK(finished.report.id == "source/a");
  CHECK(finished.report.ok);
  CHECK(finished.sums == some_report().sums);
  CHECK_FALSE(std::get<Heartbeat>(parse_from_agent(to_line(FromAgent(Heartbeat{}))).value()).left);
  CHECK(std::get<Heartbeat>(parse_from_agent(to_line(FromAgent(Heartbeat{60.0}))).value()).left == 60.0);
  const auto order = std::get<Order>(parse_from_host(to_line(FromHost(some_order()))).value());
  CHECK(order.assignment.inputs == some_order().assignment.inputs);
  CHECK(order.assignment.ingredients == "steps=3");
  CHECK(order.keys.at("source/b") == "77");
  CHECK(std::get<Welcome>(parse_from_host(to_line(FromHost(Welcome{"mark", 2.0}))).value()).mark == "mark");
}

TEST_CASE("damaged lines of agents are understood or not, and their sizes stay theirs") {
  for (const auto& line : {to_line(FromAgent(some_hello())), to_line(FromAgent(some_report()))})
    tests::survive(line, most(0.3), "refused", [](const std::string& text) -> std::string {
      const auto message = parse_from_agent(text);
      if (!message) throw std::runtime_error("refused: gave nothing");
      const auto* hello = std::get_if<Hello>(&*message);
      return hello != nullptr && (hello->workers == 0 || hello->workers > 4096) ? "workers without bounds"
                                                                                : "";
    });
}

TEST_CASE("damaged lines of hosts are understood or not") {
  tests::survive(to_line(FromHost(some_order())), most(0.4), "refused",
                 [](const std::string& text) -> std::string {
                   const auto message = parse_from_host(text);
                   if (!message) throw std::runtime_error("refused: gave nothing");
                   const auto* order = std::get_if<Order>(&*message);
                   return order != nullptr && order->assignment.id.empty() ? "an order without an id" : "";
                 });
}

TEST_CASE("a line of more than 4 MB ends a connection; a shorter one comes whole, in whatever pieces") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  Link one(ends[0], ends[0]), other(ends[1], ends[1]);
  const std::string line(3 << 20, 'x');
  one.send(line);
  std::vector<std::string> heard;
  for (int i = 0; i < 100000 && heard.empty(); ++i) {
    one.flush();
    heard = other.read();
  }
  REQUIRE(heard.size() == 1);
  CHECK(heard.front() == line);
  one.send(std::string(5 << 20, 'y'));
  for (int i = 0; i < 100000 && !other.ended(); ++i) {
    one.flush();
    heard = other.read();
  }
  CHECK(heard.empty());
  CHECK(other.end() == "said a line of more than 4 MB");
}
