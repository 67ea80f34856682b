#include "pipeline/store_new.hpp"

#include <cdtd/change/compare.hpp>
#include <cdtd/pipeline/details.hpp>
#include <cdtd/pipeline/queue_captures.hpp>
#include <cdtd/pipeline/recognise.hpp>
#include <cdtd/pipeline/reread.hpp>
#include <cdtd/pipeline/take_in.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/search.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <set>

namespace cdtd::pipeline {

namespace {

bool wants_page(const TakeIn& how, const Reading& reading) {
    return how.feed.fetch_articles && !reading.entry.link.empty();
}

void queue_page_of(store::Connection& db, const TakeIn& how, std::int64_t id, const Reading& reading) {
    if (wants_page(how, reading))
        queue_page(db, id, reading.entry.link, how.now);
}

void queue_images_of(store::Connection& db, const TakeIn& how, std::int64_t id, const model::Content& content,
                     const std::set<std::string>& known) {
    if (how.feed.fetch_articles)
        queue_images(db, how.archive, id, content, known, how.now);
}

void follow_sources_of(store::Connection& db, const TakeIn& how, std::int64_t id) {
    follow_sources(db, how.follow, how.teller, id, how.now);
}

model::Revision revision_of(const TakeIn& how, const Reading& reading, std::string url) {
    model::Revision revision;
    revision.seen_at = how.now;
    revision.title = reading.title;
    revision.url = std::move(url);
    revision.original_html = reading.html;
    if (reading.content)
        revision.content = *reading.content;
    revision.capture = how.capture;
    return revision;
}

std::optional<base::Time> published_of(const model::Entry& entry) {
    return entry.published ? entry.published : entry.updated;
}

model::Article article_of(const TakeIn& how, const Reading& reading, bool silent) {
    model::Article article;
    article.url = reading.identity.url;
    article.guid = reading.identity.guid;
    article.site = reading.identity.site;
    article.post_id = reading.identity.post_id;
    article.title = reading.title;
    if (!reading.entry.author.empty())
        article.editor = reading.entry.author;
    else if (reading.content)
        article.editor = reading.content->editor;
    article.categories = reading.entry.categories;
    if (article.categories.empty() && reading.content)
        article.categories = reading.content->tags;
    article.published_at = published_of(reading.entry);
    article.first_seen_at = how.now;
    article.changed_at = how.now;
    article.silent = silent;
    const bool page = wants_page(how, reading);
    article.page.state = page ? model::PageState::pending : model::PageState::off;
    return article;
}

} // namespace

std::int64_t store_new(store::Connection& db, const TakeIn& how, const Reading& reading, bool silent,
                       Taken& taken) {
    const std::int64_t id = store::insert_article(db, article_of(how, reading, silent));
    store::take_keys(db, id, reading.identity.keys);
    if (how.state.id != no_feed) {
        store::note_in_feed(db, id, how.state.id, how.now, how.backfill);
        store::note_digest(db, id, how.state.id, reading.digest);
    }
    if (reading.content)
        store::add_revision(db, id, revision_of(how, reading, reading.identity.url));
    else
        store::index_article(db, id);
    queue_page_of(db, how, id, reading);
    if (reading.content)
        queue_images_of(db, how, id, *reading.content, {});
    ++taken.fresh;
    if (!silent) {
        how.teller.article(db, "article.new", how.now, id);
        ++taken.told;
    }
    follow_sources_of(db, how, id);
    settle(db, how.teller, id, how.now);
    return id;
}

namespace {

void tell_edit(store::Connection& db, const TakeIn& how, std::int64_t id, const change::Verdict& verdict,
               const std::string& old_title, int old_revision, Taken& taken) {
    if (verdict.censored) {
        how.teller.article(db, "article.censored", how.now, id, {{"previous_title", old_title}});
        ++taken.told;
    }
    if (verdict.only_censored)
        return;
    boost::json::array changed;
    for (const std::string& what : verdict.changed)
        if (what != "title" || !verdict.title_only_marked)
            changed.emplace_back(what);
    how.teller.article(db, "article.updated", how.now, id,
                       {{"changed", std::move(changed)}, {"previous_revision", old_revision}});
    ++taken.told;
}

/// The first content of an article that was known by its title only.
bool is_first_content(const change::Known& known, const Reading& reading) {
    return known.content_sha256.empty() && reading.content.has_value();
}

void store_edit(store::Connection& db, const TakeIn& how, const Reading& reading, std::int64_t id,
                const change::Known& known, const change::Verdict& verdict, Taken& taken) {
    const auto before = store::get_article(db, id, true);
    std::set<std::string> images;
    for (const model::Image& image : before->images)
        images.insert(image.url);
    const std::string url = reading.identity.url.empty() ? known.url : reading.identity.url;
    model::Revision revision = revision_of(how, reading, url);
    revision.changed = verdict.changed;
    store::add_revision(db, id, revision); // without content: that of the revision before stays
    if (std::ranges::find(verdict.changed, "link") != verdict.changed.end())
        queue_page_of(db, how, id, reading);
    queue_images_of(db, how, id, revision.content, images);
    if (verdict.censored) {
        store::set_censored(db, id, how.now);
        ++taken.censored;
    } else {
        ++taken.edited;
    }
    if (!is_first_content(known, reading))
        tell_edit(db, how, id, verdict, known.title, before->revision, taken);
    follow_sources_of(db, how, id);
}

/// A publisher's page that is another at every look (a clock, an advertisement in the text) must not fill the
/// archive; the edits go on being seen as soon as it calms down.
bool changes_too_often(store::Connection& db, const TakeIn& how, std::int64_t id) {
    constexpr int most_revisions = 24;
    constexpr base::Duration within = std::chrono::hours(24);
    const auto at = store::revised_at(db, id, most_revisions - 1);
    return at && how.now - *at < within;
}

/// The content is the page's, and what the feed gives is a summary still: its edits say that the page is
/// worth another look. False: it is the feed's own, or the feed gives the whole at last.
bool is_beside_page(store::Connection& db, const TakeIn& how, const Reading& reading, std::int64_t id) {
    const auto summary = store::find_summary(db, id);
    if (!summary || !reading.content || reading.content->sha256 == *summary)
        return summary.has_value();
    if (!is_summary_of(reading.content->characters, store::get_article(db, id, false)->characters)) {
        store::set_summary(db, id, std::nullopt);
        return false;
    }
    store::set_summary(db, id, reading.content->sha256);
    queue_page_of(db, how, id, reading);
    return true;
}

void take_known(store::Connection& db, const TakeIn& how, const Reading& given, std::int64_t id,
                Taken& taken) {
    store::add_keys(db, id, given.identity.keys);
    store::note_in_feed(db, id, how.state.id, how.now, how.backfill);
    std::optional<Reading> titled;
    if (is_beside_page(db, how, given, id)) {
        titled = given;
        titled->content.reset();
    }
    const Reading& reading = titled ? *titled : given;
    const change::Known known = store::known_of(db, id);
    change::Verdict verdict = change::compare(known, seen_of(reading));
    if (std::ranges::find(verdict.changed, "content") != verdict.changed.end() &&
        reads_the_same(db, id, reading.content->sha256))
        verdict = change::compare(store::known_of(db, id), seen_of(reading));
    if (!verdict.censored && changes_too_often(db, how, id))
        return;
    if (std::ranges::find(verdict.changed, "content") == verdict.changed.end())
        for (std::string& detail : changed_details(db, id, reading))
            verdict.changed.push_back(std::move(detail));
    follow_credits(db, id, given, how.now);
    store::note_digest(db, id, how.state.id, reading.digest);
    if (!verdict.changed.empty() || is_first_content(known, reading))
        store_edit(db, how, reading, id, known, verdict, taken);
}

/// Of a first document, the newest `announce` entries are told, the rest stored silently.
std::set<std::size_t> announced(const std::vector<Reading>& readings, int count) {
    std::vector<std::size_t> order(readings.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    const auto published = [&readings](std::size_t i) {
        return readings[i].entry.published.value_or(base::Time{});
    };
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return published(a) != published(b) ? published(a) > published(b) : a < b;
    });
    order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(count, 0))));
    return {order.begin(), order.end()};
}

