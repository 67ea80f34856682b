#include "api/router.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/lookup.hpp>

#include <utility>

namespace cdtd::api {
namespace {

boost::json::object to_json(const store::Lookup& found, const std::string& url,
                            const std::optional<std::string>& canonical) {
    boost::json::object out{{"url", url},
                            {"canonical_url", nullptr},
                            {"kind", found.kind},
                            {"article", nullptr},
                            {"source", nullptr}};
    if (canonical)
        out["canonical_url"] = *canonical;
    if (found.article)
        out["article"] = model::to_json(*found.article, false);
    boost::json::array cited_by;
    for (const auto& citation : found.cited_by)
        cited_by.push_back(
            boost::json::object{{"id", citation.id}, {"title", citation.title}, {"url", citation.url}});
    out["cited_by"] = std::move(cited_by);
    boost::json::array captures;
    for (const auto& capture : found.captures)
        captures.push_back(model::to_json(capture));
    out["captures"] = std::move(captures);
    out["wayback"] = nullptr;
    out["liveness"] = nullptr;
    if (found.source) {
        auto source = model::to_json(*found.source, true);
        out["wayback"] = source.at("wayback");
        out["liveness"] = source.at("liveness");
        out["source"] = std::move(source);
    }
    return out;
}

} // namespace

Answer look_up(Ask& ask) {
    const auto url = ask.query.text("url");
    if (!url)
        ask.query.fail("the parameter \"url\" is missing");
    if (!ask.query.done())
        return problem(400, ask.query.fault() + (url ? "; an & inside the URL is written %26" : ""));
    // What an archive's link wraps is what is meant; a short id (archive.ph/W29ZN) stands for itself.
    const auto asked = std::string(base::trim(*url));
    const auto meant = article::unwrap(asked).original.value_or(asked);
    auto canonical = base::canonical_url(meant);
    auto found = store::look_up(ask.db, meant, canonical.value_or(""));
    if (found.kind == "unknown") {
        // A guid that is no URL, an id: as a person types it.
        if (const auto id = store::find_by_reference(ask.db, asked))
            if (const auto article = store::get_article(ask.db, *id, false)) {
                canonical = article->url;
                found = store::look_up(ask.db, article->url, article->url);
            }
    }
    return json_answer(to_json(found, *url, canonical));
}

} // namespace cdtd::api
