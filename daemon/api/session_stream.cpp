// An answer without an end: text/event-stream, written on at each commit that brings something.
#include "api/head.hpp"
#include "api/session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>

#include <utility>

namespace cdtd::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

/// Proxies close what is silent for long, and we learn only by writing that nobody listens any more.
constexpr std::chrono::seconds sign_of_life_after{15};
constexpr const char* sign_of_life = ":\n\n";

} // namespace

// HTTP/1.0 knows no chunks: there the end of the connection is the end.
asio::awaitable<bool> Session::write_stream(Answer answer, const Request& request) {
    const Waiters::Place place(shared_->waiters);
    const bool chunked = request.version() >= 11;
    auto response = make_response<http::empty_body>(answer, shared_->clock.now());
    response.version(request.version());
    response.keep_alive(false);
    response.chunked(chunked);
    http::serializer<false, http::empty_body> serializer(response);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_after(idle_limit);
    co_await http::async_write_header(stream_, serializer, token);
    if (error || request.method() == http::verb::head)
        co_return !error;
    while (!shared_->stopping && answer.sequel) {
        if (!co_await write_piece(answer.body, chunked))
            co_return false;
        const std::string target = answer.sequel->target;
        const auto seen = shared_->waiters.commits();
        answer = co_await read_answer(*shared_, target, Manner{true});
        if (!answer.body.empty())
            continue;
        co_await shared_->waiters.wait(seen, sign_of_life_after);
        if (shared_->waiters.commits() == seen)
            answer.body = sign_of_life;
    }
    if (chunked)
        co_await asio::async_write(stream_, http::make_chunk_last(), token);
    co_return !error;
}

asio::awaitable<bool> Session::write_piece(const std::string& piece, bool chunked) {
    if (piece.empty()) // an empty chunk would be the end
        co_return true;
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_after(idle_limit);
    const auto bytes = asio::buffer(piece);
    if (chunked)
        co_await asio::async_write(stream_, http::make_chunk(bytes), token);
    else
        co_await asio::async_write(stream_, bytes, token);
    co_return !error;
}

} // namespace cdtd::api
