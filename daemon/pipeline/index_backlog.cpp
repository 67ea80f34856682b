#include <cdtd/pipeline/index_backlog.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <string>

namespace cdtd::pipeline {
namespace {

constexpr int articles_at_once = 50; ///< about a tenth of a second of the writer's time
constexpr std::int64_t told_every = 10'000;

} // namespace

boost::asio::awaitable<void> index_backlog(store::Writer& writer, base::Log& log, const bool& stopping) {
    try {
        auto ask = [](store::Connection& db) { return store::unindexed(db); };
        auto index = [](store::Connection& db) { return store::index_more(db, articles_at_once); };
        std::int64_t left = co_await writer.run(ask);
        if (left == 0)
            co_return;
        log.info("indexing for search; until it is done a search finds the newest only",
                 {{"articles", std::to_string(left)}});
        for (std::int64_t told = left; left > 0 && !stopping;) {
            left = co_await writer.run(index);
            if (told - left < told_every || left == 0)
                continue;
            told = left;
            log.info("indexing for search", {{"articles_left", std::to_string(left)}});
        }
        if (left == 0)
            log.info("the search index is whole");
    } catch (const store::DatabaseError& error) {
        log.error("indexing for search stopped; the next start goes on", {{"error", error.what()}});
    }
}

boost::asio::awaitable<void> liken_backlog(store::Writer& writer, base::Log& log, const bool& stopping) {
    try {
        auto ask = [](store::Connection& db) { return store::unlikened(db); };
        auto liken = [](store::Connection& db) { return store::liken_more(db, articles_at_once); };
        for (auto left = co_await writer.run(ask); left > 0 && !stopping;)
            left = co_await writer.run(liken);
    } catch (const store::DatabaseError& error) {
        log.error("looking for re-runs among old articles stopped; the next start goes on",
                  {{"error", error.what()}});
    }
}

} // namespace cdtd::pipeline
