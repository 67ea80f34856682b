#include <cdtd/base/digest.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <limits>
#include <stdexcept>

namespace cdtd::base {
namespace {

std::string digest(const EVP_MD* kind, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, kind, nullptr) != 1)
        throw std::runtime_error(
            "OpenSSL can't compute a digest; is this digest switched off on the machine?");
    return {out.begin(), out.begin() + length};
}

unsigned byte(char c) {
    return static_cast<unsigned char>(c);
}

// Groups of `bits` bits, highest first; the last one is filled up with zeros.
std::string in_groups(std::string_view bytes, unsigned bits, std::string_view alphabet) {
    std::string out;
    out.reserve(bytes.size() * 8 / bits + 4);
    unsigned held = 0, count = 0;
    for (const char c : bytes) {
        held = (held << 8U) | byte(c);
        count += 8;
        while (count >= bits) {
            count -= bits;
            out += alphabet[(held >> count) & ((1U << bits) - 1U)];
        }
        held &= (1U << count) - 1U;
    }
    if (count > 0)
        out += alphabet[(held << (bits - count)) & ((1U << bits) - 1U)];
    return out;
}

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string sha256_hex(std::string_view bytes) {
    return to_hex(digest(EVP_sha256(), bytes));
}

std::string sha1_base32(std::string_view bytes) {
    return "sha1:" + to_base32(digest(EVP_sha1(), bytes));
}

struct Sha256::State {
    State() : context(EVP_MD_CTX_new()) {
        if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1)
            throw std::runtime_error("OpenSSL can't compute SHA-256.");
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }

    EVP_MD_CTX* context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
    if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1)
        throw std::runtime_error("OpenSSL can't compute SHA-256.");
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int length = 0;
    if (EVP_DigestFinal_ex(state_->context, out.data(), &length) != 1)
        throw std::runtime_error("OpenSSL can't compute SHA-256.");
    return to_hex(std::string(out.begin(), out.begin() + length));
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw std::length_error("A key for HMAC is over 2 GiB.");
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int length = 0;
    const std::string text(message); // OpenSSL wants unsigned bytes; copying spares a cast through void
    const unsigned char* data = static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
    if (HMAC(EVP_sha256(), key.empty() ? "" : key.data(), static_cast<int>(key.size()), data, text.size(),
             out.data(), &length) == nullptr)
        throw std::runtime_error("OpenSSL can't compute an HMAC.");
    return {out.begin(), out.begin() + length};
}

bool equal_secret(std::string_view a, std::string_view b) {
    volatile unsigned difference = a.size() == b.size() ? 0U : 1U;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference = difference | (byte(a[i]) ^ (b.empty() ? 0U : byte(b[i % b.size()])));
    return difference == 0;
}

std::string to_hex(std::string_view bytes) {
    return in_groups(bytes, 4, "0123456789abcdef");
}

std::string to_base32(std::string_view bytes) {
    return in_groups(bytes, 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

std::string to_base64(std::string_view bytes) {
    std::string out = in_groups(bytes, 6, base64_alphabet);
    while (out.size() % 4 != 0)
        out += '=';
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0)
        return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    std::string out;
    out.reserve(text.size() * 3 / 4);
    unsigned held = 0, count = 0;
    for (const char c : text) {
        const auto value = base64_alphabet.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        held = (held << 6U) | static_cast<unsigned>(value);
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        out += static_cast<char>(static_cast<unsigned char>(held >> count));
        held &= (1U << count) - 1U;
    }
    // Left-over bits must be zero, else two texts would mean the same bytes.
    return held == 0 ? std::optional(out) : std::nullopt;
}

std::string random_bytes(std::size_t count) {
    constexpr std::size_t at_most = std::size_t{1} << 20U;
    if (count > at_most)
        throw std::runtime_error("More than 1 MiB of random bytes asked for at once.");
    std::string out(count, '\0');
    unsigned char* data = static_cast<unsigned char*>(static_cast<void*>(out.data()));
    if (RAND_bytes(data, static_cast<int>(count)) != 1)
        throw std::runtime_error("The machine gives no random bytes.");
    return out;
}

std::string random_urn_uuid() {
    std::string bytes = random_bytes(16);
    bytes[6] = static_cast<char>((byte(bytes[6]) & 0x0FU) | 0x40U); // version 4
    bytes[8] = static_cast<char>((byte(bytes[8]) & 0x3FU) | 0x80U); // RFC 9562 variant
    std::string hex = to_hex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U})
        hex.insert(at, "-");
    return "urn:uuid:" + hex;
}

} // namespace cdtd::base
