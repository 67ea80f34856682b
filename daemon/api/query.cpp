#include "api/query.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace cdtd::api {
namespace {

constexpr std::size_t max_parameters = 32;
constexpr std::size_t max_parts = 100; // of a list: each becomes a bound value of a statement

int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

// In these a space has no sense and a plus has: "2025-01-22T00:00:00+08:00", https://example.org/a+b.
bool keeps_plus(std::string_view name) {
    return name == "url" || name == "since" || name == "until" || name == "cursor" || name == "after";
}

} // namespace

base::Result<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return base::fail(base::Errc::usage, "a % that is not followed by two hexadecimal digits");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (is_control(c))
            return base::fail(base::Errc::usage, "a control character in the target");
        out.push_back(c);
    }
    if (!base::is_valid_utf8(out))
        return base::fail(base::Errc::usage, "the target is not UTF-8 when it is decoded");
    return out;
}

base::Result<Query> Query::parse(std::string_view raw) {
    Query query;
    while (!raw.empty()) {
        const auto end = std::min(raw.find('&'), raw.size());
        const auto pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty())
            continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals), true);
        if (!name)
            return std::unexpected(name.error());
        auto value = decode(pair.substr(std::min(equals + 1, pair.size())), !keeps_plus(*name));
        if (!value)
            return std::unexpected(value.error());
        if (std::ranges::any_of(query.parameters_, [&](const Parameter& p) { return p.name == *name; }))
            return base::fail(base::Errc::usage, fmt::format("the parameter \"{}\" is given twice; a list is "
                                                             "written with commas",
                                                             base::cut_bytes(*name, 100)));
        if (query.parameters_.size() == max_parameters)
            return base::fail(base::Errc::usage, fmt::format("more than {} parameters", max_parameters));
        query.parameters_.push_back({std::move(*name), std::move(*value), false});
    }
    return query;
}

std::optional<std::string> Query::text(std::string_view name) {
    const auto found = std::ranges::find(parameters_, name, &Parameter::name);
    if (found == parameters_.end())
        return std::nullopt;
    found->taken = true;
    if (base::trim(found->value).empty()) {
        fail(fmt::format("the parameter \"{}\" is empty", name));
        return std::nullopt;
    }
    return found->value;
}

std::vector<std::string> Query::list(std::string_view name) {
    std::vector<std::string> parts;
    const auto value = text(name);
    if (!value)
        return parts;
    std::string_view rest = *value;
    while (true) {
        const auto comma = rest.find(',');
        const auto part = base::trim(rest.substr(0, comma));
        if (part.empty())
            fail(fmt::format("the parameter \"{}\" has an empty part between its commas", name));
        parts.emplace_back(part);
        if (comma == std::string_view::npos)
            break;
        rest.remove_prefix(comma + 1);
    }
    if (parts.size() > max_parts)
        fail(fmt::format("the parameter \"{}\" has more than {} parts", name, max_parts));
    return parts;
}

std::vector<std::string> Query::list_of(std::string_view name,
                                        std::initializer_list<std::string_view> allowed) {
    auto parts = list(name);
    for (const auto& part : parts)
        if (std::ranges::find(allowed, part) == allowed.end())
            fail(fmt::format("the parameter \"{}\" does not know \"{}\"; it takes {}", name,
                             base::cut_bytes(part, 100), fmt::join(allowed, ", ")));
    return parts;
}

std::optional<std::int64_t> Query::number(std::string_view name) {
    const auto value = text(name);
    if (!value)
        return std::nullopt;
    std::int64_t number = 0;
    const auto* end = value->data() + value->size();
    const auto [stop, error] = std::from_chars(value->data(), end, number);
    if (error != std::errc{} || stop != end || value->front() == '-') {
        fail(fmt::format("the parameter \"{}\" must be a whole number, 0 or more", name));
        return std::nullopt;
    }
    return number;
}

std::optional<base::Time> Query::time(std::string_view name, base::Time now) {
    const auto value = text(name);
    if (!value)
        return std::nullopt;
    const auto time = base::parse_user_time(*value, now);
    if (!time)
        fail(fmt::format(
            "the parameter \"{}\" must be a time: RFC 3339 (2025-01-22T11:52:20Z), a date, or 7d, "
            "12h (ago)",
            name));
    return time;
}

std::optional<base::Duration> Query::duration(std::string_view name, base::Duration at_most) {
    const auto value = text(name);
    if (!value)
        return std::nullopt;
    const auto duration = base::parse_duration(*value);
    if (!duration || *duration < base::Duration::zero() || *duration > at_most) {
        fail(fmt::format("the parameter \"{}\" must be a time like 30s, at most {}", name,
                         base::format_duration(at_most)));
        return std::nullopt;
    }
    return *duration;
}

int Query::limit() {
    const auto value = number("limit");
    if (!value)
        return default_limit;
    if (*value < 1 || *value > max_limit) {
        fail(fmt::format("the parameter \"limit\" must be between 1 and {}", max_limit));
        return default_limit;
    }
    return static_cast<int>(*value);
}

void Query::fail(std::string detail) {
    if (fault_.empty())
        fault_ = std::move(detail);
}

bool Query::done() {
    for (const auto& parameter : parameters_)
        if (!parameter.taken)
            fail(fmt::format("unknown parameter \"{}\"", base::cut_bytes(parameter.name, 100)));
    return fault_.empty();
}

} // namespace cdtd::api
