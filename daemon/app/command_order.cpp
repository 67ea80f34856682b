// What the running daemon is asked to do about a feed, through its API.
#include "app/command_line.hpp"
#include "app/json_view.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cdtd::app {
namespace {

/// One line a feed; Errc::network where nobody answers.
base::Result<int> order(const Config& config, const std::string& feed, std::string_view what,
                        const boost::json::object& body) {
    const auto answer = post(config.api, fmt::format("/api/v1/feeds/{}/{}", base::percent_encode(feed), what),
                             boost::json::serialize(body));
    if (!answer)
        return std::unexpected(answer.error());
    const bool accepted = answer->status == 202;
    const std::string line = fmt::format("{}: {}\n", feed, accepted ? "accepted" : detail_of(*answer));
    return put(base::terminal_safe(line, true), accepted ? exit_done : exit_failed);
}

int order_one(const Options& options, std::string_view what, const boost::json::object& body) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    const auto status = order(*config, options.reference, what, body);
    return status ? *status : complain(status.error().message, exit_failed);
}

} // namespace

std::string detail_of(const Posted& answer) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(answer.body, error);
    const std::string detail = !error && value.is_object() ? text_of(value.get_object(), "detail") : "";
    return detail.empty() ? fmt::format("the daemon answered {}", answer.status) : detail;
}

int command_poll(const Options& options) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    std::vector<std::string> feeds = options.feeds;
    if (feeds.empty())
        for (const auto& feed : config->feeds)
            if (feed.enabled)
                feeds.push_back(feed.name);
    int status = exit_done;
    for (const std::string& feed : feeds) {
        const auto done = order(*config, feed, "poll", {{"force", options.force}});
        if (!done)
            return complain(done.error().message, exit_failed);
        status = *done == exit_done ? status : *done;
    }
    return status;
}

int command_release(const Options& options) {
    return order_one(options, "release", {});
}

int command_enable(const Options& options) {
    return order_one(options, "enable", {});
}

int command_backfill(const Options& options) {
    boost::json::object body;
    if (options.pages > 0)
        body["pages"] = options.pages;
    if (!options.until.empty()) {
        const auto until = base::parse_user_time(options.until, base::system_clock().now());
        if (!until)
            return complain(
                fmt::format("--until {}: write RFC 3339, a date, or 7d, 12h (ago)", options.until),
                exit_usage);
        body["until"] = base::format_rfc3339(*until);
    }
    return order_one(options, "backfill", body);
}

} // namespace cdtd::app
