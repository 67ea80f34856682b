// What publishers' generators break in XML, mended before the parser sees it. One pass, no recursion.
#pragma once

#include <cdtd/base/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::feed::detail {

/// Deeper than any feed; the parser's tree is walked with care for no more than this.
inline constexpr int max_depth = 256;
/// Elements, attributes and texts of a document: what its tree may cost in memory (64 bytes each).
inline constexpr std::size_t max_nodes = 600'000;

/// What was mended, each kind once.
class Notes {
  public:
    void add(std::string_view what);
    std::vector<std::string> take() && { return std::move(lines_); }

  private:
    std::vector<std::string> lines_;
};

struct Repaired {
    std::string buffer; ///< the document as it came where nothing had to be moved, else a mended copy
    std::size_t begin;  ///< where in it the root begins
    bool cut_off;       ///< it ended in the middle: what was not whole is gone, the elements around are ended
    std::vector<std::string> repairs;
};

/// `text` is valid UTF-8, the document begins at `begin`. The result has one root, every element in it ends,
/// every attribute has a quoted value, every reference is one that XML knows, and it holds max_entries
/// entries at most. The DOCTYPE is gone, and with it the entities that it declares. Errc::bad_data: cut off
/// before the first whole entry; Errc::too_large: too deep, too many elements.
base::Result<Repaired> repair(std::string text, std::size_t begin);

/// Removes the control characters that XML and JSON forbid; true where there were some.
bool strip_controls(std::string& text);

/// The character that an entity of HTML 4 stands for, as UTF-8; "" for an unknown name.
std::string_view html_entity(std::string_view name);

/// What stands at an "&".
struct Reference {
    std::size_t length = 1; ///< of the input: "&" alone where it is no reference
    bool sound = false;     ///< XML knows it: it stays
    std::string_view note;  ///< why it is replaced
    std::string text;       ///< by what
};
Reference read_reference(std::string_view at_ampersand);

} // namespace cdtd::feed::detail
