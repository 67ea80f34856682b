// The words and signs of a query, with their places.
#pragma once

#include <cdtd/base/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::store {

struct Lexeme {
    enum class Kind { word, phrase, open, close, minus, field, all, any, none, end };
    Kind kind;
    std::size_t column; ///< in characters, from 1
    std::string text;   ///< of a word or phrase: folded; of a field: its name
    std::string shown;  ///< as typed, for messages; at most a few words
};

/// Ends with Kind::end.
base::Result<std::vector<Lexeme>> read_lexemes(std::string_view typed);

/// "column 7: what is wrong"
std::unexpected<base::Error> fault_at(std::size_t column, std::string_view what);

} // namespace cdtd::store
