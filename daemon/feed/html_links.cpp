#include "feed/html_links.hpp"

#include <cdtd/base/text.hpp>

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace cdtd::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t max_page = 2U << 20;             // bytes looked at
constexpr std::size_t max_tag = std::size_t{8} * 1024; // bytes of a tag that is kept
constexpr std::size_t max_attributes = 40;             // of a tag that is kept
constexpr std::size_t max_links = 2000;
constexpr std::size_t max_words = 400; // bytes of an anchor's text

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The page without everything but the three tags.
class Flattener {
  public:
    explicit Flattener(std::string_view html) : in_(base::cut_bytes(html, max_page)) {}

    std::string run() {
        while (at_ < in_.size() && kept_ < max_links) {
            const auto open = in_.find('<', at_);
            words(in_.substr(at_, open == npos ? npos : open - at_));
            if (open == npos)
                break;
            at_ = open;
            markup();
        }
        close_anchor();
        return std::move(out_);
    }

  private:
    void words(std::string_view text) {
        if (!in_anchor_ || words_ >= max_words)
            return;
        text = base::cut_bytes(text, max_words - words_);
        out_ += text;
        words_ += text.size();
    }

    void markup() { // at_ is on '<'
        const auto rest = in_.substr(at_);
        if (rest.starts_with("<!--"))
            return skip_past("-->", 4);
        if (rest.starts_with("</"))
            return end_tag();
        if (rest.size() > 1 && is_letter(rest[1]))
            return start_tag();
        at_ += 1; // a bare "<", "<!DOCTYPE", "<?": what follows is read as text, of which nothing is kept
    }

    void skip_past(std::string_view end, std::size_t from) {
        const auto found = in_.find(end, at_ + from);
        at_ = found == npos ? in_.size() : found + end.size();
    }

    std::string name_at(std::size_t start) const {
        auto end = start;
        while (end < in_.size() && end - start < 20 && !is_space(in_[end]) && in_[end] != '>' &&
               in_[end] != '/')
            ++end;
        return base::ascii_lower(in_.substr(start, end - start));
    }

    void end_tag() {
        if (name_at(at_ + 2) == "a")
            close_anchor();
        skip_past(">", 2);
    }

    void start_tag() {
        const auto start = at_;
        const auto name = name_at(start + 1);
        at_ = start + 1 + name.size();
        const auto attributes = skip_attributes();
        const auto tag = in_.substr(start, at_ - start);
        const bool wanted = name == "link" || name == "base" || name == "a";
        if (wanted && tag.ends_with('>') && tag.size() <= max_tag && attributes <= max_attributes)
            keep(tag, name == "a");
        else if (std::ranges::find(raw_, name) != raw_.end())
            skip_raw(name);
    }

    void keep(std::string_view tag, bool anchor) {
        close_anchor();
        out_ += tag;
        in_anchor_ = anchor;
        words_ = 0;
        ++kept_;
    }

    void close_anchor() {
        if (in_anchor_)
            out_ += "</a>";
        in_anchor_ = false;
    }

    /// Behind the ">" of the tag; how many attributes it has. A quote counts only where a value begins.
    std::size_t skip_attributes() {
        std::size_t count = 0;
        while (at_ < in_.size() && in_[at_] != '>') {
            if (is_space(in_[at_]) || in_[at_] == '/') {
                ++at_;
                continue;
            }
            ++count;
            skip_attribute();
        }
        at_ = std::min(at_ + 1, in_.size());
        return count;
    }

    void skip_attribute() {
        do
            ++at_; // a name may begin with "="
        while (at_ < in_.size() && !is_space(in_[at_]) && !std::strchr("/>=", in_[at_]));
        auto value = at_;
        while (value < in_.size() && is_space(in_[value]))
            ++value;
        if (value >= in_.size() || in_[value] != '=')
            return;
        do
            ++value;
        while (value < in_.size() && is_space(in_[value]));
        at_ = value;
        if (at_ < in_.size() && (in_[at_] == '"' || in_[at_] == '\''))
            return skip_past(in_.substr(at_, 1), 1);
        while (at_ < in_.size() && !is_space(in_[at_]) && in_[at_] != '>')
            ++at_;
    }

    /// Behind the content of an element that holds no tags; without an end it goes to the end of the page.
    void skip_raw(std::string_view name) {
        for (auto end = in_.find("</", at_); end != npos; end = in_.find("</", end + 2))
            if (base::iequals(in_.substr(end + 2, name.size()), name)) {
                at_ = end;
                return;
            }
        at_ = in_.size();
    }

    static constexpr std::array<std::string_view, 7> raw_ = {"script",   "style", "textarea", "title",
                                                             "noframes", "xmp",   "iframe"};
    std::string_view in_;
    std::size_t at_ = 0;
    std::string out_;
    bool in_anchor_ = false;
    std::size_t words_ = 0;
    std::size_t kept_ = 0;
};

/// gumbo makes bytes that are no UTF-8 of the number of a character that overflows.
std::string attribute(const GumboElement& element, const char* name) {
    const auto* found = gumbo_get_attribute(&element.attributes, name);
    return found == nullptr ? std::string() : base::to_valid_utf8(found->value);
}

std::string text_of(const GumboElement& element) {
    std::string text;
    for (unsigned i = 0; i < element.children.length; ++i) {
        const auto* child = static_cast<const GumboNode*>(element.children.data[i]);
        if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE)
            text += child->v.text.text;
    }
    return base::to_valid_utf8(text);
}

void read_element(const GumboElement& element, HtmlLinks& out) {
    HtmlLink link;
    link.href = attribute(element, "href");
    if (link.href.empty())
        return;
    if (element.tag == GUMBO_TAG_BASE) {
        if (out.base.empty())
            out.base = link.href;
        return;
    }
    link.anchor = element.tag == GUMBO_TAG_A;
    link.rel = attribute(element, "rel");
    link.type = attribute(element, "type");
    link.title = link.anchor ? text_of(element) : attribute(element, "title");
    out.links.push_back(std::move(link));
}

/// The flat document is at most html, head or body, and one of the three deep.
void gather(const GumboNode* node, int depth, HtmlLinks& out) {
    if (node->type != GUMBO_NODE_ELEMENT || depth > 8)
        return;
    const auto& element = node->v.element;
    if (element.tag == GUMBO_TAG_LINK || element.tag == GUMBO_TAG_BASE || element.tag == GUMBO_TAG_A)
        read_element(element, out);
    for (unsigned i = 0; i < element.children.length; ++i)
        gather(static_cast<const GumboNode*>(element.children.data[i]), depth + 1, out);
}

} // namespace

HtmlLinks links_of(std::string_view html) {
    const std::string flat = "<!DOCTYPE html>" + Flattener(html).run();
    auto options = kGumboDefaultOptions;
    options.max_errors = 0; // nobody reads them, and there may be as many as bytes
    const auto free_tree = [&options](GumboOutput* tree) { gumbo_destroy_output(&options, tree); };
    const std::unique_ptr<GumboOutput, decltype(free_tree)> tree(
        gumbo_parse_with_options(&options, flat.data(), flat.size()), free_tree);
    HtmlLinks out;
    gather(tree->root, 0, out);
    return out;
}

} // namespace cdtd::feed::detail
