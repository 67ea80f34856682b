#include "article/entities.hpp"
#include "article/escape.hpp"
#include "article/tags.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <gumbo.h>

#include <array>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxTitle = 4096;
constexpr std::size_t kMaxColumns = 8;
constexpr auto npos = std::string::npos;

/// WordPress lets inline markup into titles. Only known tags go: "a < b" is a title too.
std::string without_tags(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '<') {
            const auto end = text.find('>', at);
            const auto start = at + (text.substr(at + 1).starts_with('/') ? 2 : 1);
            const auto name =
                text.substr(start, std::min(text.find_first_of(" />", start), text.size()) - start);
            const auto lower = base::ascii_lower(name);
            if (end != npos && (find_tag(lower) != nullptr || lower == "span" || lower == "font")) {
                at = end + 1;
                continue;
            }
        }
        out += text[at++];
    }
    return out;
}

/// Settling what is settled changes nothing: with what tidy() takes away gone, letters may have met their
/// marks.
std::string settle(std::string_view text) {
    return base::to_nfc(base::tidy(base::terminal_safe(base::to_nfc(text))));
}

std::string clean(std::string_view raw) {
    std::string text = base::to_valid_utf8(base::cut_bytes(raw, kMaxTitle));
    for (int round = 0; round < 3 && text.find('&') != npos; ++round) {
        auto decoded = decode_entities(text);
        if (decoded == text) {
            break;
        }
        text = std::move(decoded);
    }
    return settle(without_tags(text));
}

struct Bar {
    std::size_t at = npos;
    std::size_t size = 0;
};

Bar first_bar(std::string_view text) {
    static constexpr std::array<std::string_view, 4> kBars{"｜", "|", "丨", "︱"};
    Bar first;
    for (const auto bar : kBars) {
        const auto at = text.find(bar);
        if (at < first.at) {
            first = {at, bar.size()};
        }
    }
    return first;
}

} // namespace

std::string decode_entities(std::string_view text) {
    std::string source;
    source.reserve(text.size() + 16);
    for (const char c : text) { // the parser is to see text and references, but no markup
        if (c == '<') {
            source += "&lt;";
        } else if (c != '\0') {
            source += c;
        }
    }
    mend_numbers(source);
    auto options = kGumboDefaultOptions;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_DIV;
    auto* output = gumbo_parse_with_options(&options, source.data(), source.size());
    std::string out;
    const auto& children = output->root->v.element.children;
    for (unsigned i = 0; i < children.length; ++i) {
        const auto* node = static_cast<const GumboNode*>(children.data[i]);
        if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE) {
            out += node->v.text.text;
        }
    }
    gumbo_destroy_output(&options, output);
    return out;
}

namespace {

model::Title take_apart(std::string text) {
    static constexpr std::string_view kOpen = "【";
    static constexpr std::string_view kClose = "】";
    model::Title title;
    title.text = std::move(text);
    std::string_view rest = title.text;
    while (rest.starts_with(kOpen) && title.columns.size() < kMaxColumns) {
        const auto end = rest.find(kClose);
        if (end == npos) {
            break;
        }
        auto column = base::tidy(rest.substr(kOpen.size(), end - kOpen.size()));
        if (!column.empty()) {
            title.columns.push_back(std::move(column));
        }
        rest = base::trim(rest.substr(end + kClose.size()));
    }
    const auto bar = first_bar(rest);
    if (bar.at == npos) {
        title.headline = std::string(rest);
        return title;
    }
    auto outlet = base::tidy(rest.substr(0, bar.at));
    auto headline = base::tidy(rest.substr(bar.at + bar.size));
    if (headline.empty()) { // nothing behind the bar: then it parts nothing
        title.headline = std::move(outlet);
        return title;
    }
    if (!outlet.empty()) {
        title.outlet = std::move(outlet);
    }
    title.headline = std::move(headline);
    return title;
}

} // namespace

model::Title read_title(std::string_view raw) {
    return take_apart(clean(raw));
}

model::Title title_of_text(std::string_view text) {
    // Normalisation makes a character three at most; a title that was read fits.
    return take_apart(settle(base::cut_bytes(text, 3 * kMaxTitle)));
}

} // namespace cdtd::article
