// The language of `q`, `match` and `cdtd search`: words and "phrases" joined by AND, OR, NOT, -word,
// parentheses and fields (interface, section 5). Pure; any thread.
#pragma once

#include <cdtd/base/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::store {

/// A tree. NOT binds closest, then AND (also where words merely stand side by side), then OR.
struct Query {
    enum class Kind { phrase, all, any, none };
    Kind kind = Kind::phrase;
    std::string field;        ///< of a phrase: "" = everywhere; title, author, outlet, topic, source, feed
    std::string text;         ///< of a phrase: folded, with one unit at least (base/search_text.hpp)
    std::vector<Query> parts; ///< all, any: two at least; none: the one that must not hold
};

/// What a person typed. Full-width quotes, parentheses, colons and spaces count as theirs; signs alone
/// between words are passed over. At most 1,000 characters, 64 phrases, 20 deep. Errc::usage: "column 7: …",
/// columns counted in characters from 1.
base::Result<Query> parse_query(std::string_view typed);

/// The phrases that must be or may be there, without those behind a NOT.
std::vector<Query> wanted_phrases(const Query& query);

} // namespace cdtd::store
