#include <cdtd/article/links.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>
#include <array>

namespace cdtd::article {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr int kMaxNesting = 8;

struct Split {
    std::string host;      ///< lower case, without userinfo and port
    std::string_view rest; ///< from the first slash or question mark on
};

bool starts_with_scheme(std::string_view url) {
    return base::iequals(url.substr(0, 5), "http:") || base::iequals(url.substr(0, 6), "https:");
}

/// Not base::split_url: what follows a wrapper's host must stay as it was written.
std::optional<Split> split(std::string_view url) {
    if (!starts_with_scheme(url)) {
        return std::nullopt;
    }
    url.remove_prefix(url.find(':') + 1);
    if (!url.starts_with("//")) {
        return std::nullopt;
    }
    url.remove_prefix(2);
    const auto end = std::min(url.find_first_of("/?#"), url.size());
    auto host = url.substr(0, end);
    if (host.find('@') != npos) {
        return std::nullopt;
    }
    host = host.substr(0, host.find(':'));
    return Split{base::ascii_lower(host), url.substr(end)};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t count_digits(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

/// What a sentence writes behind an address.
std::string_view without_punctuation(std::string_view url) {
    static constexpr std::array<std::string_view, 8> kMarks{"）", "。", "，", "、", "」", "》", "”", "；"};
    for (bool again = true; again;) {
        const auto mark = std::ranges::find_if(kMarks, [url](auto m) { return url.ends_with(m); });
        again = mark != kMarks.end();
        url.remove_suffix(again ? mark->size() : 0);
    }
    return url;
}

/// Percent-encoded, one slash too few or no scheme at all: what people paste behind an archive's address.
std::optional<std::string> mend(std::string_view inner);

/// A text that was pasted together with its address: the address.
std::optional<std::string> mend_glued(std::string_view text) {
    const auto mark = text.find("://", 1);
    const auto scheme = mark == npos ? npos : text.substr(0, mark).rfind("http");
    return scheme == npos || scheme == 0 || mark - scheme > 5 ? std::nullopt : mend(text.substr(scheme));
}

std::optional<std::string> mend(std::string_view inner) {
    std::string url(base::trim(without_punctuation(base::trim(inner))));
    const auto encoded = base::ascii_lower(std::string_view(url).substr(0, 8));
    if (encoded.starts_with("http%3a") || encoded.starts_with("https%3a")) {
        url = base::percent_decode(url);
    }
    if (starts_with_scheme(url)) {
        const auto colon = url.find(':');
        const auto host = url.find_first_not_of('/', colon + 1);
        if (host == std::string::npos) {
            return std::nullopt;
        }
        url = url.substr(0, colon) + "://" + url.substr(host);
    } else {
        const auto bare = url.find_first_not_of('/');
        const auto host = bare == std::string::npos
                              ? std::string_view()
                              : std::string_view(url).substr(bare, url.find_first_of("/?#:", bare) - bare);
        const bool glued =
            host.size() + bare < url.size() && url.substr(bare + host.size()).starts_with("://");
        if (glued || host.find('.') == npos || host.starts_with('.') || host.find_first_of(" @%*") != npos) {
            return mend_glued(url);
        }
        url = "http://" + url.substr(bare);
    }
    return base::normalize_url(url) ? std::optional(std::move(url)) : std::nullopt;
}

struct Inner {
    Wrapper wrapper = Wrapper::none;
    std::string_view url; ///< as written, may be empty
    std::optional<std::string> timestamp;
};

/// id_, if_, im_, …: two letters, digits perhaps, and "_"; any number of them.
bool are_flags(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    while (text.size() >= 3 && is_letter(text[0]) && is_letter(text[1])) {
        const auto end = 2 + count_digits(text.substr(2));
        if (end >= text.size() || text[end] != '_') {
            return false;
        }
        text.remove_prefix(end + 1);
    }
    return text.empty();
}

Inner wayback(std::string_view rest) {
    Inner found{.wrapper = Wrapper::wayback, .url = {}, .timestamp = {}};
    if (rest.starts_with("/save/")) {
        rest.remove_prefix(6);
    } else if (rest.starts_with("/web/")) {
        rest.remove_prefix(5);
    } else if (rest.size() > 1 &&
               (is_digit(rest[1]) || rest[1] == '*' || starts_with_scheme(rest.substr(1)))) {
        rest.remove_prefix(1); // as people shorten it
    } else {
        return found;
    }
    const auto slash = rest.find('/');
    const auto first = rest.substr(0, slash);
    const auto digits = count_digits(first);
    const auto flags = first.substr(digits);
    const bool stamp = digits > 0 && digits <= 14 && are_flags(flags);
    const bool search = first == "*" || (digits > 0 && flags == "*") || (digits == 0 && flags == "2*");
    if (stamp && slash != npos) {
        found.timestamp = std::string(first.substr(0, digits));
    }
    if (stamp || search) {
        found.url = slash == npos ? std::string_view() : rest.substr(slash + 1);
    } else {
        found.url = rest;
    }
    if (search && found.url.ends_with('*')) { // a search for everything that begins so
        found.url.remove_suffix(1);
    }
    return found;
}

Inner archive_today(std::string_view rest) {
    Inner found{.wrapper = Wrapper::archive_today, .url = {}, .timestamp = {}};
    const auto query = rest.find('?');
    const auto named = rest.find("url=", query == npos ? rest.size() : query);
    if (named != npos && (rest[named - 1] == '?' || rest[named - 1] == '&') &&
        rest.substr(0, query).find("//") == npos) {
        found.url = rest.substr(named + 4);
        const auto lower = base::ascii_lower(found.url.substr(0, 8));
        if (lower.starts_with("http%3a") || lower.starts_with("https%3a")) {
            found.url = found.url.substr(0, found.url.find('&'));
        }
        return found;
    }
    auto path = rest.substr(std::min<std::size_t>(1, rest.size()));
    const auto slash = path.find('/');
    if (slash == npos) {
        return found;
    }
    const auto first = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    if (first == "o") {
        const auto id = path.find('/');
        found.url = id == npos ? std::string_view() : path.substr(id + 1);
    } else if (first == "newest" || first == "oldest" || first == "timegate" || first == "*" ||
               (!first.empty() &&
                std::ranges::all_of(first, [](char c) { return is_digit(c) || c == '.' || c == '-'; }))) {
        found.url = path;
    } else if (starts_with_scheme(rest.substr(1))) {
        found.url = rest.substr(1);
    }
    return found;
}

/// A page that only leads on, and its parameter that says where to.
struct Leading {
    std::string_view host; ///< without "www."
    std::string_view path;
    std::string_view parameter;
};

constexpr std::array kLeading{
    Leading{"link.zhihu.com", "/", "target"}, Leading{"google.com", "/url", "q"},
    Leading{"google.com", "/url", "url"},     Leading{"weibo.cn", "/sinaurl", "u"},
    Leading{"douban.com", "/link2/", "url"},  Leading{"l.facebook.com", "/l.php", "u"},
    Leading{"youtube.com", "/redirect", "q"},
};

/// Where such a page leads; nullopt of any other.
std::optional<std::string> led_to(std::string_view url) {
    const auto parts = split(url);
    if (!parts) {
        return std::nullopt;
    }
    std::string_view host = parts->host;
    if (host.starts_with("www.")) {
        host.remove_prefix(4);
    }
    const auto question = std::min(parts->rest.find('?'), parts->rest.size());
    const auto path = parts->rest.substr(0, question);
    const auto query = parts->rest.substr(question, parts->rest.find('#') - question);
    for (const Leading& page : kLeading) {
        if (page.host != host || page.path != path) {
            continue;
        }
        for (auto at = query.find(page.parameter); at != npos; at = query.find(page.parameter, at + 1)) {
            const auto value = at + page.parameter.size() + 1;
            if (at > 0 && (query[at - 1] == '?' || query[at - 1] == '&') && value <= query.size() &&
                query[value - 1] == '=') {
                return mend(base::percent_decode(query.substr(value, query.find('&', value) - value)));
            }
        }
    }
    return std::nullopt;
}

Inner look(std::string_view url) {
    const auto parts = split(url);
    if (!parts) {
        return {};
    }
    std::string_view host = parts->host;
    if (host.starts_with("www.")) {
        host.remove_prefix(4);
    }
    if (host == "web.archive.org" || host == "wayback.archive.org") {
        return wayback(parts->rest);
    }
    // The Internet Archive has more than the Wayback Machine; it answers for it here too.
    if (host == "archive.org" && (parts->rest.starts_with("/web/") || parts->rest.starts_with("/save/"))) {
        return wayback(parts->rest);
    }
    return is_archive_today(host) ? archive_today(parts->rest) : Inner{};
}

} // namespace

bool is_archive_today(std::string_view host) {
    static constexpr std::array<std::string_view, 7> kHosts{
        "archive.ph", "archive.is", "archive.today", "archive.vn", "archive.md", "archive.li", "archive.fo"};
    return std::ranges::find(kHosts, host) != kHosts.end();
}

std::string without_picture_size(std::string path) {
    const auto name = path.rfind('/') + 1; // npos + 1 is 0
    auto dot = path.rfind('.');
    dot = dot == std::string::npos || dot < name ? path.size() : dot;
    const auto dash = path.rfind('-', dot);
    if (dash == std::string::npos || dash < name) {
        return path;
    }
    const auto size = std::string_view(path).substr(dash + 1, dot - dash - 1);
    const auto cross = std::min(size.find('x'), size.size());
    const auto width = size.substr(0, cross);
    const auto height = size.substr(std::min(cross + 1, size.size()));
    if (count_digits(width) == width.size() && count_digits(height) == height.size() && !width.empty() &&
        !height.empty()) {
        path.erase(dash, dot - dash);
    }
    return path;
}

Link unwrap(std::string_view url) {
    Link link;
    std::string current(base::trim(url));
    for (int depth = 0; depth < kMaxNesting; ++depth) {
        auto inner = look(current);
        if (inner.wrapper == Wrapper::none) {
            if (auto next = led_to(current)) {
                current = std::move(*next);
                continue;
            }
            if (base::normalize_url(current)) {
                link.original = std::move(current);
            }
            return link;
        }
        if (link.wrapper == Wrapper::none) {
            link.wrapper = inner.wrapper;
        }
        if (!link.timestamp) {
            link.timestamp = std::move(inner.timestamp);
        }
        auto next = mend(inner.url);
        if (!next) {
            return link;
        }
        current = std::move(*next);
    }
    return link;
}

} // namespace cdtd::article
