#include "api/archive.hpp"
#include "api/router.hpp"

#include <cdtd/api/filters.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace cdtd::api {
namespace {

/// The parameter "q"; a fault in it, with its place, is the query's fault.
std::optional<store::Query> read_query(Query& query) {
    const auto typed = query.text("q");
    if (!typed)
        return std::nullopt;
    auto parsed = store::parse_query(*typed);
    if (!parsed) {
        query.fail(fmt::format("the query has a fault at {}", parsed.error().message));
        return std::nullopt;
    }
    return std::move(*parsed);
}

store::ArticleFilter read_filter(Query& query, base::Time now) {
    store::ArticleFilter filter;
    filter.feeds = query.list("feed");
    filter.outlets = query.list("outlet");
    filter.topics = query.list("topic");
    filter.columns = query.list("column");
    filter.states = query.list_of("state", {"seen", "stored", "archived", "failed", "gone"});
    filter.source_states = query.list_of("source_state", {"alive", "deleted", "censored", "challenged",
                                                          "unreachable", "unknown", "unchecked"});
    filter.wayback = query.list_of("wayback", {"archived", "not_archived", "unknown", "unchecked"});
    filter.since = query.time("since", now);
    filter.until = query.time("until", now);
    filter.changed_after = query.number("changed_after");
    filter.query = read_query(query);
    filter.cursor = query.text("cursor").value_or("");
    filter.limit = query.limit();
    return filter;
}

boost::json::object passage_of(const store::Passage& passage) {
    boost::json::array parts;
    for (const auto& part : passage.parts)
        parts.push_back(boost::json::object{{"text", part.text}, {"match", part.match}});
    return {{"field", passage.field}, {"parts", std::move(parts)}};
}

} // namespace

std::optional<std::int64_t> read_id(const std::string& text) {
    std::int64_t id = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, id);
    if (error != std::errc{} || stop != end || text.front() == '-' || text.front() == '0')
        return std::nullopt;
    return id;
}

base::Result<store::ArticleFilter> read_filters(const std::vector<std::pair<std::string, std::string>>& typed,
                                                base::Time now) {
    std::string written;
    for (const auto& [name, value] : typed)
        written += (written.empty() ? "" : "&") + name + "=" + base::percent_encode(value);
    auto query = Query::parse(written);
    if (!query)
        return std::unexpected(query.error());
    auto filter = read_filter(*query, now);
    if (!query->done())
        return base::fail(base::Errc::usage, query->fault());
    return filter;
}

Answer search_articles(Ask& ask) {
    const auto query = read_query(ask.query);
    const auto cursor = ask.query.text("cursor").value_or("");
    const int limit = ask.query.limit();
    if (!query)
        ask.query.fail("the parameter \"q\" is missing: what to search for");
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    store::SearchPage page;
    try {
        page = store::search(ask.db, *query, cursor, limit);
    } catch (const std::invalid_argument&) {
        return problem(400, "the parameter \"cursor\" is not one that this search gave");
    }
    boost::json::array items;
    for (const auto& hit : page.items) {
        auto item = model::to_json(hit.article, false);
        item["rank"] = hit.rank;
        item["passage"] = passage_of(hit.passage);
        items.push_back(std::move(item));
    }
    return list_answer(std::move(items), page.next);
}

Answer list_articles(Ask& ask) {
    const auto filter = read_filter(ask.query, ask.context.now);
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    store::ArticlePage page;
    try {
        page = store::list_articles(ask.db, filter);
    } catch (const std::invalid_argument&) {
        return problem(400, "the parameter \"cursor\" is not one that this list gave");
    }
    boost::json::array items;
    items.reserve(page.items.size());
    for (const auto& article : page.items)
        items.push_back(model::to_json(article, false));
    return list_answer(std::move(items), page.next);
}

Answer get_article(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    const auto id = read_id(ask.name);
    if (!id)
        return not_found("article with this id; an id is a number, /api/v1/lookup?url= takes URLs");
    const auto article = store::get_article(ask.db, *id, true);
    if (!article)
        return not_found(fmt::format("article {}", *id));
    return json_answer(model::to_json(*article, true));
}

} // namespace cdtd::api
