// Bytes of HTML into a small, balanced, bounded dialect of HTML that the parser can read in linear time.
// Private to the article layer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cdtd::article {

inline constexpr std::size_t kMaxInput = 16U << 20;   ///< bytes looked at
inline constexpr std::size_t kMaxTamed = 4U << 20;    ///< bytes given to the parser
inline constexpr std::size_t kMaxTags = 50'000;       ///< elements
inline constexpr std::size_t kMaxTokens = 200'000;    ///< tags looked at, start and end
inline constexpr std::size_t kMaxDepth = 128;         ///< open elements
inline constexpr std::string_view kTwin = "cdtdtwin"; ///< marks an image that stood in a noscript

enum class Detail {
    content, ///< what an article is made of
    icons,   ///< and the classes of <i>, by which pages show signs
};

/// The parser is quadratic in nesting, in attributes of one tag and in unclosed formatting; here deeper
/// elements are flattened, attributes reduced to those that are read, and every tag closed, text being kept.
/// Scripts, styles, forms' parts and drawings go with their content. What this makes of the input need not
/// agree with a browser: nothing but its output is parsed, and what is kept is written anew from that tree.
std::string tame(std::string_view html, Detail detail = Detail::content);

struct Tamed {
    std::string html;
    bool is_article = false; ///< only what is in the element that is named for the article
};

/// The same of a whole page. Where it names the element that holds the article (.entry-content, else
/// .post-content, else #js_content; of several the one with the most text, as a page may show the beginnings
/// of others beside it; one that lies in another, which says much more, is a quotation), only what is in
/// that: the parser need not see the rest.
Tamed tame_page(std::string_view page);

} // namespace cdtd::article
