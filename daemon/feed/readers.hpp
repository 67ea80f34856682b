// The two vocabularies, and what they share.
#pragma once

#include "feed/xml_scope.hpp"

#include <cdtd/base/result.hpp>
#include <cdtd/model/feed.hpp>

namespace cdtd::feed::detail {

inline constexpr std::size_t max_entries = 10'000;
inline constexpr std::size_t max_categories = 500; ///< of one entry

base::Result<model::Feed> read_rss(const Scope& root);
model::Feed read_atom(const Scope& root);

/// The first value that says something stays.
void keep_first(std::string& field, std::string value);
void keep_first(std::optional<base::Time>& field, std::string_view date);
void add_category(model::Entry& entry, std::string value);
/// False where the document has more entries than we read; says so once.
bool has_room(model::Feed& feed);

/// atom:link, in RSS too.
struct AtomLink {
    std::string relation; ///< lower case, "alternate" where none is written
    std::string type;
    std::string href; ///< resolved; "" where it is no http(s) URL
};
AtomLink atom_link(const Scope& scope);
std::string atom_person(const Scope& scope);

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
