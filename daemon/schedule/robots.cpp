#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/schedule/robots.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace cdtd::schedule {
namespace {

constexpr std::size_t most_bytes = 512 * 1024;
constexpr std::size_t most_rules = 10'000;
constexpr std::size_t longest_pattern = 2048;
constexpr std::size_t longest_path = 2048;

bool is_unreserved(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// One spelling of a path (2.2.2): what is not ASCII is encoded, what need not be is not, escapes in upper
/// case.
std::string normal(std::string_view path) {
    std::string out;
    const auto encode = [&out](unsigned char byte) { out += fmt::format("%{:02X}", byte); };
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto byte = static_cast<unsigned char>(path[i]);
        const auto escape = byte == '%' ? base::percent_decode(path.substr(i, 3)) : std::string();
        if (escape.size() == 1 && i + 2 < path.size()) {
            const auto meant = static_cast<unsigned char>(escape[0]);
            if (is_unreserved(meant))
                out += static_cast<char>(meant);
            else
                encode(meant);
            i += 2;
        } else if (byte <= 0x20 || byte >= 0x7f) {
            encode(byte);
        } else {
            out += static_cast<char>(byte);
        }
    }
    return out;
}

/// memmem is linear where a search by letters is not: patterns and paths are other people's.
std::size_t find(std::string_view piece, std::string_view path, std::size_t from) {
    const void* found = ::memmem(path.data() + from, path.size() - from, piece.data(), piece.size());
    return found == nullptr ? std::string_view::npos
                            : static_cast<std::size_t>(static_cast<const char*>(found) - path.data());
}

/// Whether `pattern` matches a beginning of `path`; with "$" at its end, the whole.
bool matches(std::string_view pattern, std::string_view path) {
    const bool whole = pattern.ends_with('$');
    if (whole)
        pattern.remove_suffix(1);
    auto star = pattern.find('*');
    if (!path.starts_with(pattern.substr(0, star)))
        return false;
    if (star == std::string_view::npos)
        return !whole || path.size() == pattern.size();
    std::size_t at = star;
    pattern.remove_prefix(star + 1);
    for (star = pattern.find('*'); star != std::string_view::npos; star = pattern.find('*')) {
        const auto found = find(pattern.substr(0, star), path, at);
        if (found == std::string_view::npos)
            return false;
        at = found + star;
        pattern.remove_prefix(star + 1);
    }
    return whole ? path.size() - at >= pattern.size() && path.ends_with(pattern)
                 : find(pattern, path, at) != std::string_view::npos;
}

struct Line {
    std::string name; ///< in lower case
    std::string_view value;
};

std::optional<Line> next_line(std::string_view& text) {
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line = line.substr(0, line.find('#'));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos)
            return Line{base::ascii_lower(base::trim(line.substr(0, colon))),
                        base::trim(line.substr(colon + 1))};
    }
    return std::nullopt;
}

/// "cdtd/1.0" and "CDTD" are us, "cdtdx" is not.
bool is_us(std::string_view agent) {
    const auto end = std::find_if_not(agent.begin(), agent.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
    return base::iequals(agent.substr(0, static_cast<std::size_t>(end - agent.begin())), robots_token);
}

} // namespace

Robots::Robots(std::string_view text) {
    text = text.substr(0, most_bytes);
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    std::vector<Rule> ours, everybodys;
    bool for_us = false, for_all = false, in_rules = true, any_named = false;
    while (const auto line = next_line(text)) {
        if (line->name == "user-agent") {
            if (std::exchange(in_rules, false)) // a rule came before: a new group begins
                for_us = for_all = false;
            const bool named = is_us(line->value);
            for_us = for_us || named;
            any_named = any_named || named;
            for_all = for_all || line->value == "*";
        } else if (line->name == "allow" || line->name == "disallow") {
            in_rules = true;
            if (line->value.empty() || line->value.size() > longest_pattern)
                continue;
            const bool allow = line->name == "allow";
            const Rule rule{
                allow, normal(line->value),
                fmt::format("{}: {}", allow ? "Allow" : "Disallow", base::terminal_safe(line->value))};
            if (for_us && ours.size() < most_rules)
                ours.push_back(rule);
            if (for_all && everybodys.size() < most_rules)
                everybodys.push_back(rule);
        }
    }
    rules_ = any_named ? std::move(ours) : std::move(everybodys);
}

std::optional<std::string> Robots::forbids(std::string_view url) const {
    const auto parts = base::split_url(url);
    if (!parts)
        return std::nullopt;
    const auto path =
        normal((parts->path + (parts->has_query ? "?" + parts->query : "")).substr(0, longest_path));
    if (path == "/robots.txt")
        return std::nullopt;
    const Rule* strongest = nullptr;
    for (const auto& rule : rules_) {
        const bool longer = strongest == nullptr || rule.pattern.size() > strongest->pattern.size() ||
                            (rule.pattern.size() == strongest->pattern.size() && rule.allow);
        if (longer && matches(rule.pattern, path))
            strongest = &rule;
    }
    return strongest == nullptr || strongest->allow ? std::nullopt : std::optional(strongest->written);
}

} // namespace cdtd::schedule
