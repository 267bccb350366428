#include "core/cluster/call.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/cluster/shared_files.hpp"

namespace taskonomy::cluster {

namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// The addresses of a host; nothing when it has none.
Addresses addresses_of(const std::string& host, int port, int flags) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) found = nullptr;
  return {found, &::freeaddrinfo};
}

/// The numeric address and port of a socket.
CallAddress name_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::getsockname(descriptor, plain, &length) != 0 ||
      ::getnameinfo(plain, length, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) !=
          0)
    throw base::Error("cannot tell the address of a socket");
  return {host, std::stoi(port), ""};
}

/// Small lines go at once, and a machine that went down is noticed.
void tune(int descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/// Whether a connection that was begun comes about.
bool completes(int descriptor) {
  constexpr int kPatience = 5000;  // milliseconds
  pollfd writable{descriptor, POLLOUT, 0};
  int cause = 0;
  socklen_t length = sizeof cause;
  return ::poll(&writable, 1, kPatience) == 1 &&
         ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &cause, &length) == 0 && cause == 0;
}

}  // namespace

void write_call_address(const std::filesystem::path& file, const CallAddress& address) {
  const std::string text = base::Json::object()
                               .set("address", address.address)
                               .set("port", address.port)
                               .set("token", address.token)
                               .dump() +
                           "\n";
  const auto temporary = base::temporary_name(file);
  ::unlink(temporary.c_str());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written = descriptor >= 0 &&
                       ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(descriptor) == 0;
  const int cause = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!written || ::rename(temporary.c_str(), file.c_str()) != 0)
    throw base::Error(file.string() + ": cannot write: " + std::strerror(written ? errno : cause));
}

std::optional<CallAddress> read_call_address(const std::filesystem::path& file) {
  const auto text = read_shared(file);
  if (!text) return std::nullopt;
  try {
    const auto content = base::parse_json(*text);
    return CallAddress{content.at("address").text(), content.at("port").as<int>(),
                       content.at("token").text()};
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::unique_ptr<Link> call(const CallAddress& address) {
  const auto found = addresses_of(address.address, address.port, AI_NUMERICHOST);
  if (!found) return nullptr;
  const int descriptor = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return nullptr;
  const bool begun = ::connect(descriptor, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS;
  if (!begun || !completes(descriptor)) {
    ::close(descriptor);
    return nullptr;
  }
  tune(descriptor);
  return std::make_unique<Link>(descriptor, descriptor);
}

Listener::Listener(const std::string& address, int port) {
  char own[256] = "";
  if (address.empty()) ::gethostname(own, sizeof own - 1);
  const std::string host = address.empty() ? own : address;
  const auto found = addresses_of(host, port, 0);
  const std::string cure =
      "; name the address of this machine on the cluster with --cluster-set address=HOST";
  if (!found)
    throw base::Error("[cluster] address: \"" + host + "\" is no host that this machine knows" + cure);
  descriptor_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  if (descriptor_ >= 0) ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  constexpr int kWaiting = 512;  // connections
  if (descriptor_ < 0 || ::bind(descriptor_, found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(descriptor_, kWaiting) != 0) {
    const int cause = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    if (cause == EADDRINUSE)
      throw base::Error("[cluster] port: " + std::to_string(port) +
                        " is taken on this machine; take another one, or 0 for any that is free");
    throw base::Error("cannot listen at " + host + ": " + std::strerror(cause) + cure);
  }
  where_ = name_of(descriptor_);
}

Listener::~Listener() { ::close(descriptor_); }

std::vector<std::unique_ptr<Link>> Listener::accept() {
  std::vector<std::unique_ptr<Link>> links;
  for (;;) {
    const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0 && errno == EINTR) continue;
    if (descriptor < 0) return links;
    tune(descriptor);
    links.push_back(std::make_unique<Link>(descriptor, descriptor));
  }
}

}  // namespace taskonomy::cluster
