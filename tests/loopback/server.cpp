#include "loopback/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace loopback {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

std::string frame_chunked(std::string_view body, bool with_end) {
    const std::size_t piece = std::max<std::size_t>(body.size() / 3, 1);
    std::string framed;
    while (!body.empty()) {
        const auto part = body.substr(0, piece);
        framed += fmt::format("{:x}\r\n{}\r\n", part.size(), part);
        body.remove_prefix(part.size());
    }
    return with_end ? framed + "0\r\n\r\n" : framed;
}

std::string head_of(const Answer& answer, std::size_t length, bool has_body) {
    const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(answer.status)));
    std::string head =
        fmt::format("HTTP/1.1 {} {}\r\n", answer.status, std::string_view(reason.data(), reason.size()));
    for (const auto& [name, value] : answer.headers)
        head += fmt::format("{}: {}\r\n", name, value);
    if (answer.gzip)
        head += "Content-Encoding: gzip\r\n";
    if (has_body)
        head +=
            answer.chunked ? "Transfer-Encoding: chunked\r\n" : fmt::format("Content-Length: {}\r\n", length);
    if (!answer.keep_alive)
        head += "Connection: close\r\n";
    return head + "\r\n";
}

// The bytes to send, and whether the connection goes on after them.
std::pair<std::string, bool> serialise(const Answer& answer, bool head_only) {
    if (answer.raw)
        return {*answer.raw, false};
    const std::string body = answer.gzip ? gzip(answer.body) : answer.body;
    const bool has_body = answer.status != 204 && answer.status != 304 && answer.status >= 200;
    std::string bytes = head_of(answer, body.size(), has_body);
    if (!has_body || head_only)
        return {bytes, answer.keep_alive};
    const auto cut = answer.cut_after ? answer.cut_after : answer.stall_after;
    const auto sent = std::string_view(body).substr(0, cut.value_or(body.size()));
    bytes += answer.chunked ? frame_chunked(sent, !cut) : std::string(sent);
    return {bytes, answer.keep_alive && !cut};
}

Request convert(const http::request<http::string_body>& from) {
    Request request;
    request.method = std::string(from.method_string());
    request.target = std::string(from.target());
    for (const auto& field : from)
        request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    request.body = from.body();
    request.at = std::chrono::steady_clock::now();
    return request;
}

} // namespace

struct Server::Impl {
    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    std::map<std::string, Handler, std::less<>> endpoints;
    Handler otherwise = [](const Request&) { return status(404, "there is no such page\n"); };
    std::vector<Request> requests;
    int connections = 0;
    std::thread thread;
    asio::io_context loop{1}; // destroyed first: its sessions use the rest
    tcp::acceptor acceptor{loop};

    static std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

    Handler handler_for(const std::string& target) const {
        const std::lock_guard lock(mutex);
        for (const auto& key : {target, path_of(target)})
            if (const auto found = endpoints.find(key); found != endpoints.end())
                return found->second;
        return otherwise;
    }

    void record(const Request& request) {
        {
            const std::lock_guard lock(mutex);
            requests.push_back(request);
        }
        changed.notify_all();
    }

    int next_connection() {
        const std::lock_guard lock(mutex);
        return ++connections;
    }

    static bool concerns(const Request& request, const std::string& path) {
        return request.target == path || path_of(request.target) == path;
    }

    static asio::awaitable<void> pause(std::optional<std::chrono::milliseconds> time) {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        if (time)
            timer.expires_after(*time);
        else
            timer.expires_at(asio::steady_timer::time_point::max());
        co_await timer.async_wait(no_throw);
    }

    static void reset(tcp::socket& socket) {
        beast::error_code ignored;
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
        socket.close(ignored);
    }

    // True: the connection goes on.
    static asio::awaitable<bool> send(tcp::socket& socket, const Answer& answer, bool head_only) {
        if (answer.delay.count() > 0)
            co_await pause(answer.delay);
        if (answer.hang)
            co_await pause(std::nullopt);
        if (answer.reset) {
            reset(socket);
            co_return false;
        }
        const auto [bytes, goes_on] = serialise(answer, head_only);
        const auto [error, written] = co_await asio::async_write(socket, asio::buffer(bytes), no_throw);
        if (!error && answer.stall_after)
            co_await pause(std::nullopt);
        co_return goes_on && !error;
    }

