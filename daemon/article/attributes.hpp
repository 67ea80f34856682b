// The attributes of one tag, reduced to those that are read. Private to the article layer.
#pragma once

#include "article/tags.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cdtd::article {

inline bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/// Appended to `kept`, written anew, each with a space before it, for `tag` (nullptr: none is kept). `at`
/// stands behind the tag's name and moves behind the '>' that ends the tag; an unfinished tag swallows the
/// rest, as in a browser.
void read_attributes(std::string_view in, std::size_t& at, const Tag* tag, std::string& kept);

} // namespace cdtd::article
