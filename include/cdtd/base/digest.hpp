// Digests and the codings they are written in. Pure; any thread. OpenSSL behind it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cdtd::base {

std::string sha256_hex(std::string_view bytes);
/// "sha1:" and base32 in upper case, as WARC-Payload-Digest and Wayback's CDX write it.
std::string sha1_base32(std::string_view bytes);

/// SHA-256 of what comes in pieces.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::string_view bytes);
    std::string hex(); ///< once, at the end

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Raw 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);
/// Constant time in the length of `a`.
bool equal_secret(std::string_view a, std::string_view b);

std::string to_hex(std::string_view bytes);
std::string to_base32(std::string_view bytes); ///< RFC 4648, upper case, no padding needed for 20 bytes
std::string to_base64(std::string_view bytes); ///< RFC 4648 4, with padding
std::optional<std::string> from_base64(std::string_view text);

/// Cryptographically strong; throws std::runtime_error where the machine has none.
std::string random_bytes(std::size_t count);
/// "urn:uuid:…", version 4.
std::string random_urn_uuid();

} // namespace cdtd::base
