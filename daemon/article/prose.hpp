// The text of an article, and what is computed from it alone. Private.
#pragma once

#include "article/pictures.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::article {

struct Prose {
    std::string text;                ///< paragraphs parted by an empty line
    std::vector<std::string> embeds; ///< addresses of videos and the like, in order
};

Prose find_prose(const GumboNode* root, const Boilerplate& boilerplate, const Pictures& pictures,
                 std::string_view base_url);

/// Some 120 characters, up to the end of a sentence where one is near.
std::string excerpt_of(std::string_view text, std::string_view language);
/// BCP 47: "zh-Hans", "zh-Hant", "zh" (too short to tell), "en", "ug", …; "" where nothing tells.
std::string language_of(std::string_view text);
/// The same for the same words and pictures, however they are wrapped, spaced or loaded.
std::string fingerprint(const Prose& prose, const std::vector<std::string>& images);
} // namespace cdtd::article
