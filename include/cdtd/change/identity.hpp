// Which article an entry is: the keys by which it is found again. Pure; any thread.
// One article, many keys: (site, post id), guid, canonical link. A key that repeats inside a document is none
// there.
#pragma once

#include <cdtd/model/feed.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::change {

struct Key {
    std::string kind; ///< "post", "guid", "link": strongest first
    std::string
        value; ///< "chinadigitaltimes.net/chinese#715285"; a guid that is no URL is scoped by the feed's site
    bool operator==(const Key&) const = default;
};

struct Identity {
    std::optional<std::string> site; ///< "chinadigitaltimes.net/chinese"
    std::optional<std::int64_t> post_id;
    std::string guid;      ///< as written
    std::string url;       ///< canonical link; "" where the entry has none
    std::vector<Key> keys; ///< strongest first; never empty: the last resort is a digest of title and content
};

/// One identity an entry, in document order. `feed_url` scopes guids that are no URLs.
std::vector<Identity> identify(const model::Feed& feed, const std::string& feed_url);

/// (site, post id) of a WordPress guid (…/?p=ID) or link (…/ID.html); nullopt for anything else.
struct PostId {
    std::string site;
    std::int64_t id;
};
std::optional<PostId> post_id_of(const std::string& url);

/// The keys under which a user's word (id URL, old URL, guid) may be known.
std::vector<Key> keys_of_reference(const std::string& text);

} // namespace cdtd::change
