// What publishers' generators break in XML, mended before the parser sees it. One pass, no recursion.
#pragma once

#include <cdtd/base/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::feed::detail {

/// Deeper than any feed; the parser's tree is walked with care for no more than this.
inline constexpr int max_depth = 256;
/// Elements and attributes of a document: what its tree may cost in memory.
inline constexpr std::size_t max_nodes = 1'000'000;

struct Repaired {
    std::string text;                 ///< elements, text and CDATA; comments, PIs and the DOCTYPE are gone
    std::vector<std::string> repairs; ///< what was mended, each kind once
};

/// `text` is valid UTF-8. Errc::bad_data: cut off inside a comment, CDATA section or tag; Errc::too_large:
/// too deep, too many elements.
base::Result<Repaired> repair(std::string_view text);

/// The character that an entity of HTML 4 stands for, as UTF-8; "" for an unknown name.
std::string_view html_entity(std::string_view name);

} // namespace cdtd::feed::detail
