#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/wayback/replay.hpp>
#include <cdtd/wayback/timestamp.hpp>

#include <fmt/format.h>

namespace cdtd::wayback {
namespace {

/// https://…/web/20171124151315id_/https://example.org/ → its two parts.
std::optional<Nearest> nearest_of(std::string_view location) {
    const auto web = location.find("/web/");
    if (web == location.npos)
        return std::nullopt;
    const auto rest = location.substr(web + 5);
    const auto slash = rest.find('/');
    const auto digits = rest.substr(0, rest.find_first_not_of("0123456789"));
    if (slash == rest.npos || digits.size() != 14 || !time_of(digits))
        return std::nullopt;
    return Nearest{std::string(digits), std::string(rest.substr(slash + 1))};
}

} // namespace

std::string replay_request(std::string_view replay_url, std::string_view timestamp, std::string_view url) {
    return fmt::format("{}/{}id_/{}", replay_url, timestamp, url);
}

std::string snapshot_url(std::string_view replay_url, std::string_view timestamp, std::string_view url) {
    return fmt::format("{}/{}/{}", replay_url, timestamp, url);
}

Heard<Replay> read_replay(const Reply& reply) {
    if (reply.status == 0 || !reply.header("Memento-Datetime")) {
        if (auto problem = common_problem(reply, "the Wayback Machine"))
            return std::unexpected(std::move(*problem));
        if (reply.status == 404)
            return Replay(Nothing{});
        const auto location = reply.header("Location");
        const bool moved = reply.status == 301 || reply.status == 302 || reply.status == 307;
        if (auto nearest = moved && location ? nearest_of(*location) : std::nullopt)
            return Replay(std::move(*nearest));
        return std::unexpected(
            Problem{reply.status == 403 ? Trouble::excluded : Trouble::failed,
                    fmt::format("the Wayback Machine answered {} without a capture", reply.status)});
    }
    // A date that can't be read is of no weight: that there is one says that it is a capture.
    Memento memento;
    memento.at = base::parse_http_date(*reply.header("Memento-Datetime")).value_or(base::Time{});
    memento.status = reply.status;
    memento.content_type = reply.header("Content-Type").value_or("");
    memento.body = reply.body;
    return Replay(std::move(memento));
}

} // namespace cdtd::wayback
