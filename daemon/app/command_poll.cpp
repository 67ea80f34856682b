// `poll`: asks the running daemon through its API.
#include "app/command_line.hpp"
#include "app/json_view.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cdtd::app {
namespace {

std::string detail_of(const Posted& answer) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(answer.body, error);
    const std::string detail = !error && value.is_object() ? text_of(value.get_object(), "detail") : "";
    return detail.empty() ? fmt::format("the daemon answered {}", answer.status) : detail;
}

} // namespace

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
        const auto answer =
            post(config->api, fmt::format("/api/v1/feeds/{}/poll", base::percent_encode(feed)),
                 options.force ? R"({"force":true})" : R"({"force":false})");
        if (!answer)
            return complain(answer.error().message, exit_failed);
        const bool accepted = answer->status == 202;
        const std::string line = fmt::format("{}: {}\n", feed, accepted ? "accepted" : detail_of(*answer));
        const int printed = put(base::terminal_safe(line, true), accepted ? exit_done : exit_failed);
        status = printed == exit_done ? status : printed;
    }
    return status;
}

} // namespace cdtd::app
