#include "api/listener.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace cdtd::api {
namespace {

namespace asio = boost::asio;
using asio::generic::stream_protocol;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int backlog = 128;

base::Error cannot_listen(const std::string& where, const error_code& error) {
    if (error == asio::error::address_in_use)
        return {base::Errc::io,
                fmt::format("can't listen on {}: something else does already (another cdtd?); "
                            "stop it, or set another api.listen",
                            where)};
    if (error == asio::error::access_denied)
        return {base::Errc::io, fmt::format("can't listen on {}: permission denied", where)};
    return {base::Errc::io, fmt::format("can't listen on {}: {}", where, error.message())};
}

std::optional<tcp::endpoint> tcp_endpoint(const stream_protocol::endpoint& generic) {
    tcp::endpoint endpoint;
    const int family = generic.data()->sa_family;
    if ((family != AF_INET && family != AF_INET6) || generic.size() > endpoint.capacity())
        return std::nullopt;
    std::memcpy(endpoint.data(), generic.data(), generic.size());
    endpoint.resize(generic.size());
    return endpoint;
}

std::string text_of(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

// A socket file outlives a daemon that was killed: nobody answers on it then, and it may go. Anything else
// that stands there is not ours to remove.
base::Result<void> clear_stale(const std::string& path) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0)
        return errno == ENOENT ? base::Result<void>{}
                               : base::fail(base::Errc::io, fmt::format("can't listen on unix:{}: {}", path,
                                                                        std::strerror(errno)));
    if (!S_ISSOCK(found.st_mode))
        return base::fail(
            base::Errc::io,
            fmt::format("can't listen on unix:{}: a file stands there that is no socket", path));
    asio::io_context context;
    asio::local::stream_protocol::socket probe(context);
    error_code error;
    probe.connect(asio::local::stream_protocol::endpoint(path), error);
    if (!error || error != asio::error::connection_refused)
        return std::unexpected(
            cannot_listen("unix:" + path, error ? error : error_code(asio::error::address_in_use)));
    if (::unlink(path.c_str()) != 0)
        return base::fail(base::Errc::io,
                          fmt::format("can't remove the stale socket {}: {}", path, std::strerror(errno)));
    return {};
}

std::optional<std::pair<std::string, std::string>> split_host_port(const std::string& listen) {
    const auto colon = listen.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return std::nullopt;
    auto host = listen.substr(0, colon);
    auto port = listen.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
        return std::nullopt;
    std::uint16_t number = 0;
    const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (host.empty() || error != std::errc{} || stop != port.data() + port.size())
        return std::nullopt;
    return std::pair{std::move(host), std::move(port)};
}

error_code open_at(Acceptor& acceptor, const tcp::endpoint& endpoint) {
    error_code error;
    acceptor.open(stream_protocol(endpoint.protocol()), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        acceptor.bind(stream_protocol::endpoint(endpoint), error);
    if (!error)
        acceptor.listen(backlog, error);
    if (error) {
        error_code ignored;
        acceptor.close(ignored);
    }
    return error;
}

} // namespace

base::Result<Listener> Listener::open(const asio::any_io_executor& loop, const std::string& listen) {
    constexpr std::string_view prefix = "unix:";
    if (listen.starts_with(prefix))
        return open_unix(loop, listen.substr(prefix.size()));
    return open_tcp(loop, listen);
}

base::Result<Listener> Listener::open_unix(const asio::any_io_executor& loop, const std::string& path) {
    if (!path.starts_with('/') || path.size() >= sizeof(sockaddr_un::sun_path))
        return base::fail(base::Errc::usage,
                          fmt::format("api.listen: \"{}\" must be an absolute path of less than {} bytes",
                                      path, sizeof(sockaddr_un::sun_path)));
    if (auto cleared = clear_stale(path); !cleared)
        return std::unexpected(cleared.error());
    Listener listener{Acceptor(loop)};
    auto& acceptor = listener.acceptor_;
    const asio::local::stream_protocol::endpoint endpoint(path);
    error_code error;
    acceptor.open(stream_protocol(endpoint.protocol()), error);
    if (!error)
        acceptor.bind(stream_protocol::endpoint(endpoint), error);
    if (error)
        return std::unexpected(cannot_listen("unix:" + path, error));
    listener.path_ = path;
    struct stat made{};
    if (::lstat(path.c_str(), &made) == 0)
        listener.inode_ = made.st_ino;
    // Nobody can connect before listen(), so the mode is in force before the first one comes.
    if (::chmod(path.c_str(), 0660) != 0)
        return base::fail(base::Errc::io,
                          fmt::format("can't set the mode of {}: {}", path, std::strerror(errno)));
    acceptor.listen(backlog, error);
    if (error)
        return std::unexpected(cannot_listen("unix:" + path, error));
    return listener;
}

base::Result<Listener> Listener::open_tcp(const asio::any_io_executor& loop, const std::string& listen) {
    const auto parts = split_host_port(listen);
    if (!parts)
        return base::fail(
            base::Errc::usage,
            fmt::format("api.listen: \"{}\" must be host:port, [address]:port or unix:/path", listen));
    error_code error;
    tcp::resolver resolver(loop);
    // Once, at the start; an address is read without asking anybody.
    const auto found = resolver.resolve(parts->first, parts->second,
                                        tcp::resolver::passive | tcp::resolver::numeric_service, error);
    if (error)
        return std::unexpected(cannot_listen(listen, error));
    Listener listener{Acceptor(loop)};
    for (const auto& entry : found) {
        error = open_at(listener.acceptor_, entry.endpoint());
        if (!error)
            break;
    }
    if (error)
        return std::unexpected(cannot_listen(listen, error));
    const auto bound = tcp_endpoint(listener.acceptor_.local_endpoint());
    if (!bound)
        return base::fail(base::Errc::io, fmt::format("can't listen on {}: no such kind of address", listen));
    listener.host_ = text_of(bound->address());
    listener.port_ = bound->port();
    listener.private_ = bound->address().is_loopback();
    return listener;
}

Listener::Listener(Listener&& other) noexcept
    : acceptor_(std::move(other.acceptor_)), host_(std::move(other.host_)), port_(other.port_),
      private_(other.private_), path_(std::move(other.path_)), inode_(std::exchange(other.inode_, 0)) {}

Listener::~Listener() {
    close();
}

std::string Listener::address() const {
    if (!port_)
        return "unix:" + path_;
    const bool v6 = host_.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}", v6 ? "[" : "", host_, v6 ? "]" : "", *port_);
}

void Listener::close() {
    error_code ignored;
    acceptor_.close(ignored);
    struct stat found{};
    if (inode_ != 0 && ::lstat(path_.c_str(), &found) == 0 && found.st_ino == inode_)
        ::unlink(path_.c_str());
    inode_ = 0;
}

std::string local_address(const Socket& socket) {
    error_code error;
    const auto generic = socket.local_endpoint(error);
    const auto endpoint = error ? std::nullopt : tcp_endpoint(generic);
    return endpoint ? text_of(endpoint->address()) : "";
}

} // namespace cdtd::api
