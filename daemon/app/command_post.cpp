// One POST to the daemon's own API, on an io_context of its own, with a time limit.
#include "app/command_line.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>

namespace cdtd::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

constexpr auto time_limit = std::chrono::seconds(30);

using Request = bhttp::request<bhttp::string_body>;

template <class Protocol>
asio::awaitable<Posted> exchange(typename Protocol::endpoint endpoint, Request request) {
    beast::basic_stream<Protocol> stream(co_await asio::this_coro::executor);
    stream.expires_after(time_limit);
    co_await stream.async_connect(endpoint, asio::use_awaitable);
    co_await bhttp::async_write(stream, request, asio::use_awaitable);
    beast::flat_buffer buffer(1u << 17);
    bhttp::response_parser<bhttp::string_body> parser;
    parser.body_limit(1u << 16);
    co_await bhttp::async_read(stream, buffer, parser, asio::use_awaitable);
    co_return Posted{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

/// The address at which a listener answers this machine; a wildcard one does so on loopback.
asio::ip::tcp::endpoint tcp_endpoint(asio::io_context& loop, const std::string& listen) {
    const std::size_t colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host.starts_with('['))
        host = host.substr(1, host.size() - 2);
    asio::ip::tcp::resolver resolver(loop);
    const auto found =
        resolver.resolve(host, listen.substr(colon + 1), asio::ip::resolver_base::numeric_service);
    asio::ip::tcp::endpoint endpoint = *found.begin();
    if (endpoint.address().is_unspecified() && endpoint.address().is_v6())
        endpoint.address(asio::ip::address_v6::loopback());
    else if (endpoint.address().is_unspecified())
        endpoint.address(asio::ip::address_v4::loopback());
    return endpoint;
}

Request make_request(const ApiConfig& api, const std::string& target, const std::string& body) {
    Request request(bhttp::verb::post, target, 11);
    const bool local = api.listen.starts_with("unix:");
    request.set(bhttp::field::host, local ? std::string("localhost") : api.listen);
    request.set(bhttp::field::user_agent, "cdtd/" CDTD_VERSION);
    request.set(bhttp::field::content_type, "application/json");
    request.set(bhttp::field::connection, "close");
    if (!api.token.empty())
        request.set(bhttp::field::authorization, "Bearer " + api.token.reveal());
    request.body() = body;
    request.prepare_payload();
    return request;
}

std::string words(const boost::system::system_error& error, const std::string& listen) {
    const auto& code = error.code();
    if (code == asio::error::connection_refused || code == boost::system::errc::no_such_file_or_directory)
        return fmt::format("no daemon answers at {}: is `cdtd run` running, with this configuration?",
                           listen);
    if (code == beast::error::timeout)
        return fmt::format("the daemon at {} did not answer in time", listen);
    return fmt::format("the daemon at {} can't be asked: {}", listen, code.message());
}

} // namespace

base::Result<Posted> post(const ApiConfig& api, const std::string& target, const std::string& body) {
    asio::io_context loop;
    std::exception_ptr failure;
    Posted result;
    const auto done = [&](const std::exception_ptr& error, Posted posted) {
        failure = error;
        result = std::move(posted);
    };
    try {
        Request request = make_request(api, target, body);
        if (api.listen.starts_with("unix:"))
            asio::co_spawn(
                loop,
                exchange<asio::local::stream_protocol>(
                    asio::local::stream_protocol::endpoint(api.listen.substr(5)), std::move(request)),
                done);
        else
            asio::co_spawn(loop, exchange<asio::ip::tcp>(tcp_endpoint(loop, api.listen), std::move(request)),
                           done);
        loop.run();
        if (failure)
            std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return base::fail(base::Errc::network, words(error, api.listen));
    }
    return result;
}

} // namespace cdtd::app
