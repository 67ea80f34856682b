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

/// Little more than links; `besides`: bytes before them.
bool is_linked(const GumboNode* node, std::size_t besides = 0) {
    const auto all = base::tidy(plain_text(node, 1U << 16)).size();
    return all > besides && linked_text(node) * 10 >= (all - besides) * 7;
}

/// The next that says or shows anything; editors leave empty paragraphs.
const GumboNode* shown_behind(const GumboNode* node) {
    do {
        node = sibling(node);
    } while (node != nullptr && is_element(node, GUMBO_TAG_P) && base::tidy(plain_text(node, 256)).empty() &&
             !has_picture(node));
    return node;
}

/// The length of "related reading:" where the text, which is trimmed, begins with it; its colon may be
/// missing where nothing else follows. 0: it does not.
std::size_t related_heading(std::string_view shown) {
    static constexpr std::array<std::string_view, 5> kHeadings{"相关阅读", "相關閱讀", "相关文章", "相關文章",
                                                               "related"};
    for (const auto heading : kHeadings) {
        if (!base::iequals(shown.substr(0, heading.size()), heading)) {
            continue;
        }
        const auto rest = base::trim(shown.substr(heading.size()));
        const auto colon = rest.starts_with("：")  ? std::string_view("：").size()
                           : rest.starts_with(":") ? 1U
                                                   : 0U;
        if (rest.empty() || colon > 0) {
            return shown.size() - rest.size() + colon;
        }
    }
    return 0;
}

/// Related reading, with its heading: a list or paragraphs of links behind it, or links in the same
/// paragraph. Empty where `node` begins none.
std::vector<const GumboNode*> related_reading(const GumboNode* node) {
    if (!is_element(node, GUMBO_TAG_P) && !is_heading(node)) {
        return {};
    }
    const auto shown = base::tidy(plain_text(node, 64));
    const auto heading = related_heading(shown);
    if (heading == 0) {
        return {};
    }
    std::vector<const GumboNode*> found{node};
    if (heading < shown.size()) {
        return is_linked(node, heading) ? found : std::vector<const GumboNode*>();
    }
    const auto* next = shown_behind(node);
    if (next != nullptr && (is_element(next, GUMBO_TAG_UL) || is_element(next, GUMBO_TAG_OL)) &&
        is_linked(next)) {
        found.push_back(next);
        return found;
    }
    for (; next != nullptr && is_element(next, GUMBO_TAG_P) && is_linked(next); next = shown_behind(next)) {
        found.push_back(next);
    }
    return found.size() > 1 ? found : std::vector<const GumboNode*>();
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
    if (const auto related = related_reading(node); !related.empty()) {
        found.dropped.insert(related.begin(), related.end());
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

bool has_picture(const GumboNode* node) {
    if (is_element(node, GUMBO_TAG_IMG)) {
        return true;
    }
    for (unsigned i = 0; i < child_count(node); ++i) {
        if (has_picture(child_at(node, i))) {
            return true;
        }
    }
    return false;
}

Boilerplate find_boilerplate(const GumboNode* root, const std::vector<const GumboNode*>& foreign) {
    Boilerplate found;
    found.dropped.insert(foreign.begin(), foreign.end());
    for_each_child(root, [&found](const GumboNode* child) { look(child, found); });
    drop_promotion(root, found);
    return found;
}

} // namespace cdtd::article
