// Images without their lazy-loading disguise. Private.
#pragma once

#include "article/boilerplate.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cdtd::article {

/// What an img element shows: an image, a character (emoji drawn as images), or nothing.
struct Picture {
    std::string url;  ///< absolute; empty: no image
    std::string text; ///< the emoji
    std::string alt;
};

struct Pictures {
    std::unordered_map<const GumboNode*, Picture> shown; ///< by element; those absent show nothing
    std::vector<std::string> urls;                       ///< in order, without repeats
};

Pictures find_pictures(const GumboNode* root, const Boilerplate& boilerplate, std::string_view base_url);

/// An attribute's link: absolute http(s), or empty. Quotes and brackets that slipped into it end it.
std::string absolute_link(std::string_view base_url, std::string_view reference);

} // namespace cdtd::article
