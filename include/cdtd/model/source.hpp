// A source: the original that an article was taken from. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cdtd::model {

/// A source as an archive card cites it.
struct CitedSource {
    std::optional<std::string>
        url; ///< canonical URL of the original; absent where it can't be known (archive.ph/W29ZN)
    std::optional<std::string> link; ///< as published; absent for a source named without any link
    std::optional<std::string> name; ///< 微信公众号“NAME” is platform weixin and NAME
    std::string platform;            ///< weixin, weibo, zhihu, douban, twitter, reddit, …, web
};

struct Wayback {
    std::string state = "unchecked"; ///< archived | not_archived | unknown | unchecked
    std::optional<std::string> reason;
    std::optional<std::string> snapshot_url;
    std::optional<base::Time> snapshot_at;
    std::optional<std::int64_t> snapshots;
    std::optional<base::Time> checked_at;
    std::optional<base::Time> next_check_at;
};

struct Liveness {
    std::string state =
        "unchecked"; ///< alive | deleted | censored | challenged | unreachable | unknown | unchecked
    std::optional<std::string> reason;
    std::optional<base::Time> since;
    std::optional<base::Time> checked_at;
    std::optional<base::Time> next_check_at;
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
};

} // namespace cdtd::model
