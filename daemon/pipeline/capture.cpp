#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/pipeline/capture.hpp>
#include <cdtd/pipeline/follow_sources.hpp>
#include <cdtd/pipeline/queue_captures.hpp>
#include <cdtd/pipeline/recognise.hpp>
#include <cdtd/pipeline/refusal.hpp>
#include <cdtd/pipeline/reread.hpp>
#include <cdtd/schedule/next_poll.hpp>
#include <cdtd/schedule/retry.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/hosts.hpp>
#include <cdtd/store/status.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <set>
#include <utility>

namespace cdtd::pipeline {

namespace {

/// The article's row says of its page or image what became of it.
void note_outcome(store::Connection& db, const store::Job& job, model::Page page,
                  std::optional<std::int64_t> capture) {
    if (job.role == "page")
        store::set_page(db, job.article, page);
    else
        store::set_image(db, job.article, job.url, capture, page.reason);
}

void settle_captured(store::Connection& db, const store::Job& job, const Plan& plan, std::int64_t capture,
                     base::Time now) {
    store::link_capture(db, job.article, capture);
    note_outcome(db, job, model::Page{model::PageState::captured, std::nullopt, std::nullopt}, capture);
    store::finish_job(db, job.id);
    settle(db, plan.teller, job.article, now);
}

/// What the page says, where it is more than what the feed says; and where it was the content already, what
/// it says now.
void take_page(store::Connection& db, const store::Job& job, const Plan& plan, const model::Content& content,
               const std::string& html, std::int64_t capture, base::Time now) {
    const auto article = store::get_article(db, job.article, true);
    if (!article || content.sha256 == article->content_sha256)
        return;
    const bool of_page = store::find_summary(db, job.article).has_value();
    const bool first = article->revision == 0;
    if (of_page ? reads_the_same(db, job.article, content.sha256)
                : !first && !is_summary_of(article->characters, content.characters))
        return;
    const bool edited = of_page && !first;
    model::Revision revision;
    revision.seen_at = now;
    revision.title = article->title;
    revision.url = article->url;
    revision.original_html = html;
    revision.content = content;
    revision.capture = capture;
    if (edited)
        revision.changed.emplace_back("content");
    else
        store::set_summary(db, job.article, article->content_sha256.value_or(""));
    store::add_revision(db, job.article, revision);
    std::set<std::string> known;
    for (const model::Image& image : article->images)
        known.insert(image.url);
    queue_images(db, plan.archive, job.article, content, known, now);
    if (edited)
        plan.teller.article(
            db, "article.updated", now, job.article,
            {{"changed", boost::json::array{"content"}}, {"previous_revision", article->revision}});
    follow_sources(db, follow_of(plan.watch, plan.wayback), plan.teller, job.article, now);
}

/// More than one character in fifty was lost: its charset is not what it says, and not what it looks like.
bool is_garbled(std::string_view text) {
    constexpr std::string_view lost = "\uFFFD";
    std::size_t count = 0;
    for (auto at = text.find(lost); at != text.npos; at = text.find(lost, at + lost.size()))
        ++count;
    return count * 50 > base::count_characters(text);
}

/// What led to it: the article's URL for an image, its feed's for a page; "" where neither is known any more.
std::string via_of(store::Connection& db, const store::Job& job) {
    const auto article = store::get_article(db, job.article, false);
    if (!article)
        return {};
    if (job.role == "image")
        return article->url;
    const auto feed = article->feeds.empty() ? std::nullopt : store::find_feed(db, article->feeds.front());
    return feed ? feed->url : std::string();
}

store::HostRole host_of(const store::Job& job) {
    return {base::origin_of(job.url), job.role};
}

/// Refusals in a row open the host's circuit; any other answer of its server closes it.
void note_refusal(store::Connection& db, const store::HostRole& host, base::Errc code,
                  const std::string& reason, base::Time now) {
    if (code == base::Errc::refused || code == base::Errc::challenge)
        store::note_refused(db, host, now, reason);
    else if (code == base::Errc::not_found)
        store::close_circuit(db, host, now);
}

http::Request request_for(const store::Job& job, const std::string& via) {
    http::Request request(job.url);
    const bool page = job.role == "page";
    request.headers.emplace_back("Accept", page ? "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
                                                : "image/*,*/*;q=0.5");
    if (!page && !via.empty()) // a page's feed is nobody's business
        request.headers.emplace_back("Referer", via);
    return request;
}

bool is_too_large(const http::Failure& failure) {
    return failure.error.code == base::Errc::too_large && !failure.hops.empty() &&
           failure.hops.back().truncated == "length";
}

} // namespace

boost::asio::awaitable<CaptureEnd> Capture::run(store::Job job, std::shared_ptr<const Plan> plan) {
    const bool image = job.role == "image";
    if (image && co_await reuse(job, *plan))
        co_return CaptureEnd::captured;
    const auto turn = co_await turns_.take(base::origin_of(job.url), plan->connections_per_host);
    co_return co_await fetch(std::move(job), std::move(plan));
}

boost::asio::awaitable<CaptureEnd> Capture::fetch(store::Job job, std::shared_ptr<const Plan> plan) {
    const bool image = job.role == "image";
    if (co_await held_back(job, *plan))
        co_return CaptureEnd::put_off;
    auto ask = [&job](store::Connection& db) { return via_of(db, job); };
    const std::string via = co_await writer_.run(ask);
    http::Request request(request_for(job, via));
    if (!image)
        request.may_fetch = [this](std::string url) { return robots_.may_fetch(std::move(url)); };
    http::Outcome outcome = co_await client_.fetch(std::move(request));
    if (!outcome) {
        if (outcome.error().error.code == base::Errc::cancelled)
            co_return CaptureEnd::cancelled;
        if (is_too_large(outcome.error()))
            co_return co_await settle_too_large(job, *plan, std::move(outcome.error()), via);
        co_return co_await put_off(job, *plan, {outcome.error().error, outcome.error().closed_origin});
    }
    auto refusal = refusal_of(*outcome);
    if (!refusal && image)
        refusal = no_image(*outcome);
    if (refusal) {
        std::optional<base::Time> not_before;
        const auto retry_after = outcome->header("retry-after");
        if (retry_after)
            if (const auto wait = schedule::read_retry_after(*retry_after, clock_.now()))
                not_before = clock_.now() + *wait;
        co_return co_await put_off(job, *plan, {*refusal, base::origin_of(outcome->url), not_before});
    }
    co_return co_await keep(job, *plan, std::move(*outcome), via);
}

/// The host's circuit is open, and this is not the day's probe: what was never tried is settled as refused,
/// the rest waits.
boost::asio::awaitable<bool> Capture::held_back(const store::Job& job, const Plan& plan) {
    const store::HostRole host = host_of(job);
    const base::Time now = clock_.now();
    auto look = [&host, now](store::Connection& db) {
        const auto until = store::pass_circuit(db, host, now);
        if (until)
            store::hold_jobs(db, host, *until);
        return until;
    };
    const auto until = co_await writer_.run(look);
    if (until && job.attempts == 0) {
        base::Error error{
            base::Errc::forbidden,
            fmt::format("not asked: {} refused {}s several times in a row", host.origin, job.role)};
        co_await put_off(job, plan, {std::move(error), "", until});
    }
    co_return until.has_value();
}

/// The same image stands in many articles: one capture serves all.
boost::asio::awaitable<bool> Capture::reuse(const store::Job& job, const Plan& plan) {
    const base::Time now = clock_.now();
    auto look = [&job, &plan, now](store::Connection& db) {
        const auto capture = store::find_capture(db, job.url);
        if (!capture || capture->kind != "image")
            return false;
        settle_captured(db, job, plan, capture->id, now);
        return true;
    };
    co_return co_await writer_.run(look);
}

boost::asio::awaitable<CaptureEnd> Capture::keep(const store::Job& job, const Plan& plan,
                                                 http::Response response, std::string via) {
    std::string html;
    std::optional<model::Content> content;
    if (job.role == "page") {
        auto read = [&] {
            html = feed::decode_page(response.body(), response.header("content-type").value_or("")).text;
            return article::read_page(html, job.url);
        };
        content = co_await reading_.run(read);
        if (content && is_garbled(content->text)) {
            log_.warn("a page whose characters can't be read is kept, but nothing is taken from it",
                      {{"url", job.url}});
            content.reset();
        }
    }
    About about{job.role, std::move(via), response.took};
    const auto kept = co_await archive_.keep(response.hops, std::move(about), writer_);
    if (!kept)
        co_return co_await put_off(job, plan, {kept.error()});
    const base::Time now = clock_.now();
    auto commit = [&](store::Connection& db) {
        const std::int64_t capture = record(db, *kept);
        if (content)
            take_page(db, job, plan, *content, html, capture, now);
        store::close_circuit(db, host_of(job), now);
        settle_captured(db, job, plan, capture, now);
    };
    co_await writer_.run(commit);
    log_.debug("captured", {{"url", job.url}, {"role", job.role}});
    co_return CaptureEnd::captured;
}

/// What came is kept, marked as cut. It will not be smaller next time, so it is not asked for again.
boost::asio::awaitable<CaptureEnd> Capture::settle_too_large(const store::Job& job, const Plan& plan,
                                                             http::Failure failure, std::string via) {
    About about{job.role, std::move(via), {}};
    const auto kept = co_await archive_.keep(failure.hops, std::move(about), writer_);
    if (!kept)
        co_return co_await put_off(job, plan, {kept.error()});
    const base::Time now = clock_.now();
    const std::string reason = base::terminal_safe(failure.error.message);
    const model::Page page{model::PageState::failed, reason, std::nullopt};
    auto commit = [&](store::Connection& db) {
        store::link_capture(db, job.article, record(db, *kept));
        note_outcome(db, job, page, std::nullopt);
        store::close_circuit(db, host_of(job), now);
        store::finish_job(db, job.id);
        settle(db, plan.teller, job.article, now);
    };
    co_await writer_.run(commit);
    log_.info("too large to be captured whole; its beginning was kept",
              {{"url", job.url}, {"role", job.role}, {"error", reason}});
    co_return CaptureEnd::captured;
}

boost::asio::awaitable<CaptureEnd> Capture::put_off(const store::Job& job, const Plan& plan,
                                                    Setback setback) {
    const base::Time now = clock_.now();
    const base::Error& error = setback.error;
    const int made = job.attempts + 1;
    base::Time due =
        now + schedule::wait_repeating(plan.archive.retry, made, static_cast<std::uint64_t>(job.id));
    const std::string origin = setback.origin.empty() ? base::origin_of(job.url) : setback.origin;
    const auto closed = client_.closed_until(origin);
    due = std::max({due, setback.not_before.value_or(due), closed.value_or(due)});
    const std::string reason = base::terminal_safe(error.message);
    const bool refused = error.code == base::Errc::refused || error.code == base::Errc::challenge ||
                         error.code == base::Errc::forbidden;
    const model::Page page{refused ? model::PageState::refused : model::PageState::failed, reason, due};
    auto commit = [&](store::Connection& db) {
        store::postpone_job(db, job.id, due, reason);
        note_outcome(db, job, page, std::nullopt);
        if (closed)
            store::save_pause(db, model::HostPause{origin, *closed, reason});
        else
            note_refusal(db, host_of(job), error.code, reason, now);
        settle(db, plan.teller, job.article, now);
        if (job.role == "page" && static_cast<std::size_t>(made) >= plan.archive.retry.size())
            give_up(db, plan.teller, job.article, now);
    };
    co_await writer_.run(commit);
    log_.info("not captured, tried again later", {{"url", job.url}, {"role", job.role}, {"error", reason}});
    co_return CaptureEnd::put_off;
}

} // namespace cdtd::pipeline
