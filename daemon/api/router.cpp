#include "api/router.hpp"

#include <cdtd/store/schema.hpp>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace cdtd::api {
namespace {

constexpr Route ordering(std::string_view pattern, Ordered (*order)(Order)) {
    return {pattern, Action::order, nullptr, order, "POST"};
}

constexpr std::array routes{
    Route{"/healthz", Action::healthz, get_health},
    Route{"/readyz", Action::readyz, get_readiness},
    Route{"/api/v1/status", Action::read, get_status},
    Route{"/api/v1/feeds", Action::read, list_feeds},
    Route{"/api/v1/feeds/{}", Action::read, get_feed},
    ordering("/api/v1/feeds/{}/poll", order_poll),
    ordering("/api/v1/feeds/{}/release", order_release),
    ordering("/api/v1/feeds/{}/enable", order_enable),
    ordering("/api/v1/feeds/{}/backfill", order_backfill),
    Route{"/api/v1/articles", Action::read, list_articles},
    Route{"/api/v1/articles/{}", Action::read, get_article},
    Route{"/api/v1/articles/{}/content", Action::read, get_content},
    Route{"/api/v1/articles/{}/content.txt", Action::read, get_content_text},
    Route{"/api/v1/articles/{}/content.md", Action::read, get_content_markdown},
    Route{"/api/v1/captures/{}", Action::read, get_capture},
    Route{"/api/v1/articles/{}/wacz", Action::read, get_wacz},
    Route{"/api/v1/search", Action::read, search_articles},
    Route{"/api/v1/lookup", Action::read, look_up},
    Route{"/api/v1/sources", Action::read, list_sources},
    Route{"/api/v1/survival", Action::read, get_survival},
    Route{"/api/v1/events", Action::read, list_events},
    Route{"/api/v1/deliveries", Action::read, list_deliveries},
    ordering("/api/v1/deliveries/replay", order_replay),
    Route{"/api/v1/webhooks", Action::read, list_webhooks},
    ordering("/api/v1/webhooks/{}/test", order_test),
    ordering("/api/v1/webhooks/{}/enable", order_enable_endpoint),
};

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> segments;
    path.remove_prefix(1); // the first slash
    while (true) {
        const auto slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos)
            return segments;
        path.remove_prefix(slash + 1);
    }
}

std::optional<std::string> match(const Route& route, const std::vector<std::string>& segments) {
    const auto pattern = split_path(route.pattern);
    if (pattern.size() != segments.size())
        return std::nullopt;
    std::string name;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == "{}" && !segments[i].empty())
            name = segments[i];
        else if (pattern[i] != segments[i])
            return std::nullopt;
    }
    return name;
}

std::string_view title_of(int status) {
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 416:
        return "Range Not Satisfiable";
    case 415:
        return "Unsupported Media Type";
    case 421:
        return "Misdirected Request";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

// One moment of the database for all statements of an answer. A savepoint, because that is an ordinary read
// transaction when none is open and does no harm inside one.
class Snapshot {
  public:
    explicit Snapshot(store::Connection& db) : db_(db) { db_.exec("SAVEPOINT cdtd_answer"); }
    ~Snapshot() {
        try {
            db_.set_time_limit(std::nullopt); // what ran out of time must still be ended
            db_.exec("RELEASE cdtd_answer");
        } catch (const store::DatabaseError&) { // the connection is beyond help; the next answer says so
        }
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

  private:
    store::Connection& db_;
};

// SQLite's primary result codes: busy, locked, interrupted. The same question may be answered a moment later.
bool is_passing(const store::DatabaseError& error) {
    const int primary = error.code() & 0xff;
    return primary == 5 || primary == 6 || primary == 9;
}

} // namespace

Answer problem(int status, std::string_view detail) {
    Answer answer = json_answer(
        {{"type", "about:blank"}, {"title", title_of(status)}, {"status", status}, {"detail", detail}},
        status);
    answer.type = "application/problem+json";
    return answer;
}

Answer json_answer(const boost::json::object& object, int status) {
    Answer answer;
    answer.status = status;
    answer.body = boost::json::serialize(object);
    return answer;
}

Answer list_answer(boost::json::array items, const std::optional<std::string>& next) {
    boost::json::object list;
    list["items"] = std::move(items);
    if (next)
        list["next"] = *next;
    else
        list["next"] = nullptr;
    return json_answer(list);
}

Answer not_found(std::string_view what) {
    return problem(404, fmt::format("there is no {}", what));
}

Answer wrong_method(const Route& route) {
    Answer answer = problem(405, fmt::format("this takes {} only", route.allow));
    answer.allow = route.allow;
    return answer;
}

base::Result<Target> read_target(std::string_view target) {
    if (target.empty() || target.front() != '/')
        return base::fail(base::Errc::usage, "the target must begin with a slash");
    if (target.find('#') != std::string_view::npos)
        return base::fail(base::Errc::usage, "a # in the target; it is written %23");
    const auto question = target.find('?');
    Target out;
    for (const auto segment : split_path(target.substr(0, question))) {
        auto decoded = decode(segment, false);
        if (!decoded)
            return std::unexpected(decoded.error());
        out.segments.push_back(std::move(*decoded));
    }
    if (question != std::string_view::npos) {
        auto query = Query::parse(target.substr(question + 1));
        if (!query)
            return std::unexpected(query.error());
        out.query = std::move(*query);
    }
    return out;
}

std::optional<Found> find_route(const Target& target) {
    for (const auto& route : routes)
        if (auto name = match(route, target.segments))
            return Found{&route, std::move(*name)};
    return std::nullopt;
}

Answer answer(store::Connection& db, std::string_view target, const Context& context) {
    auto read = read_target(target);
    if (!read)
        return problem(400, read.error().message);
    const auto found = find_route(*read);
    if (!found)
        return not_found("such page here");
    if (found->route->read == nullptr)
        return wrong_method(*found->route);
    try {
        const Snapshot snapshot(db);
        Ask ask{db, context, found->name, read->query};
        return found->route->read(ask);
    } catch (const store::DatabaseError& error) {
        if (!is_passing(error))
            throw;
        return problem(503, "the database did not answer in time; ask again, or for less at once");
    }
}

Answer get_health(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    return json_answer({{"status", "ok"}});
}

Answer get_readiness(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    const int schema = store::schema_of(ask.db);
    if (schema != store::newest_schema())
        return problem(503, fmt::format("the database has schema {}, this program needs {}", schema,
                                        store::newest_schema()));
    return json_answer({{"status", "ok"}});
}

} // namespace cdtd::api