    asio::awaitable<void> session(tcp::socket socket, int number) {
        beast::flat_buffer buffer;
        beast::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        for (;;) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(64u << 20);
            parser.header_limit(1u << 20);
            const auto [error, size] = co_await http::async_read(socket, buffer, parser, no_throw);
            if (error)
                co_return;
            Request request = convert(parser.get());
            request.connection = number;
            record(request);
            Answer answer;
            try {
                answer = handler_for(request.target)(request);
            } catch (const std::exception& fault) {
                answer = status(500, fault.what());
            }
            const bool goes_on = co_await send(socket, answer, request.method == "HEAD");
            if (!goes_on || !parser.get().keep_alive())
                break;
        }
        socket.shutdown(tcp::socket::shutdown_both, ignored);
    }

    asio::awaitable<void> accept() {
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(no_throw);
            if (error)
                co_return;
            asio::co_spawn(loop, session(std::move(socket), next_connection()), asio::detached);
        }
    }
};

Server::Server(const std::string& address, std::uint16_t port) : impl_(std::make_unique<Impl>()) {
    const tcp::endpoint endpoint(asio::ip::make_address(address), port);
    impl_->acceptor.open(endpoint.protocol());
    impl_->acceptor.set_option(asio::socket_base::reuse_address(true));
    impl_->acceptor.bind(endpoint);
    impl_->acceptor.listen();
    asio::co_spawn(impl_->loop, impl_->accept(), asio::detached);
    impl_->thread = std::thread([this] { impl_->loop.run(); });
}

Server::~Server() {
    impl_->loop.stop();
    impl_->thread.join();
}

void Server::endpoint(const std::string& path, Handler handler) {
    const std::lock_guard lock(impl_->mutex);
    impl_->endpoints[path] = std::move(handler);
}

void Server::endpoint(const std::string& path, Answer answer) {
    endpoint(path, Handler([answer = std::move(answer)](const Request&) { return answer; }));
}

void Server::sequence(const std::string& path, std::vector<Answer> answers) {
    if (answers.empty())
        throw std::invalid_argument("a sequence of no answers");
    // Handlers run on one thread: the counter needs no lock.
    endpoint(path, Handler([answers = std::move(answers), next = std::make_shared<std::size_t>(0)](
                               const Request&) { return answers[std::min((*next)++, answers.size() - 1)]; }));
}

void Server::otherwise(Handler handler) {
    const std::lock_guard lock(impl_->mutex);
    impl_->otherwise = std::move(handler);
}

std::uint16_t Server::port() const {
    return impl_->acceptor.local_endpoint().port();
}

std::string Server::origin() const {
    const auto endpoint = impl_->acceptor.local_endpoint();
    const auto text = endpoint.address().to_string();
    return fmt::format(fmt::runtime(endpoint.address().is_v6() ? "http://[{}]:{}" : "http://{}:{}"), text,
                       endpoint.port());
}

std::string Server::url(std::string_view path) const {
    return origin().append(path);
}

std::vector<Request> Server::requests() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->requests;
}

std::vector<Request> Server::requests(const std::string& path) const {
    auto all = requests();
    std::erase_if(all, [&](const Request& request) { return !Impl::concerns(request, path); });
    return all;
}

std::size_t Server::hits(const std::string& path) const {
    return requests(path).size();
}

int Server::connections() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->connections;
}

void Server::forget_requests() {
    const std::lock_guard lock(impl_->mutex);
    impl_->requests.clear();
}

bool Server::wait_for(const std::string& path, std::size_t count, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(impl_->mutex);
    return impl_->changed.wait_for(lock, timeout, [&] {
        const auto hits = std::ranges::count_if(
            impl_->requests, [&](const Request& request) { return Impl::concerns(request, path); });
        return static_cast<std::size_t>(hits) >= count;
    });
}

} // namespace loopback
