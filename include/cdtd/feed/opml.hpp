// Lists of subscriptions: OPML 1.0 and 2.0 (http://opml.org/spec2.opml) read, 2.0 written. Pure; any thread.
// pugixml behind it.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::feed {

/// One feed of a list. What stands behind `folders` is ours: attributes of the namespace urn:cdtd:opml, which
/// other programs leave alone.
struct Subscription {
    std::string title;                ///< "text", else "title"; "" where there is neither
    std::string url;                  ///< xmlUrl as written, white space around it trimmed
    std::string site;                 ///< htmlUrl
    std::vector<std::string> folders; ///< the outlines around it, outermost first
    std::string name;
    std::optional<base::Duration> interval;
    bool enabled = true;
};

struct SubscriptionList {
    std::string title;
    std::vector<Subscription> feeds;   ///< in document order
    std::vector<std::string> left_out; ///< outlines that name no feed and hold none, in words
};

/// Errc::bad_data: not XML, not OPML; Errc::too_large: nested deeper than 32, more than 10,000 feeds.
/// Entities that a DTD defines are not expanded.
base::Result<SubscriptionList> read_opml(std::string_view bytes);

/// UTF-8, made at `now`. Characters that XML 1.0 has no place for, or that could steer a terminal, are left
/// out.
std::string write_opml(const SubscriptionList& list, base::Time now);

} // namespace cdtd::feed
