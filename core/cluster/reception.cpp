#include "core/cluster/reception.hpp"

namespace taskonomy::cluster {

namespace {

constexpr double kPatience = 30.0;              // seconds for a hello over the network
constexpr std::size_t kMostBannerLines = 1000;  // of what sites print at a login
constexpr std::size_t kMostWaiting = 2000;      // connections

/// Whether two texts agree, in a time that tells nothing of where they differ.
bool same_secret(const std::string& given, const std::string& secret) {
  unsigned different = given.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size() && !secret.empty(); ++i)
    different |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(secret[i % secret.size()]);
  return different == 0;
}

}  // namespace

std::vector<Reception::Newcomer> Reception::newcomers(Engine& engine) {
  for (auto& arrival : engine.arrivals())
    if (waiting_.size() < kMostWaiting) waiting_.push_back({std::move(arrival)});
  std::vector<Newcomer> newcomers;
  for (auto& waiting : waiting_) hear(waiting, newcomers);
  waiting_.remove_if([](const Waiting& waiting) {
    const auto& link = waiting.arrival.link;
    return !link || link->ended() || (!waiting.arrival.plain && seconds_since(waiting.came) > kPatience);
  });
  return newcomers;
}

/// Takes what a connection says up to its hello.
void Reception::hear(Waiting& waiting, std::vector<Newcomer>& newcomers) {
  auto& [link, token, plain] = waiting.arrival;
  for (auto lines = link->read(1); !lines.empty(); lines = link->read(1)) {
    const std::string& line = lines.front();
    const auto message = parse_from_agent(line);
    const Hello* hello = message ? std::get_if<Hello>(&*message) : nullptr;
    if (hello != nullptr && same_secret(hello->token, token)) {
      newcomers.push_back({std::move(link), *hello});
      return;
    }
    if (hello == nullptr && plain && ++waiting.lines <= kMostBannerLines) {
      log_.write("pilot", line.substr(0, 1000));
      continue;
    }
    log_.write("run", "closed a connection that is no agent's of this run");
    link->close("is no agent's");
    return;
  }
}

std::vector<const Link*> Reception::links() const {
  std::vector<const Link*> links;
  for (const auto& waiting : waiting_) links.push_back(waiting.arrival.link.get());
  return links;
}

}  // namespace taskonomy::cluster
