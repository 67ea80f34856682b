#include <cdtd/article/likeness.hpp>
#include <cdtd/base/text.hpp>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace cdtd::article {

namespace {

constexpr std::size_t kRun = 4; ///< characters
constexpr std::size_t kFewest = 100;
constexpr std::size_t kMost = 1U << 20; ///< bytes looked at
constexpr std::size_t kBytes = kLikenessValues * 2;
constexpr std::size_t kRows = kLikenessValues / kLikenessBands;

/// The finaliser of MurmurHash3: every bit of the value moves every bit of the result.
std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 33U)) * 0xff51afd7ed558ccdULL;
    value = (value ^ (value >> 33U)) * 0xc4ceb9fe1a85ec53ULL;
    return value ^ (value >> 33U);
}

std::vector<std::uint32_t> letters(std::string_view text) {
    const auto folded = base::fold(base::cut_bytes(text, kMost));
    std::vector<std::uint32_t> out;
    out.reserve(folded.size() / 2);
    for (std::size_t at = 0; at < folded.size();) {
        UChar32 c = 0;
        U8_NEXT(folded.data(), at, folded.size(), c);
        if (u_isalnum(c)) {
            out.push_back(static_cast<std::uint32_t>(c));
        }
    }
    return out;
}

std::uint16_t value_at(std::string_view signature, std::size_t index) {
    return static_cast<std::uint16_t>(
        static_cast<unsigned char>(signature[2 * index]) |
        static_cast<unsigned>(static_cast<unsigned char>(signature[2 * index + 1])) << 8U);
}

using Bins = std::array<std::optional<std::uint64_t>, kLikenessValues>;

/// The smallest hash in each bin of the range.
Bins smallest(const std::vector<std::uint32_t>& text) {
    Bins bins;
    std::uint64_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        run = (run << 16U) ^ text[i]; // four characters; what lies beyond 16 bits mixes into the one before
        if (i + 1 < kRun) {
            continue;
        }
        const auto hash = mixed(run);
        auto& bin = bins.at(hash % kLikenessValues);
        const auto value = hash / kLikenessValues;
        bin = bin ? std::min(*bin, value) : value;
    }
    return bins;
}

} // namespace

std::string likeness_of(std::string_view text) {
    const auto all = letters(text);
    if (all.size() < kFewest) {
        return {};
    }
    const auto bins = smallest(all);
    std::string signature;
    signature.reserve(kBytes);
    for (std::size_t i = 0; i < kLikenessValues; ++i) {
        // An empty bin takes the next full one's value, with the distance in it.
        std::size_t distance = 0;
        while (distance < kLikenessValues && !bins.at((i + distance) % kLikenessValues)) {
            ++distance;
        }
        const auto value = mixed(bins.at((i + distance) % kLikenessValues).value_or(0) + distance);
        signature += static_cast<char>(value & 0xffU);
        signature += static_cast<char>(value >> 8U & 0xffU);
    }
    return signature;
}

double likeness(std::string_view a, std::string_view b) {
    if (a.size() != kBytes || b.size() != kBytes) {
        return 0;
    }
    std::size_t same = 0;
    for (std::size_t i = 0; i < kLikenessValues; ++i) {
        same += value_at(a, i) == value_at(b, i) ? 1U : 0U;
    }
    return static_cast<double>(same) / static_cast<double>(kLikenessValues);
}

std::array<std::int64_t, kLikenessBands> likeness_bands(std::string_view signature) {
    std::array<std::int64_t, kLikenessBands> bands{};
    for (std::size_t band = 0; band < kLikenessBands; ++band) {
        std::uint64_t value = 0;
        for (std::size_t row = 0; row < kRows; ++row) {
            value = value << 16U | value_at(signature, band * kRows + row);
        }
        // The band's number is part of it, so that one index holds all bands.
        bands.at(band) = static_cast<std::int64_t>(mixed(value ^ (band << 60U)));
    }
    return bands;
}

} // namespace cdtd::article
