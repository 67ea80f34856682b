#include "pipeline/tell_watch.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/articles.hpp>

#include <algorithm>

namespace cdtd::pipeline {

namespace {

const char* type_of(change::News news) {
    switch (news) {
    case change::News::deleted:
        return "source.deleted";
    case change::News::censored:
        return "source.censored";
    default:
        return "source.restored";
    }
}

} // namespace

void tell_watch(store::Connection& db, const Teller& teller, const store::Watched& source, change::News news,
                base::Time at) {
    if (news == change::News::none)
        return;
    const auto citers = store::citers_of(db, source.id);
    auto citer = std::ranges::find(citers, false, &store::Citer::silent);
    const bool was_so_before = news != change::News::restored && !source.standing.alive_until;
    if (citer == citers.end() && was_so_before)
        return;
    if (citer == citers.end())
        citer = citers.begin();
    if (citer == citers.end())
        return; // no article cites it any more
    const auto article = store::get_article(db, citer->article, false);
    const auto found = std::ranges::find(article->sources, source.id, &model::Source::id);
    if (found != article->sources.end())
        teller.article(db, type_of(news), at, citer->article, {{"source", model::to_json(*found)}});
}

} // namespace cdtd::pipeline
