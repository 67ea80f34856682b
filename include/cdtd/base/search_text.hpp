// What search compares: folded text, and the units it consists of. Pure; any thread. ICU behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::base {

/// fold() (case, width, accents, NFKC), and every traditional character as its simplified form (ICU's
/// Traditional-Simplified). What indexes, asks and checks goes through here alone.
std::string fold_for_search(std::string_view text);
/// Changes when the folding of any text may have: what was indexed under another one is indexed anew.
std::string search_fold_version();

/// Folded text that knows where it came from: `origin[i]` is the place in the text of what gave byte i;
/// one more stands for the end.
struct Folded {
    std::string text;
    std::vector<std::size_t> origin;
};
Folded fold_with_origin(std::string_view text);

/// A character of a script without spaces (Han, kana, bopomofo, Hangul), or a word of any other.
struct Unit {
    std::string_view text; ///< of the folded text; a word is cut to 120 bytes
    std::size_t start = 0; ///< in the folded text
    std::size_t end = 0;   ///< behind all of it
    bool character = false;
    bool apart = false; ///< something that is no unit (a space, a sign) stands before it, or nothing does
};

/// The units of a folded text from its start to its end. The text must outlive it.
class Units {
  public:
    explicit Units(std::string_view folded) : text_(folded) {}
    std::optional<Unit> next();

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};
std::vector<Unit> units_of(std::string_view folded);

} // namespace cdtd::base
