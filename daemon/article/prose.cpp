#include "article/prose.hpp"

#include "article/embeds.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace cdtd::article {

namespace {

class Writer {
  public:
    Writer(const Boilerplate& boilerplate, const Pictures& pictures, std::string_view base_url)
        : boilerplate_(boilerplate), pictures_(pictures), base_url_(base_url) {}

    void visit(const GumboNode* node, bool preformatted) {
        if (boilerplate_.has(node)) {
            return;
        }
        if (is_text(node)) {
            text(node->v.text.text, preformatted);
        } else if (is_element(node, GUMBO_TAG_BR)) {
            end_line();
        } else if (is_element(node, GUMBO_TAG_IMG)) {
            const auto found = pictures_.shown.find(node);
            line_ += found == pictures_.shown.end() ? std::string() : found->second.text;
        } else if (is_element(node, GUMBO_TAG_IFRAME)) {
            auto link = embed_url(node, base_url_);
            if (!link.empty()) {
                prose_.embeds.push_back(std::move(link));
            }
        } else {
            element(node, preformatted || is_element(node, GUMBO_TAG_PRE));
        }
    }

    Prose finish() {
        end_paragraph();
        prose_.text = base::to_nfc(prose_.text);
        return std::move(prose_);
    }

  private:
    void element(const GumboNode* node, bool preformatted) {
        const bool block = is_block(node);
        if (block) {
            end_paragraph();
        }
        for_each_child(node, [&](const GumboNode* child) { visit(child, preformatted); });
        if (block) {
            end_paragraph();
        } else if (is_element(node, GUMBO_TAG_TD) || is_element(node, GUMBO_TAG_TH)) {
            line_ += ' ';
        }
    }

    void text(std::string_view part, bool preformatted) {
        while (preformatted) {
            const auto end = part.find('\n');
            line_ += part.substr(0, end);
            if (end == std::string_view::npos) {
                return;
            }
            end_line();
            part.remove_prefix(end + 1);
        }
        line_ += part;
    }

    void end_line() {
        auto tidy = base::tidy(line_);
        line_.clear();
        if (const auto broken = tidy.find("[/caption]"); broken != std::string::npos) {
            tidy = base::tidy(tidy.erase(broken, 10)); // a shortcode that lost its other half
        }
        if (tidy.empty()) {
            return;
        }
        if (!paragraph_.empty()) {
            paragraph_ += '\n';
        }
        paragraph_ += tidy;
    }

    void end_paragraph() {
        end_line();
        if (paragraph_.empty()) {
            return;
        }
        if (!prose_.text.empty()) {
            prose_.text += "\n\n";
        }
        prose_.text += paragraph_;
        paragraph_.clear();
    }

    const Boilerplate& boilerplate_;
    const Pictures& pictures_;
    std::string_view base_url_;
    Prose prose_;
    std::string paragraph_;
    std::string line_;
};

/// Copies of a picture on other hosts, over http, in other sizes are the same picture to an editor.
std::string picture_name(std::string_view url) {
    const auto parts = base::split_url(url);
    std::string path = parts ? parts->path : std::string(url);
    path = path.substr(path.rfind('/') + 1);
    return base::to_nfc(base::percent_decode(without_picture_size(std::move(path))));
}

/// White space parts only words that are written with spaces; between Chinese characters it comes and goes
/// with the line breaks of the markup.
std::string without_layout(std::string_view text) {
    std::string out;
    bool space = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto start = at;
        UChar32 c = 0;
        U8_NEXT(text.data(), at, text.size(), c);
        if (c < 0 || u_isUWhiteSpace(c) || (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff) {
            space = space || c == ' ' || c == '\n' || c == 0xa0;
            continue;
        }
        if (space && c < 0x80 && !out.empty() && static_cast<unsigned char>(out.back()) < 0x80) {
            out += ' ';
        }
        space = false;
        out += text.substr(start, at - start);
    }
    return out;
}

} // namespace

Prose find_prose(const GumboNode* root, const Boilerplate& boilerplate, const Pictures& pictures,
                 std::string_view base_url) {
    Writer writer(boilerplate, pictures, base_url);
    for_each_child(root, [&writer](const GumboNode* child) { writer.visit(child, false); });
    return writer.finish();
}

std::string fingerprint(const Prose& prose, const std::vector<std::string>& images) {
    auto normal = without_layout(prose.text);
    for (const auto& image : images) {
        normal += '\n' + picture_name(image);
    }
    std::vector<std::string> embeds;
    for (const auto& embed : prose.embeds) { // their query is the player's
        const auto parts = base::split_url(embed);
        auto name = parts ? parts->host + parts->path : embed;
        if (std::ranges::find(embeds, name) == embeds.end()) {
            normal += "\n>" + name;
            embeds.push_back(std::move(name));
        }
        if (embeds.size() > 100) {
            break;
        }
    }
    return base::sha256_hex(normal);
}

} // namespace cdtd::article
