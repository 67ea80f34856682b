#include "schedule/cache_control.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>

namespace cdtd::schedule {
namespace {

using base::Duration;

constexpr std::int64_t most_seconds = std::int64_t{7} * 24 * 3600;

// The directive up to the next comma outside quotes; `rest` goes on behind it.
std::string_view take_directive(std::string_view& rest) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (quoted || rest[end] != ','); ++end) {
        if (quoted && rest[end] == '\\' && end + 1 < rest.size())
            ++end;
        else if (rest[end] == '"')
            quoted = !quoted;
    }
    const std::string_view directive = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return base::trim(directive);
}

std::string_view unquoted(std::string_view value) {
    value = base::trim(value);
    return value.size() >= 2 && value.starts_with('"') && value.ends_with('"')
               ? value.substr(1, value.size() - 2)
               : value;
}

} // namespace

std::optional<Duration> read_delta_seconds(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text)
        value = std::min(value * 10 + (c - '0'), most_seconds);
    return std::chrono::seconds(value);
}

CacheControl read_cache_control(std::string_view value) {
    CacheControl read;
    while (!value.empty()) {
        const std::string_view directive = take_directive(value);
        const std::size_t equals = directive.find('=');
        const std::string_view name = base::trim(directive.substr(0, equals));
        const bool bare = equals == std::string_view::npos;
        // no-cache="Set-Cookie" speaks of one header only.
        if (bare && (base::iequals(name, "no-cache") || base::iequals(name, "no-store")))
            read.always_ask = true;
        else if (base::iequals(name, "max-age") && !read.max_age)
            read.max_age =
                bare ? Duration::zero()
                     : read_delta_seconds(unquoted(directive.substr(equals + 1))).value_or(Duration::zero());
    }
    return read;
}

} // namespace cdtd::schedule
