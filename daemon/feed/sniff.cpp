#include "feed/sniff.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cdtd::feed::detail {
namespace {

constexpr std::size_t look_at = 64UL * 1024; // of a page, for the marks of a challenge
constexpr std::size_t junk_limit = 8UL * 1024;

struct Mark {
    std::string_view text; ///< lower case
    std::string_view what;
};

constexpr std::array marks = std::to_array<Mark>({
    {"cf-chl", "a Cloudflare challenge"},
    {"_cf_chl_opt", "a Cloudflare challenge"},
    {"challenge-platform", "a Cloudflare challenge"},
    {"cf-browser-verification", "a Cloudflare challenge"},
    {"<title>just a moment", "a Cloudflare challenge"},
    {"attention required! | cloudflare", "a Cloudflare block page"},
    {"cf-error-details", "a Cloudflare error page"},
    {"ddos-guard", "a DDoS-Guard challenge"},
    {"_incapsula_resource", "an Imperva challenge"},
    {"sucuri website firewall", "a Sucuri block page"},
    {"aws-waf-token", "an AWS WAF challenge"},
    {"awswafcookiedomainlist", "an AWS WAF challenge"},
    {"captcha", "a captcha"},
    {"checking your browser", "a challenge page"},
    {"verify you are human", "a challenge page"},
    {"verifying you are human", "a challenge page"},
    {"are you a robot", "a challenge page"},
    {"enable javascript and cookies to continue", "a challenge page"},
    {"<title>access denied", "an access-denied page"},
    {"<title>403 forbidden", "a 403 page"},
    {"人机验证", "a challenge page"},
    {"安全验证", "a challenge page"},
    {"访问验证", "a challenge page"},
    {"type=\"password\"", "a login page"},
    {"type='password'", "a login page"},
    {"type=password", "a login page"},
});

constexpr std::array plain_marks = std::to_array<Mark>({
    {"error code: 10", "a Cloudflare error"},
    {"access denied", "an access-denied message"},
    {"forbidden", "a refusal"},
    {"too many requests", "a rate limit"},
    {"rate limit", "a rate limit"},
});

template <std::size_t N>
std::string_view mark_in(std::string_view lower, const std::array<Mark, N>& table) {
    for (const auto& mark : table)
        if (lower.contains(mark.text))
            return mark.what;
    return {};
}

std::string quoted(std::string_view text) {
    return base::fit(base::terminal_safe(base::tidy(base::cut_bytes(text, 400))), 60);
}

std::string page_title(std::string_view page, std::string_view lower) {
    const auto open = lower.find("<title");
    const auto start = open == lower.npos ? open : lower.find('>', open);
    const auto end = start == lower.npos ? start : lower.find('<', start);
    if (end == lower.npos)
        return "";
    const auto title = quoted(page.substr(start + 1, end - start - 1));
    return title.empty() ? "" : fmt::format(", titled “{}”", title);
}

base::Error html_error(std::string_view text) {
    const auto page = base::cut_bytes(text, look_at);
    const std::string lower = base::ascii_lower(page);
    if (const auto what = mark_in(lower, marks); !what.empty())
        return {base::Errc::challenge,
                fmt::format("not a feed but {}{}: the server does not want to answer a program", what,
                            page_title(page, lower))};
    return {base::Errc::refused, fmt::format("not a feed but an HTML page{}; look whether the feed has moved",
                                             page_title(page, lower))};
}

base::Error other_error(std::string_view text) {
    if (text.starts_with('['))
        return {base::Errc::bad_data, "no feed; it looks like a JSON list"};
    if (text.size() < 2048)
        if (const auto what = mark_in(base::ascii_lower(text), plain_marks); !what.empty())
            return {base::Errc::refused, fmt::format("not a feed but {}: “{}”", what, quoted(text))};
    if (text.starts_with("PK\x03\x04") || text.starts_with("\x1F"))
        return {base::Errc::bad_data, "not XML; it looks like compressed data"};
    return {base::Errc::bad_data, fmt::format("not XML; it begins with “{}”", quoted(text))};
}

/// Behind one "<?…?>", "<!--…-->" or "<!…>"; npos where it does not end.
std::size_t behind_prolog(std::string_view text) {
    const auto past = [&](std::string_view close) {
        const auto at = text.find(close);
        return at == text.npos ? at : at + close.size();
    };
    if (text.starts_with("<?"))
        return past("?>");
    return text.starts_with("<!--") ? past("-->") : past(">");
}

/// The first element's name, or "html" where the DOCTYPE says so; lower case.
std::string first_element(std::string_view text) {
    while (true) {
        text = base::trim(text);
        if (!text.starts_with('<'))
            return "";
        if (text.starts_with("<?") || text.starts_with("<!")) {
            if (base::ascii_lower(text.substr(0, 14)) == "<!doctype html")
                return "html";
            const auto behind = behind_prolog(text);
            if (behind == text.npos)
                return "";
            text.remove_prefix(behind);
            continue;
        }
        return base::ascii_lower(
            text.substr(1, std::min<std::size_t>(text.find_first_of(" \t\r\n/>", 1), 40) - 1));
    }
}

bool is_html_element(std::string_view name) {
    constexpr std::array names = std::to_array<std::string_view>(
        {"html", "head", "body", "meta", "title", "script", "div", "p",   "h1",     "center", "table",
         "link", "br",   "b",    "pre",  "font",  "span",   "a",   "img", "strong", "style"});
    return std::ranges::find(names, name) != names.end();
}

/// Where the feed begins behind a warning that the publisher's server printed first; npos: nowhere.
std::size_t feed_start(std::string_view text) {
    const std::string lower = base::ascii_lower(text.substr(0, junk_limit));
    if (lower.contains("<html") || lower.contains("<!doctype html"))
        return text.npos;
    std::size_t start = lower.find("<?xml");
    for (const std::string_view root : {"<rss", "<feed", "<rdf:rdf"})
        start = std::min(start, lower.find(root));
    return start;
}

/// The same of a JSON Feed: only where it says that it is one.
std::size_t json_start(std::string_view text) {
    const auto head = text.substr(0, junk_limit);
    const auto version = head.find("jsonfeed.org/version/");
    const auto brace = head.find('{');
    return version == head.npos || brace > version ? text.npos : brace;
}

} // namespace

base::Result<Sniffed> sniff(std::string_view text) {
    const auto document = base::trim(text);
    if (document.empty())
        return base::fail(base::Errc::bad_data, "the document is empty");
    const auto offset = static_cast<std::size_t>(document.data() - text.data());
    if (document.starts_with('{'))
        return Sniffed{offset, true, false};
    const auto element = first_element(document);
    if (!element.empty() && !is_html_element(element))
        return Sniffed{offset, false, offset != 0};
    if (const auto start = feed_start(document); start != document.npos && start > 0)
        return Sniffed{offset + start, false, true};
    if (const auto start = json_start(document); start != document.npos)
        return Sniffed{offset + start, true, true};
    if (element.empty() && document.starts_with('<') &&
        !base::ascii_lower(document.substr(0, 2048)).contains("<html"))
        return Sniffed{offset, false, false}; // broken XML: the parser knows better what is wrong
    return std::unexpected(document.starts_with('<') ? html_error(document) : other_error(document));
}

} // namespace cdtd::feed::detail
