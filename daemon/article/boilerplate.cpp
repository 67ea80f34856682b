#include "article/boilerplate.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <array>

namespace cdtd::article {

namespace {

constexpr auto npos = std::string_view::npos;

/// Classes of share buttons and of lists of other posts, by how they begin.
bool has_foreign_class(const GumboNode* node) {
    static constexpr std::array<std::string_view, 12> kBegin{
        "addtoany_", "a2a_",          "sharedaddy",    "jp-relatedposts", "yarpp",      "relatedposts",
        "wpcnt",     "related-posts", "related_posts", "grey-box",        "sd-sharing", "post-navigation"};
    auto classes = attribute(node, "class");
    while (!classes.empty()) {
        const auto end = std::min(classes.find_first_of(" \t\n"), classes.size());
        const auto name = classes.substr(0, end);
        if (std::ranges::any_of(kBegin, [name](auto begin) { return name.starts_with(begin); })) {
            return true;
        }
        classes.remove_prefix(std::min(end + 1, classes.size()));
    }
    // What other posts of the site leave when they are embedded.
    return has_class(node, "wp-embedded-content");
}

/// The content of an archive card, where `node` is its spoiler.
const GumboNode* card_content(const GumboNode* node) {
    const GumboNode* content = nullptr;
    bool named = false;
    for_each_child(node, [&](const GumboNode* child) {
        if (has_class(child, "su-spoiler-title")) {
            const auto title = plain_text(child, 256);
            named = title.find("档案卡") != npos || title.find("檔案卡") != npos;
        } else if (has_class(child, "su-spoiler-content") && content == nullptr) {
            content = child;
        }
    });
    return named ? content : nullptr;
}

const GumboNode* first_element(const GumboNode* node) {
    for (unsigned i = 0; i < child_count(node); ++i) {
        const auto* child = child_at(node, i);
        if (child->type != GUMBO_NODE_WHITESPACE) {
            return is_element(child) ? child : nullptr;
        }
    }
    return nullptr;
}

/// "© NAME for SITE … Permalink": it holds a count of comments, which must not look like an edit.
bool is_credits(const GumboNode* node) {
    const auto* first = is_element(node, GUMBO_TAG_P) ? first_element(node) : nullptr;
    if (first == nullptr || !is_element(first, GUMBO_TAG_SMALL)) {
        return false;
    }
    const auto text = plain_text(first);
    const auto shown = base::trim(text);
    return shown.starts_with("©") && (shown.find("Permalink") != npos || shown.find("del.icio.us") != npos ||
                                      shown.find("get_post_time(") != npos);
}

/// "Feed enhanced by …", "The post … appeared first on …": what plugins write under a feed's entries.
bool is_feed_footer(const GumboNode* node) {
    if (!is_element(node, GUMBO_TAG_P)) {
        return false;
    }
    const auto begin = plain_text(node, 32);
    const auto shown = base::trim(begin);
    return shown.starts_with("Feed enhanced by") ||
           (shown.starts_with("The post ") && plain_text(node).find(" appeared first on ") != npos);
}

/// The list behind the heading "related reading"; nullptr where `node` is no such heading.
const GumboNode* related_list(const GumboNode* node) {
    static constexpr std::array<std::string_view, 5> kHeadings{"相关阅读", "相關閱讀", "相关文章", "相關文章",
                                                               "related"};
    if (!is_element(node, GUMBO_TAG_P) && !is_heading(node)) {
        return nullptr;
    }
    const auto text = plain_text(node, 64);
    std::string_view shown = base::trim(text);
    for (const auto colon : {std::string_view(":"), std::string_view("：")}) {
        if (shown.ends_with(colon)) {
            shown.remove_suffix(colon.size());
        }
    }
    if (std::ranges::find(kHeadings, base::ascii_lower(base::trim(shown))) == kHeadings.end()) {
        return nullptr;
    }
    const auto* list = sibling(node);
    if (list == nullptr || !(is_element(list, GUMBO_TAG_UL) || is_element(list, GUMBO_TAG_OL))) {
        return nullptr;
    }
    const auto all = base::tidy(plain_text(list, 1U << 16)).size();
    return linked_text(list) * 10 >= all * 7 ? list : nullptr;
}

void look(const GumboNode* node, Boilerplate& found) {
    if (!is_element(node) || found.has(node)) {
        return;
    }
    if (has_class(node, "su-spoiler")) {
        if (const auto* content = card_content(node)) {
            found.cards.push_back(content);
            found.dropped.insert(node);
            return;
        }
    }
    if (has_foreign_class(node)) {
        found.dropped.insert(node);
        return;
    }
    const bool credits = is_credits(node);
    if (credits || is_feed_footer(node)) {
        found.credits = credits ? node : found.credits;
        found.dropped.insert(node);
        const auto* before = sibling(node, -1);
        if (before != nullptr && is_element(before, GUMBO_TAG_HR)) {
            found.dropped.insert(before);
        }
        return;
    }
    if (const auto* list = related_list(node)) {
        found.dropped.insert(node);
        found.dropped.insert(list);
        return;
    }
    for_each_child(node, [&found](const GumboNode* child) { look(child, found); });
}

} // namespace

std::size_t linked_text(const GumboNode* node) {
    if (is_element(node, GUMBO_TAG_A)) {
        return plain_text(node, 1U << 16).size();
    }
    std::size_t sum = 0;
    for_each_child(node, [&sum](const GumboNode* child) { sum += linked_text(child); });
    return sum;
}

Boilerplate find_boilerplate(const GumboNode* root, const std::vector<const GumboNode*>& foreign) {
    Boilerplate found;
    found.dropped.insert(foreign.begin(), foreign.end());
    for_each_child(root, [&found](const GumboNode* child) { look(child, found); });
    drop_promotion(root, found);
    return found;
}

} // namespace cdtd::article
