#include "store/search_tokens.hpp"

#include <cdtd/base/search_text.hpp>

#include <sqlite3.h>

#include <bitset>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace cdtd::store {
namespace {

using Emit = int (*)(void*, int, const char*, int, int, int);

struct Sink {
    void* context;
    Emit emit;
    int put(std::string_view term, int flags, int start, int end) const {
        return emit(context, flags, term.data(), static_cast<int>(term.size()), start, end);
    }
};

/// Two characters that follow each other lie side by side in the folded text too.
bool makes_pair(const base::Unit& unit, const std::optional<base::Unit>& next) {
    return unit.character && next && next->character && !next->apart;
}

/// Those of the BMP; rarer ones are noted each time.
class Seen {
  public:
    bool add(std::string_view character) {
        if (character.size() != 3)
            return true;
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
        const std::size_t point = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
        const bool fresh = !seen_[point];
        seen_[point] = true;
        return fresh;
    }

  private:
    std::bitset<0x10000> seen_;
};

int tokenize_stored(const Sink& sink, std::string_view text) {
    const std::string folded = base::fold_for_search(text);
    const std::string_view all = folded;
    base::Units units(all);
    Seen seen;
    std::string alone;
    bool begins = true; // no character stands at once before the unit
    auto next = units.next();
    while (next) {
        const base::Unit unit = *next;
        next = units.next();
        const auto start = static_cast<int>(unit.start);
        const auto end = static_cast<int>(unit.end);
        const auto term = makes_pair(unit, next) ? all.substr(unit.start, next->end - unit.start) : unit.text;
        if (const int code = sink.put(term, 0, start, end); code != SQLITE_OK)
            return code;
        const bool first = std::exchange(begins, makes_pair(unit, next) ? false : true);
        for (const char mark : {'=', '<'}) {
            if (!unit.character || (mark == '=' ? !seen.add(unit.text) : !first))
                continue;
            alone.assign(1, mark).append(unit.text);
            if (const int code = sink.put(alone, FTS5_TOKEN_COLOCATED, start, end); code != SQLITE_OK)
                return code;
        }
    }
    return SQLITE_OK;
}

int tokenize_query(const Sink& sink, std::string_view terms) {
    for (std::size_t at = 0; at < terms.size();) {
        const auto end = std::min(terms.find(' ', at), terms.size());
        if (end > at)
            if (const int code =
                    sink.put(terms.substr(at, end - at), 0, static_cast<int>(at), static_cast<int>(end));
                code != SQLITE_OK)
                return code;
        at = end + 1;
    }
    return SQLITE_OK;
}

int create(void* /*context*/, const char** /*words*/, int /*count*/, Fts5Tokenizer** out) {
    static char nothing; // it has no state, but FTS5 wants something to hold
    *out = reinterpret_cast<Fts5Tokenizer*>(&nothing);
    return SQLITE_OK;
}

void destroy(Fts5Tokenizer* /*tokenizer*/) {}

int tokenize(Fts5Tokenizer* /*tokenizer*/, void* context, int flags, const char* text, int size, Emit emit) {
    if (size <= 0)
        return SQLITE_OK;
    const Sink sink{context, emit};
    const std::string_view view(text, static_cast<std::size_t>(size));
    try {
        return (flags & FTS5_TOKENIZE_QUERY) != 0 ? tokenize_query(sink, view) : tokenize_stored(sink, view);
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    } catch (const std::exception&) { // nothing crosses a C callback; ICU without its data
        return SQLITE_ERROR;
    }
}

} // namespace

int register_tokenizer(sqlite3* db) {
    fts5_api* api = nullptr;
    sqlite3_stmt* ask = nullptr;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &ask, nullptr);
    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_pointer(ask, 1, &api, "fts5_api_ptr", nullptr);
    sqlite3_step(ask);
    code = sqlite3_finalize(ask);
    if (code != SQLITE_OK || api == nullptr)
        return code != SQLITE_OK ? code : SQLITE_ERROR;
    fts5_tokenizer ours{create, destroy, tokenize};
    return api->xCreateTokenizer(api, "cdtd", nullptr, &ours, nullptr);
}

std::string fts_phrase(std::string_view folded) {
    const auto units = base::units_of(folded);
    if (units.size() == 1 && units[0].character)
        return "\"=" + std::string(units[0].text) + "\"";
    std::string terms;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const auto next = i + 1 < units.size() ? std::optional(units[i + 1]) : std::nullopt;
        const bool paired = i > 0 && makes_pair(units[i - 1], units[i]);
        if (!next && paired)
            break; // the pair before has it
        if (!terms.empty())
            terms += ' ';
        if (!next && units[i].character)
            terms += '<'; // whatever follows it in a text
        terms += units[i].text;
        if (makes_pair(units[i], next))
            terms += next->text;
    }
    return "\"" + terms + "\"";
}

} // namespace cdtd::store
