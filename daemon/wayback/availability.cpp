#include "wayback/json.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/wayback/availability.hpp>
#include <cdtd/wayback/timestamp.hpp>

#include <fmt/format.h>

namespace cdtd::wayback {
namespace {

Problem unreadable(std::string_view what) {
    return {Trouble::failed, fmt::format("the availability API's answer can't be read: {}", what)};
}

std::string_view without_scheme(std::string_view url) {
    const auto colon = url.find("://");
    return colon == url.npos ? url : url.substr(colon + 3);
}

/// What stands behind web/<timestamp>/.
std::string original_of(const std::string& url, const std::string& timestamp) {
    const auto found = url.find("/" + timestamp);
    const auto slash = found == url.npos ? url.npos : url.find('/', found + 1);
    return slash == url.npos ? std::string() : url.substr(slash + 1);
}

} // namespace

std::string availability_request(std::string_view availability_url, std::string_view url,
                                 std::string_view timestamp) {
    std::string request =
        fmt::format("{}{}url={}", availability_url, availability_url.contains('?') ? '&' : '?',
                    base::percent_encode(without_scheme(url)));
    if (!timestamp.empty())
        request += fmt::format("&timestamp={}", timestamp);
    return request;
}

Heard<std::optional<Snapshot>> read_availability(const Reply& reply) {
    if (auto problem = common_problem(reply, "the availability API"))
        return std::unexpected(std::move(*problem));
    if (reply.status != 200)
        return std::unexpected(
            Problem{Trouble::failed, fmt::format("the availability API answered {}", reply.status)});
    const auto value = detail::read_json(reply.body);
    const auto* snapshots = value ? detail::member(*value, "archived_snapshots") : nullptr;
    if (snapshots == nullptr || !snapshots->is_object())
        return std::unexpected(unreadable(value ? "it names no snapshots" : first_words(reply.body)));
    const auto* closest = detail::member(*snapshots, "closest");
    if (closest == nullptr)
        return std::optional<Snapshot>();
    const auto* available = detail::member(*closest, "available");
    if (available != nullptr && available->is_bool() && !available->get_bool())
        return std::optional<Snapshot>();
    Snapshot snapshot;
    snapshot.timestamp = detail::text_of(detail::member(*closest, "timestamp"));
    const auto at = time_of(snapshot.timestamp);
    if (!at || snapshot.timestamp.size() != 14)
        return std::unexpected(unreadable("its snapshot has no time"));
    snapshot.at = *at;
    const auto url = detail::text_of(detail::member(*closest, "url"));
    snapshot.original = base::to_valid_utf8(base::cut_bytes(original_of(url, snapshot.timestamp), 8192));
    const auto status = detail::text_of(detail::member(*closest, "status"));
    if (status.size() == 3 && is_timestamp(status))
        snapshot.status = std::stoi(status);
    return std::optional(std::move(snapshot));
}

} // namespace cdtd::wayback
