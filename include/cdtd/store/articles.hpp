// Articles, their keys and revisions. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/change/compare.hpp>
#include <cdtd/change/identity.hpp>
#include <cdtd/model/article.hpp>
#include <cdtd/store/connection.hpp>
#include <cdtd/store/search_query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

/// The article that has any of these keys; the strongest key wins where they disagree.
std::optional<std::int64_t> find_article(Connection& db, const std::vector<change::Key>& keys);
/// An article of the feed that has this content; the newest where there are several.
struct Twin {
    std::int64_t article;
    std::string headline;
    std::int64_t characters;
    std::optional<base::Time> published;
};
std::optional<Twin> find_twin(Connection& db, std::int64_t feed, const std::string& content_sha256);
/// Any article has this content and this date (to the millisecond), and this headline where the content is
/// short.
bool has_copy(Connection& db, const std::string& content_sha256, std::optional<base::Time> published,
              const std::string& headline);
/// Keys that are not known yet are added; one that belongs to another article is left alone.
void add_keys(Connection& db, std::int64_t article, const std::vector<change::Key>& keys);
/// The same, but they are this article's from now on, whoever had them.
void take_keys(Connection& db, std::int64_t article, const std::vector<change::Key>& keys);
/// What the feed's next word is compared with: where the content is the page's, `content_sha256` is that of
/// the summary which the feed gave.
change::Known known_of(Connection& db, std::int64_t article);
/// The content is the page's from now on; `summary_sha256` is that of what the feed gives ("" = nothing).
/// nullopt: it is the feed's own.
void set_summary(Connection& db, std::int64_t article, const std::optional<std::string>& summary_sha256);
std::optional<std::string> find_summary(Connection& db, std::int64_t article);

/// Writes identity, title parts, editor, categories, dates, silent, state, page and censored_at of `article`;
/// `id`, `change` and `revision` are given here. Content comes with add_revision. Returns the id.
std::int64_t insert_article(Connection& db, const model::Article& article);
/// The article was in this feed's document at `at`. True when it is new there.
bool note_in_feed(Connection& db, std::int64_t article, std::int64_t feed, base::Time at,
                  bool backfilled = false);
/// What a feed said of an article when it was taken in last.
struct InFeed {
    base::Time first_seen_at;
    std::string digest;      ///< of the entry; "" = not noted
    bool backfilled = false; ///< found by a backfill, not by a poll
};
std::optional<InFeed> find_in_feed(Connection& db, std::int64_t article, std::int64_t feed);
void note_digest(Connection& db, std::int64_t article, std::int64_t feed, const std::string& digest);
/// Publication (else first sight) of the feed's newest articles, newest first.
std::vector<base::Time> newest_times(Connection& db, const std::string& feed, int limit);
/// The publication (never later than first sight) of the feed's newest article that was first seen in it
/// before `before`; nullopt: there is none.
std::optional<base::Time> newest_known(Connection& db, std::int64_t feed, base::Time before);
/// When the revision that lies `back` before the newest was seen; nullopt: there are fewer.
std::optional<base::Time> revised_at(Connection& db, std::int64_t article, int back);

/// Stores the next revision and makes the article's row, sources and images agree with it (state seen →
/// stored); grows `change`. `revision.number` is given here and returned. Images and sources that stay keep
/// their rows.
int add_revision(Connection& db, std::int64_t article, const model::Revision& revision);
/// The bytes of the newest revision and the reader (article::kReader) that made its fingerprint; nullopt: no
/// content is held.
struct HeldReading {
    int reader;
    std::string original_html;
};
std::optional<HeldReading> held_reading(Connection& db, std::int64_t article);
/// The newest revision's fingerprint as the present reader makes it of the same bytes; no edit.
void set_fingerprint(Connection& db, std::int64_t article, const std::string& content_sha256);
void set_censored(Connection& db, std::int64_t article, base::Time at); ///< only where it is null
/// What the feed says of it; the search finds it by these from then on.
void set_credits(Connection& db, std::int64_t article, const std::optional<std::string>& editor,
                 const std::vector<std::string>& categories, base::Time at);
void set_page(Connection& db, std::int64_t article, const model::Page& page);
void set_state(Connection& db, std::int64_t article, model::ArticleState state,
               base::Time at); ///< grows `change`

/// Articles with much the same text or the same original, the likest first; at most 20.
std::vector<model::Related> related_of(Connection& db, std::int64_t article);
/// Makes likenesses of at most `limit` of the articles that were stored before there were any; gives how many
/// ids are still to be looked at.
std::int64_t liken_more(Connection& db, int limit);
std::int64_t unlikened(Connection& db); ///< upper bound; 0 = all have theirs

/// `full`: with images, embeds, related articles, captures, missing and revisions (without their html).
std::optional<model::Article> get_article(Connection& db, std::int64_t id, bool full);
/// With html; nullopt where there is none. number 0 = the newest.
std::optional<model::Revision> get_revision(Connection& db, std::int64_t article, int number);

struct ArticleFilter {
    std::vector<std::string> feeds, outlets, topics, columns, states, source_states,
        wayback;                               ///< any of each; empty = all
    std::optional<base::Time> since, until;    ///< of published_at, else first_seen_at; since ≤ t < until
    std::optional<std::int64_t> changed_after; ///< upward by change instead of newest first
    std::optional<Query> query;                ///< for which the article must hold
    std::string cursor;                        ///< as given by the page before; "" = from the start
    int limit = 50;
};
struct ArticlePage {
    std::vector<model::Article> items; ///< not full
    std::optional<std::string> next;   ///< cursor
};
/// Throws std::invalid_argument for a cursor that is not ours.
ArticlePage list_articles(Connection& db, const ArticleFilter& filter);

} // namespace cdtd::store
