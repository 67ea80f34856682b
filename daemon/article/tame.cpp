#include "article/tame.hpp"

#include "article/attributes.hpp"
#include "article/tags.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace cdtd::article {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool holds_rows(std::string_view tag) {
    return tag == "table" || tag == "thead" || tag == "tbody" || tag == "tfoot";
}
bool is_cell(std::string_view tag) {
    return tag == "td" || tag == "th";
}

constexpr Tag kIcon{"i", "em", TagKind::icon};

class Tamer {
  public:
    Tamer(std::string_view html, Detail detail) : in_(html), icons_(detail == Detail::icons) {
        out_.reserve(std::min(html.size(), kMaxTamed));
    }

    std::string run() {
        while (at_ < in_.size() && out_.size() < kMaxTamed) {
            const auto open = in_.find('<', at_);
            text(in_.substr(at_, open == npos ? npos : open - at_));
            if (open == npos) {
                break;
            }
            at_ = open;
            markup();
        }
        close_down_to(0);
        return std::move(out_);
    }

  private:
    void text(std::string_view part) {
        if (in_noscript_) {
            return;
        }
        part = base::cut_bytes(part, kMaxTamed - std::min(kMaxTamed, out_.size()));
        for (const char c : part) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x20 && byte != 0x7f) {
                out_ += c;
            } else if (is_space(c)) {
                out_ += c == '\n' ? '\n' : ' ';
            }
        }
    }

    void markup() { // at_ is on '<'
        const char next = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
        const bool end = next == '/' && at_ + 2 < in_.size() && is_letter(in_[at_ + 2]);
        if (is_letter(next) || end) {
            tag(end);
        } else if (next == '!' || next == '?' || next == '/') {
            comment();
        } else {
            if (!in_noscript_) {
                out_ += "&lt;";
            }
            ++at_;
        }
    }

    void comment() {
        auto end = npos;
        if (in_.compare(at_, 4, "<!--") == 0 && !comments_endless_) {
            end = in_.find("-->", at_ + 2);
            comments_endless_ = end == npos;
            if (end != npos) {
                at_ = end + 3;
                return;
            }
        }
        end = in_.find('>', at_);
        at_ = end == npos ? in_.size() : end + 1;
    }

    void tag(bool end) {
        auto name_end = at_ + (end ? 2 : 1);
        const auto name_start = name_end;
        while (name_end < in_.size() && !is_space(in_[name_end]) && in_[name_end] != '>' &&
               in_[name_end] != '/') {
            ++name_end;
        }
        const auto length = name_end - name_start;
        const Tag* known =
            length <= 16 ? find_tag(base::ascii_lower(in_.substr(name_start, length))) : nullptr;
        if (icons_ && known != nullptr && known->name == "i") {
            known = &kIcon;
        }
        at_ = name_end;
        const auto attributes = read_attributes(in_, at_, end ? nullptr : known);
        if (known == nullptr || ++tokens_ > kMaxTokens) {
            return;
        }
        if (end) {
            end_tag(*known);
        } else {
            start_tag(*known, attributes);
        }
    }

    void start_tag(const Tag& tag, const std::string& attributes) {
        if (tag.kind == TagKind::raw || tag.kind == TagKind::skip) {
            skip_content(tag);
        } else if (tag.kind == TagKind::noscript) {
            // Without an end it would swallow the article. Looked for once where there is none.
            in_noscript_ = in_noscript_ || (!noscript_endless_ && find_end("noscript") != npos);
            noscript_endless_ = !in_noscript_;
        } else if (tags_ >= kMaxTags || (in_noscript_ && tag.emit != "img")) {
            return;
        } else if (tag.kind == TagKind::void_) {
            void_tag(tag, attributes);
        } else if (tag.kind == TagKind::embed) {
            emit(tag, attributes);
            out_ += "</iframe>";
            if (tag.name == "iframe") {
                skip_content(tag);
            }
        } else if (fits(tag, attributes)) {
            emit(tag, attributes);
            open_.push_back(&tag);
        }
    }

    void void_tag(const Tag& tag, const std::string& attributes) {
        if (tag.emit == "hr") {
            close("p");
        }
        emit(tag, in_noscript_ ? attributes + " " + std::string(kTwin) + "=\"1\"" : attributes);
    }

    /// Closes what the new element closes by itself, and says whether it may stand here.
    bool fits(const Tag& tag, const std::string& attributes) {
        if (tag.kind == TagKind::table_part) {
            return make_room_in_table(tag);
        }
        if (!open_.empty() && (holds_rows(open_.back()->emit) || open_.back()->emit == "tr")) {
            return false; // only rows and cells: anything else would be moved out of the table
        }
        if (tag.kind == TagKind::link) {
            if (attributes.find(" href=") == npos) {
                return false;
            }
            close("a");
        } else if (tag.kind == TagKind::item) {
            close_item();
            close("p");
        } else if (tag.kind == TagKind::block || tag.kind == TagKind::table) {
            close("p");
        }
        return open_.size() < kMaxDepth;
    }

    bool make_room_in_table(const Tag& tag) {
        auto table = open_.size();
        while (table > 0 && open_[table - 1]->emit != "table") {
            --table;
        }
        if (table == 0) {
            return false;
        }
        auto keep = table;
        while (keep < open_.size() && tag.emit != "thead" && tag.emit != "tbody" && tag.emit != "tfoot" &&
               (holds_rows(open_[keep]->emit) || (is_cell(tag.emit) && open_[keep]->emit == "tr"))) {
            ++keep;
        }
        close_down_to(keep);
        if (is_cell(tag.emit) && open_.back()->emit != "tr") {
            return false;
        }
        return open_.size() < kMaxDepth;
    }

    void close_item() {
        for (auto i = open_.size(); i > 0; --i) {
            const auto name = open_[i - 1]->emit;
            if (name == "li") {
                close_down_to(i - 1);
                return;
            }
            if (name == "ul" || name == "ol" || name == "div" || name == "blockquote" || is_cell(name)) {
                return;
            }
        }
    }

    void emit(const Tag& tag, const std::string& attributes) {
        out_.append("<").append(tag.emit).append(attributes).append(">");
        ++tags_;
    }

    void end_tag(const Tag& tag) {
        if (tag.kind == TagKind::noscript) {
            in_noscript_ = false;
        } else if (in_noscript_ || tag.emit.empty()) {
            return;
        } else if (tag.emit == "br") {
            out_ += "<br>";
        } else {
            close(tag.emit);
        }
    }

    /// Closes the innermost `name` with all that is open in it; cells are not left but by the table's tags.
    void close(std::string_view name) {
        const bool of_table = holds_rows(name) || name == "tr" || is_cell(name);
        for (auto i = open_.size(); i > 0; --i) {
            const auto open = open_[i - 1]->emit;
            if (open == name) {
                close_down_to(i - 1);
                return;
            }
            if (open == "table" || (!of_table && is_cell(open))) {
                return;
            }
        }
    }

    void close_down_to(std::size_t depth) {
        while (open_.size() > depth) {
            out_.append("</").append(open_.back()->emit).append(">");
            open_.pop_back();
        }
    }

    void skip_content(const Tag& tag) {
        if (endless_.contains(tag.name)) {
            return;
        }
        const auto end = find_end(tag.name);
        if (end != npos) {
            at_ = end;
            return;
        }
        endless_.insert(tag.name); // looked for once: no second search over the whole rest
        if (tag.kind == TagKind::raw) {
            at_ = in_.size();
        }
    }

    /// Where the next "</name" starts.
    std::size_t find_end(std::string_view name) const {
        for (auto at = in_.find("</", at_); at != npos; at = in_.find("</", at + 2)) {
            if (base::iequals(in_.substr(at + 2, name.size()), name)) {
                return at;
            }
        }
        return npos;
    }

    std::string_view in_;
    bool icons_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<const Tag*> open_;
    std::set<std::string_view> endless_;
    std::size_t tags_ = 0;
    std::size_t tokens_ = 0;
    bool comments_endless_ = false;
    bool noscript_endless_ = false;
    bool in_noscript_ = false;
};

} // namespace

std::string tame(std::string_view html, Detail detail) {
    html = base::cut_bytes(html, kMaxInput);
    if (base::is_valid_utf8(html)) {
        return Tamer(html, detail).run();
    }
    const auto repaired = base::to_valid_utf8(html);
    return Tamer(repaired, detail).run();
}

} // namespace cdtd::article
