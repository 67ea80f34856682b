#include "api/archive.hpp"
#include "api/router.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/sources.hpp>

#include <stdexcept>

namespace cdtd::api {
namespace {

boost::json::value seconds_of(const std::optional<base::Duration>& span) {
    return span ? boost::json::value(std::chrono::duration_cast<std::chrono::seconds>(*span).count())
                : boost::json::value(nullptr);
}

boost::json::object to_json(const change::Spans& spans) {
    return {{"count", spans.count},
            {"shortest_seconds", seconds_of(spans.shortest)},
            {"quarter_seconds", seconds_of(spans.quarter)},
            {"median_seconds", seconds_of(spans.median)},
            {"three_quarters_seconds", seconds_of(spans.three_quarters)},
            {"longest_seconds", seconds_of(spans.longest)}};
}

/// `kind`: "platform" or "outlet"; nullptr: of all.
boost::json::object to_json(const change::Survival& survival, const char* kind) {
    boost::json::object out;
    if (kind != nullptr)
        out[kind] = survival.name;
    out["sources"] = survival.sources;
    out["looked_at"] = survival.looked_at;
    out["alive"] = survival.alive;
    out["deleted"] = survival.deleted;
    out["censored"] = survival.censored;
    out["reported"] = survival.reported;
    out["lived"] = to_json(survival.lived);
    out["reported_after"] = to_json(survival.reported_after);
    out["gone_after"] = to_json(survival.gone_after);
    return out;
}

boost::json::array to_json(const std::vector<change::Survival>& list, const char* kind) {
    boost::json::array out;
    for (const auto& survival : list)
        out.push_back(to_json(survival, kind));
    return out;
}

} // namespace

Answer list_sources(Ask& ask) {
    store::SourceFilter filter;
    filter.states = ask.query.list_of(
        "state", {"alive", "deleted", "censored", "challenged", "unreachable", "unknown", "unchecked"});
    filter.wayback = ask.query.list_of("wayback", {"archived", "not_archived", "unknown", "unchecked"});
    filter.platforms = ask.query.list("platform");
    filter.cursor = ask.query.text("cursor").value_or("");
    filter.limit = ask.query.limit();
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    store::SourcePage page;
    try {
        page = store::list_sources(ask.db, filter);
    } catch (const std::invalid_argument&) {
        return problem(400, "the parameter \"cursor\" is not one that this list gave");
    }
    boost::json::array items;
    for (const auto& cited : page.items) {
        auto item = model::to_json(cited.source, true);
        boost::json::array cited_by;
        for (const auto& citation : cited.cited_by)
            cited_by.push_back(
                boost::json::object{{"id", citation.id}, {"title", citation.title}, {"url", citation.url}});
        item["cited_by"] = std::move(cited_by);
        items.push_back(std::move(item));
    }
    return list_answer(std::move(items), page.next);
}

Answer get_survival(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    const auto found = change::survey_lives(store::lives_of(ask.db));
    return json_answer({{"all", to_json(found.all, nullptr)},
                        {"by_platform", to_json(found.by_platform, "platform")},
                        {"by_outlet", to_json(found.by_outlet, "outlet")}});
}

} // namespace cdtd::api
