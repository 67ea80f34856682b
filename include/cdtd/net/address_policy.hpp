// Which addresses may be reached. Checked where the socket is opened, so that DNS, redirects and rebinding
// can't pass it. Ranges: IANA special-purpose registries (RFC 6890), IPv4-mapped IPv6, NAT64, 6to4, Teredo
// judged by what they carry.
#pragma once

#include <cdtd/base/result.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::net {

/// An IPv4 address is held as IPv4-mapped.
using Address = std::array<std::uint8_t, 16>;
std::optional<Address> parse_address(const std::string& text);

struct Network {
    Address address{};
    int prefix = 0; ///< of 128
};
/// "127.0.0.1/32", "10.0.0.0/8", "fd00::/8", "127.0.0.1". Errc::usage says what is wrong.
base::Result<Network> parse_network(const std::string& text);

class AddressPolicy {
  public:
    AddressPolicy() = default;
    explicit AddressPolicy(std::vector<Network> allow_private) : allowed_(std::move(allow_private)) {}
    /// Public, or in an allowed network.
    bool permits(const Address& address) const;

  private:
    std::vector<Network> allowed_;
};

bool is_public(const Address& address);

} // namespace cdtd::net
