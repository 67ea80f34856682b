// The archive status of any URL: an article's, a source's, an image's. Functions run inside a transaction of
// the caller.
#pragma once

#include <cdtd/model/article.hpp>
#include <cdtd/store/connection.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

struct Citation {
    std::int64_t id;
    std::string title;
    std::string url;
};

struct Lookup {
    std::string kind = "unknown";          ///< article | source | image | unknown
    std::optional<model::Article> article; ///< not full
    std::optional<model::Source> source;   ///< name and link of the newest citation
    std::optional<model::Save> save;       ///< of the article's own page, where it is saved
    std::vector<Citation> cited_by;        ///< articles that cite the source or show the image, newest first
    std::vector<model::Capture> captures;
};

/// `canonical` is base::canonical_url of what was asked for, unwrapped; `url` the same as typed (a guid, an
/// old URL).
Lookup look_up(Connection& db, const std::string& url, const std::string& canonical);
/// An article by id, URL (old ones too) or guid, as a person types it.
std::optional<std::int64_t> find_by_reference(Connection& db, const std::string& reference);

} // namespace cdtd::store
