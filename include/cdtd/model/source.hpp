// A source: the original that an article was taken from. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::model {

/// A source as an archive card cites it.
struct CitedSource {
    std::optional<std::string>
        url; ///< canonical URL of the original; absent where it can't be known (archive.ph/W29ZN)
    std::optional<std::string> link; ///< as published; absent for a source named without any link
    std::optional<std::string> name; ///< 微信公众号“NAME” is platform weixin and NAME
    std::string platform;            ///< weixin, weibo, zhihu, douban, twitter, reddit, …, web
};

/// What became of saving a page in the Wayback Machine.
struct Save {
    std::string state; ///< waiting | submitted | captured | verified | failed
    std::optional<std::string> job_id;
    std::optional<base::Time> at; ///< when it came to this state
    std::optional<std::string> error;
    std::optional<base::Time> next_try_at;
};

struct Wayback {
    std::string state = "unchecked"; ///< archived | not_archived | unknown | unchecked
    std::optional<std::string> reason;
    std::optional<std::string> snapshot_url;
    std::optional<base::Time> snapshot_at;
    std::optional<std::int64_t> snapshots;
    std::optional<base::Time> checked_at;
    std::optional<base::Time> next_check_at;
    std::optional<std::string> newest_url; ///< where `snapshot_url` is the one nearest to the publication
    std::optional<base::Time> newest_at, first_at;
    std::optional<std::string> digest;   ///< of the snapshot, as the index has it
    std::optional<std::int64_t> capture; ///< id of our copy of the answer that shows it
    std::optional<Save> save;
};

/// The same page in another archive, as an article links to it.
struct Alternate {
    std::string url;
    std::string archive;                 ///< archive_today, ghostarchive, megalodon, …
    std::optional<std::string> original; ///< canonical; absent: its address does not say of which page it is

    friend bool operator==(const Alternate&, const Alternate&) = default;
};

struct Liveness {
    std::string state =
        "unchecked"; ///< alive | deleted | censored | challenged | unreachable | unknown | unchecked
    std::optional<std::string> reason;
    std::optional<base::Time> since;
    std::optional<base::Time> checked_at;
    std::optional<base::Time> next_check_at;
    bool confirmed = false; ///< as many looks as are asked for agree; only then it is told
};

/// One look at an original.
struct Look {
    base::Time at;
    std::string state; ///< of Liveness, but for unchecked
    std::optional<std::string> reason;
    std::string words;                   ///< what shows it, one line
    std::optional<int> status;           ///< HTTP status; null where there was no answer
    std::optional<std::int64_t> capture; ///< id of what came; null where it was not kept
};

/// Stored: one row an original, shared by the articles that cite it. `name` and `link` are the citing
/// article's.
struct Source {
    std::int64_t id = 0;
    std::optional<std::string> url;
    std::optional<std::string> name;
    std::string platform;
    std::optional<std::string> link;
    Wayback wayback;
    Liveness liveness;
    std::optional<std::int64_t> held; ///< our newest capture that shows it alive
    std::vector<Alternate> alternates;
    std::vector<Look> looks; ///< newest first; filled only where they are asked for
};

} // namespace cdtd::model
