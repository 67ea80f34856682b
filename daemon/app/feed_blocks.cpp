#include "app/feed_blocks.hpp"

#include "app/config_reader.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cdtd::app {
namespace {

constexpr std::size_t longest_name = 40;

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// "Some: Title" → "some-title".
std::string slug_of(std::string_view text) {
    std::string slug;
    for (const char c : base::fold(text)) {
        if (is_name_character(c))
            slug += c;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    if (slug.size() > longest_name) {
        const auto cut = slug.rfind('-', longest_name);
        slug.resize(cut == std::string::npos || cut < longest_name / 2 ? longest_name : cut);
    }
    while (slug.ends_with('-'))
        slug.pop_back();
    return slug;
}

bool is_mostly_latin(std::string_view title) {
    std::size_t latin = 0;
    std::size_t foreign = 0;
    for (const char c : base::fold(title)) {
        latin += is_name_character(c) ? 1 : 0;
        foreign += static_cast<unsigned char>(c) >= 0x80 ? 1 : 0;
    }
    return latin > foreign;
}

/// Host and path without what every feed's address has.
std::string name_of_address(const std::string& url) {
    static constexpr std::array<std::string_view, 10> common = {
        "feed", "feeds", "rss", "atom", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "rss2"};
    const auto parts = base::split_url(url);
    if (!parts)
        return {};
    std::string_view host = parts->host;
    for (const std::string_view prefix : {"www.", "feeds.", "feed.", "rss."})
        if (host.starts_with(prefix))
            host.remove_prefix(prefix.size());
    std::string words(host);
    for (std::size_t at = 0; at < parts->path.size();) {
        const auto end = std::min(parts->path.find('/', at), parts->path.size());
        const auto segment = base::ascii_lower(parts->path.substr(at, end - at));
        if (!segment.contains('%') && std::ranges::find(common, segment) == common.end())
            words += '-' + segment;
        at = end + 1;
    }
    return slug_of(words);
}

} // namespace

std::string feed_name(const feed::Subscription& feed, std::set<std::string>& taken) {
    std::string wanted = feed.name;
    if (wanted.empty() || !wrong_name(wanted).empty())
        wanted = is_mostly_latin(feed.title) ? slug_of(feed.title) : name_of_address(feed.url);
    if (wanted.empty())
        wanted = "feed";
    std::string name = wanted;
    for (int number = 2; !taken.insert(name).second; ++number)
        name = fmt::format("{}-{}", wanted, number);
    return name;
}

std::string toml_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : base::to_valid_utf8(text)) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        else
            quoted += c;
    }
    return quoted + '"';
}

std::string feed_block(const feed::Subscription& feed, const std::string& name) {
    std::string text;
    if (const auto title = base::terminal_safe(feed.title); !title.empty())
        text += fmt::format("# {}\n", title);
    text += fmt::format("[[feed]]\nname = {}\nurl = {}\n", toml_string(name), toml_string(feed.url));
    if (feed.interval)
        text += fmt::format("interval = {}\n", toml_string(base::format_duration(*feed.interval)));
    if (!feed.enabled)
        text += "enabled = false\n";
    return text + '\n';
}

} // namespace cdtd::app
