#include "feed/repair.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace cdtd::feed::detail {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_start(char c) {
    return is_alpha(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_illegal(char c) {
    return static_cast<unsigned char>(c) < 0x20 && !is_space(c);
}
bool is_legal_code(std::uint32_t code) {
    return code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xD800) ||
           (code >= 0xE000 && code <= 0x10FFFF && code != 0xFFFE && code != 0xFFFF);
}

class Repairer {
  public:
    explicit Repairer(std::string_view in) : in_(in) { out_.reserve(in.size() + in.size() / 16); }

    base::Result<Repaired> run() {
        while (at_ < in_.size() && !error_) {
            if (in_[at_] == '<')
                markup();
            else
                character();
        }
        if (error_)
            return std::unexpected(std::move(*error_));
        return Repaired{std::move(out_), std::move(repairs_)};
    }

  private:
    void note(std::string_view what) {
        if (std::ranges::find(repairs_, what) == repairs_.end())
            repairs_.emplace_back(what);
    }
    void fail(base::Errc code, std::string message) { error_ = base::Error{code, std::move(message)}; }
    void cut_off(std::string_view where) {
        fail(base::Errc::bad_data, fmt::format("the document is cut off inside {}", where));
    }
    bool next_is(std::string_view text) const { return in_.substr(at_).starts_with(text); }

    void markup() {
        const char next = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
        if (next_is("<![CDATA["))
            cdata();
        else if (next_is("<!--"))
            skip_past("<!--", "-->", "a comment");
        else if (next == '?')
            skip_past("<?", "?>", "a processing instruction");
        else if (next == '!')
            skip_declaration();
        else if (next == '/')
            end_tag();
        else if (is_name_start(next))
            start_tag();
        else {
            note("a bare '<' in text");
            out_ += "&lt;";
            ++at_;
        }
    }

    void character() {
        const char c = in_[at_];
        if (c == '&') {
            entity();
            return;
        }
        ++at_;
        if (is_illegal(c))
            note("control characters that XML forbids");
        else
            out_ += c;
    }

    void cdata() {
        const auto end = in_.find("]]>", at_ + 9);
        if (end == in_.npos)
            return cut_off("a CDATA section");
        for (const char c : in_.substr(at_, end + 3 - at_)) {
            if (is_illegal(c))
                note("control characters that XML forbids");
            else
                out_ += c;
        }
        at_ = end + 3;
    }

    void skip_past(std::string_view open, std::string_view close, std::string_view what) {
        const auto end = in_.find(close, at_ + open.size());
        if (end == in_.npos)
            return cut_off(what);
        at_ = end + close.size();
    }

    /// A DOCTYPE with what it holds: nothing of it is needed, and entities declared in it are not expanded.
    void skip_declaration() {
        int brackets = 0;
        char quote = '\0';
        for (auto i = at_; i < in_.size(); ++i) {
            const char c = in_[i];
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c == '"' || c == '\'')
                quote = c;
            else if (c == '[')
                ++brackets;
            else if (c == ']')
                --brackets;
            else if (c == '>' && brackets <= 0) {
                at_ = i + 1;
                return;
            }
        }
        cut_off("a declaration");
    }

    void end_tag() {
        const auto end = in_.find('>', at_);
        if (end == in_.npos)
            return cut_off("a tag");
        for (const char c : in_.substr(at_, end + 1 - at_))
            if (!is_illegal(c))
                out_ += c;
        at_ = end + 1;
        depth_ = std::max(0, depth_ - 1);
    }

    void start_tag() {
        count_node();
        out_ += in_[at_++];
        while (at_ < in_.size() && !error_) {
            const char c = in_[at_];
            if (c == '>') {
                const bool empty = out_.ends_with('/');
                out_ += c;
                ++at_;
                if (!empty && ++depth_ > max_depth)
                    fail(base::Errc::too_large,
                         fmt::format("elements are nested more than {} deep", max_depth));
                return;
            }
            if (c == '=') {
                attribute_value();
            } else {
                if (is_illegal(c))
                    note("control characters that XML forbids");
                else
                    out_ += c;
                ++at_;
            }
        }
        if (!error_)
            cut_off("a tag");
    }

    /// From "=" to behind the closing quote. Only here a quote hides a ">".
    void attribute_value() {
        count_node();
        out_ += in_[at_++];
        while (at_ < in_.size() && is_space(in_[at_]))
            out_ += in_[at_++];
        if (at_ >= in_.size() || (in_[at_] != '"' && in_[at_] != '\''))
            return; // the parser will say what is wrong
        const char quote = in_[at_];
        out_ += in_[at_++];
        while (at_ < in_.size() && in_[at_] != quote) {
            if (in_[at_] == '<') {
                note("a bare '<' in an attribute");
                out_ += "&lt;";
                ++at_;
            } else {
                character();
            }
        }
        if (at_ < in_.size())
            out_ += in_[at_++];
    }

    void count_node() {
        if (++nodes_ > max_nodes)
            fail(base::Errc::too_large,
                 fmt::format("the document has more than {} elements and attributes", max_nodes));
    }

    /// At "&".
    void entity() {
        constexpr std::size_t longest = 16; // more than any name, and every number that means something
        const auto semicolon = in_.substr(at_, longest).find(';');
        const auto name = semicolon == in_.npos ? std::string_view() : in_.substr(at_ + 1, semicolon - 1);
        if (name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos") {
            copy(semicolon + 1);
        } else if (name.starts_with('#')) {
            number(name.substr(1), semicolon + 1);
        } else if (const auto text = html_entity(name); !text.empty()) {
            note("entities of HTML that XML does not know");
            out_ += text;
            at_ += semicolon + 1;
        } else {
            note("a bare '&'");
            out_ += "&amp;";
            ++at_;
        }
    }

    void number(std::string_view digits, std::size_t length) {
        const bool hex = digits.starts_with('x') || digits.starts_with('X');
        if (hex)
            digits.remove_prefix(1);
        std::uint32_t code = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
        if (digits.empty() || end != digits.data() + digits.size()) {
            note("a bare '&'");
            out_ += "&amp;";
            ++at_;
            return;
        }
        if (error == std::errc() && is_legal_code(code)) {
            out_ += hex ? "&#x" : "&#"; // XML knows no upper-case X
            out_ += digits;
            out_ += ';';
        } else {
            note("references to characters that XML forbids");
        }
        at_ += length;
    }

    void copy(std::size_t length) {
        out_ += in_.substr(at_, length);
        at_ += length;
    }

    std::string_view in_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<std::string> repairs_;
    std::optional<base::Error> error_;
    int depth_ = 0;
    std::size_t nodes_ = 0;
};

} // namespace

base::Result<Repaired> repair(std::string_view text) {
    return Repairer(text).run();
}

} // namespace cdtd::feed::detail
