// curl's sockets on the loop. A connection's socket is opened and closed by us and registered once for its
// whole life, the time in curl's idle pool too; "remove" only clears the interest (curl #9799, #16026). A
// descriptor that was never opened here is the resolver's: assigned, and released when curl takes it back.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <curl/curl.h>

#include <functional>
#include <memory>
#include <unordered_map>

namespace cdtd::http {

class Sockets {
  public:
    /// `ready` is called on the loop with the descriptor and CURL_CSELECT_IN or CURL_CSELECT_OUT.
    Sockets(boost::asio::any_io_executor executor, std::function<void(curl_socket_t, int)> ready);
    ~Sockets();
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;

    curl_socket_t open(int family, int type, int protocol); ///< CURL_SOCKET_BAD where that fails
    void close(curl_socket_t descriptor) noexcept;
    void want(curl_socket_t descriptor, int what); ///< CURL_POLL_…

  private:
    struct Watcher;
    using Wait = boost::asio::posix::stream_descriptor::wait_type;

    void arm(const std::shared_ptr<Watcher>& watcher);
    void wait(const std::shared_ptr<Watcher>& watcher, Wait kind);

    boost::asio::any_io_executor executor_;
    std::function<void(curl_socket_t, int)> ready_;
    std::unordered_map<curl_socket_t, std::shared_ptr<Watcher>> watchers_;
};

} // namespace cdtd::http
