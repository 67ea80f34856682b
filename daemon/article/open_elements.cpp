#include "article/open_elements.hpp"

#include "article/tame.hpp"

#include <algorithm>

namespace cdtd::article {

namespace {

constexpr auto npos = std::string_view::npos;

bool holds_rows(std::string_view tag) {
    return tag == "table" || tag == "thead" || tag == "tbody" || tag == "tfoot";
}

bool is_cell(std::string_view tag) {
    return tag == "td" || tag == "th";
}

/// The value of an attribute as read_attributes() writes it.
std::string_view value_of(std::string_view attributes, std::string_view start) {
    const auto at = attributes.find(start);
    if (at == npos || (at > 0 && attributes[at - 1] != '"')) {
        return {};
    }
    const auto value = attributes.substr(at + start.size());
    return value.substr(0, value.find('"'));
}

bool has_word(std::string_view words, std::string_view word) {
    for (auto at = words.find(word); at != npos; at = words.find(word, at + 1)) {
        const auto end = at + word.size();
        const auto parts = [](char c) { return c == ' ' || c == '\n' || c == '\t'; };
        if ((at == 0 || parts(words[at - 1])) && (end == words.size() || parts(words[end]))) {
            return true;
        }
    }
    return false;
}

/// Which of the names of articles an element has, a bit each.
unsigned names_in(std::string_view attributes) {
    if (attributes.empty()) {
        return 0;
    }
    const auto classes = value_of(attributes, " class=\"");
    return (has_word(classes, "entry-content") ? 1U : 0U) | (has_word(classes, "post-content") ? 2U : 0U) |
           (value_of(attributes, " id=\"") == "js_content" ? 4U : 0U);
}

/// How often formatting may stand in itself: bold in bold is bold, a superscript's superscript is higher.
std::size_t times_allowed(std::string_view name) {
    return name == "sup" || name == "sub" || name == "small" ? 3 : 1;
}

/// An article that quotes another page's element of such a name says more than it quotes, and more than what
/// a theme's frame adds to a short article: title, date, others to read. Bytes of text, as counted.
constexpr std::size_t kLargestFrame = 1000;

} // namespace

void OpenElements::start(const Tag& tag, std::string_view attributes) {
    if (make_room(tag, attributes)) {
        open(tag, attributes);
    }
}

void OpenElements::write(const Tag& tag, std::string_view attributes, std::string_view more) {
    out_.append("<").append(tag.emit).append(attributes).append(more).append(">");
    ++written_;
}

void OpenElements::open(const Tag& tag, std::string_view attributes) {
    write(tag, attributes);
    open_.push_back({.tag = &tag,
                     .again = 0,
                     .names = names_in(attributes),
                     .part = {.begin = out_.size(), .end = std::string::npos, .text = text_}});
}

void OpenElements::count_text(std::string_view text) {
    text_ += static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) > 0x20; }));
}

void OpenElements::end_part(const Open& element) {
    const Part ended{.begin = element.part.begin, .end = out_.size(), .text = text_ - element.part.text};
    for (unsigned i = 0; i < parts_.size(); ++i) {
        auto& best = parts_[i];
        const bool larger = best.begin == std::string::npos || ended.text > best.text ||
                            (ended.text == best.text && ended.begin < best.begin);
        if ((element.names & (1U << i)) != 0 && larger) {
            best = ended;
        }
    }
}

std::optional<std::string_view> OpenElements::article() const {
    const Part* found = nullptr;
    for (const auto& part : parts_) {
        if (part.begin == std::string::npos) {
            continue;
        }
        const bool quotes = found != nullptr && part.begin <= found->begin && found->end <= part.end &&
                            part.text > 2 * found->text && part.text - found->text > kLargestFrame;
        if (found == nullptr || quotes) {
            found = &part;
        }
    }
    return found == nullptr
               ? std::nullopt
               : std::optional(std::string_view(out_).substr(found->begin, found->end - found->begin));
}

bool OpenElements::make_room(const Tag& tag, std::string_view attributes) {
    if (tag.kind == TagKind::table_part) {
        return make_room_in_table(tag);
    }
    if (!open_.empty() && (holds_rows(open_.back().tag->emit) || open_.back().tag->emit == "tr")) {
        return false; // only rows and cells: anything else would be moved out of the table
    }
    if (tag.kind == TagKind::link) {
        if (!attributes.starts_with(" href=") && attributes.find("\" href=") == npos) {
            return false;
        }
        close("a");
        return open_.size() <= kMaxDepth; // one more: an embed at the last depth is written as a link
    }
    if (tag.kind == TagKind::inline_) {
        if (repeats(tag)) {
            return false;
        }
    } else {
        if (tag.kind == TagKind::item) {
            close_item();
        }
        close("p");
    }
    return open_.size() < kMaxDepth;
}

/// Whether formatting stands in itself: the parser goes through its list of it for every piece of text.
bool OpenElements::repeats(const Tag& tag) {
    Open* found = nullptr;
    std::size_t count = 0;
    for (auto i = open_.size(); i > 0 && open_[i - 1].tag->kind != TagKind::table_part; --i) {
        if (open_[i - 1].tag->emit == tag.emit) {
            found = found == nullptr ? &open_[i - 1] : found;
            ++count;
        }
    }
    if (count < times_allowed(tag.emit)) {
        return false;
    }
    ++found->again;
    return true;
}

bool OpenElements::make_room_in_table(const Tag& tag) {
    auto table = open_.size();
    while (table > 0 && open_[table - 1].tag->emit != "table") {
        --table;
    }
    if (table == 0) {
        return false;
    }
    auto keep = table;
    while (keep < open_.size() && tag.emit != "thead" && tag.emit != "tbody" && tag.emit != "tfoot" &&
           (holds_rows(open_[keep].tag->emit) || (is_cell(tag.emit) && open_[keep].tag->emit == "tr"))) {
        ++keep;
    }
    close_down_to(keep);
    if (is_cell(tag.emit) && open_.back().tag->emit != "tr") {
        return false;
    }
    if (tag.emit == "tr" && open_.back().tag->emit == "table") {
        open(*find_tag("tbody"), {}); // as the parser would
    }
    return open_.size() < kMaxDepth;
}

/// As a parser does: what is neither formatting nor a paragraph keeps the item that it stands in open.
void OpenElements::close_item() {
    for (auto i = open_.size(); i > 0; --i) {
        const auto& tag = *open_[i - 1].tag;
        if (tag.emit == "li") {
            close_down_to(i - 1);
            return;
        }
        if ((tag.kind == TagKind::block && tag.emit != "p") || tag.kind == TagKind::table ||
            tag.kind == TagKind::table_part) {
            return;
        }
    }
}

void OpenElements::close(std::string_view name) {
    const bool of_table = holds_rows(name) || name == "tr" || is_cell(name);
    for (auto i = open_.size(); i > 0; --i) {
        const auto open = open_[i - 1].tag->emit;
        if (open == name) {
            if (open_[i - 1].again > 0) {
                --open_[i - 1].again;
            } else {
                close_down_to(i - 1);
            }
            return;
        }
        if (open == "table" || (!of_table && is_cell(open))) {
            return;
        }
    }
}

void OpenElements::close_down_to(std::size_t depth) {
    while (open_.size() > depth) {
        if (open_.back().names != 0) {
            end_part(open_.back());
        }
        out_.append("</").append(open_.back().tag->emit).append(">");
        open_.pop_back();
    }
}

} // namespace cdtd::article
