#include <cdtd/base/digest.hpp>
#include <cdtd/pipeline/recognise.hpp>
#include <cdtd/pipeline/survey.hpp>
#include <cdtd/store/articles.hpp>

namespace cdtd::pipeline {

Survey survey(store::Connection& db, std::int64_t feed, std::vector<Reading>& readings, base::Time before) {
    Survey found;
    found.newest_known = store::newest_known(db, feed, before);
    found.entries.reserve(readings.size());
    for (Reading& reading : readings) {
        change::Sighting sighting;
        sighting.published = reading.entry.published ? reading.entry.published : reading.entry.updated;
        if (const auto id = find_by_keys(db, reading)) {
            sighting.held = true;
            const auto here = store::find_in_feed(db, *id, feed);
            const bool old =
                sighting.published && found.newest_known && *sighting.published <= *found.newest_known;
            sighting.known = here && here->first_seen_at < before && (!here->backfilled || old);
            reading.unchanged = here && here->digest == reading.digest;
        }
        found.entries.push_back(sighting);
    }
    return found;
}

std::string digest_of(const std::vector<Reading>& readings) {
    std::string keys;
    for (const Reading& reading : readings)
        for (const change::Key& key : reading.identity.keys)
            keys.append(key.kind).append(" ").append(key.value).append("\n");
    return base::sha256_hex(keys);
}

} // namespace cdtd::pipeline
