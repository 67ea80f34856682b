#include "feed/tag.hpp"

#include <array>

namespace cdtd::feed::detail {
namespace {

enum : unsigned char { space = 1, name_start = 2, name = 4 };

// As the parser sees them: every byte of a character beyond ASCII is a letter.
constexpr auto classes = [] {
    std::array<unsigned char, 256> table{};
    for (unsigned c = 0; c < table.size(); ++c) {
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || c >= 0x80;
        const bool more = (c >= '0' && c <= '9') || c == '-' || c == '.';
        table[c] = static_cast<unsigned char>((letter ? name_start | name : 0) | (more ? name : 0));
    }
    for (const unsigned c : {0x20U, 0x09U, 0x0AU, 0x0DU})
        table[c] = space;
    return table;
}();

bool is(char c, unsigned char what) {
    return (classes[static_cast<unsigned char>(c)] & what) != 0;
}

bool is_sound(std::string_view value) {
    for (std::size_t i = 0; i < value.size(); ++i)
        if (value[i] == '<' || (value[i] == '&' && !read_reference(value.substr(i)).sound))
            return false;
    return true;
}

/// The usual case: nothing to mend. False where there is something; the tag is then read anew.
bool read_sound(std::string_view text, Tag& tag) {
    std::size_t at = tag.length;
    while (true) {
        const std::size_t before = at;
        while (at < text.size() && is(text[at], space))
            ++at;
        if (at >= text.size())
            return false;
        if (text[at] == '>' || text.substr(at).starts_with("/>")) {
            tag.kind = text[at] == '>' ? Tag::Kind::start : Tag::Kind::empty;
            tag.length = at + (text[at] == '>' ? 1 : 2);
            return true;
        }
        if (at == before || !is(text[at], name_start))
            return false;
        while (at < text.size() && is(text[at], name))
            ++at;
        while (at < text.size() && is(text[at], space))
            ++at;
        if (at >= text.size() || text[at] != '=')
            return false;
        ++at;
        while (at < text.size() && is(text[at], space))
            ++at;
        if (at >= text.size() || (text[at] != '"' && text[at] != '\''))
            return false;
        const auto close = text.find(text[at], at + 1);
        if (close == text.npos || !is_sound(text.substr(at + 1, close - at - 1)))
            return false;
        ++tag.attributes;
        at = close + 1;
    }
}

/// Reads a tag as browsers do, and writes it as XML wants it.
class Mender {
  public:
    Mender(std::string_view text, Tag& tag, Notes& notes) : text_(text), tag_(tag), notes_(notes) {}

    void run() {
        at_ = tag_.length;
        out_ = '<' + std::string(tag_.name);
        tag_.attributes = 0;
        while (step()) {
        }
    }

  private:
    bool step() {
        while (at_ < text_.size() && (is(text_[at_], space) || (text_[at_] == '/' && !next_is("/>"))))
            ++at_;
        if (at_ >= text_.size())
            return end(Tag::Kind::cut, 0);
        if (text_[at_] == '>')
            return end(Tag::Kind::start, 1);
        if (next_is("/>"))
            return end(Tag::Kind::empty, 2);
        if (text_[at_] == '<') {
            if (!assigned_) // "a <b and <c": nobody's tag
                return end(Tag::Kind::no_tag, 0);
            notes_.add("tags without their '>'");
            return end(Tag::Kind::start, 0);
        }
        attribute();
        return true;
    }

