#include "pipeline/tell_wayback.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/wayback.hpp>

#include <algorithm>

namespace cdtd::pipeline {

void tell_snapshots(store::Connection& db, const Teller& teller, const Citations& of, base::Time at) {
    for (const store::Untold& citation : store::untold_snapshots(db, of.article, of.source)) {
        store::mark_told(db, citation);
        if (citation.silent)
            continue;
        const auto article = store::get_article(db, citation.article, false);
        const auto found = std::ranges::find(article->sources, citation.source, &model::Source::id);
        if (found != article->sources.end())
            teller.article(db, "source.archived", at, citation.article, {{"source", model::to_json(*found)}});
    }
}

} // namespace cdtd::pipeline
