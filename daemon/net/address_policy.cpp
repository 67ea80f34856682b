#include <cdtd/net/address_policy.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <span>

namespace cdtd::net {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct Range4 {
    std::array<std::uint8_t, 4> address;
    int prefix;
};
struct Range6 {
    Address address;
    int prefix;
};

// IANA IPv4 special-purpose registry: all that is not globally reachable; multicast and class E beside it.
constexpr Range4 special4[] = {
    {{0, 0, 0, 0}, 8},       {{10, 0, 0, 0}, 8},      {{100, 64, 0, 0}, 10},   {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16},  {{172, 16, 0, 0}, 12},   {{192, 0, 0, 0}, 24},    {{192, 0, 2, 0}, 24},
    {{192, 31, 196, 0}, 24}, {{192, 52, 193, 0}, 24}, {{192, 88, 99, 0}, 24},  {{192, 168, 0, 0}, 16},
    {{192, 175, 48, 0}, 24}, {{198, 18, 0, 0}, 15},   {{198, 51, 100, 0}, 24}, {{203, 0, 113, 0}, 24},
    {{224, 0, 0, 0}, 4},     {{240, 0, 0, 0}, 4},
};

// Within 2000::/3 (all else is not global unicast) what is special purpose. 2002::/16 (6to4), 2001::/32
// (Teredo) and 64:ff9b::/96 (NAT64) are judged apart, by the IPv4 address that they carry.
constexpr Range6 special6[] = {
    {{0x20, 0x01, 0x00}, 23},             // IETF protocol assignments
    {{0x20, 0x01, 0x0d, 0xb8}, 32},       // documentation
    {{0x26, 0x20, 0x00, 0x4f, 0x80}, 48}, // direct delegation AS112
    {{0x3f, 0xfe}, 16},                   // the former 6bone
    {{0x3f, 0xff}, 20},                   // documentation
};

bool within(std::span<const std::uint8_t> address, std::span<const std::uint8_t> network, int prefix) {
    const auto whole = static_cast<std::size_t>(prefix / 8);
    if (!std::equal(network.begin(), network.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
        return false;
    const int rest = prefix % 8;
    if (rest == 0)
        return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
    return (address[whole] & mask) == (network[whole] & mask);
}

bool is_public4(std::span<const std::uint8_t, 4> address) {
    return std::ranges::none_of(
        special4, [&](const Range4& range) { return within(address, range.address, range.prefix); });
}

bool starts_with(const Address& address, std::initializer_list<std::uint8_t> bytes) {
    return std::equal(bytes.begin(), bytes.end(), address.begin());
}

bool is_mapped(const Address& address) {
    return std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
}

bool has_host_bits(const Network& network) {
    for (int bit = network.prefix; bit < 128; ++bit)
        if (network.address[static_cast<std::size_t>(bit / 8)] & (0x80 >> (bit % 8)))
            return true;
    return false;
}

} // namespace

std::optional<Address> parse_address(const std::string& text) {
    Address address{};
    if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1)
        return address;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
    if (inet_pton(AF_INET, text.c_str(), address.data() + mapped_prefix.size()) == 1)
        return address;
    return std::nullopt;
}

base::Result<Network> parse_network(const std::string& text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address)
        return base::fail(
            base::Errc::usage,
            fmt::format("\"{}\" is no network: expected an address like 10.0.0.0/8 or fd00::/8", text));
    const bool four = text.substr(0, slash).find(':') == std::string::npos;
    const int most = four ? 32 : 128;
    int prefix = most;
    if (slash != std::string::npos) {
        const char* begin = text.data() + slash + 1;
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(begin, end, prefix);
        if (error != std::errc{} || stop != end || prefix < 0 || prefix > most)
            return base::fail(
                base::Errc::usage,
                fmt::format("\"{}\": the prefix length must be a number from 0 to {}", text, most));
    }
    const Network network{*address, four ? prefix + 96 : prefix};
    if (has_host_bits(network))
        return base::fail(
            base::Errc::usage,
            fmt::format("\"{}\" has bits set beyond its prefix: write the network's first address", text));
    return network;
}

bool is_public(const Address& address) {
    const std::span<const std::uint8_t, 16> bytes(address);
    if (is_mapped(address))
        return is_public4(bytes.last<4>());
    if (starts_with(address, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) // NAT64, RFC 6052
        return is_public4(bytes.last<4>());
    if (starts_with(address, {0x20, 0x02})) // 6to4, RFC 3056
        return is_public4(bytes.subspan<2, 4>());
    if (starts_with(address, {0x20, 0x01, 0x00, 0x00})) { // Teredo, RFC 4380: the client's address inverted
        std::array<std::uint8_t, 4> client{};
        std::ranges::transform(bytes.last<4>(), client.begin(),
                               [](std::uint8_t byte) { return static_cast<std::uint8_t>(~byte); });
        return is_public4(bytes.subspan<4, 4>()) && is_public4(client);
    }
    if ((address[0] & 0xe0) != 0x20) // loopback, link-local, unique local, multicast, IPv4-compatible …
        return false;
    return std::ranges::none_of(
        special6, [&](const Range6& range) { return within(address, range.address, range.prefix); });
}

bool AddressPolicy::permits(const Address& address) const {
    return is_public(address) || std::ranges::any_of(allowed_, [&](const Network& network) {
               return within(address, network.address, network.prefix);
           });
}

} // namespace cdtd::net
