#include "app/look.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/feed/parse.hpp>
#include <cdtd/pipeline/refusal.hpp>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <exception>
#include <unistd.h>

namespace cdtd::app {
namespace {

namespace asio = boost::asio;

/// Pages are asked for too, so they may come.
constexpr const char* accepted = "application/rss+xml, application/atom+xml, application/feed+json, "
                                 "text/html;q=0.9, application/xml;q=0.9, */*;q=0.5";

void say_progress(const std::string& url) {
    if (isatty(STDERR_FILENO) != 0)
        fmt::print(stderr, "asking {}\n", base::terminal_safe(url));
}

std::vector<std::string> link_headers(const http::Response& response) {
    std::vector<std::string> values;
    for (const auto& [name, value] : response.hops.back().headers)
        if (base::iequals(name, "link"))
            values.push_back(value);
    return values;
}

/// The charset of the header outranks what the page says of itself.
std::vector<feed::Offer> offers_of(const http::Response& response, const std::string& type) {
    const auto headers = link_headers(response);
    if (base::ascii_lower(type).contains("charset"))
        return feed::discover(feed::decode_page(response.body(), type).text, response.url, headers);
    return feed::discover(response.body(), response.url, headers);
}

} // namespace

Fetcher::Fetcher(const http::Settings& settings)
    : client_(http::make_client(loop_.get_executor(), settings, base::system_clock())) {}

http::Outcome Fetcher::fetch(http::Request request) {
    say_progress(request.url);
    std::optional<http::Outcome> outcome;
    std::exception_ptr failure;
    asio::co_spawn(loop_, client_->fetch(std::move(request)),
                   [&](const std::exception_ptr& error, http::Outcome answer) {
                       failure = error;
                       outcome.emplace(std::move(answer));
                   });
    loop_.restart();
    while (!outcome)
        loop_.run_one(); // not run(): the client keeps timers of its own
    if (failure)
        std::rethrow_exception(failure);
    return std::move(*outcome);
}

std::string why_none(const Look& look) {
    return look.reason.starts_with(look.url) ? look.reason : fmt::format("{}: {}", look.url, look.reason);
}

Look look_at(Fetcher& fetcher, http::Request request) {
    Look look;
    look.url = request.url;
    request.headers.emplace_back("Accept", accepted);
    const auto outcome = fetcher.fetch(std::move(request));
    if (!outcome) {
        look.reason = outcome.error().error.message;
        return look;
    }
    const http::Response& response = *outcome;
    look.url = response.url;
    look.answered = response.status != 429;
    if (const auto refusal = pipeline::refusal_of(response)) {
        look.reason = refusal->message;
        look.absent = refusal->code == base::Errc::not_found;
        return look;
    }
    const auto type = response.header("content-type").value_or("");
    auto feed = feed::parse(response.body(), response.url, type);
    if (feed) {
        look.feed = std::move(*feed);
        return look;
    }
    look.reason = feed.error().message;
    look.offers = offers_of(response, type);
    // A challenge in place of the page has said nothing; a page that asks for a password may offer feeds.
    look.page = feed.error().code != base::Errc::challenge || !look.offers.empty();
    return look;
}

std::optional<Look> look_around(Fetcher& fetcher, const std::string& url, std::size_t most,
                                std::vector<std::string>& tried) {
    for (const auto& place : feed::usual_places(url)) {
        if (tried.size() >= most)
            break;
        tried.push_back(place);
        auto look = look_at(fetcher, http::Request(place));
        if (look.feed || !look.answered)
            return look;
    }
    return std::nullopt;
}

} // namespace cdtd::app
