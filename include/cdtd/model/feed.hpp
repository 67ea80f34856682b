// A feed document as it was read, and the state of a subscription. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::model {

/// What is attached to an entry: RSS enclosure, atom:link rel=enclosure, media:content, a JSON Feed
/// attachment.
struct Enclosure {
    std::string url;  ///< absolute
    std::string type; ///< MIME type as written; "" where none is
    std::optional<std::int64_t> bytes;
};

struct Entry {
    std::string guid;   ///< RSS guid, Atom id; "" where there is none
    std::string link;   ///< absolute where it could be resolved; "" where there is none
    std::string title;  ///< XML decoded once; may still hold HTML entities (WordPress does so)
    std::string author; ///< dc:creator, atom:author/name, author; the editor at CDT
    std::optional<base::Time> published;
    std::optional<base::Time> updated;
    std::string published_raw; ///< as written, kept where it can't be read
    std::vector<std::string> categories;
    std::string summary; ///< HTML: description, atom:summary
    std::string content; ///< HTML: content:encoded, atom:content; "" where there is none
    std::vector<Enclosure> enclosures;
};

/// How often a publisher says the feed changes. Holds until a later document says otherwise.
struct Cadence {
    std::optional<base::Duration> ttl;           ///< RSS ttl
    std::optional<base::Duration> update_period; ///< sy:updatePeriod / sy:updateFrequency
    std::vector<int> skip_hours;                 ///< GMT, 0–23
    std::vector<int> skip_days;                  ///< 0 = Sunday
    bool operator==(const Cadence&) const = default;
};

/// A feed document.
struct Feed {
    std::string format; ///< "rss 2.0", "atom 1.0", "json feed 1.1"
    std::string title;
    std::string link; ///< the site
    std::string self; ///< atom:link rel=self
    std::string next; ///< the page of older entries: RFC 5005 rel=next, JSON Feed's next_url; absolute
    std::string language;
    std::string generator; ///< as written, with its version or URI
    Cadence cadence;
    std::vector<Entry> entries;       ///< in document order
    std::vector<std::string> repairs; ///< what had to be mended to read it, each kind once
    bool cut_off = false;             ///< it ends in the middle: the whole entries before count
};

/// HTTP validators, byte for byte as the last 200 or 304 sent them; never parsed (RFC 9110 8.8).
struct Validators {
    std::optional<std::string> etag;
    std::optional<std::string> last_modified;
};

/// One reason why the next poll is not earlier; `won` marks the one that decided.
struct Bound {
    std::string kind;   ///< interval, floor, ttl, sy, max-age, expires, retry-after, skip-hours, skip-days,
                        ///< backoff, host
    std::string value;  ///< as written: "3600", "hourly/1"
    std::string origin; ///< configuration, politeness, feed, response, state
    base::Time until;
    bool won = false;
};

enum class FeedHealth { fresh, ok, failing, gone, held }; ///< fresh is "new" outside

/// A permanent redirect (301, 308 all the way) that has been seen but not long enough to be believed.
struct Move {
    std::string to;
    base::Time since;
    int seen = 0; ///< polls in a row that led there
};

enum class WalkKind { gap, backfill };
enum class WalkState { walking, done, failed };

/// A page of older entries, and what its server said of it.
struct WalkPage {
    std::string url; ///< "" = none yet
    Validators validators;
};

/// A way through a feed's older pages (WordPress ?paged=N, RFC 5005, JSON Feed), one a feed and kind. The
/// last one is kept when it has ended.
struct Walk {
    WalkKind kind = WalkKind::gap;
    WalkState state = WalkState::walking;
    base::Time started_at;
    int page = 2;     ///< the number of `next`; the feed's document itself is 1
    std::string next; ///< where it is
    WalkPage last;    ///< the one that was read last; its URL is "" where that is the feed's document
    /// A page to be looked at once more (conditionally) before going on: the page behind it did not begin
    /// with an entry that was known, and what is removed in between moves the later ones up across the
    /// border.
    WalkPage again;
    bool ended = false;              ///< there is nothing to read behind `last`
    std::optional<int> last_page;    ///< how far, of a backfill
    std::optional<base::Time> until; ///< older entries are not wanted (backfill), or are known (gap)
    std::int64_t found = 0;          ///< entries that were not known
    /// Marks of the pages that were read, in order, the feed's document first: pages that come again lead
    /// nowhere.
    std::vector<std::string> seen;
    base::Time due_at;
    int attempts = 0; ///< failed ones in a row
    std::optional<std::string> last_error;
};

/// A subscription and what is known of it.
struct FeedState {
    std::int64_t id = 0;
    std::string name;
    std::string url;            ///< the one that is asked: as configured, or where it has moved to for good
    std::string configured_url; ///< as the configuration has it
    bool enabled = true;
    FeedHealth state = FeedHealth::fresh;
    std::string title;
    std::optional<base::Time> last_poll_at;
    std::optional<int> last_status; ///< HTTP status of the last poll; null where there was no answer
    std::optional<std::string>
        last_error; ///< one line for people, at most 600 bytes; null when the last poll was well
    std::optional<std::string> error_class; ///< of last_error: network, timeout, refused, bad_data, …
    int consecutive_failures = 0;
    std::optional<base::Time> last_change_at;
    std::optional<base::Time> next_poll_at;
    std::optional<base::Time>
        allowed_at; ///< what the server forbids earlier (Retry-After, max-age), apart from our own wish
    std::vector<Bound> bounds;
    Validators validators;
    std::int64_t entries = 0; ///< articles known through this feed
    int last_entry_count = 0; ///< entries in the last good document: empty after full is suspicious
    bool polled = false;      ///< a first document was read: later entries are news
    Cadence cadence;          ///< of the last document
    std::optional<Move> move; ///< a redirect that may become the feed's new address
    std::vector<std::string> former_urls; ///< oldest first
    bool stale = false;                   ///< told as feed.stale, and nothing new since
    std::optional<base::Duration> rhythm; ///< silence longer than this is unusual for it; null: not known yet
    bool released = false;                ///< the operator lets the next document pass, whatever its ids
    std::vector<std::string> repairs;     ///< what had to be mended in the last document
    std::string older_url;       ///< of the page of older entries that the last document names; "" = none
    std::string document_sha256; ///< of the bytes of the last document that was taken in; hex
    std::vector<Walk> walks;     ///< one a kind at most; written by store::save_walk
};

} // namespace cdtd::model
