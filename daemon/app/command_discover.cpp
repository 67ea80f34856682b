// `feeds discover`: from the URL of a page to the feeds that it offers.
#include "app/command_line.hpp"
#include "app/look.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

constexpr std::size_t places_at_most = 7; // and the page itself: 8 requests

struct Discovery {
    std::string page; ///< behind the redirects
    std::string how;  ///< "itself", "offered", "usual place", "none"
    std::vector<feed::Offer> feeds;
    std::size_t entries = 0; ///< of a feed that was read
    std::vector<std::string> tried;
};

void take_feed(Discovery& out, const Look& look, const char* how) {
    out.how = how;
    out.feeds = {{look.url, look.feed->title, look.feed->format}};
    out.entries = look.feed->entries.size();
}

/// Errc::network and the like in words: somebody who can't be asked has said nothing about feeds.
base::Result<Discovery> discover(Fetcher& fetcher, const std::string& url) {
    Look page = look_at(fetcher, http::Request(url));
    if (!page.answered)
        return base::fail(base::Errc::network, why_none(page));
    Discovery out{page.url, "none", std::move(page.offers), 0, {}};
    if (page.feed) {
        take_feed(out, page, "itself");
    } else if (!out.feeds.empty()) {
        out.how = "offered";
    } else {
        if (!page.page) // a page may be refused where the feed is not
            fmt::print(stderr, "note: {}; feeds are looked for at the usual places\n",
                       base::terminal_safe(why_none(page)));
        const auto found = look_around(fetcher, page.url, places_at_most, out.tried);
        if (found && !found->feed)
            return base::fail(base::Errc::network, why_none(*found));
        if (found)
            take_feed(out, *found, "usual place");
    }
    return out;
}

std::string json_of(const Discovery& found) {
    json::array feeds;
    for (const auto& feed : found.feeds)
        feeds.push_back(json::object{{"url", feed.url},
                                     {"title", feed.title.empty() ? json::value() : json::value(feed.title)},
                                     {"type", feed.type.empty() ? json::value() : json::value(feed.type)}});
    return json::serialize(json::object{{"url", found.page},
                                        {"found", found.how},
                                        {"feeds", feeds},
                                        {"tried", json::value_from(found.tried)}});
}

std::string text_of_found(const Discovery& found) {
    if (found.how != "offered") {
        const auto& feed = found.feeds.at(0);
        return fmt::format("{} is a feed{}: {}, {}{} entries\n", base::terminal_safe(feed.url),
                           found.how == "itself" ? "" : " (the page names none; this is a usual place)",
                           base::terminal_safe(feed.type),
                           feed.title.empty() ? "" : "“" + base::terminal_safe(feed.title) + "”, ",
                           found.entries);
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(found.feeds.size());
    for (const auto& feed : found.feeds)
        rows.push_back({feed.url, feed.type, feed.title});
    return table({{"URL"}, {"TYPE", 30}, {"TITLE", 0, false, true}}, rows, terminal());
}

} // namespace

int command_discover(const Options& options) {
    const std::optional<Config> config = configuration_if_any(options);
    if (!config)
        return exit_configuration;
    const bool bare = options.reference.find("://") == std::string::npos;
    const auto url = base::normalize_url(bare ? "https://" + options.reference : options.reference);
    if (!url)
        return complain(fmt::format("{} is no http or https URL", options.reference), exit_usage);
    Fetcher fetcher(config->http);
    const auto found = discover(fetcher, *url);
    if (!found)
        return complain(found.error().message, exit_failed);
    const int status = found->feeds.empty() ? exit_failed : exit_done;
    if (options.json)
        return put_json(json_of(*found), status);
    if (found->feeds.empty())
        return complain(
            fmt::format("{}: no feed found; the page names none, and none of {} usual places is one",
                        found->page, found->tried.size()),
            exit_failed);
    return put(text_of_found(*found), status);
}

} // namespace cdtd::app
