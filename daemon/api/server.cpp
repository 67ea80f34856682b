#include "api/session.hpp"

#include <cdtd/api/server.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace cdtd::api {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t max_connections = 64;
constexpr seconds give_way_after{1}; // an idle connection makes room for a new one from here on
constexpr seconds finish_within{5};  // what is still being written at the end
constexpr seconds pause_after_fault{1};

asio::awaitable<void> serve(std::shared_ptr<Shared> shared, Socket socket) {
    Session session(shared, std::move(socket));
    try {
        co_await session.run();
    } catch (const std::exception& error) {
        shared->log.error("a connection of the API failed", {{"error", error.what()}});
    }
}

class BeastServer : public Server {
  public:
    BeastServer(Listener listener, std::shared_ptr<Shared> shared)
        : listener_(std::move(listener)), address_(listener_.address()), shared_(std::move(shared)) {}
    ~BeastServer() override {
        shared_->stopping = true;
        shared_->makers.stop();
    }

    std::string address() const override { return address_; }
    asio::awaitable<void> run() override;
    void committed() override { shared_->waiters.committed(); }
    void stop() override;

  private:
    asio::awaitable<void> make_room();
    asio::awaitable<void> drain();

    Listener listener_;
    std::string address_;
    std::shared_ptr<Shared> shared_;
};

asio::awaitable<void> BeastServer::run() {
    while (!shared_->stopping) {
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        Socket socket = co_await listener_.acceptor().async_accept(token);
        if (shared_->stopping)
            break;
        if (error) { // no descriptors left, or the other side was gone already
            shared_->log.warn("the API could not take a connection", {{"error", error.message()}});
            co_await shared_->changed.wait(base::Duration(pause_after_fault));
            continue;
        }
        co_await make_room();
        if (shared_->stopping)
            break;
        auto session = serve(shared_, std::move(socket));
        asio::co_spawn(shared_->loop, std::move(session), asio::detached);
    }
    co_await drain();
}

// The one that has been idle longest goes; where all are at work the new one waits.
asio::awaitable<void> BeastServer::make_room() {
    while (!shared_->stopping && shared_->sessions.size() >= max_connections) {
        const auto limit = steady_clock::now() - give_way_after;
        Session* oldest = nullptr;
        for (auto* session : shared_->sessions)
            if (session->idle_since() && *session->idle_since() <= limit &&
                (oldest == nullptr || *session->idle_since() < *oldest->idle_since()))
                oldest = session;
        if (oldest != nullptr)
            oldest->close();
        co_await shared_->changed.wait(base::Duration(give_way_after));
    }
}

asio::awaitable<void> BeastServer::drain() {
    const auto end = steady_clock::now() + finish_within;
    while (!shared_->sessions.empty() && steady_clock::now() < end) {
        const auto left = std::chrono::duration_cast<base::Duration>(end - steady_clock::now());
        co_await shared_->changed.wait(std::max(left, base::Duration(1)));
    }
    for (auto* session : shared_->sessions)
        session->close();
    // What runs on the reader's thread must come back before its data goes.
    while (!shared_->sessions.empty())
        co_await shared_->changed.wait(std::nullopt);
}

void BeastServer::stop() {
    if (shared_->stopping)
        return;
    shared_->stopping = true;
    shared_->makers.stop();
    listener_.close();
    for (auto* session : shared_->sessions)
        if (session->reading())
            session->close();
    shared_->waiters.stop();
    shared_->changed.ring();
}

} // namespace

base::Result<std::unique_ptr<Server>> Server::listen(asio::any_io_executor loop, Settings settings,
                                                     store::Reader& reader, Control& control,
                                                     const base::Clock& clock, base::Log& log) {
    auto listener = Listener::open(loop, settings.listen);
    if (!listener)
        return std::unexpected(listener.error());
    if (!listener->is_private() && settings.token.empty())
        return base::fail(base::Errc::usage, fmt::format("api.listen: {} can be reached by others, so "
                                                         "api.token_file must be set",
                                                         settings.listen));
    Guard guard(settings, listener->host(), listener->port());
    auto shared = std::make_shared<Shared>(loop, settings, std::move(guard), reader, control, clock, log);
    return std::make_unique<BeastServer>(std::move(*listener), std::move(shared));
}

} // namespace cdtd::api
