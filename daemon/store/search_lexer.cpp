#include "store/search_lexer.hpp"

#include <cdtd/base/search_text.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cdtd::store {
namespace {

constexpr std::size_t most_characters = 1000;
constexpr std::array fields = {"title", "author", "outlet", "topic", "source", "feed"};

/// The query, character by character.
std::vector<std::string_view> characters_of(std::string_view text) {
    std::vector<std::string_view> characters;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U)
            ++length;
        characters.push_back(text.substr(i, length));
        i += length;
    }
    return characters;
}

bool is_one_of(std::string_view c, std::initializer_list<std::string_view> set) {
    return std::ranges::find(set, c) != set.end();
}
bool is_space(std::string_view c) {
    return base::trim(c).empty();
}
bool is_open(std::string_view c) {
    return is_one_of(c, {"(", "（"});
}
bool is_close(std::string_view c) {
    return is_one_of(c, {")", "）"});
}
bool is_colon(std::string_view c) {
    return is_one_of(c, {":", "："});
}
bool is_minus(std::string_view c) {
    return is_one_of(c, {"-", "－", "−"});
}
/// What closes a phrase that `c` opened; empty: `c` opens none.
std::initializer_list<std::string_view> closers_of(std::string_view c) {
    static constexpr std::initializer_list<std::string_view> quotes = {"\"", "“", "”", "＂", "„"};
    static constexpr std::initializer_list<std::string_view> corners = {"」"};
    static constexpr std::initializer_list<std::string_view> double_corners = {"』"};
    if (is_one_of(c, quotes))
        return quotes;
    if (c == "「")
        return corners;
    return c == "『" ? double_corners : std::initializer_list<std::string_view>{};
}

bool has_unit(std::string_view folded) {
    return base::Units(folded).next().has_value();
}

class Lexer {
  public:
    explicit Lexer(std::string_view typed) : characters_(characters_of(typed)) {}

    base::Result<std::vector<Lexeme>> read() {
        if (characters_.size() > most_characters)
            return fault_at(most_characters + 1,
                            fmt::format("a query has at most {} characters", most_characters));
        while (at_ < characters_.size())
            if (auto done = step(); !done)
                return std::unexpected(done.error());
        lexemes_.push_back({Lexeme::Kind::end, at_ + 1, "", ""});
        return std::move(lexemes_);
    }

  private:
    base::Result<void> step() {
        const auto c = characters_[at_];
        if (is_space(c)) {
            ++at_;
        } else if (is_open(c)) {
            sign(Lexeme::Kind::open);
        } else if (is_close(c)) {
            sign(Lexeme::Kind::close);
        } else if (is_minus(c) && at_ + 1 < characters_.size() && !is_space(characters_[at_ + 1]) &&
                   !is_minus(characters_[at_ + 1]) && !is_close(characters_[at_ + 1])) {
            sign(Lexeme::Kind::minus);
        } else if (closers_of(c).size() > 0) {
            return phrase(closers_of(c));
        } else {
            return word();
        }
        return {};
    }

    void sign(Lexeme::Kind kind) {
        lexemes_.push_back({kind, at_ + 1, "", std::string(characters_[at_])});
        ++at_;
    }

    base::Result<void> phrase(std::initializer_list<std::string_view> closers) {
        const std::size_t start = at_++;
        std::string text;
        while (at_ < characters_.size() && !is_one_of(characters_[at_], closers))
            text += characters_[at_++];
        if (at_ == characters_.size())
            return fault_at(start + 1, fmt::format("a quotation ({}) that does not end", characters_[start]));
        ++at_;
        std::string folded = base::fold_for_search(text);
        if (!has_unit(folded))
            return fault_at(start + 1, "a quotation with no letter or digit to search for");
        lexemes_.push_back({Lexeme::Kind::phrase, start + 1, std::move(folded), ""});
        return {};
    }

    base::Result<void> word() {
        const std::size_t start = at_;
        std::string text;
        for (; at_ < characters_.size(); ++at_) {
            const auto c = characters_[at_];
            if (is_space(c) || is_open(c) || is_close(c) || closers_of(c).size() > 0)
                break;
            if (is_colon(c) && is_name(text))
                return field(start, text);
            text += c;
        }
        if (text == "AND" || text == "OR" || text == "NOT") {
            const auto kind = text == "AND"  ? Lexeme::Kind::all
                              : text == "OR" ? Lexeme::Kind::any
                                             : Lexeme::Kind::none;
            lexemes_.push_back({kind, start + 1, "", text});
            return {};
        }
        std::string folded = base::fold_for_search(text);
        if (has_unit(folded)) // signs alone are passed over like spaces
            lexemes_.push_back({Lexeme::Kind::word, start + 1, std::move(folded), ""});
        return {};
    }

    static bool is_name(std::string_view text) {
        return !text.empty() && std::ranges::all_of(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        });
    }

    /// The colon stands at at_. A URL's is none of ours; any other name may be a mistyped field.
    base::Result<void> field(std::size_t start, const std::string& typed) {
        const std::string name = base::ascii_lower(typed);
        if (std::ranges::find(fields, name) != fields.end()) {
            ++at_;
            lexemes_.push_back({Lexeme::Kind::field, start + 1, name, name + ":"});
            return {};
        }
        if (at_ + 1 < characters_.size() && characters_[at_ + 1] == "/")
            return rest_of_word(start);
        return fault_at(start + 1,
                        fmt::format("there is no field \"{}\"; the fields are title, author, outlet, topic, "
                                    "source and feed (a text with a colon is put in quotes)",
                                    base::cut_bytes(typed, 60)));
    }

    base::Result<void> rest_of_word(std::size_t start) {
        std::string text;
        for (at_ = start; at_ < characters_.size(); ++at_) {
            const auto c = characters_[at_];
            if (is_space(c) || is_open(c) || is_close(c) || closers_of(c).size() > 0)
                break;
            text += c;
        }
        lexemes_.push_back({Lexeme::Kind::word, start + 1, base::fold_for_search(text), ""});
        return {};
    }

    std::vector<std::string_view> characters_;
    std::size_t at_ = 0;
    std::vector<Lexeme> lexemes_;
};

} // namespace

std::unexpected<base::Error> fault_at(std::size_t column, std::string_view what) {
    return base::fail(base::Errc::usage, fmt::format("column {}: {}", column, what));
}

base::Result<std::vector<Lexeme>> read_lexemes(std::string_view typed) {
    const std::string valid = base::to_valid_utf8(typed);
    return Lexer(valid).read();
}

} // namespace cdtd::store
