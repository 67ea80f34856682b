#include <cdtd/base/digest.hpp>
#include <cdtd/pipeline/survey.hpp>
#include <cdtd/store/articles.hpp>

namespace cdtd::pipeline {

Survey survey(store::Connection& db, std::int64_t feed, const std::vector<Reading>& readings,
              base::Time before) {
    Survey found;
    found.entries.reserve(readings.size());
    for (const Reading& reading : readings) {
        change::Sighting sighting;
        sighting.published = reading.entry.published ? reading.entry.published : reading.entry.updated;
        if (const auto id = store::find_article(db, reading.identity.keys)) {
            sighting.held = true;
            const auto since = store::seen_in_feed(db, *id, feed);
            sighting.known = since && *since < before;
        }
        found.entries.push_back(sighting);
    }
    found.newest_known = store::newest_known(db, feed, before);
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
