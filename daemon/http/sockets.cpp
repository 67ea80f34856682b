#include "http/sockets.hpp"

#include <exception>
#include <sys/socket.h>
#include <unistd.h>

namespace cdtd::http {

namespace asio = boost::asio;

struct Sockets::Watcher {
    Watcher(const asio::any_io_executor& executor, curl_socket_t socket, bool from_curl)
        : descriptor(executor, socket), fd(socket), foreign(from_curl) {}

    asio::posix::stream_descriptor descriptor;
    curl_socket_t fd;
    bool foreign; ///< curl's own: it closes it
    bool closed = false;
    bool wants[2] = {false, false}; ///< to read, to write
    bool waits[2] = {false, false}; ///< one wait of each kind at most
};

Sockets::Sockets(asio::any_io_executor executor, std::function<void(curl_socket_t, int)> ready)
    : executor_(std::move(executor)), ready_(std::move(ready)) {}

Sockets::~Sockets() {
    for (auto& [fd, watcher] : watchers_) {
        watcher->closed = true; // its handlers are still to come and must not touch us
        if (watcher->foreign)
            watcher->descriptor.release();
    }
}

curl_socket_t Sockets::open(int family, int type, int protocol) {
    const int fd = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    try {
        watchers_[fd] = std::make_shared<Watcher>(executor_, fd, false);
    } catch (...) {
        watchers_.erase(fd);
        ::close(fd);
        throw;
    }
    return fd;
}

void Sockets::close(curl_socket_t descriptor) noexcept {
    const auto found = watchers_.find(descriptor);
    if (found == watchers_.end()) {
        ::close(descriptor);
        return;
    }
    found->second->closed = true;
    boost::system::error_code ignored;
    found->second->descriptor.close(ignored); // leaves epoll, cancels, closes: in that order
    watchers_.erase(found);
}

void Sockets::want(curl_socket_t descriptor, int what) {
    auto found = watchers_.find(descriptor);
    if (what == CURL_POLL_REMOVE) {
        if (found == watchers_.end())
            return;
        const auto watcher = found->second;
        watcher->wants[0] = watcher->wants[1] = false;
        if (watcher->foreign) {
            watcher->closed = true;
            watcher->descriptor.release();
            watchers_.erase(found);
        }
        return;
    }
    if (found == watchers_.end())
        found = watchers_.emplace(descriptor, std::make_shared<Watcher>(executor_, descriptor, true)).first;
    found->second->wants[0] = (what & CURL_POLL_IN) != 0;
    found->second->wants[1] = (what & CURL_POLL_OUT) != 0;
    arm(found->second);
}

void Sockets::arm(const std::shared_ptr<Watcher>& watcher) {
    if (watcher->wants[0])
        wait(watcher, Wait::wait_read);
    if (watcher->wants[1])
        wait(watcher, Wait::wait_write);
}

void Sockets::wait(const std::shared_ptr<Watcher>& watcher, Wait kind) {
    const std::size_t which = kind == Wait::wait_read ? 0 : 1;
    if (watcher->waits[which])
        return;
    watcher->waits[which] = true;
    watcher->descriptor.async_wait(kind, [this, watcher, which](const boost::system::error_code& error) {
        watcher->waits[which] = false;
        if (error || watcher->closed)
            return;
        if (watcher->wants[which])
            ready_(watcher->fd, which == 0 ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
        if (!watcher->closed)
            arm(watcher);
    });
}

} // namespace cdtd::http
