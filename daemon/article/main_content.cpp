#include "article/main_content.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cdtd::article {

namespace {

constexpr std::size_t kText = 1U << 16;

/// Bytes of text without layout: a Chinese character counts as three letters, as it says about as much.
std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) > 0x20; }));
}

struct Measure {
    std::size_t text = 0;
    std::size_t linked = 0; ///< of it, in links

    [[nodiscard]] double link_density() const {
        return text == 0 ? 0 : static_cast<double>(linked) / static_cast<double>(text);
    }
};

/// Of every element of the page, in one walk.
class Measures {
  public:
    explicit Measures(const GumboNode* body) { take(body, false); }

    [[nodiscard]] const Measure& of(const GumboNode* node) const {
        static const Measure kNone;
        const auto found = measures_.find(node);
        return found == measures_.end() ? kNone : found->second;
    }

  private:
    Measure take(const GumboNode* node, bool in_link) {
        Measure sum;
        if (is_text(node)) {
            sum.text = length_of(node->v.text.text);
            sum.linked = in_link ? sum.text : 0;
            return sum;
        }
        const bool link = in_link || is_element(node, GUMBO_TAG_A);
        for_each_child(node, [&](const GumboNode* child) {
            const auto part = take(child, link);
            sum.text += part.text;
            sum.linked += part.linked;
        });
        measures_.emplace(node, sum);
        return sum;
    }

    std::unordered_map<const GumboNode*, Measure> measures_;
};

using Wanted = bool (*)(const GumboNode*);

template <typename Visit>
void for_each_element(const GumboNode* node, Visit&& visit) {
    for_each_child(node, [&visit](const GumboNode* child) {
        if (is_element(child)) {
            visit(child);
            for_each_element(child, visit);
        }
    });
}

/// The one with the most text: a page may show the beginnings of others beside it.
const GumboNode* largest(const GumboNode* body, Wanted wanted, const Measures& measures) {
    const GumboNode* found = nullptr;
    std::size_t most = 0;
    for_each_element(body, [&](const GumboNode* node) {
        if (wanted(node)) {
            const auto length = measures.of(node).text;
            if (found == nullptr || length > most) {
                found = node;
                most = length;
            }
        }
    });
    return found;
}

constexpr std::array<Wanted, 2> kSemantic{
    [](const GumboNode* node) { return is_element(node, GUMBO_TAG_ARTICLE); },
    [](const GumboNode* node) { return is_element(node, GUMBO_TAG_MAIN); },
};

bool names_any(std::string_view names, const auto& words) {
    return std::ranges::any_of(
        words, [names](std::string_view word) { return names.find(word) != std::string_view::npos; });
}

std::string names_of(const GumboNode* node) {
    return base::ascii_lower(attribute(node, "class")) + " " + base::ascii_lower(attribute(node, "id"));
}

bool is_foreign_name(std::string_view names) {
    static constexpr std::array<std::string_view, 26> kWords{
        "comment",   "sidebar",   "footer",     "related",    "recommend",  "share", "social",
        "promo",     "advert",    "sponsor",    "widget",     "breadcrumb", "menu",  "masthead",
        "copyright", "subscribe", "newsletter", "hot-news",   "pagination", "pager", "toolbar",
        "login",     "popup",     "cookie",     "disclaimer", "outbrain"};
    return names_any(names, kWords);
}

double weight_of(const GumboNode* node) {
    static constexpr std::array<std::string_view, 8> kGood{"article", "body",  "content",  "entry",
                                                           "post",    "story", "artibody", "trs_editor"};
    double weight = is_element(node, GUMBO_TAG_ARTICLE) || is_element(node, GUMBO_TAG_MAIN) ? 25 : 0;
    const auto names = names_of(node);
    weight += names_any(names, kGood) ? 25 : 0;
    return weight - (is_foreign_name(names) ? 50 : 0);
}

bool holds_blocks(const GumboNode* node) {
    for (unsigned i = 0; i < child_count(node); ++i) {
        if (is_block(child_at(node, i))) {
            return true;
        }
    }
    return false;
}

