#include "article/sanitize.hpp"

#include "article/embeds.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>

namespace cdtd::article {

namespace {

void escape(std::string_view text, std::string& out) {
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        case '\n':
        case '\t':
            out += c;
            break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
                out += c;
            }
        }
    }
}

/// The elements that are written, under their own name and without attributes; nullptr: only what is in it.
const char* plain_element(const GumboNode* node) {
    switch (node->v.element.tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_U:
    case GUMBO_TAG_S:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
        return gumbo_normalized_tagname(node->v.element.tag);
    default:
        return nullptr;
    }
}

bool is_span_count(std::string_view value) {
    return !value.empty() && value.size() <= 3 &&
           std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

class Sanitizer {
  public:
    Sanitizer(const Boilerplate& boilerplate, const Pictures& pictures, std::string_view base_url)
        : boilerplate_(boilerplate), pictures_(pictures), base_url_(base_url) {}

    void visit(const GumboNode* node) {
        if (boilerplate_.has(node)) {
            return;
        }
        if (is_text(node)) {
            escape(node->v.text.text, out_);
        } else if (is_element(node)) {
            element(node);
        }
    }

    std::string finish() { return std::string(base::trim(out_)); }

  private:
    void element(const GumboNode* node) {
        switch (node->v.element.tag) {
        case GUMBO_TAG_BR:
            out_ += "<br>";
            return;
        case GUMBO_TAG_HR:
            out_ += "<hr>";
            return;
        case GUMBO_TAG_IMG:
            return image(node);
        case GUMBO_TAG_A:
            return link(node);
        case GUMBO_TAG_IFRAME:
            return embed(node);
        case GUMBO_TAG_TD:
        case GUMBO_TAG_TH:
            return cell(node);
        case GUMBO_TAG_DIV:
            return division(node);
        default:
            if (const auto* name = plain_element(node)) {
                wrap(node, name, {});
            } else {
                children(node);
            }
        }
    }

    void children(const GumboNode* node) {
        for_each_child(node, [this](const GumboNode* child) { visit(child); });
    }

    /// Elements that turn out empty are not worth their bytes: spacers, emptied wrappers.
    void wrap(const GumboNode* node, std::string_view name, std::string_view attributes) {
        const auto start = out_.size();
        out_.append("<").append(name).append(attributes).append(">");
        const auto inside = out_.size();
        children(node);
        const bool cell = name == "td" || name == "th";
        if (!cell && base::trim(std::string_view(out_).substr(inside)).empty()) {
            const bool spaced = out_.size() > inside;
            out_.resize(start);
            out_ += spaced ? " " : "";
            return;
        }
        out_.append("</").append(name).append(">");
    }

    /// A div of text is a paragraph; a div of blocks is layout.
    void division(const GumboNode* node) {
        bool blocks = false;
        for_each_child(node, [&blocks](const GumboNode* child) { blocks = blocks || is_block(child); });
        if (blocks) {
            children(node);
        } else {
            wrap(node, "p", {});
        }
    }

    void cell(const GumboNode* node) {
        std::string attributes;
        for (const auto* name : {"colspan", "rowspan"}) {
            const auto value = attribute(node, name);
            if (is_span_count(value)) {
                attributes.append(" ").append(name).append("=\"").append(value).append("\"");
            }
        }
        wrap(node, is_element(node, GUMBO_TAG_TD) ? "td" : "th", attributes);
    }

    static std::string target(std::string_view url) {
        std::string attributes = " href=\"";
        escape(url, attributes);
        return attributes + "\" rel=\"nofollow noopener noreferrer\"";
    }

    void link(const GumboNode* node) {
        const auto url = absolute_link(base_url_, attribute(node, "href"));
        const bool of_plugin =
            has_class(node, "internal_tag") || has_class(node, "st_tag"); // not the author's
        if (url.empty() || of_plugin) {
            children(node);
        } else {
            wrap(node, "a", target(url));
        }
    }

    void embed(const GumboNode* node) {
        const auto url = embed_target(embed_url(node, base_url_));
        if (url.empty()) {
            return;
        }
        const auto title = base::tidy(base::cut_bytes(attribute(node, "title"), 500));
        out_ += "<a" + target(url) + ">";
        escape(title.empty() ? url : title, out_);
        out_ += "</a>";
    }

    void image(const GumboNode* node) {
        const auto found = pictures_.shown.find(node);
        if (found == pictures_.shown.end()) {
            return;
        }
        const auto& picture = found->second;
        escape(picture.text, out_);
        if (!picture.url.empty()) {
            out_ += "<img src=\"";
            escape(picture.url, out_);
            out_ += "\" alt=\"";
            escape(picture.alt, out_);
            out_ += "\">";
        }
    }

    const Boilerplate& boilerplate_;
    const Pictures& pictures_;
    std::string_view base_url_;
    std::string out_;
};

} // namespace

std::string sanitize(const GumboNode* root, const Boilerplate& boilerplate, const Pictures& pictures,
                     std::string_view base_url) {
    Sanitizer sanitizer(boilerplate, pictures, base_url);
    for_each_child(root, [&sanitizer](const GumboNode* child) { sanitizer.visit(child); });
    return sanitizer.finish();
}

} // namespace cdtd::article
