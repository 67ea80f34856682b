#include "store/search_rank.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace cdtd::store {
namespace {

// Columns as config/migrations/0003_search.sql has them: body, title, author, outlet, topic, source, feed.
constexpr std::array weights = {1.0, 8.0, 4.0, 4.0, 4.0, 1.0, 1.0};
constexpr int body = 0;
constexpr double usual_length = 2000; ///< characters
constexpr std::size_t most_phrases = 64;

/// As in BM25 a phrase counts the less the more often it is there already, and a long body needs more of it;
/// how rare it is in all articles is left out, because counting that reads every article that has it.
void rank(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result, int count,
          sqlite3_value** values) {
    std::array<double, most_phrases> found{};
    const double length = count > 0 ? sqlite3_value_double(values[0]) : usual_length;
    const double thin = 0.25 + 0.75 * std::max(length, 1.0) / usual_length;
    int instances = 0;
    if (const int code = api->xInstCount(context, &instances); code != SQLITE_OK)
        return sqlite3_result_error_code(result, code);
    for (int i = 0; i < instances; ++i) {
        int phrase = 0, column = 0, offset = 0;
        if (const int code = api->xInst(context, i, &phrase, &column, &offset); code != SQLITE_OK)
            return sqlite3_result_error_code(result, code);
        const auto at = static_cast<std::size_t>(std::clamp(column, 0, static_cast<int>(weights.size()) - 1));
        found[static_cast<std::size_t>(phrase) % most_phrases] += weights[at] / (column == body ? thin : 1.0);
    }
    double sum = 0;
    for (const double times : found)
        sum += 2.2 * times / (times + 1.2);
    sqlite3_result_double(result, sum);
}

fts5_api* api_of(sqlite3* db) {
    fts5_api* api = nullptr;
    sqlite3_stmt* ask = nullptr;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &ask, nullptr) != SQLITE_OK)
        return nullptr;
    sqlite3_bind_pointer(ask, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(ask);
    sqlite3_finalize(ask);
    return api;
}

} // namespace

int register_rank(sqlite3* db) {
    fts5_api* api = api_of(db);
    return api == nullptr ? SQLITE_ERROR : api->xCreateFunction(api, "cdtd_rank", nullptr, rank, nullptr);
}

} // namespace cdtd::store
