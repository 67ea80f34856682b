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
    /// The content of the first element that most surely holds a page's article and nothing else, as a part
    /// of `out`. Once all is closed.
    [[nodiscard]] std::optional<std::string_view> article() const;

  private:
    struct Open {
        const Tag* tag;
        unsigned again = 0; ///< how often it was opened once more inside itself
        unsigned parts = 0; ///< which of parts_ it is, a bit each
    };
    struct Part {
        std::size_t begin = std::string::npos;
        std::size_t end = std::string::npos;
    };

    void open(const Tag& tag, std::string_view attributes);
    unsigned parts_begun(const Tag& tag, std::string_view attributes);
    bool make_room(const Tag& tag, std::string_view attributes);
    bool make_room_in_table(const Tag& tag);
    bool repeats(const Tag& tag);
    void close_item();
    void close_down_to(std::size_t depth);

    std::string& out_;
    std::vector<Open> open_;
    std::size_t written_ = 0;
    std::array<Part, 5> parts_; ///< by how surely they hold the article
};

} // namespace cdtd::article
