// The two vocabularies, and what they share.
#pragma once

#include "feed/xml_scope.hpp"

#include <cdtd/base/result.hpp>
#include <cdtd/model/feed.hpp>

namespace cdtd::feed::detail {

inline constexpr std::size_t max_entries = 10'000;
inline constexpr std::size_t max_categories = 500; ///< of one entry
inline constexpr std::size_t max_enclosures = 100; ///< of one entry
inline constexpr std::size_t max_field =
    16UL * 1024; ///< bytes of what is not content: title, guid, author, …

base::Result<model::Feed> read_rss(const Scope& root);
model::Feed read_atom(const Scope& root);
/// JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): `text` is valid UTF-8 and begins with "{".
/// Errc::bad_data: no JSON, JSON that is no feed, or cut off before the first whole item; Errc::too_large:
/// deep, or needs too much memory.
base::Result<model::Feed> read_json(std::string_view text, const std::string& url);

/// The first value that says something stays.
void keep_first(std::string& field, std::string value);
void keep_first(std::optional<base::Time>& field, std::string_view date);
void add_category(model::Entry& entry, std::string value);
/// Each address once, and only http and https.
void add_enclosure(model::Entry& entry, model::Enclosure enclosure);
std::string too_many_entries();
/// Cuts what is longer than max_field, at a character's border; says so. Addresses have their bound in base.
void bound_fields(model::Feed& feed);
std::optional<std::int64_t> number_of(std::string_view text);

/// atom:link, in RSS too.
struct AtomLink {
    std::string relation; ///< lower case, "alternate" where none is written
    std::string type;
    std::string href; ///< resolved; "" where it is no http(s) URL
};
AtomLink atom_link(const Scope& scope);
std::string atom_person(const Scope& scope);
model::Enclosure enclosure_of(const Scope& scope, std::string_view url);
/// self, next and alternate of a feed. RFC 5005: a page's next, or an archive's prev-archive.
void take_feed_link(model::Feed& feed, AtomLink link);
/// atom:category and its like: the label is for people.
std::string category_name(const Scope& scope);

/// Media RSS (rssboard.org/media-rss) and the tags of iTunes podcasts: what counts where the feed's own words
/// are missing.
class Extras {
  public:
    /// True where the element was one of its own.
    bool take(const Scope& scope, model::Entry& entry);
    void finish(model::Entry& entry);

  private:
    void take_media(const Scope& scope, model::Entry& entry);
    void take_itunes(const Scope& scope, model::Entry& entry);

    std::string title_, author_, summary_;
    std::optional<model::Enclosure> thumbnail_;
};

/// sy:updatePeriod and sy:updateFrequency, ttl, skipHours, skipDays.
class Cadence {
  public:
    /// True where the element was one of its own.
    bool take(const Scope& scope);
    void finish(model::Feed& feed) const;

  private:
    std::optional<base::Duration> period_;
    std::int64_t frequency_ = 1;
    std::optional<base::Duration> ttl_;
    std::vector<int> hours_, days_;
};

} // namespace cdtd::feed::detail
