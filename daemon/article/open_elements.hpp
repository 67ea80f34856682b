// The elements that are open while HTML is tamed: what closes what, what may stand where. Private to the
// article layer.
#pragma once

#include "article/tags.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::article {

/// Writes tags so that the parser finds every element closed, and finds none that would close or move
/// another.
class OpenElements {
  public:
    /// Tags are appended to `out`.
    explicit OpenElements(std::string& out) : out_(out) {}

    /// A start tag with its attributes, and what the element closes by itself before it; nothing where it may
    /// not stand here. Elements of the kinds block to table_part.
    void start(const Tag& tag, std::string_view attributes);
    /// An element that holds nothing.
    void write(const Tag& tag, std::string_view attributes, std::string_view more = {});
    /// Closes the innermost `name` with all that is open in it; cells are not left but by the table's tags.
    void close(std::string_view name);
    void close_all() { close_down_to(0); }

    [[nodiscard]] std::size_t written() const { return written_; }
    /// Text was written into what is open.
    void count_text(std::string_view text);
    /// The content of the element that is named for a page's article (see tame_page()), as a part of `out`.
    /// Once all is closed.
    [[nodiscard]] std::optional<std::string_view> article() const;

  private:
    struct Part {
        std::size_t begin = std::string::npos;
        std::size_t end = std::string::npos;
        std::size_t text = 0; ///< bytes of text in it
    };
    struct Open {
        const Tag* tag;
        unsigned again = 0; ///< how often it was opened once more inside itself
        unsigned names = 0; ///< which of the names of articles it has, a bit each
        Part part;          ///< where it has one; `text` is what was written before it
    };

    void open(const Tag& tag, std::string_view attributes);
    void end_part(const Open& element);
    bool make_room(const Tag& tag, std::string_view attributes);
    bool make_room_in_table(const Tag& tag);
    bool repeats(const Tag& tag);
    void close_item();
    void close_down_to(std::size_t depth);

    std::string& out_;
    std::vector<Open> open_;
    std::size_t written_ = 0;
    std::size_t text_ = 0;      ///< bytes of text, without white space
    std::array<Part, 3> parts_; ///< the largest of each name, by how surely the name tells an article
};

} // namespace cdtd::article