using Ids = std::set<std::int64_t>;

/// Which article the entry is; nullopt: a new one. `present`: those that the document holds under their own
/// keys, so that an entry beside them is not one of them.
std::optional<std::int64_t> recognise(store::Connection& db, const TakeIn& how, const Reading& reading,
                                      const Ids& present) {
    if (const auto id = find_by_keys(db, reading))
        return id;
    if (!reading.content)
        return std::nullopt;
    const auto twin = store::find_twin(db, how.state.id, reading.content->sha256);
    if (!twin || present.contains(twin->article) || twin->published != published_of(reading.entry))
        return std::nullopt;
    // A text of some length and its date say who it is; a line or a picture needs its headline too.
    constexpr std::int64_t telling = 200;
    const bool same = twin->characters >= telling || twin->headline == reading.title.headline;
    return same ? std::optional(twin->article) : std::nullopt;
}

bool is_news(const TakeIn& how, const Reading& reading) {
    const auto published = published_of(reading.entry);
    return published && how.told_after && *published > *how.told_after && *published <= how.now;
}

Ids present_in(store::Connection& db, const std::vector<Reading>& readings) {
    Ids present;
    for (const Reading& reading : readings)
        if (const auto id = find_by_keys(db, reading))
            present.insert(*id);
    return present;
}

} // namespace

Taken take_in(store::Connection& db, const TakeIn& how, const std::vector<Reading>& readings) {
    Taken taken;
    const bool first = !how.state.polled;
    const std::set<std::size_t> told =
        first ? announced(readings, how.feed.announce) : std::set<std::size_t>{};
    Ids present = present_in(db, readings);
    // From the end: in most feeds oldest first, so that events come in the order in which things were
    // published.
    for (std::size_t i = readings.size(); i-- > 0;) {
        const Reading& reading = readings[i];
        if (reading.unchanged)
            continue;
        const bool silent = how.backfill ? !is_news(how, reading) : first && !told.contains(i);
        if (const auto id = recognise(db, how, reading, present))
            take_known(db, how, reading, *id, taken);
        else
            present.insert(store_new(db, how, reading, silent, taken));
    }
    return taken;
}

void settle(store::Connection& db, const Teller& teller, std::int64_t id, base::Time now) {
    const auto article = store::get_article(db, id, false);
    if (!article || article->state != model::ArticleState::stored)
        return;
    if (store::has_untried_jobs(db, id, "capture"))
        return;
    store::set_state(db, id, model::ArticleState::archived, now);
    // With pages off nothing was captured, so there is nothing to tell.
    if (!article->silent && article->page.state != model::PageState::off)
        teller.article(db, "article.archived", now, id);
}

void give_up(store::Connection& db, const Teller& teller, std::int64_t id, base::Time now) {
    const auto article = store::get_article(db, id, false);
    if (!article || article->state != model::ArticleState::seen)
        return;
    store::set_state(db, id, model::ArticleState::failed, now);
    teller.article(db, "article.failed", now, id);
}

} // namespace cdtd::pipeline
