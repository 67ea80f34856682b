#include "pipeline/tell_wayback.hpp"

#include <cdtd/pipeline/follow_sources.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/saves.hpp>
#include <cdtd/store/watch.hpp>
#include <cdtd/store/wayback.hpp>

namespace cdtd::pipeline {

namespace {

void queue_saves(store::Connection& db, std::int64_t id, base::Time now) {
    const auto article = store::get_article(db, id, false);
    if (!article)
        return;
    store::Save save;
    save.known_at = article->first_seen_at;
    for (const model::Source& source : article->sources) {
        if (!source.url)
            continue;
        save.url = *source.url;
        save.source = source.id;
        store::add_save(db, save, now);
    }
    if (article->url.empty())
        return;
    save.url = article->url;
    save.source.reset();
    save.article = id;
    store::add_save(db, save, now);
}

} // namespace

Follow follow_of(const WatchSettings& watch, const WaybackSettings& wayback) {
    return {watch.enabled, wayback.enabled, wayback.enabled && wayback.save == WaybackSettings::Save::always};
}

void follow_sources(store::Connection& db, const Follow& follow, const Teller& teller, std::int64_t article,
                    base::Time now) {
    if (follow.watch)
        store::watch_sources_of(db, article, now);
    if (follow.look_up)
        store::look_up_sources_of(db, article, now);
    if (follow.save)
        queue_saves(db, article, now);
    tell_snapshots(db, teller, {.article = article}, now);
}

} // namespace cdtd::pipeline
