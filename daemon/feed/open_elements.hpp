// The elements that are open while a document is read, and what a tag means where it does not fit them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::feed::detail {

/// Ends tags with what is missing before or instead of them.
class OpenElements {
  public:
    std::size_t depth() const { return open_.size(); }
    bool empty() const { return open_.empty(); }

    /// What must end before an element of this name may begin: an item in an item, a paragraph in a
    /// paragraph. They count as ended.
    std::string end_before(std::string_view name);
    /// `place`: where its start tag stands in the result.
    void begin(std::string_view name, std::size_t place) { open_.push_back({name, place, is_entry(name)}); }

    struct End {
        bool known = false; ///< false: nothing of that name is open, the tag means nothing
        bool exact = false; ///< it ends the innermost element, as it should
        bool entry = false; ///< an entry of the feed is whole with it
        std::string tags;   ///< instead of the tag, where it is not exact
    };
    End end(std::string_view name);

    /// Whether an element that begins now would be one of the feed's entries.
    bool is_entry(std::string_view name) const;
    /// Where a document that ends here has to be cut: at the outermost element that is neither root nor
    /// channel. npos: everything open may stay. Only what stays is open after it.
    std::size_t drop_unfinished();
    /// The end tags of all that is open; nothing is after it.
    std::string end_all();

  private:
    struct Open {
        std::string_view name;
        std::size_t place;
        bool entry; ///< of the feed; what is in it is none
    };
    std::string pop_to(std::size_t depth);

    std::vector<Open> open_;
};

/// Elements of HTML that hold nothing and are never ended: <br>.
bool is_void(std::string_view name);

} // namespace cdtd::feed::detail
