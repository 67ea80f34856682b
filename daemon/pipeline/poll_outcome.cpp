#include "pipeline/poll_outcome.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/schedule/moved.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

using model::FeedHealth;

constexpr std::size_t error_at_most = 600; // bytes, of last_error
constexpr std::size_t most_former_urls = 20;

/// Each once, however many have ended or begun by it.
void give(Reasons& reasons, const std::string& reason) {
    if (std::ranges::find(reasons, reason) == reasons.end())
        reasons.push_back(reason);
}

std::string one_line(const std::string& message) {
    return std::string(base::cut_bytes(base::terminal_safe(message), error_at_most));
}

std::string class_of(base::Errc code) {
    switch (code) {
    case base::Errc::bad_data:
        return "bad_data";
    case base::Errc::challenge:
        return "challenge";
    case base::Errc::forbidden:
        return "forbidden";
    case base::Errc::io:
        return "io";
    case base::Errc::not_found:
        return "not_found";
    case base::Errc::refused:
        return "refused";
    case base::Errc::timeout:
        return "timeout";
    case base::Errc::too_large:
        return "too_large";
    default:
        return "network";
    }
}

schedule::Chain chain_of(const http::Response& response) {
    schedule::Chain chain;
    for (std::size_t i = 0; i + 1 < response.hops.size(); ++i)
        chain.statuses.push_back(response.hops[i].status);
    chain.end = response.url;
    return chain;
}

/// Credentials in the address would be lost with it, and nobody is moved from https to http.
bool may_move(const std::string& from, const std::string& to) {
    const auto old = base::split_url(from), fresh = base::split_url(to);
    return old && fresh && !old->has_userinfo && (old->scheme == "http" || fresh->scheme == "https");
}

} // namespace

void take_validators(model::Validators& validators, const http::Response& response) {
    auto etag = response.header("etag");
    auto modified = response.header("last-modified");
    const bool keep = response.status == 304;
    if (etag || !keep)
        validators.etag = std::move(etag);
    if (modified || !keep)
        validators.last_modified = std::move(modified);
}

void note_success(model::FeedState& state, Reasons& reasons) {
    if (state.state == FeedHealth::failing)
        give(reasons, "feed.recovered");
    if (state.state != FeedHealth::held)
        state.state = FeedHealth::ok;
    state.consecutive_failures = 0;
    if (state.state == FeedHealth::held)
        return; // last_error says why nothing is stored
    state.last_error = std::nullopt;
    state.error_class = std::nullopt;
}

void note_redirects(model::FeedState& state, const FeedSettings& feed, const http::Response& response,
                    base::Duration believed_after, Reasons& reasons) {
    if (!may_move(state.url, response.url) || !may_move(feed.url, response.url)) {
        state.move = std::nullopt;
        return;
    }
    const base::Time at = *state.last_poll_at;
    state.move = schedule::note_chain(state.move, chain_of(response), at);
    if (!state.move || !schedule::is_believed(*state.move, believed_after, at))
        return;
    if (state.former_urls.size() == most_former_urls)
        state.former_urls.erase(state.former_urls.begin());
    state.former_urls.push_back(std::exchange(state.url, state.move->to));
    state.move = std::nullopt;
    give(reasons, "feed.moved");
}

void note_failure(model::FeedState& state, const base::Error& error, int failing_after, Reasons& reasons) {
    state.last_error = one_line(error.message);
    state.error_class = class_of(error.code);
    ++state.consecutive_failures;
    const bool told = state.state == FeedHealth::failing || state.state == FeedHealth::gone ||
                      state.state == FeedHealth::held;
    if (told || state.consecutive_failures < failing_after)
        return;
    state.state = FeedHealth::failing;
    give(reasons, "feed.failing");
}

void note_gone(model::FeedState& state, Reasons& reasons) {
    if (state.state == FeedHealth::gone)
        return;
    state.state = FeedHealth::gone;
    give(reasons, "feed.gone");
}

void note_mass_change(model::FeedState& state, std::size_t strange, std::size_t all, Reasons& reasons) {
    state.consecutive_failures = 0;
    state.error_class = "held";
    state.last_error =
        fmt::format("held: {} of {} entries are unknown although older than what is known, as if "
                    "the publisher had changed all ids{}; nothing is stored until "
                    "`cdtd feeds release {}`",
                    strange, all, strange == 0 ? " before" : "", state.name);
    if (state.state == FeedHealth::held)
        return;
    state.state = FeedHealth::held;
    give(reasons, "feed.mass_change");
}

void note_release(model::FeedState& state, Reasons& reasons) {
    if (std::exchange(state.released, false))
        give(reasons, "feed.recovered");
}

void note_silence(model::FeedState& state, bool fresh, base::Time now, Reasons& reasons) {
    if (fresh) {
        if (std::exchange(state.stale, false))
            give(reasons, "feed.recovered");
        return;
    }
    if (state.stale || !state.rhythm || !state.last_change_at || now - *state.last_change_at <= *state.rhythm)
        return;
    state.stale = true;
    give(reasons, "feed.stale");
}

schedule::Trouble trouble_of(const base::Error& error, const http::Response* response, base::Time now) {
    const int status = response ? response->status : 0;
    const auto wait = response ? response->header("retry-after") : std::nullopt;
    if ((status == 429 || status == 503) && (!wait || !schedule::read_retry_after(*wait, now)))
        return schedule::Trouble::too_many;
    const bool refused = error.code == base::Errc::refused || error.code == base::Errc::challenge;
    return refused ? schedule::Trouble::refused : schedule::Trouble::failed;
}

} // namespace cdtd::pipeline
