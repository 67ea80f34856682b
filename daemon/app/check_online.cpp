#include "app/check.hpp"
#include "app/look.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
    request.headers = feed.headers;
    request.proxy = feed.proxy;
    return request;
}

} // namespace

void check_online(const Config& config, Findings& findings) {
    Fetcher fetcher(config.http);
    for (const auto& feed : config.feeds) {
        if (!feed.enabled)
            continue;
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
