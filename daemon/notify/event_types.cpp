#include <cdtd/notify/endpoint.hpp>
#include <cdtd/notify/event_types.hpp>

#include <algorithm>
#include <array>

namespace cdtd::notify {
namespace {

constexpr std::array<std::string_view, 19> types = {
    "article.new",      "article.archived",  "article.updated", "article.censored", "article.failed",
    "article.gone",     "source.archived",   "source.deleted",  "source.censored",  "source.restored",
    "feed.failing",     "feed.recovered",    "feed.stale",      "feed.gone",        "feed.moved",
    "feed.mass_change", "endpoint.disabled", "digest",          "test.ping"};

} // namespace

std::span<const std::string_view> event_types() {
    return types;
}

bool is_event_pattern(std::string_view pattern) {
    return std::ranges::any_of(types, [&](std::string_view type) { return type_matches(pattern, type); });
}

} // namespace cdtd::notify
