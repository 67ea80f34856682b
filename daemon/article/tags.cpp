#include "article/tags.hpp"

#include <algorithm>
#include <array>

namespace cdtd::article {

namespace {

// Sorted by name. Synonyms are folded (b → strong) so that the parser's list of active formatting elements
// stays short whatever the input repeats.
constexpr std::array kTags{
    Tag{"a", "a", TagKind::link},
    Tag{"address", "div", TagKind::block},
    Tag{"article", "article", TagKind::block},
    Tag{"aside", "div", TagKind::block},
    Tag{"audio", "iframe", TagKind::embed},
    Tag{"b", "strong", TagKind::inline_},
    Tag{"blockquote", "blockquote", TagKind::block},
    Tag{"br", "br", TagKind::void_},
    Tag{"button", "", TagKind::skip},
    Tag{"canvas", "", TagKind::skip},
    Tag{"center", "div", TagKind::block},
    Tag{"cite", "em", TagKind::inline_},
    Tag{"code", "code", TagKind::inline_},
    Tag{"dd", "div", TagKind::block},
    Tag{"del", "s", TagKind::inline_},
    Tag{"details", "div", TagKind::block},
    Tag{"dialog", "", TagKind::skip},
    Tag{"div", "div", TagKind::block},
    Tag{"dl", "div", TagKind::block},
    Tag{"dt", "div", TagKind::block},
    Tag{"em", "em", TagKind::inline_},
    Tag{"fieldset", "div", TagKind::block},
    Tag{"figcaption", "figcaption", TagKind::block},
    Tag{"figure", "figure", TagKind::block},
    Tag{"footer", "div", TagKind::block},
    Tag{"form", "div", TagKind::block},
    Tag{"h1", "h1", TagKind::block},
    Tag{"h2", "h2", TagKind::block},
    Tag{"h3", "h3", TagKind::block},
    Tag{"h4", "h4", TagKind::block},
    Tag{"h5", "h5", TagKind::block},
    Tag{"h6", "h6", TagKind::block},
    Tag{"header", "div", TagKind::block},
    Tag{"hr", "hr", TagKind::void_},
    Tag{"i", "em", TagKind::inline_},
    Tag{"iframe", "iframe", TagKind::embed},
    Tag{"image", "img", TagKind::void_},
    Tag{"img", "img", TagKind::void_},
    Tag{"ins", "u", TagKind::inline_},
    Tag{"kbd", "code", TagKind::inline_},
    Tag{"li", "li", TagKind::item},
    Tag{"main", "main", TagKind::block},
    Tag{"map", "", TagKind::skip},
    Tag{"math", "", TagKind::skip},
    Tag{"nav", "", TagKind::skip},
    Tag{"noembed", "", TagKind::raw},
    Tag{"noframes", "", TagKind::raw},
    Tag{"noscript", "", TagKind::noscript},
    Tag{"object", "", TagKind::skip},
    Tag{"ol", "ol", TagKind::block},
    Tag{"p", "p", TagKind::block},
    Tag{"pre", "pre", TagKind::block},
    Tag{"s", "s", TagKind::inline_},
    Tag{"samp", "code", TagKind::inline_},
    Tag{"script", "", TagKind::raw},
    Tag{"section", "div", TagKind::block},
    Tag{"select", "", TagKind::skip},
    Tag{"small", "small", TagKind::inline_},
    Tag{"strike", "s", TagKind::inline_},
    Tag{"strong", "strong", TagKind::inline_},
    Tag{"style", "", TagKind::raw},
    Tag{"sub", "sub", TagKind::inline_},
    Tag{"summary", "div", TagKind::block},
    Tag{"sup", "sup", TagKind::inline_},
    Tag{"svg", "", TagKind::skip},
    Tag{"table", "table", TagKind::table},
    Tag{"tbody", "tbody", TagKind::table_part},
    Tag{"td", "td", TagKind::table_part},
    Tag{"template", "", TagKind::skip},
    Tag{"textarea", "", TagKind::raw},
    Tag{"tfoot", "tfoot", TagKind::table_part},
    Tag{"th", "th", TagKind::table_part},
    Tag{"thead", "thead", TagKind::table_part},
    Tag{"title", "", TagKind::raw},
    Tag{"tr", "tr", TagKind::table_part},
    Tag{"tt", "code", TagKind::inline_},
    Tag{"u", "u", TagKind::inline_},
    Tag{"ul", "ul", TagKind::block},
    Tag{"video", "iframe", TagKind::embed},
    Tag{"xmp", "", TagKind::raw},
};
static_assert(std::ranges::is_sorted(kTags, {}, &Tag::name));

constexpr std::size_t kLongest =
    std::ranges::max(kTags, {}, [](const Tag& tag) { return tag.name.size(); }).name.size();

/// Where the names with each first letter begin.
constexpr auto kBegin = [] {
    std::array<std::size_t, 27> begin{};
    for (std::size_t letter = 0, at = 0; letter < begin.size(); ++letter) {
        while (at < kTags.size() && static_cast<std::size_t>(kTags[at].name[0] - 'a') < letter) {
            ++at;
        }
        begin[letter] = at;
    }
    return begin;
}();

constexpr std::array<std::string_view, 2> kLink{"href", "class"};
constexpr std::array<std::string_view, 14> kImage{"src",
                                                  "srcset",
                                                  "alt",
                                                  "class",
                                                  "width",
                                                  "height",
                                                  "data-src",
                                                  "data-srcset",
                                                  "data-lazy-src",
                                                  "data-lazy-srcset",
                                                  "data-original",
                                                  "data-orig-file",
                                                  "data-large-file",
                                                  "data-full"};
constexpr std::array<std::string_view, 5> kEmbed{"src", "data-src", "data-lazy-src", "title", "class"};
constexpr std::array<std::string_view, 2> kBlock{"class", "id"};
constexpr std::array<std::string_view, 1> kIcon{"class"};
constexpr std::array<std::string_view, 2> kTablePart{"colspan", "rowspan"};

} // namespace

const Tag* find_tag(std::string_view name) {
    std::array<char, kLongest> lower{};
    if (name.empty() || name.size() > kLongest) {
        return nullptr;
    }
    std::ranges::transform(name, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const std::string_view wanted(lower.data(), name.size());
    if (wanted[0] < 'a' || wanted[0] > 'z') {
        return nullptr;
    }
    const auto letter = static_cast<std::size_t>(wanted[0] - 'a');
    for (auto at = kBegin[letter]; at < kBegin[letter + 1]; ++at) {
        if (kTags[at].name == wanted) {
            return &kTags[at];
        }
    }
    return nullptr;
}

std::span<const std::string_view> kept_attributes(const Tag& tag) {
    switch (tag.kind) {
    case TagKind::link:
        return kLink;
    case TagKind::void_:
        return tag.emit == "img" ? std::span<const std::string_view>(kImage)
                                 : std::span<const std::string_view>();
    case TagKind::embed:
        return kEmbed;
    case TagKind::block:
    case TagKind::item:
    case TagKind::table:
        return kBlock;
    case TagKind::icon:
        return kIcon;
    case TagKind::table_part:
        return kTablePart;
    default:
        return {};
    }
}

} // namespace cdtd::article
