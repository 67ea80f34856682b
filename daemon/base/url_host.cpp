// Host names. The same address can be written in many ways; whoever checks a host against a policy or counts
// requests to it must see one.
#include "base/url_parts.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <boost/url/ipv6_address.hpp>
#include <fmt/format.h>
#include <unicode/uidna.h>

#include <array>
#include <cstdint>
#include <vector>

namespace cdtd::base::detail {
namespace {

const UIDNA* idna() {
    static const UIDNA* const instance = [] {
        UErrorCode error = U_ZERO_ERROR;
        return uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                                   UIDNA_NONTRANSITIONAL_TO_UNICODE,
                               &error);
    }();
    return instance;
}

std::optional<std::string> to_ascii(std::string_view host) {
    std::array<char, 1024> buffer{};
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode error = U_ZERO_ERROR;
    if (idna() == nullptr)
        return std::nullopt;
    const std::int32_t length =
        uidna_nameToASCII_UTF8(idna(), host.data(), static_cast<std::int32_t>(host.size()), buffer.data(),
                               static_cast<std::int32_t>(buffer.size()), &info, &error);
    // Hyphens in odd places are against the letter, but hosts with them exist and answer.
    constexpr std::uint32_t harmless =
        UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
    if (U_FAILURE(error) || (info.errors & ~harmless) != 0 || length <= 0 ||
        static_cast<std::size_t>(length) > buffer.size())
        return std::nullopt;
    return std::string(buffer.data(), static_cast<std::size_t>(length));
}

std::vector<std::string_view> labels_of(std::string_view host) {
    std::vector<std::string_view> labels;
    while (true) {
        const auto dot = host.find('.');
        labels.push_back(host.substr(0, dot));
        if (dot == std::string_view::npos)
            return labels;
        host.remove_prefix(dot + 1);
    }
}

/// A number as old resolvers read it: decimal, 0octal, 0xhex.
std::optional<std::uint64_t> ipv4_number(std::string_view text) {
    if (text.empty())
        return std::nullopt;
    std::uint64_t base = 10;
    if (text.size() >= 2 && text[0] == '0' && text[1] == 'x') {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() >= 2 && text[0] == '0') {
        base = 8;
        text.remove_prefix(1);
    }
    std::uint64_t value = 0;
    for (const char c : text) {
        const int digit = hex_value(c);
        if (digit < 0 || static_cast<std::uint64_t>(digit) >= base)
            return std::nullopt;
        value = value * base + static_cast<std::uint64_t>(digit);
        if (value > 0xFFFFFFFFULL)
            return std::nullopt;
    }
    return value;
}

bool looks_like_number(std::string_view label) {
    bool digits = !label.empty();
    for (const char c : label)
        digits = digits && is_digit(c);
    return digits || ipv4_number(label).has_value();
}

/// "127.1", "0x7f000001" and "2130706433" all reach 127.0.0.1: they are written so.
std::optional<std::string> ipv4(const std::vector<std::string_view>& labels) {
    if (labels.size() > 4)
        return std::nullopt;
    std::uint64_t address = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto number = ipv4_number(labels[i]);
        if (!number)
            return std::nullopt;
        const bool last = i + 1 == labels.size();
        const std::size_t bits = last ? 8 * (4 - i) : 8;
        if ((*number >> bits) != 0)
            return std::nullopt;
        address = last ? (address << bits) | *number : (address << 8) | *number;
    }
    return fmt::format("{}.{}.{}.{}", (address >> 24) & 255, (address >> 16) & 255, (address >> 8) & 255,
                       address & 255);
}

std::optional<std::string> ipv6(std::string_view inner) {
    const auto parsed = boost::urls::parse_ipv6_address({inner.data(), inner.size()});
    if (parsed.has_error())
        return std::nullopt;
    const std::string text = parsed->to_string();
    return "[" + text + "]";
}

bool is_host_char(char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '_';
}

} // namespace

std::optional<std::string> normalize_host(std::string_view host) {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        return ipv6(host.substr(1, host.size() - 2));
    std::string name = percent_decode(host);
    bool ascii = true;
    for (const char c : name)
        ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    if (!ascii) {
        auto punycode = to_ascii(name);
        if (!punycode)
            return std::nullopt;
        name = std::move(*punycode);
    }
    name = ascii_lower(name);
    if (name.ends_with('.'))
        name.pop_back();
    if (name.empty() || name.size() > 253)
        return std::nullopt;
    const auto labels = labels_of(name);
    for (const auto label : labels) {
        if (label.empty() || label.size() > 63)
            return std::nullopt;
        for (const char c : label)
            if (!is_host_char(c))
                return std::nullopt;
    }
    return looks_like_number(labels.back()) ? ipv4(labels) : std::optional(name);
}

} // namespace cdtd::base::detail
