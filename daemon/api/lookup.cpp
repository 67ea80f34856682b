#include "api/router.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/lookup.hpp>

#include <fmt/format.h>

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
    } else if (found.save) { // nobody looks an article up; that it is saved is known
        model::Wayback wayback;
        wayback.save = found.save;
        out["wayback"] = model::to_json(wayback);
    }
    return out;
}

/// RFC 8288, with the relations of RFC 7089 2.2: what is known of a source, its TimeGate where a snapshot
/// says which archive has it.
std::string links_of(const model::Source& source) {
    constexpr std::size_t longest = 6000; // of the header's value: clients take 8 KiB of a head at least
    std::string links;
    const auto add = [&links](const std::optional<std::string>& url, const std::string& relation) {
        const auto normal = url ? base::normalize_url(*url) : std::nullopt;
        if (normal && links.size() + normal->size() + relation.size() < longest)
            links += fmt::format("{}<{}>; {}", links.empty() ? "" : ", ", *normal, relation);
    };
    const model::Wayback& known = source.wayback;
    add(source.url, R"(rel="original")");
    const auto mark = known.snapshot_at ? "/" + base::format_timestamp14(*known.snapshot_at) + "/" : "";
    const auto stamp =
        known.snapshot_url && !mark.empty() ? known.snapshot_url->find(mark) : std::string::npos;
    if (stamp == std::string::npos)
        return links;
    const std::string replay = known.snapshot_url->substr(0, stamp + 1);
    add(replay + source.url.value_or(""), R"(rel="timegate")");
    add(replay + "timemap/link/" + source.url.value_or(""),
        R"(rel="timemap"; type="application/link-format")");
    const auto memento = [&](const std::optional<std::string>& url, const std::optional<base::Time>& at) {
        if (at)
            add(url, fmt::format(R"(rel="memento"; datetime="{}")", base::format_http_date(*at)));
    };
    memento(known.snapshot_url, known.snapshot_at);
    if (known.newest_url != known.snapshot_url)
        memento(known.newest_url, known.newest_at);
    return links;
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
    Answer answer = json_answer(to_json(found, *url, canonical));
    if (const auto links = found.source ? links_of(*found.source) : std::string(); !links.empty())
        answer.headers.emplace_back("Link", links);
    return answer;
}

} // namespace cdtd::api
