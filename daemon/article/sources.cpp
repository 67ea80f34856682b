#include "article/card.hpp"
#include "article/pictures.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>
#include <array>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxSources = 50;

struct Word {
    std::string_view name; ///< folded
    std::string_view platform;
};

// How cards name platforms; the longer word before the one it begins with.
constexpr std::array kWords{
    Word{"微信公众号", "weixin"}, Word{"微信公眾號", "weixin"},  Word{"微信视频号", "weixin"},
    Word{"微信視頻號", "weixin"}, Word{"公众号", "weixin"},      Word{"公眾號", "weixin"},
    Word{"视频号", "weixin"},     Word{"微信", "weixin"},        Word{"新浪微博", "weibo"},
    Word{"微博用户", "weibo"},    Word{"微博", "weibo"},         Word{"知乎", "zhihu"},
    Word{"豆瓣", "douban"},       Word{"哔哩哔哩", "bilibili"},  Word{"b站", "bilibili"},
    Word{"bilibili", "bilibili"}, Word{"小红书", "xiaohongshu"}, Word{"小紅書", "xiaohongshu"},
    Word{"抖音", "douyin"},       Word{"快手", "kuaishou"},      Word{"今日头条", "toutiao"},
    Word{"推特", "twitter"},      Word{"twitter", "twitter"},    Word{"电报", "telegram"},
    Word{"電報", "telegram"},     Word{"telegram", "telegram"},  Word{"油管", "youtube"},
    Word{"youtube", "youtube"},   Word{"reddit", "reddit"},      Word{"matters", "matters"},
    Word{"脸书", "facebook"},     Word{"facebook", "facebook"},  Word{"instagram", "instagram"},
    Word{"medium", "medium"},     Word{"网易", "netease"},       Word{"搜狐", "sohu"},
};

constexpr std::array<std::string_view, 8> kOpening{"“", "「", "『", "《", "（", "(", "【", "‘"};
constexpr std::array<std::string_view, 8> kClosing{"”", "」", "』", "》", "）", ")", "】", "’"};
constexpr std::array<std::string_view, 5> kSeparators{"、", "，", "；", ";", "\n"};

std::string_view one_of(const auto& words, std::string_view text) {
    const auto found = std::ranges::find_if(words, [text](auto word) { return text.starts_with(word); });
    return found == words.end() ? std::string_view() : *found;
}

bool is_blank(const Line& line) {
    return base::tidy(text_of(line)).empty();
}

bool is_empty(const Line& line) {
    return is_blank(line) && std::ranges::all_of(line, [](const Piece& piece) { return piece.link.empty(); });
}

/// One name out of a card's source line.
struct Named {
    std::optional<std::string> name;
    std::string platform; ///< empty where the words name none
};

const Word* platform_word(std::string_view folded) {
    const auto found =
        std::ranges::find_if(kWords, [folded](const Word& word) { return folded.starts_with(word.name); });
    return found == kWords.end() ? nullptr : &*found;
}

/// 微信公众号“NAME”, 微信公众号：NAME → NAME; other names stay as they are.
Named read_name(const std::string& text) {
    Named named;
    named.name = value_of(text);
    const auto whole = base::tidy(text);
    const auto folded = base::fold(whole);
    const auto* word = platform_word(folded);
    if (word == nullptr) {
        return named;
    }
    named.platform = word->platform;
    if (whole.size() < word->name.size() || base::fold(whole.substr(0, word->name.size())) != word->name) {
        return named;
    }
    const auto rest = base::trim(std::string_view(whole).substr(word->name.size()));
    static constexpr std::array<std::string_view, 8> kQuotes{"“", "”", "「", "『", "\"", "《", "：", ":"};
    static constexpr std::array<std::string_view, 6> kQuoteEnds{"”", "“", "」", "』", "\"", "》"};
    const auto open = one_of(kQuotes, rest);
    if (open.empty()) {
        return named;
    }
    auto inner = base::trim(rest.substr(open.size()));
    const bool colon = open == "：" || open == ":";
    const auto end = std::ranges::find_if(kQuoteEnds, [inner](auto mark) { return inner.ends_with(mark); });
    if (!colon && end == kQuoteEnds.end()) {
        return named;
    }
    if (!colon) {
        inner.remove_suffix(end->size());
    }
    named.name = value_of(inner);
    return named;
}

