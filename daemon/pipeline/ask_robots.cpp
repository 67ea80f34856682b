#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/ask_robots.hpp>
#include <cdtd/pipeline/refusal.hpp>
#include <cdtd/schedule/robots.hpp>
#include <cdtd/store/hosts.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cdtd::pipeline {
namespace {

constexpr base::Duration fresh = std::chrono::hours(24);       // RFC 9309 2.4
constexpr base::Duration usable = std::chrono::hours(24 * 30); // 2.3.1.4
constexpr std::uint64_t most_bytes = 512 * 1024;

base::Result<void> judge(const std::string& text, const std::string& url, const std::string& origin) {
    if (const auto rule = schedule::Robots(text).forbids(url))
        return base::fail(base::Errc::forbidden,
                          fmt::format("robots.txt of {} forbids it ({})", origin, *rule));
    return {};
}

} // namespace

boost::asio::awaitable<base::Result<void>> AskRobots::may_fetch(std::string url) {
    const std::string origin = base::origin_of(url);
    const base::Time now = clock_.now();
    auto look = [&origin](store::Connection& db) { return store::find_robots(db, origin); };
    const std::optional<store::RobotsText> known = co_await writer_.run(look);
    std::string text = known ? known->text : std::string();
    if (!known || now - known->fetched_at >= fresh) {
        auto fetched = co_await fetch(origin);
        if (fetched)
            text = std::move(*fetched);
        else if (fetched.error().code == base::Errc::cancelled || !known || now - known->fetched_at >= usable)
            co_return std::unexpected(fetched.error());
    }
    auto ask = [&] { return judge(text, url, origin); };
    co_return co_await reading_.run(ask);
}

/// The text; "" where there is none, which forbids nothing (2.3.1.3).
boost::asio::awaitable<base::Result<std::string>> AskRobots::fetch(std::string origin) {
    http::Request request(origin + "/robots.txt");
    request.max_body = most_bytes;
    http::Outcome outcome = co_await client_.fetch(std::move(request));
    if (!outcome) {
        base::Error error = outcome.error().error;
        if (error.code != base::Errc::cancelled)
            error.message = fmt::format("whether robots.txt of {} lets us fetch it is not known: {}", origin,
                                        error.message);
        co_return std::unexpected(std::move(error));
    }
    const int status = outcome->status;
    if (status >= 500 || status == 429)
        co_return base::fail(
            base::Errc::network,
            fmt::format("whether robots.txt of {} lets us fetch it is not known: it answered {}", origin,
                        status));
    // A challenge page is no robots.txt: it says nothing about what may be fetched.
    const bool given = status >= 200 && status < 300 && !refusal_of(*outcome);
    std::string text(given ? outcome->body() : std::string_view());
    std::optional<Kept> kept;
    if (given) {
        About about{"robots", "", outcome->took};
        auto written = co_await archive_.keep(outcome->hops, std::move(about), writer_);
        if (!written)
            co_return std::unexpected(written.error());
        kept = std::move(*written);
    }
    const store::RobotsText robots{clock_.now(), text};
    auto commit = [&](store::Connection& db) {
        if (kept)
            record(db, *kept);
        store::save_robots(db, origin, robots);
    };
    co_await writer_.run(commit);
    co_return text;
}

} // namespace cdtd::pipeline
