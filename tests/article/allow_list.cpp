#include "article/allow_list.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <vector>

namespace cdtd::tests {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view kRel = "\" rel=\"nofollow noopener noreferrer\"";
constexpr std::array<std::string_view, 31> kElements{
    "p",  "blockquote", "pre",   "ul",    "ol",     "li",  "h1",         "h2",    "h3", "h4", "h5",
    "h6", "figure",     "table", "thead", "tbody",  "tr",  "td",         "th",    "em", "u",  "s",
    "a",  "code",       "small", "sub",   "strong", "sup", "figcaption", "tfoot", "hr"};
constexpr std::array<std::string_view, 5> kReferences{"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

bool is_control(std::string_view html, std::size_t at) {
    const auto byte = static_cast<unsigned char>(html[at]);
    const bool c1 = byte == 0xc2 && at + 1 < html.size() && static_cast<unsigned char>(html[at + 1]) < 0xa0;
    return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f || c1;
}

/// Text between tags, or the value of an attribute.
std::string fault_in_text(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_control(text, at)) {
            return "a control character";
        }
        if (text[at] == '<' || text[at] == '>' || text[at] == '"' || text[at] == '\'') {
            return "an unescaped " + std::string(1, text[at]);
        }
        const auto rest = text.substr(at);
        if (text[at] == '&' &&
            std::ranges::none_of(kReferences, [rest](auto known) { return rest.starts_with(known); })) {
            return "a bare ampersand";
        }
    }
    return {};
}

bool is_web_address(std::string_view url) {
    const auto scheme = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
    return scheme > 0 && url.size() > scheme && url.find_first_of(" \n\t\\`{}|^") == npos &&
           std::ranges::all_of(url, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_count(std::string_view value) {
    return !value.empty() && value.size() <= 3 &&
           std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

/// Cuts ` name="value"` off the front.
bool take(std::string_view& attributes, std::string_view name, std::string_view& value) {
    const auto prefix = " " + std::string(name) + "=\"";
    if (!attributes.starts_with(prefix)) {
        return false;
    }
    const auto end = attributes.find('"', prefix.size());
    if (end == npos) {
        return false;
    }
    value = attributes.substr(prefix.size(), end - prefix.size());
    attributes.remove_prefix(end + 1);
    return fault_in_text(value).empty();
}

bool attributes_allowed(std::string_view name, std::string_view attributes) {
    std::string_view value;
    if (name == "a") {
        const bool href = take(attributes, "href", value) && is_web_address(value);
        return href && attributes == kRel.substr(1);
    }
    if (name == "img") {
        const bool src = take(attributes, "src", value) && is_web_address(value);
        return src && take(attributes, "alt", value) && attributes.empty();
    }
    if (name == "td" || name == "th") {
        for (const auto* span : {"colspan", "rowspan"}) {
            if (attributes.starts_with(" " + std::string(span)) &&
                !(take(attributes, span, value) && is_count(value))) {
                return false;
            }
        }
    }
    return attributes.empty();
}

std::string fault_in_tag(std::string_view tag, std::vector<std::string_view>& open) {
    const bool end = tag.starts_with('/');
    const auto name = tag.substr(end ? 1 : 0, tag.find(' ') - (end ? 1 : 0));
    const bool empty = name == "br" || name == "hr" || name == "img";
    if (!empty && std::ranges::find(kElements, name) == kElements.end()) {
        return "the element <" + std::string(tag) + ">";
    }
    if (end) {
        if (open.empty() || open.back() != name || tag.size() != name.size() + 1) {
            return "the end tag <" + std::string(tag) + ">";
        }
        open.pop_back();
        return {};
    }
    if (!attributes_allowed(name, tag.substr(name.size()))) {
        return "the attributes of <" + std::string(tag) + ">";
    }
    if (!empty) {
        open.push_back(name);
    }
    return {};
}

void write_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        const auto* reference = c == '&'    ? "&amp;"
                                : c == '<'  ? "&lt;"
                                : c == '>'  ? "&gt;"
                                : c == '"'  ? "&quot;"
                                : c == '\'' ? "&#39;"
                                            : nullptr;
        out += reference != nullptr ? std::string(reference) : std::string(1, c);
    }
}

void write(const GumboNode* node, std::string& out) {
    if (node->type == GUMBO_NODE_COMMENT) {
        out += "<!--";
        return;
    }
    if (node->type != GUMBO_NODE_ELEMENT) {
        write_escaped(node->v.text.text, out);
        return;
    }
    const auto& element = node->v.element;
    const std::string name = gumbo_normalized_tagname(element.tag);
    out += "<" + name;
    for (unsigned i = 0; i < element.attributes.length; ++i) {
        const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
        out.append(" ").append(attribute->name).append("=\"");
        write_escaped(attribute->value, out);
        out += '"';
    }
    out += '>';
    if (name == "br" || name == "hr" || name == "img") {
        return;
    }
    for (unsigned i = 0; i < element.children.length; ++i) {
        write(static_cast<const GumboNode*>(element.children.data[i]), out);
    }
    out += "</" + name + ">";
}

} // namespace

std::string fault_in(std::string_view html) {
    std::vector<std::string_view> open;
    while (true) {
        const auto less = html.find('<');
        if (auto fault = fault_in_text(html.substr(0, less)); !fault.empty()) {
            return fault;
        }
        if (less == npos) {
            return open.empty() ? std::string() : "<" + std::string(open.back()) + "> is not closed";
        }
        const auto greater = html.find('>', less);
        if (greater == npos) {
            return "a tag without end";
        }
        if (auto fault = fault_in_tag(html.substr(less + 1, greater - less - 1), open); !fault.empty()) {
            return fault;
        }
        html.remove_prefix(greater + 1);
    }
}

std::string written_again(std::string_view html) {
    const auto page = "<!DOCTYPE html><body>" + std::string(html);
    auto options = kGumboDefaultOptions;
    options.max_errors = 0;
    auto* output = gumbo_parse_with_options(&options, page.data(), page.size());
    std::string out;
    const auto& root = output->root->v.element.children;
    for (unsigned i = 0; i < root.length; ++i) {
        const auto* part = static_cast<const GumboNode*>(root.data[i]);
        const bool body = part->type == GUMBO_NODE_ELEMENT && part->v.element.tag == GUMBO_TAG_BODY;
        for (unsigned k = 0; body && k < part->v.element.children.length; ++k) {
            write(static_cast<const GumboNode*>(part->v.element.children.data[k]), out);
        }
    }
    gumbo_destroy_output(&options, output);
    return out;
}

bool may_be_boilerplate(std::string_view html) {
    std::string lower(html);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    static constexpr std::array<std::string_view, 20> kWords{"[/caption]",
                                                             "相关",
                                                             "相關",
                                                             "related",
                                                             "©",
                                                             "feed enhanced by",
                                                             "appeared first on",
                                                             "赞",
                                                             "在看",
                                                             "转发",
                                                             "喜欢",
                                                             "一键三连",
                                                             "阅读",
                                                             "扫",
                                                             "长按",
                                                             "二维码",
                                                             "关注",
                                                             "投稿",
                                                             "往期",
                                                             "近期"};
    return std::ranges::any_of(kWords, [&lower](auto word) { return lower.find(word) != npos; });
}

} // namespace cdtd::tests
