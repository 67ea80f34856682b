#include "article/sanitize.hpp"

#include "article/embeds.hpp"
#include "article/escape.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace cdtd::article {

namespace {

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

bool is_inline(GumboTag tag) {
    switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_U:
    case GUMBO_TAG_S:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
        return true;
    default:
        return false;
    }
}

bool is_row_group(GumboTag tag) {
    return tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT;
}

bool holds_parts(GumboTag tag) {
    return tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TR || is_row_group(tag);
}

bool is_span_count(std::string_view value) {
    return !value.empty() && value.size() <= 3 &&
           std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

class Sanitizer {
  public:
    Sanitizer(const Boilerplate& boilerplate, const Pictures& pictures, std::string_view base_url)
        : boilerplate_(boilerplate), pictures_(pictures), base_url_(base_url) {}

    std::string run(const GumboNode* root) {
        content(root, Loose::stays);
        return std::string(base::trim(out_));
    }

  private:
    /// What becomes of text between blocks; rows and the like hold none.
    enum class Loose { stays, becomes_paragraphs, is_none };

    void visit(const GumboNode* node) {
        if (boilerplate_.has(node)) {
            return;
        }
        if (is_text(node)) {
            append_escaped(out_, node->v.text.text);
        } else if (is_element(node)) {
            breaks_ += is_block(node) ? 1U : 0U;
            element(node);
        }
    }

    void element(const GumboNode* node) {
        switch (node->v.element.tag) {
        case GUMBO_TAG_BR:
            out_ += "<br>";
            return;
        case GUMBO_TAG_HR:
            out_ += "<hr>";
            ++written_blocks_;
            return;
        case GUMBO_TAG_IMG:
            return image(node);
        case GUMBO_TAG_A:
            return link(node);
        case GUMBO_TAG_IFRAME:
            return embed(node);
        case GUMBO_TAG_TD:
        case GUMBO_TAG_TH:
            if (fits(node->v.element.tag)) {
                return cell(node);
            }
            ++breaks_;
            return content(node, Loose::becomes_paragraphs);
        default:
            if (const auto* name = plain_element(node); name != nullptr && fits(node->v.element.tag)) {
                wrap(node, name, {});
            } else {
                content(node, is_block(node) ? Loose::becomes_paragraphs : Loose::stays);
            }
        }
    }

    /// Whether the element would stay where it is written: a parser ends an open item before the next one and
    /// a heading before a heading, where nothing that is written stands between; and the article may be found
    /// in a row of a table that lays out a page.
    [[nodiscard]] bool fits(GumboTag tag) const {
        const auto in = open_.empty() ? GUMBO_TAG_BODY : open_.back();
        if (tag == GUMBO_TAG_TR || tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) {
            return tag == GUMBO_TAG_TR ? is_row_group(in) : in == GUMBO_TAG_TR;
        }
        if (is_row_group(tag)) {
            return in == GUMBO_TAG_TABLE;
        }
        if (tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6) {
            return in < GUMBO_TAG_H1 || in > GUMBO_TAG_H6;
        }
        for (auto open = open_.rbegin(); tag == GUMBO_TAG_LI && open != open_.rend(); ++open) {
            if (*open == GUMBO_TAG_LI || (*open != GUMBO_TAG_P && !is_inline(*open))) {
                return *open != GUMBO_TAG_LI;
            }
        }
        return true;
    }

    /// What is in an element. Blocks end runs of text; so that two runs never become one, text stands in a
    /// paragraph where the block before it left nothing behind.
    void content(const GumboNode* node, Loose loose) {
        auto run = out_.size();
        bool apart = loose != Loose::becomes_paragraphs;
        const auto end_run = [&](std::size_t end) {
            if (!apart) {
                paragraph(run, end);
            }
        };
        for_each_child(node, [&](const GumboNode* child) {
            const auto start = out_.size();
            const auto breaks = breaks_;
            const auto blocks = written_blocks_;
            visit(child);
            if (breaks_ == breaks) {
                return;
            }
            const bool wrote = written_blocks_ != blocks;
            end_run(wrote ? start : out_.size());
            run = out_.size();
            apart = loose == Loose::is_none || (loose == Loose::stays && wrote);
        });
        end_run(out_.size());
    }

    void paragraph(std::size_t from, std::size_t to) {
        if (!base::trim(std::string_view(out_).substr(from, to - from)).empty()) {
            out_.insert(to, "</p>");
            out_.insert(from, "<p>");
            ++written_blocks_;
        }
    }

    /// Elements that turn out empty are not worth their bytes: spacers, emptied wrappers.
    void wrap(const GumboNode* node, std::string_view name, std::string_view attributes) {
        const auto start = out_.size();
        out_.append("<").append(name).append(attributes).append(">");
        const auto inside = out_.size();
        open_.push_back(node->v.element.tag);
        content(node, holds_parts(node->v.element.tag) ? Loose::is_none : Loose::stays);
        open_.pop_back();
        const bool cell = name == "td" || name == "th";
        if (!cell && base::trim(std::string_view(out_).substr(inside)).empty()) {
            const bool spaced = out_.size() > inside;
            out_.resize(start);
            out_ += spaced ? " " : "";
            return;
        }
        if (name == "pre") { // a parser takes the first line break away
            out_.erase(inside, out_.find_first_not_of('\n', inside) - inside);
        }
        out_.append("</").append(name).append(">");
        written_blocks_ += is_block(node) ? 1U : 0U;
    }

    void cell(const GumboNode* node) {
        std::string attributes;
        for (const auto* name : {"colspan", "rowspan"}) {
            const auto value = attribute(node, name);
            if (is_span_count(value)) {
                attributes.append(" ").append(name).append("=\"").append(value).append("\"");
            }
        }
        const bool in_link = std::exchange(in_link_, false);
        wrap(node, is_element(node, GUMBO_TAG_TD) ? "td" : "th", attributes);
        in_link_ = in_link;
    }

    static std::string target(std::string_view url) {
        std::string attributes = " href=\"";
        append_escaped(attributes, url);
        return attributes + "\" rel=\"nofollow noopener noreferrer\"";
    }

    void link(const GumboNode* node) {
        const auto url = absolute_link(base_url_, attribute(node, "href"));
        const bool of_plugin =
            has_class(node, "internal_tag") || has_class(node, "st_tag"); // not the author's
        if (url.empty() || of_plugin) {
            content(node, Loose::stays);
            return;
        }
        const bool in_link = std::exchange(in_link_, true);
        auto behind = std::exchange(behind_link_, {});
        wrap(node, "a", target(url));
        out_ += behind_link_;
        behind_link_ = std::move(behind);
        in_link_ = in_link;
    }

    void embed(const GumboNode* node) {
        const auto url = embed_target(embed_url(node, base_url_));
        if (url.empty()) {
            return;
        }
        const auto title = base::tidy(base::cut_bytes(attribute(node, "title"), 500));
        auto& out = in_link_ ? behind_link_ : out_; // no link stands in another
        out.append("<a").append(target(url)).append(">");
        append_escaped(out, title.empty() ? url : title);
        out += "</a>";
    }

    void image(const GumboNode* node) {
        const auto found = pictures_.shown.find(node);
        if (found == pictures_.shown.end()) {
            return;
        }
        const auto& picture = found->second;
        append_escaped(out_, picture.text);
        if (!picture.url.empty()) {
            out_ += "<img src=\"";
            append_escaped(out_, picture.url);
            out_ += "\" alt=\"";
            append_escaped(out_, picture.alt);
            out_ += "\">";
        }
    }

    const Boilerplate& boilerplate_;
    const Pictures& pictures_;
    std::string_view base_url_;
    std::string out_;
    std::vector<GumboTag> open_;     ///< what is written and not yet closed
    std::size_t breaks_ = 0;         ///< blocks met, empty ones too
    std::size_t written_blocks_ = 0; ///< blocks written
    bool in_link_ = false;
    std::string behind_link_; ///< embeds that stood in the link that is open
};

} // namespace

std::string sanitize(const GumboNode* root, const Boilerplate& boilerplate, const Pictures& pictures,
                     std::string_view base_url) {
    return Sanitizer(boilerplate, pictures, base_url).run(root);
}

} // namespace cdtd::article
