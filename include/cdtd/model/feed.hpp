// A feed document as it was read, and the state of a subscription. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::model {

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
};

/// A feed document.
struct Feed {
    std::string format; ///< "rss 2.0", "atom 1.0"
    std::string title;
    std::string link; ///< the site
    std::string self; ///< atom:link rel=self
    std::string next; ///< RFC 5005 rel=next
    std::string language;
    std::optional<base::Duration> ttl;           ///< RSS ttl
    std::optional<base::Duration> update_period; ///< sy:updatePeriod / sy:updateFrequency
    std::vector<int> skip_hours;                 ///< GMT, 0–23
    std::vector<int> skip_days;                  ///< 0 = Sunday
    std::vector<Entry> entries;                  ///< in document order
    std::vector<std::string> repairs;            ///< what had to be mended to read it
};

/// HTTP validators, byte for byte as the last 200 or 304 sent them; never parsed (RFC 9110 8.8).
struct Validators {
    std::optional<std::string> etag;
    std::optional<std::string> last_modified;
};

/// One reason why the next poll is not earlier; `won` marks the one that decided.
struct Bound {
    std::string
        kind; ///< interval, ttl, sy, max-age, expires, retry-after, skip-hours, skip-days, backoff, host
    std::string value;  ///< as written: "3600", "hourly/1"
    std::string origin; ///< configuration, feed, response, state
    base::Time until;
    bool won = false;
};

enum class FeedHealth { fresh, ok, failing, gone, held }; ///< fresh is "new" outside

/// A subscription and what is known of it.
struct FeedState {
    std::int64_t id = 0;
    std::string name;
    std::string url;
    bool enabled = true;
    FeedHealth state = FeedHealth::fresh;
    std::string title;
    std::optional<base::Time> last_poll_at;
    std::optional<int> last_status; ///< HTTP status of the last poll; null where there was no answer
    std::optional<std::string>
        last_error; ///< one line for people, at most 600 bytes; null when the last poll was well
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
};

} // namespace cdtd::model