/// An address whose scheme the editor forgot: "mp.weixin.qq.com/s/…" is no path of the publisher's. "" where
/// it is none: words, a path, a file ("page.html").
std::string with_scheme(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || text.find_first_of(" \t\n\"<>") != std::string_view::npos) {
        return {};
    }
    const auto host = text.substr(0, slash);
    const auto top = host.rfind('.');
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool named = top != std::string_view::npos && top > 0 && host.size() - top > 2 &&
                       std::ranges::all_of(host.substr(top + 1), is_letter) && host.find(':') == host.npos;
    auto url = "https://" + std::string(text);
    return named && base::normalize_url(url) ? url : std::string();
}

/// A URL that stands in the text as it is: all of it, or behind a name.
std::string_view url_in(std::string_view text) {
    const auto lower = base::ascii_lower(text);
    const auto at = std::min(lower.find("https://"), lower.find("http://"));
    return at == std::string_view::npos ? std::string_view()
                                        : text.substr(at, text.find_first_of(" \t\n", at) - at);
}

/// As published where that is a URL a reader can follow; mended or absolute where it is not.
std::optional<std::string> published_link(std::string_view href, std::string_view article_url) {
    const auto absolute = absolute_link(article_url, href);
    if (absolute.empty()) {
        return std::nullopt;
    }
    const bool clean = base::normalize_url(href).has_value() && std::ranges::none_of(href, [](char c) {
                           return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>';
                       });
    return clean ? std::string(href) : absolute;
}

bool is_own(const std::string& url, std::string_view article_url) {
    static constexpr std::string_view kHome = "chinadigitaltimes.net";
    const auto parts = base::split_url(url);
    const auto article = base::split_url(article_url);
    if (!parts) {
        return false;
    }
    const std::string_view host = parts->host;
    return host == kHome || host.ends_with(".chinadigitaltimes.net") || (article && article->host == host);
}

model::CitedSource source_of(const Line& part, std::string_view article_url) {
    std::string href;
    for (const auto& piece : part) {
        href = href.empty() ? piece.link : href;
    }
    auto text = base::tidy(text_of(part));
    if (auto mended = with_scheme(href); !mended.empty()) {
        href = std::move(mended);
    }
    if (auto mended = with_scheme(text); !mended.empty()) {
        href = href.empty() ? std::move(mended) : href;
        text.clear();
    } else if (const auto written = std::string(url_in(text)); !written.empty()) {
        href = href.empty() ? written : href;
        text = base::tidy(text.erase(text.find(written), written.size()));
    }
    const auto named = text.empty() ? Named{} : read_name(text);
    model::CitedSource source;
    source.link = published_link(href, article_url);
    source.name = named.name;
    if (source.link) {
        if (const auto inner = unwrap(*source.link).original; inner && !is_own(*inner, article_url)) {
            source.url = base::canonical_url(*inner);
        }
    }
    source.platform = source.url ? platform_of(*source.url) : "web";
    if (!named.platform.empty() && source.platform == "web") { // an address that is known knows better
        source.platform = named.platform;
    }
    return source;
}

} // namespace

std::vector<Line> split_names(const Line& line, bool inside_links) {
    std::vector<Line> parts(1);
    unsigned anchor = 0;
    int depth = 0;
    const auto next = [&] {
        if (!is_blank(parts.back()) && parts.size() < 200) {
            parts.emplace_back();
        } else {
            parts.back().clear();
        }
        anchor = 0;
    };
    for (const auto& piece : line) {
        if (piece.anchor != 0 && anchor != 0 && piece.anchor != anchor) {
            next();
            depth = 0;
        }
        anchor = piece.anchor != 0 ? piece.anchor : anchor;
        const bool whole = !piece.link.empty() && !inside_links;
        parts.back().push_back({{}, piece.link, piece.anchor});
        for (std::string_view rest = piece.text; !rest.empty();) {
            const auto separator = one_of(kSeparators, rest);
            if (!separator.empty() && depth == 0 && !whole) {
                next();
                anchor = inside_links ? piece.anchor : 0;
                parts.back().push_back({{}, piece.link, piece.anchor});
                rest.remove_prefix(separator.size());
                continue;
            }
            depth += one_of(kOpening, rest).empty() ? 0 : 1;
            depth -= one_of(kClosing, rest).empty() || depth == 0 ? 0 : 1;
            parts.back().back().text += rest.front();
            rest.remove_prefix(1);
        }
    }
    if (is_empty(parts.back())) {
        parts.pop_back();
    }
    return parts;
}

std::vector<model::CitedSource> read_sources(const Line& line, std::string_view article_url) {
    std::vector<model::CitedSource> sources;
    for (const auto& part : split_names(line, false)) {
        auto source = source_of(part, article_url);
        const bool empty = !source.url && !source.link && !source.name;
        if (!empty && sources.size() < kMaxSources) {
            sources.push_back(std::move(source));
        }
    }
    return sources;
}

} // namespace cdtd::article
