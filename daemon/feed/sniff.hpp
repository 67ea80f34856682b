// What a document is before anyone parses it: a feed, or one of the many things that come in its place.
#pragma once

#include <cdtd/base/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace cdtd::feed::detail {

struct Sniffed {
    std::size_t begin; ///< where in the text the document begins
    bool json;         ///< it begins with "{", else with "<"
    bool junk_before;  ///< text before it was left out
};

/// The error says what came instead of XML or JSON: Errc::challenge, a page that asks for a proof of humanity
/// or a password; Errc::refused, any other page; Errc::bad_data, everything else.
base::Result<Sniffed> sniff(std::string_view text);

} // namespace cdtd::feed::detail
