#include "app/check.hpp"
#include "app/look.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace cdtd::app {
namespace {

std::string words_of(const feed::Offer& offer) {
    return offer.title.empty() ? offer.url : fmt::format("{} (“{}”)", offer.url, offer.title);
}

std::string fault_of(const std::string& name, const Look& look) {
    if (look.offers.empty())
        return fmt::format("feed {}: {}", name, why_none(look));
    std::vector<std::string> offers;
    offers.reserve(look.offers.size());
    for (const auto& offer : look.offers)
        offers.push_back(words_of(offer));
    return fmt::format("feed {}: {} is a page, not a feed; it offers {}: write one of them as its url", name,
                       look.url, fmt::join(offers, ", "));
}

http::Request request_for(const pipeline::FeedSettings& feed) {
    http::Request request(feed.url);
    request.configured = feed.headers;
    request.proxy = feed.proxy;
    return request;
}

} // namespace

bool looks_like_a_page(const std::string& url) {
    const std::string lower = base::ascii_lower(url);
    const std::size_t path = lower.find('/', lower.find("://") + 3);
    if (path == std::string::npos)
        return true;
    constexpr std::array marks = {"feed", "rss", "rdf", "atom", "xml", "json"};
    return std::ranges::none_of(marks,
                                [&](const char* mark) { return lower.find(mark, path) != lower.npos; });
}

void check_online(const Config& config, const std::vector<pipeline::FeedSettings>& feeds,
                  Findings& findings) {
    if (feeds.empty())
        return;
    Fetcher fetcher(config.http);
    for (const auto& feed : feeds) {
        const Look look = look_at(fetcher, request_for(feed));
        if (look.feed)
            findings.notes.push_back(fmt::format("feed {}: {}, {} entries", feed.name, look.feed->format,
                                                 look.feed->entries.size()));
        else if (look.page || look.absent)
            findings.faults.push_back(fault_of(feed.name, look));
        else
            findings.notes.push_back(
                fmt::format("feed {}: could not be looked at: {}", feed.name, why_none(look)));
    }
}

} // namespace cdtd::app
