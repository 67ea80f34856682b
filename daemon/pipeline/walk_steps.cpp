#include <cdtd/feed/pages.hpp>
#include <cdtd/pipeline/walk_steps.hpp>
#include <cdtd/schedule/retry.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cdtd::pipeline {

namespace {

using model::Walk;
using model::WalkKind;
using model::WalkState;

/// More than any feed has; a server that always names one more page must not keep us for good.
constexpr int most_pages = 20'000;

/// How long after each failure in a row; behind the last the walk is given up.
constexpr std::array<base::Duration, 9> waits = {
    std::chrono::minutes(1), std::chrono::minutes(10), std::chrono::hours(1),
    std::chrono::hours(6),   std::chrono::hours(24),   std::chrono::hours(24),
    std::chrono::hours(24),  std::chrono::hours(24),   std::chrono::hours(24)};

const Walk* walking(const model::FeedState& feed, WalkKind kind) {
    const auto walk = std::ranges::find(feed.walks, kind, &Walk::kind);
    return walk != feed.walks.end() && walk->state == WalkState::walking ? &*walk : nullptr;
}

std::string second_page(const model::FeedState& feed) {
    return feed.older_url.empty() ? feed::paged_url(feed.url, 2) : feed.older_url;
}

void end_where_nothing_is_left(Walk& walk) {
    if (walk.ended && walk.again.url.empty())
        walk.state = WalkState::done;
}

/// By its own address, not the feed's: that may be rewritten while we are under way.
bool is_numbered(const Walk& walk) {
    return walk.next == feed::paged_url(walk.next, walk.page);
}

/// Enough of a digest to tell a walk's pages apart.
std::string mark_of(const std::string& digest) {
    return digest.substr(0, 12);
}

/// Pages may come again, where as many entries were published between requests as they hold: then others
/// follow. The same one three times in a row means that the server does not know pages, and linked pages that
/// come again lead in a circle.
bool leads_nowhere(const Walk& walk) {
    const auto& seen = walk.seen;
    if (seen.size() < 3)
        return false;
    const auto last = seen.end() - 1, before = seen.end() - 2;
    if (*last == *before && *before == *(seen.end() - 3))
        return true;
    const auto came_before = [&](auto mark) { return std::find(seen.begin(), mark, *mark) != mark; };
    return !is_numbered(walk) && came_before(last) && came_before(before);
}

void remember(Walk& walk, const std::string& digest) {
    constexpr std::size_t most = 64; // the feed's document, and the last ones
    if (walk.seen.size() == most)
        walk.seen.erase(walk.seen.begin() + 1);
    walk.seen.push_back(mark_of(digest));
}

/// This page is the last that is wanted.
bool is_enough(const Walk& walk, const PageRead& page) {
    if (walk.kind == WalkKind::gap)
        return change::connects(page.entries, walk.until);
    const auto oldest = change::oldest_end(page.entries).published;
    return walk.page >= walk.last_page.value_or(most_pages) ||
           (walk.until && oldest && *oldest < *walk.until);
}

std::string url_behind(const Walk& walk, const PageRead& page) {
    if (!page.older_url.empty())
        return page.older_url == walk.next ? std::string() : page.older_url;
    return is_numbered(walk) ? feed::paged_url(walk.next, walk.page + 1) : std::string();
}

/// A second request for the same page costs its server little where it is conditional; for a gap, where an
/// entry could be lost without anybody noticing, it is made in any case.
bool may_look_again(const Walk& walk) {
    const model::Validators& known = walk.last.validators;
    return walk.kind == WalkKind::gap || known.etag || known.last_modified;
}

} // namespace

std::optional<Walk> begin_gap(const model::FeedState& feed, bool paged, const std::string& digest,
                              std::optional<base::Time> newest_known, base::Time now) {
    if (feed.older_url.empty() && !paged)
        return std::nullopt;
    Walk walk;
    walk.kind = WalkKind::gap;
    walk.started_at = walk.due_at = now;
    walk.until = newest_known;
    walk.next = second_page(feed);
    walk.seen = {mark_of(digest)};
    if (const Walk* before = walking(feed, WalkKind::gap)) {
        walk.started_at = before->started_at;
        walk.until = before->until;
        walk.found = before->found;
    }
    return walk;
}

Walk begin_backfill(const model::FeedState& feed, const BackfillOrder& order, base::Time now) {
    Walk walk;
    if (const Walk* before = walking(feed, WalkKind::backfill))
        walk = *before;
    else
        walk.next = second_page(feed);
    walk.kind = WalkKind::backfill;
    if (walk.started_at == base::Time{})
        walk.started_at = now;
    walk.due_at = now;
    walk.attempts = 0;
    walk.until = order.until;
    walk.last_page = order.pages ? std::optional(std::min(*order.pages, most_pages) + 1) : std::nullopt;
    return walk;
}

model::WalkPage page_to_ask(const Walk& walk) {
    return walk.again.url.empty() ? model::WalkPage{walk.next, {}} : walk.again;
}

bool repeats_document(const Walk& walk, const PageRead& page) {
    return walk.page == 2 && walk.again.url.empty() && !walk.seen.empty() &&
           mark_of(page.digest) == walk.seen.front();
}

void took_page(Walk& walk, const PageRead& page) {
    if (!walk.again.url.empty())
        return took_nothing(walk);
    if (page.entries.empty())
        return past_the_end(walk);
    walk.attempts = 0;
    walk.last_error = std::nullopt;
    if (!page.entries.front().held && may_look_again(walk))
        walk.again = walk.last;
    walk.last = {walk.next, page.validators};
    const std::string behind = url_behind(walk, page);
    remember(walk, page.digest);
    walk.ended = is_enough(walk, page) || behind.empty() || walk.page >= most_pages || leads_nowhere(walk);
    if (!walk.ended) {
        walk.next = behind;
        ++walk.page;
    }
    end_where_nothing_is_left(walk);
}

void took_nothing(Walk& walk) {
    walk.attempts = 0;
    walk.last_error = std::nullopt;
    walk.again = {};
    end_where_nothing_is_left(walk);
}

void past_the_end(Walk& walk) {
    if (!walk.again.url.empty())
        return took_nothing(walk);
    walk.attempts = 0;
    walk.last_error = std::nullopt;
    walk.ended = true;
    if (may_look_again(walk))
        walk.again = walk.last;
    end_where_nothing_is_left(walk);
}

void failed(Walk& walk, std::string error, base::Time now, std::optional<base::Time> not_before) {
    walk.last_error = std::move(error);
    const auto failures = static_cast<std::size_t>(++walk.attempts);
    if (failures > waits.size()) {
        walk.state = WalkState::failed;
        return;
    }
    walk.due_at = std::max(now + waits[failures - 1], not_before.value_or(now));
}

} // namespace cdtd::pipeline
