#include <cdtd/pipeline/recognise.hpp>
#include <cdtd/store/articles.hpp>

namespace cdtd::pipeline {

change::Seen seen_of(const Reading& reading) {
    change::Seen seen;
    seen.title = reading.title.text;
    seen.columns = reading.title.columns;
    seen.url = reading.identity.url;
    seen.content_sha256 = reading.content ? reading.content->sha256 : "";
    seen.published = reading.entry.published ? reading.entry.published : reading.entry.updated;
    return seen;
}

std::optional<std::int64_t> find_by_keys(store::Connection& db, const Reading& reading) {
    for (const change::Key& key : reading.identity.keys) {
        const auto id = store::find_article(db, {key});
        if (id && !change::is_another(store::known_of(db, *id), seen_of(reading)))
            return id;
    }
    return std::nullopt;
}

} // namespace cdtd::pipeline
