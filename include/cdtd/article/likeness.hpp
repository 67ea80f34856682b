// How much of two texts is the same, from signatures of a fixed size: MinHash (Broder 1997) over runs of
// characters, by one permutation with rotation (Shrivastava and Li 2014). Re-runs of an article, with another
// headline or an editor's note before it, are found by it. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::article {

inline constexpr std::size_t kLikenessValues = 64;
inline constexpr std::size_t kLikenessBands = 16;
/// From here on two texts are held to be runs of one; a third of the text may differ.
inline constexpr double kAlike = 0.6;

/// 128 bytes: 64 values of 16 bits, little endian; "" for a text of under 100 characters, in which chance and
/// set phrases weigh too much. White space, punctuation, case and width do not count.
std::string likeness_of(std::string_view text);

/// The estimated share, 0 to 1; 0 where either is no signature. Its standard error is 0.06.
double likeness(std::string_view a, std::string_view b);

/// Two texts that are alike agree in at least one (at 0.6 in nine of ten cases, at 0.8 always but for one of
/// ten thousand); others seldom do. `signature` must be one.
std::array<std::int64_t, kLikenessBands> likeness_bands(std::string_view signature);

} // namespace cdtd::article
