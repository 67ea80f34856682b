// The manifest's time stamp: asked for, held against the question, kept; put off while the service fails.
#include <cdtd/base/text.hpp>
#include <cdtd/base/timestamp.hpp>
#include <cdtd/pipeline/sealer.hpp>
#include <cdtd/schedule/retry.hpp>

#include <fmt/format.h>

#include <vector>

namespace cdtd::pipeline {

namespace {

const std::vector<base::Duration> retry = {std::chrono::minutes(5), std::chrono::hours(1),
                                           std::chrono::hours(6), std::chrono::hours(24)};
constexpr std::uint64_t largest_reply = 1 << 20;

} // namespace

boost::asio::awaitable<base::Result<std::string>> Sealer::ask_for_token(const model::Manifest& manifest) {
    const auto query = base::timestamp_query(manifest.sha256);
    if (!query)
        co_return std::unexpected(query.error());
    http::Request request(timestamp_url_);
    request.method = "POST";
    request.headers = {{"Content-Type", "application/timestamp-query"},
                       {"Accept", "application/timestamp-reply"}};
    request.body = *query;
    request.max_body = largest_reply;
    request.follow_redirects = false;
    http::Outcome outcome = co_await client_.fetch(std::move(request));
    if (!outcome)
        co_return std::unexpected(outcome.error().error);
    if (outcome->status != 200)
        co_return base::fail(base::Errc::refused, fmt::format("the service answers {}", outcome->status));
    auto token = base::timestamp_token(outcome->body(), *query);
    if (!token)
        co_return std::unexpected(token.error());
    if (const auto stamp = base::check_timestamp(*token, manifest.sha256, ""); !stamp)
        co_return std::unexpected(stamp.error());
    co_return token;
}

boost::asio::awaitable<void> Sealer::stamp() {
    if (timestamp_url_.empty())
        co_return;
    base::Time now = clock_.now();
    auto want = [&now](store::Connection& db) {
        store::want_stamp(db, now);
        return store::due_stamp(db, now);
    };
    while (auto manifest = co_await writer_.run(want)) {
        const base::Result<std::string> token = co_await ask_for_token(*manifest);
        if (!token && token.error().code == base::Errc::cancelled)
            co_return;
        now = clock_.now();
        auto write = [&](store::Connection& db) {
            if (token) {
                const auto stamp = base::check_timestamp(*token, manifest->sha256, "");
                store::set_stamp(db, manifest->seq, *token, stamp->at);
                return;
            }
            const int made = manifest->stamp_attempts + 1;
            const auto wait =
                schedule::wait_repeating(retry, made, static_cast<std::uint64_t>(manifest->seq));
            store::postpone_stamp(db, manifest->seq, now + wait, base::terminal_safe(token.error().message));
        };
        co_await writer_.run(write);
        if (token)
            log_.info("the day's manifest is stamped", {{"day", manifest->day}, {"url", timestamp_url_}});
        else
            log_.warn("the day's manifest could not be stamped; tried again later",
                      {{"day", manifest->day}, {"url", timestamp_url_}, {"error", token.error().message}});
    }
}

} // namespace cdtd::pipeline