bool is_paragraph(const GumboNode* node) {
    const bool may = is_element(node, GUMBO_TAG_P) || is_element(node, GUMBO_TAG_PRE) ||
                     is_element(node, GUMBO_TAG_TD) || is_element(node, GUMBO_TAG_DIV) ||
                     is_element(node, GUMBO_TAG_BLOCKQUOTE);
    return may && !holds_blocks(node);
}

class Scores {
  public:
    Scores(const GumboNode* body, const Measures& measures) : body_(body), measures_(measures) {
        for_each_element(body, [this](const GumboNode* node) {
            if (is_paragraph(node)) {
                add(node);
            }
        });
    }

    [[nodiscard]] double of(const GumboNode* node) const {
        const auto found = points_.find(node);
        return found == points_.end() ? 0 : found->second * (1 - measures_.of(node).link_density());
    }

    [[nodiscard]] const GumboNode* best() const {
        const GumboNode* found = nullptr;
        double most = 0;
        // In the order of the page, so that the same page always gives the same element.
        for_each_element(body_, [&](const GumboNode* node) {
            if (const auto score = of(node); score > most) {
                found = node;
                most = score;
            }
        });
        return found;
    }

  private:
    void add(const GumboNode* paragraph) {
        static constexpr std::size_t kFewest = 25;
        const auto length = measures_.of(paragraph).text;
        if (length < kFewest) {
            return;
        }
        const auto text = plain_text(paragraph, kText);
        double points = 1 + std::min(static_cast<double>(length) / 100, 3.0);
        for (const std::string_view mark : {",", "，", "、", "。"}) {
            for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + mark.size())) {
                points += 1;
            }
        }
        double share = 1;
        const auto* node = paragraph->parent;
        for (int level = 0; node != nullptr && is_element(node) && level < 4; ++level, node = node->parent) {
            const auto [place, fresh] = points_.try_emplace(node, 0);
            place->second += (fresh ? weight_of(node) : 0) + points * share;
            share = level == 0 ? 0.5 : share / 2;
            if (node == body_) {
                break;
            }
        }
    }

    const GumboNode* body_;
    const Measures& measures_;
    std::unordered_map<const GumboNode*, double> points_;
};

/// Beside the best element stand more of the article's paragraphs: then its parent is the root, without what
/// is not of the article.
MainContent widened(const GumboNode* best, const Scores& scores, const Measures& measures,
                    const GumboNode* body) {
    const auto* parent = best->parent;
    if (best == body || parent == nullptr || !is_element(parent)) {
        return {best, {}};
    }
    const auto enough = std::max(10.0, scores.of(best) * 0.2);
    MainContent wide{parent, {}};
    std::size_t kept = 0;
    for_each_child(parent, [&](const GumboNode* child) {
        if (child == best || !is_element(child)) {
            return;
        }
        const auto& measure = measures.of(child);
        const bool prose =
            is_element(child, GUMBO_TAG_P) && measure.text > 80 && measure.link_density() < 0.25;
        if ((scores.of(child) >= enough && weight_of(child) >= 0) || prose) {
            ++kept;
        } else {
            wide.foreign.push_back(child);
        }
    });
    return kept > 0 ? wide : MainContent{best, {}};
}

/// Lists of links, boxes of other things, by name and by what is in them.
void find_foreign(const GumboNode* node, const Measures& measures, std::vector<const GumboNode*>& foreign) {
    for_each_child(node, [&](const GumboNode* child) {
        const bool box = is_element(child, GUMBO_TAG_DIV) || is_element(child, GUMBO_TAG_UL) ||
                         is_element(child, GUMBO_TAG_OL) || is_element(child, GUMBO_TAG_TABLE);
        if (box && (is_foreign_name(names_of(child)) || measures.of(child).link_density() > 0.6)) {
            foreign.push_back(child);
        } else if (is_element(child)) {
            find_foreign(child, measures, foreign);
        }
    });
}

} // namespace

MainContent find_main_content(const GumboNode* body) {
    const Measures measures(body);
    const Scores scores(body, measures);
    if (const auto* best = scores.best()) {
        auto found = widened(best, scores, measures, body);
        find_foreign(found.root, measures, found.foreign);
        return found;
    }
    for (const auto wanted : kSemantic) {
        if (const auto* node = largest(body, wanted, measures)) {
            return {node, {}};
        }
    }
    return {};
}

} // namespace cdtd::article
