// The listening socket: TCP or unix, behind one type. Loop thread only.
#pragma once

#include <cdtd/base/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace cdtd::api {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;
using Socket = boost::asio::generic::stream_protocol::socket;

class Listener {
  public:
    /// "host:port" ("127.0.0.1:0" takes any free port) or "unix:/path".
    static base::Result<Listener> open(const boost::asio::any_io_executor& loop, const std::string& listen);
    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&&) = delete;
    ~Listener();

    Acceptor& acceptor() { return acceptor_; }
    const std::string& host() const { return host_; } ///< an address; "" for a unix socket
    std::optional<std::uint16_t> port() const { return port_; }
    bool is_private() const { return private_; } ///< loopback or unix: only this machine gets in
    std::string address() const;                 ///< "http://127.0.0.1:8645", "unix:/path"
    void close();                                ///< and takes the socket's file away, where it is still ours

  private:
    explicit Listener(Acceptor acceptor) : acceptor_(std::move(acceptor)) {}
    static base::Result<Listener> open_unix(const boost::asio::any_io_executor& loop,
                                            const std::string& path);
    static base::Result<Listener> open_tcp(const boost::asio::any_io_executor& loop,
                                           const std::string& listen);

    Acceptor acceptor_;
    std::string host_;
    std::optional<std::uint16_t> port_;
    bool private_ = true;
    std::string path_; ///< of a unix socket
    ino_t inode_ = 0;
};

/// The address that a connection came in on, as a Host header would name it; "" for a unix socket.
std::string local_address(const Socket& socket);

} // namespace cdtd::api
