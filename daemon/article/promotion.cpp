#include "article/boilerplate.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxCharacters = 80; ///< of a plea; what is longer is prose
constexpr std::size_t kMaxPending = 20;
constexpr auto npos = std::string_view::npos;

bool has_any(std::string_view text, const auto& words) {
    return std::ranges::any_of(words, [text](std::string_view word) { return text.find(word) != npos; });
}

/// What the words say, where a short paragraph at the end of an article holds them.
enum class Plea {
    none,
    share,  ///< like, share, follow
    code,   ///< scan the code that stands beneath
    others, ///< earlier articles, which stand beneath
    end,    ///< "END": belongs to what follows it
};

/// Without the marks that accounts decorate such lines with.
std::string bare(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || static_cast<unsigned char>(c) >= 0x80) {
            out += c;
        }
    }
    for (const std::string_view mark :
         {"—", "－", "～", "·", "•", "（", "）", "【", "】", "▼", "↓", "“", "”", "：", "。"}) {
        for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at)) {
            out.erase(at, mark.size());
        }
    }
    return base::ascii_lower(base::tidy(out));
}

Plea plea_of(std::string_view shown) {
    static constexpr std::array<std::string_view, 18> kShare{
        "点赞、在看", "点赞、转发", "点赞和在看",   "点赞在看",   "点赞 在看",    "点个在看",
        "点个赞",     "在看和转发", "喜欢我的文章", "喜欢本文",   "喜欢这篇文章", "欢迎转发",
        "点亮在看",   "分享、点赞", "转发、点赞",   "点赞、分享", "一键三连",     "点击阅读原文"};
    static constexpr std::array<std::string_view, 12> kCode{
        "扫码关注",   "长按二维码", "长按识别", "识别二维码",         "扫描二维码",         "长按关注",
        "关注公众号", "点击关注",   "404给CDT", "向中国数字时代投稿", "给中国数字时代投稿", "扫描下方"};
    static constexpr std::array<std::string_view, 7> kOthers{"往期文章", "往期推荐", "往期回顾", "往期精彩",
                                                             "往期阅读", "近期文章", "推荐阅读"};
    static constexpr std::array<std::string_view, 6> kEnd{"end",    "theend", "完",
                                                          "全文完", "正文完", "阅读原文"};
    if (base::count_characters(shown) > kMaxCharacters) {
        return Plea::none;
    }
    const auto words = bare(shown);
    if (std::ranges::find(kEnd, words) != kEnd.end()) {
        return Plea::end;
    }
    if (has_any(shown, kCode)) {
        return Plea::code;
    }
    // A heading and nothing else: in a sentence these words lead to something that the author says.
    if (std::ranges::find(kOthers, words) != kOthers.end()) {
        return Plea::others;
    }
    return has_any(shown, kShare) ? Plea::share : Plea::none;
}

bool has_blocks(const GumboNode* node) {
    for (unsigned i = 0; i < child_count(node); ++i) {
        if (is_block(child_at(node, i))) {
            return true;
        }
    }
    return false;
}

class Tail {
  public:
    explicit Tail(Boilerplate& found) : found_(found) {}

    /// True when everything in `node` is gone, so that what stands before it is the end now.
    bool trim(const GumboNode* node) {
        for (auto i = child_count(node); i > 0; --i) {
            const auto* child = child_at(node, i - 1);
            if (child->type == GUMBO_NODE_WHITESPACE || found_.has(child) ||
                is_element(child, GUMBO_TAG_BR) || is_element(child, GUMBO_TAG_HR)) {
                continue;
            }
            const bool goes =
                is_element(child, GUMBO_TAG_DIV) && has_blocks(child) ? trim(child) : take(child);
            if (!goes) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] const std::vector<const GumboNode*>& dropped() const { return dropped_; }

  private:
    /// Whether the search goes on above `node`: it was dropped, or waits for the words that explain it.
    bool take(const GumboNode* node) {
        if (!is_element(node)) {
            return base::tidy(plain_text(node, 64)).empty();
        }
        const auto shown = base::tidy(plain_text(node, 1024));
        if (shown.empty()) {
            if (has_picture(node)) {
                wait(pictures_, node);
            }
            return pictures_.size() <= kMaxPending;
        }
        const auto plea = plea_of(shown);
        if (plea != Plea::none) {
            return drop(node, plea);
        }
        const bool link_list = linked_text(node) * 10 >= plain_text(node, 1U << 16).size() * 9;
        if (link_list && links_.size() < kMaxPending) {
            wait(links_, node);
            return true;
        }
        return false;
    }

    static void wait(std::vector<const GumboNode*>& pending, const GumboNode* node) {
        pending.push_back(node);
    }

    bool drop(const GumboNode* node, Plea plea) {
        const bool waiting = !pictures_.empty() || !links_.empty();
        if (plea == Plea::others) { // pictures between the links are their teasers
            settle(links_);
            settle(pictures_);
        } else if (plea == Plea::code && links_.empty()) {
            settle(pictures_);
        } else if (waiting) {
            return false; // pictures of the article stand beneath: this is no end
        }
        if (plea == Plea::end && dropped_.empty()) {
            return false; // the author's own last word
        }
        dropped_.push_back(node);
        return true;
    }

    void settle(std::vector<const GumboNode*>& pending) {
        dropped_.insert(dropped_.end(), pending.begin(), pending.end());
        pending.clear();
    }

    Boilerplate& found_;
    std::vector<const GumboNode*> dropped_;
    std::vector<const GumboNode*> pictures_;
    std::vector<const GumboNode*> links_;
};

} // namespace

void drop_promotion(const GumboNode* root, Boilerplate& found) {
    Tail tail(found);
    if (!tail.trim(root)) {
        found.dropped.insert(tail.dropped().begin(), tail.dropped().end());
    }
}

} // namespace cdtd::article
