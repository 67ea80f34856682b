// One start tag as publishers write them. Pure; no allocation for a sound one.
#pragma once

#include "feed/repair.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::feed::detail {

struct Tag {
    enum class Kind {
        start,
        empty,  ///< <x/>
        no_tag, ///< a "<" in text
        cut     ///< the document ends inside
    };
    Kind kind = Kind::no_tag;
    std::string_view name;
    std::size_t length = 0;            ///< with both brackets
    std::size_t attributes = 0;        ///< with those that were dropped
    std::optional<std::string> mended; ///< the whole tag, where the parser would refuse what is written
};

/// `text` begins with "<". Attributes without quotes, value or space between them, quotes that do not end and
/// bare characters in values are mended; each kind is noted.
Tag read_tag(std::string_view text, Notes& notes);

bool is_space(char c);
bool is_name_start(char c);
bool is_name(char c);

} // namespace cdtd::feed::detail
