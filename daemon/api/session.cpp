#include "api/session.hpp"

#include <cdtd/base/time.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <utility>

namespace cdtd::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

using Response = http::response<http::string_body>;

Response make_response(const Answer& answer, base::Time now) {
    Response response;
    response.result(static_cast<unsigned>(answer.status));
    response.set(http::field::date, base::format_http_date(now));
    response.set(http::field::content_type, answer.type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Content-Security-Policy",
                 answer.policy.empty() ? "default-src 'none'; frame-ancestors 'none'" : answer.policy);
    for (const auto& [name, value] : answer.headers)
        response.set(name, value);
    if (answer.status == 401)
        response.set(http::field::www_authenticate, "Bearer realm=\"cdtd\"");
    if (!answer.allow.empty())
        response.set(http::field::allow, answer.allow);
    return response;
}

// nullopt: the other side went away or was silent; nobody waits for an answer.
std::optional<Answer> answer_to(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return problem(431, "the head of the request is over 16 KiB");
    if (error == http::error::body_limit)
        return problem(413, "the body of the request is over 64 KiB");
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        error.category() != make_error_code(http::error::bad_method).category())
        return std::nullopt;
    return problem(400, "this is no HTTP request: " + error.message());
}

} // namespace

Session::Session(std::shared_ptr<Shared> shared, Socket socket)
    : shared_(std::move(shared)), stream_(std::move(socket)), local_(local_address(stream_.socket())) {
    buffer_.max_size(max_head + max_body);
    error_code ignored; // a unix socket has no such option
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    place_ = shared_->sessions.insert(shared_->sessions.end(), this);
}

Session::~Session() {
    shared_->sessions.erase(place_);
    shared_->changed.ring();
}

void Session::close() {
    stream_.close();
}

asio::awaitable<void> Session::run() {
    while (!shared_->stopping) {
        Parser parser;
        parser.header_limit(max_head);
        parser.body_limit(max_body);
        reading_ = true;
        const auto error = co_await read_request(parser);
        reading_ = false;
        if (error) {
            co_await refuse(error);
            co_return;
        }
        Request request = parser.release();
        to_origin_form(request);
        const auto answer = co_await respond(*shared_, request, local_);
        const bool keep = request.keep_alive() && !shared_->stopping;
        if (!co_await write_answer(answer, request, keep))
            co_return;
        if (!keep) {
            co_await linger();
            co_return;
        }
    }
}

asio::awaitable<error_code> Session::read_request(Parser& parser) {
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_after(idle_limit);
    idle_since_ = std::chrono::steady_clock::now();
    if (buffer_.size() == 0) {
        const auto room = buffer_.prepare(4096);
        const auto count = co_await stream_.async_read_some(room, token);
        buffer_.commit(count);
    }
    idle_since_.reset();
    if (error)
        co_return error;
    co_await http::async_read_header(stream_, buffer_, parser, token);
    if (error)
        co_return error;
    if (parser.get().version() >= 11 && beast::iequals(parser.get()[http::field::expect], "100-continue") &&
        !parser.is_done())
        error = co_await write_continue();
    if (error)
        co_return error;
    stream_.expires_after(idle_limit);
    co_await http::async_read(stream_, buffer_, parser, token);
    co_return error;
}

asio::awaitable<error_code> Session::write_continue() {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    const auto bytes = asio::buffer(go_on);
    co_await asio::async_write(stream_, bytes, token);
    co_return error;
}

// False: the connection is gone. Idle is what sends nothing at all; a slow line may take its time.
asio::awaitable<bool> Session::write_answer(const Answer& answer, const Request& request, bool keep) {
    Response response = make_response(answer, shared_->clock.now());
    response.version(request.version());
    response.keep_alive(keep);
    response.content_length(answer.body.size());
    if (request.method() != http::verb::head)
        response.body() = answer.body;
    http::serializer<false, http::string_body> serializer(response);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    while (!error && !serializer.is_done()) {
        stream_.expires_after(idle_limit);
        co_await http::async_write_some(stream_, serializer, token);
    }
    co_return !error;
}

asio::awaitable<void> Session::refuse(error_code error) {
    const auto answer = answer_to(error);
    if (!answer || shared_->stopping)
        co_return;
    const Request unread{http::verb::get, "/", 11};
    if (co_await write_answer(*answer, unread, false))
        co_await linger();
}

// Closing with unread bytes would make the kernel send a reset, which can take the answer back out of the
// other side's hands: say that we are done, and give it a moment to hear it (RFC 9112 9.6).
asio::awaitable<void> Session::linger() {
    error_code error;
    stream_.socket().shutdown(asio::socket_base::shutdown_send, error);
    std::array<char, 4096> dropped{};
    const auto buffer = asio::buffer(dropped);
    auto token = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_after(std::chrono::seconds(2));
    for (std::size_t total = 0; !error && total < 4 * max_body;)
        total += co_await stream_.async_read_some(buffer, token);
}

} // namespace cdtd::api
