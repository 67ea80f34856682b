// A blocking HTTP client that sends exactly the bytes it is given, and a server of ours to send them to.
#pragma once

#include "unit/api/sample.hpp"

#include <cdtd/api/server.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <future>
#include <stdexcept>
#include <thread>

namespace sample {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using Response = http::response<http::string_body>;

inline std::string header(const Response& response, std::string_view name) {
    const auto value = response[boost::beast::string_view(name.data(), name.size())];
    return {value.data(), value.size()};
}

template <class Protocol>
class Client {
  public:
    explicit Client(const typename Protocol::endpoint& endpoint) : socket_(context_) {
        socket_.connect(endpoint);
        const timeval limit{10, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    }
    void send(const std::string& bytes) {
        boost::system::error_code error; // the server may have said no before the end
        asio::write(socket_, asio::buffer(bytes), error);
    }
    /// What has come once `words` is in it, or the connection ended.
    std::string receive_until(const std::string& words) {
        boost::system::error_code error;
        while (!error && seen_.find(words) == std::string::npos) {
            std::array<char, 4096> block{};
            seen_.append(block.data(), socket_.read_some(asio::buffer(block), error));
        }
        return seen_;
    }
    Response receive(bool head = false) {
        http::response_parser<http::string_body> parser;
        parser.skip(head);
        parser.body_limit(std::uint64_t{64} << 20);
        http::read(socket_, buffer_, parser);
        return parser.release();
    }
    Response ask(const std::string& bytes) {
        send(bytes);
        return receive(bytes.starts_with("HEAD "));
    }
    /// The other side closed, in order.
    bool ended() {
        char byte = 0;
        boost::system::error_code error;
        socket_.read_some(asio::buffer(&byte, 1), error);
        return error == asio::error::eof;
    }

  private:
    asio::io_context context_;
    typename Protocol::socket socket_;
    boost::beast::flat_buffer buffer_;
    std::string seen_;
};
using TcpClient = Client<asio::ip::tcp>;
using UnixClient = Client<asio::local::stream_protocol>;

class FakeControl : public api::Control {
  public:
    base::Time started_at() const override { return at("2025-02-02T00:00:00Z"); }
    std::optional<std::string> not_ready() const override { return reason; }
    base::Result<void> poll(const std::string& feed, bool force) override {
        polled += feed + (force ? "!" : ".");
        if (feed == "none")
            return base::fail(base::Errc::not_found, "there is no feed \"none\"");
        if (feed == "early" && !force)
            return base::fail(base::Errc::refused, "its server forbids it until tomorrow");
        if (feed == "broken")
            throw std::runtime_error("a bug");
        return {};
    }
    base::Result<void> release(const std::string& feed) override { return note("release", feed); }
    base::Result<void> enable(const std::string& feed) override { return note("enable", feed); }
    base::Result<void> backfill(const std::string& feed, const pipeline::BackfillOrder& order) override {
        return note("backfill " + (order.pages ? std::to_string(*order.pages) : "-") + " " +
                        (order.until ? base::format_rfc3339(*order.until) : "-"),
                    feed);
    }
    asio::awaitable<base::Result<std::string>> test(std::string endpoint) override {
        const auto noted = note("test", endpoint);
        if (!noted)
            co_return std::unexpected(noted.error());
        co_return "evt_1";
    }
    asio::awaitable<base::Result<void>> enable_endpoint(std::string endpoint) override {
        co_return note("enable endpoint", endpoint);
    }
    asio::awaitable<base::Result<std::int64_t>> replay(pipeline::ReplayOrder order) override {
        const auto noted =
            note("replay " + order.type + " " + base::format_rfc3339(order.since), order.endpoint);
        if (!noted)
            co_return std::unexpected(noted.error());
        co_return 7;
    }
    std::optional<std::string> reason;
    std::string polled;
    std::vector<std::string> orders;

  private:
    base::Result<void> note(const std::string& what, const std::string& feed) {
        orders.push_back(what + " " + feed);
        if (feed == "none")
            return base::fail(base::Errc::not_found, "there is no feed \"none\"");
        if (feed == "fine")
            return base::fail(base::Errc::conflict, "nothing holds it");
        return {};
    }
};

/// A running server over the sample archive.
class Running {
  public:
    explicit Running(const api::Settings& wish = {})
        : reader_(directory_.database(), std::chrono::seconds(5)),
          server_(api::Server::listen(context_.get_executor(), with_defaults(wish), reader_, control,
                                      base::system_clock(), base::null_log())
                      .value()) {
        asio::co_spawn(context_, server_->run(), [this](std::exception_ptr) { promise_.set_value(); });
        thread_ = std::thread([this] { context_.run(); });
    }
    ~Running() {
        stop();
        thread_.join();
    }
    void stop() {
        asio::post(context_, [this] { server_->stop(); });
    }
    /// A commit that brings no event.
    void commit_nothing() {
        asio::post(context_, [this] { server_->committed(); });
    }
    /// One more event, as the program commits it.
    void commit_event(int number) {
        store::Connection db(directory_.database(), store::Mode::create);
        store::Transaction transaction(db);
        put_event(db, number, 1);
        transaction.commit();
        asio::post(context_, [this] { server_->committed(); });
    }
    /// The server's run() came back within this time.
    bool ended_within(std::chrono::milliseconds limit) {
        return ended_.wait_for(limit) == std::future_status::ready;
    }
    std::uint16_t port() const {
        const auto address = server_->address();
        return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }
    std::string address() const { return server_->address(); }
    TcpClient client() const { return TcpClient({asio::ip::address_v4::loopback(), port()}); }
    std::string host() const { return "Host: 127.0.0.1:" + std::to_string(port()) + "\r\n"; }
    std::string get(const std::string& target, const std::string& headers = "") const {
        return "GET " + target + " HTTP/1.1\r\n" + host() + headers + "\r\n";
    }
    std::string post(const std::string& target, const std::string& headers, const std::string& body) const {
        return "POST " + target + " HTTP/1.1\r\n" + host() + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    Response ask(const std::string& bytes) const { return client().ask(bytes); }

    FakeControl control;

  private:
    int prepare() {
        store::Connection db(directory_.database(), store::Mode::create);
        fill(db);
        return 0;
    }
    api::Settings with_defaults(api::Settings settings) const {
        if (settings.listen == api::Settings{}.listen)
            settings.listen = "127.0.0.1:0";
        settings.state_dir = directory_.path();
        return settings;
    }

    Directory directory_;
    int prepared_ = prepare();
    store::Reader reader_;
    asio::io_context context_;
    std::promise<void> promise_;
    std::future<void> ended_ = promise_.get_future();
    std::unique_ptr<api::Server> server_;
    std::thread thread_;
};

} // namespace sample