    bool next_is(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    bool end(Tag::Kind kind, std::size_t bracket) {
        tag_.kind = kind;
        tag_.length = at_ + bracket;
        if (kind == Tag::Kind::start || kind == Tag::Kind::empty)
            tag_.mended = std::move(out_) + (kind == Tag::Kind::empty ? "/>" : ">");
        return false;
    }

    void attribute() {
        ++tag_.attributes;
        const auto start = at_;
        while (at_ < text_.size() && !is(text_[at_], space) && text_[at_] != '=' && text_[at_] != '>' &&
               text_[at_] != '<' && !next_is("/>"))
            ++at_;
        const auto written = text_.substr(start, at_ - start);
        while (at_ < text_.size() && is(text_[at_], space))
            ++at_;
        if (at_ >= text_.size() || text_[at_] != '=') {
            notes_.add("attributes without quotes or a value");
            return write(written, written, '"');
        }
        assigned_ = true;
        ++at_;
        while (at_ < text_.size() && is(text_[at_], space))
            ++at_;
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote == '"' || quote == '\'')
            return quoted(written, quote);
        notes_.add("attributes without quotes or a value");
        const auto value = at_;
        while (at_ < text_.size() && !is(text_[at_], space) && text_[at_] != '>' && text_[at_] != '<')
            ++at_;
        write(written, text_.substr(value, at_ - value), '"');
    }

    void quoted(std::string_view written, char quote) {
        const auto start = ++at_;
        auto close = text_.find(quote, start);
        const auto bracket = text_.find('>', start);
        const bool strange = close != text_.npos && bracket < close && close + 1 < text_.size() &&
                             !is(text_[close + 1], space) && text_[close + 1] != '>' &&
                             text_[close + 1] != '/' && text_.substr(start, close - start).contains('<');
        if (strange || (close == text_.npos && bracket != text_.npos)) {
            notes_.add("quotes that do not end"); // the other one belongs to a later tag
            close = bracket;
            at_ = bracket;
        } else {
            at_ = close == text_.npos ? text_.size() : close + 1;
        }
        write(written, text_.substr(start, close == text_.npos ? close : close - start), quote);
    }

    void write(std::string_view written, std::string_view value, char quote) {
        bool fits = !written.empty() && is(written[0], name_start);
        for (const char c : written)
            fits = fits && is(c, name);
        if (!fits) {
            notes_.add("attributes whose name is none");
            return;
        }
        out_ += ' ';
        out_ += written;
        out_ += '=';
        out_ += quote;
        for (std::size_t i = 0; i < value.size();) {
            if (value[i] == '<') {
                notes_.add("a bare '<' in an attribute");
                out_ += "&lt;";
            } else if (value[i] == '&') {
                i += reference(value.substr(i));
                continue;
            } else if (value[i] == quote) {
                out_ += quote == '"' ? "&quot;" : "&apos;";
            } else {
                out_ += value[i];
            }
            ++i;
        }
        out_ += quote;
    }

    std::size_t reference(std::string_view at_ampersand) {
        const auto reference = read_reference(at_ampersand);
        notes_.add(reference.note);
        out_ += reference.sound ? at_ampersand.substr(0, reference.length) : std::string_view(reference.text);
        return reference.length;
    }

    std::string_view text_;
    Tag& tag_;
    Notes& notes_;
    std::size_t at_ = 0;
    std::string out_;
    bool assigned_ = false;
};

} // namespace

bool is_space(char c) {
    return is(c, space);
}
bool is_name_start(char c) {
    return is(c, name_start);
}
bool is_name(char c) {
    return is(c, name);
}

Tag read_tag(std::string_view text, Notes& notes) {
    Tag tag;
    if (text.size() < 2) {
        tag.kind = Tag::Kind::cut;
        return tag;
    }
    if (!is(text[1], name_start))
        return tag;
    std::size_t end = 2;
    while (end < text.size() && is(text[end], name))
        ++end;
    tag.name = text.substr(1, end - 1);
    tag.length = end;
    if (end >= text.size()) {
        tag.kind = Tag::Kind::cut;
        return tag;
    }
    const char next = text[end]; // "<a@example.org>", "<https://…>": words between brackets
    if ((!is(next, space) && next != '>' && next != '/') || tag.name.ends_with(':'))
        return tag;
    if (!read_sound(text, tag)) {
        tag.length = end;
        Mender(text, tag, notes).run();
    }
    return tag;
}

} // namespace cdtd::feed::detail
