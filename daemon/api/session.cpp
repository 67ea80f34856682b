#include "api/session.hpp"

#include "api/head.hpp"
#include "api/range.hpp"

#include <cdtd/base/time.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace cdtd::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t file_block = std::size_t{64} << 10U;

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
        const bool endless = answer.sequel && answer.sequel->stream;
        const bool keep = request.keep_alive() && !endless && !shared_->stopping;
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

// False: the connection is gone.
asio::awaitable<bool> Session::write_answer(const Answer& answer, const Request& request, bool keep) {
    if (answer.sequel && answer.sequel->stream)
        co_return co_await write_stream(answer, request);
    if (answer.file)
        co_return co_await write_file(answer, request, keep);
    co_return co_await write_body(answer, request, keep);
}

// Idle is what sends nothing at all; a slow line may take its time.
asio::awaitable<bool> Session::write_body(const Answer& answer, const Request& request, bool keep) {
    using View = http::span_body<const char>; // the answer outlives it: its body is not held twice
    auto response = make_response<View>(answer, shared_->clock.now());
    response.version(request.version());
    response.keep_alive(keep);
    response.content_length(answer.body.size());
    if (request.method() != http::verb::head)
        response.body() = View::value_type(answer.body.data(), answer.body.size());
    http::serializer<false, View> serializer(response);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    while (!error && !serializer.is_done()) {
        stream_.expires_after(idle_limit);
        co_await http::async_write_some(stream_, serializer, token);
    }
    co_return !error;
}

asio::awaitable<bool> Session::write_file(const Answer& answer, const Request& request, bool keep) {
    const FileBody& file = *answer.file;
    const Part part =
        part_of(request[http::field::range], request[http::field::if_range], file.size, file.etag);
    if (part.status == 416) {
        Answer refusal = problem(416, fmt::format("the file has {} bytes", file.size));
        refusal.headers.emplace_back("Content-Range", fmt::format("bytes */{}", file.size));
        co_return co_await write_body(refusal, request, keep);
    }
    auto response = make_response<http::empty_body>(answer, shared_->clock.now());
    response.result(static_cast<unsigned>(part.status));
    response.version(request.version());
    response.keep_alive(keep);
    response.content_length(static_cast<std::uint64_t>(part.size));
    if (!file.etag.empty()) {
        response.set(http::field::accept_ranges, "bytes");
        response.set(http::field::etag, file.etag);
    }
    if (part.status == 206)
        response.set(http::field::content_range,
                     fmt::format("bytes {}-{}/{}", part.begin, part.begin + part.size - 1, file.size));
    http::serializer<false, http::empty_body> serializer(response);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_after(idle_limit);
    co_await http::async_write_header(stream_, serializer, token);
    if (error)
        co_return false;
    const auto left = request.method() == http::verb::head ? 0 : part.size;
    co_return co_await write_blocks(file, part.begin, left);
}

// From the page cache, as a rule: what is sent here was written a moment ago.
asio::awaitable<bool> Session::write_blocks(const FileBody& file, std::int64_t begin, std::int64_t size) {
    std::string block(std::min<std::size_t>(file_block, static_cast<std::size_t>(size)), '\0');
    while (size > 0) {
        const auto most = std::min(block.size(), static_cast<std::size_t>(size));
        const ssize_t got = ::pread(file.file.get(), block.data(), most, file.offset + begin);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) { // the length is promised: only the end of the connection can say that it is not kept
            shared_->log.error("a file that is being sent can't be read",
                               {{"error", got < 0 ? std::strerror(errno) : "it is shorter than it was"}});
            co_return false;
        }
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        for (auto rest = asio::buffer(block.data(), static_cast<std::size_t>(got));
             !error && rest.size() > 0;) {
            stream_.expires_after(idle_limit);
            rest += co_await stream_.async_write_some(rest, token);
        }
        if (error)
            co_return false;
        begin += got;
        size -= got;
    }
    co_return true;
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
