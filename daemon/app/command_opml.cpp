// Our list of feeds as OPML, and somebody's OPML list as [[feed]] blocks.
#include "app/command_line.hpp"
#include "app/config_reader.hpp"
#include "app/feed_blocks.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/opml.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/schema.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <unistd.h>

namespace cdtd::app {
namespace {

constexpr std::size_t largest_list = 16U << 20;

void note(const std::string& text) {
    fmt::print(stderr, "note: {}\n", base::terminal_safe(text));
}

/// What the daemon has learnt of the feeds, by name; nothing where there is no database.
std::map<std::string, model::FeedState> known_feeds(const Config& config) {
    std::map<std::string, model::FeedState> known;
    if (access(config.database().c_str(), F_OK) != 0)
        return known;
    try {
        store::Connection db(config.database(), store::Mode::read_only);
        store::require_current(db);
        for (auto& feed : store::list_feeds(db))
            known.emplace(feed.name, feed);
    } catch (const std::exception& error) {
        note(fmt::format("titles and moves are left out: {}", error.what()));
    }
    return known;
}

feed::SubscriptionList our_list(const Config& config) {
    const auto known = known_feeds(config);
    feed::SubscriptionList list;
    list.title = "Feeds of cdtd";
    for (const auto& feed : config.feeds) {
        feed::Subscription entry{{}, feed.url, {}, {}, feed.name, feed.interval, feed.enabled};
        if (const auto found = known.find(feed.name); found != known.end()) {
            entry.title = found->second.title;
            if (found->second.configured_url == feed.url)
                entry.url = found->second.url; // where it has moved to
        }
        list.feeds.push_back(std::move(entry));
    }
    return list;
}

base::Result<std::string> read_list(const std::string& path) {
    const bool standard = path == "-";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(
        standard ? nullptr : std::fopen(path.c_str(), "rb"), std::fclose);
    std::FILE* file = standard ? stdin : opened.get();
    if (file == nullptr)
        return base::fail(base::Errc::io, fmt::format("{} can't be read: {}", path, std::strerror(errno)));
    std::string text;
    char buffer[16384];
    while (std::feof(file) == 0 && std::ferror(file) == 0 && text.size() <= largest_list)
        text.append(buffer, std::fread(buffer, 1, sizeof buffer, file));
    if (text.size() > largest_list)
        return base::fail(base::Errc::too_large, fmt::format("{} is over 16 MiB", path));
    if (std::ferror(file) != 0)
        return base::fail(base::Errc::io, fmt::format("{} can't be read: {}", path, std::strerror(errno)));
    return text;
}

/// The blocks; whatever is left out, or is there already, is noted on standard error.
std::string blocks_of(const feed::SubscriptionList& list, const Config& config) {
    std::set<std::string> names;
    std::map<std::string, std::string> configured;
    for (const auto& feed : config.feeds) {
        names.insert(feed.name);
        configured.emplace(feed.url, feed.name);
    }
    std::set<std::string> seen;
    std::string text;
    for (const auto& reason : list.left_out)
        note(fmt::format("left out: {}", reason));
    for (feed::Subscription feed : list.feeds) {
        const auto url = base::normalize_url(feed.url);
        if (!url || !wrong_url(*url).empty()) {
            note(fmt::format("left out: “{}”: {} is no address of a feed", feed.title, feed.url));
            continue;
        }
        if (!seen.insert(*url).second) {
            note(fmt::format("left out: “{}”: {} stands in the list twice", feed.title, feed.url));
            continue;
        }
        feed.url = *url;
        const auto name = feed_name(feed, names);
        if (const auto found = configured.find(*url); found != configured.end())
            note(fmt::format("“{}”: {} is configured already, as {}", name, *url, found->second));
        text += feed_block(feed, name);
    }
    return text;
}

} // namespace

int put_opml(const Options& options) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    return put(feed::write_opml(our_list(*config), base::system_clock().now()), exit_done);
}

int command_from_opml(const Options& options) {
    const std::optional<Config> config = configuration_if_any(options);
    if (!config)
        return exit_configuration;
    const auto text = read_list(options.reference);
    if (!text)
        return complain(text.error().message, exit_failed);
    const auto list = feed::read_opml(*text);
    if (!list)
        return complain(fmt::format("{}: {}", options.reference, list.error().message), exit_failed);
    const std::string blocks = blocks_of(*list, *config);
    if (blocks.empty())
        return complain(fmt::format("{} names no feed", options.reference), exit_failed);
    return put(blocks, exit_done);
}

} // namespace cdtd::app
