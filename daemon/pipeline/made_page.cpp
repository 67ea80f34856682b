#include "pipeline/made_page.hpp"

#include <cdtd/article/show.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::pipeline {

namespace {

/// "<urn:uuid:…>" without its brackets; older captures have no name but their place.
std::string name_of(const model::Capture& capture) {
    if (capture.record_id.size() > 2)
        return capture.record_id.substr(1, capture.record_id.size() - 2);
    return fmt::format("at offset {} of {}", capture.offset, capture.warc);
}

std::string reference_to(const model::Capture& capture) {
    return capture.record_id.empty() ? name_of(capture) : capture.record_id;
}

std::string_view word_of(const std::string& kind) {
    return kind == "feed" ? "the feed document" : kind == "page" ? "the page" : "the document";
}

std::string why_not(const model::Page& page) {
    const std::string reason = page.reason ? base::terminal_safe(*page.reason) : "";
    switch (page.state) {
    case model::PageState::refused:
        return "refused: " + reason;
    case model::PageState::failed:
        return "failed: " + reason;
    case model::PageState::off:
        return "not asked for";
    case model::PageState::pending:
        return "not fetched yet";
    case model::PageState::captured:
        return "its capture is not held";
    }
    return "";
}

std::string english_note(const Holdings& holdings) {
    const auto& from = holdings.read_from;
    std::string note =
        fmt::format("This page was made by cdtd/{}. It is not the publisher’s page, which is not held "
                    "here ({}).",
                    CDTD_VERSION, article::escape_html(why_not(holdings.article.page)));
    if (from)
        note += fmt::format(
            " Its text is what {} <a href=\"{}\">{}</a>, captured {}, gave (WARC record {}), without "
            "active content.",
            word_of(from->kind), article::escape_html(from->url), article::escape_html(from->url),
            base::format_rfc3339(from->at), article::escape_html(name_of(*from)));
    else
        note += fmt::format(" Its text was taken in on {} from a file; no capture shows it.",
                            base::format_rfc3339(holdings.content->seen_at));
    return note + " Images are the captured ones, where they are held.";
}

std::string chinese_note(const Holdings& holdings) {
    const auto& from = holdings.read_from;
    std::string note = fmt::format("本页由 cdtd/{} 生成，不是发布者的原网页；原网页未能存档。", CDTD_VERSION);
    if (from)
        note += fmt::format("正文取自 {} 抓取的{}（WARC 记录 {}），已去除脚本等活动内容。",
                            base::format_rfc3339(from->at), from->kind == "feed" ? "订阅源" : "文件",
                            article::escape_html(name_of(*from)));
    else
        note += fmt::format("正文于 {} 由文件导入，没有抓取记录为证。",
                            base::format_rfc3339(holdings.content->seen_at));
    return note;
}

constexpr std::string_view style = "body{max-width:44em;margin:1em auto;padding:0 "
                                   "1em;font-family:sans-serif;line-height:1.7}img{max-width:100%;"
                                   "height:auto}.cdtd-note{border:2px solid "
                                   "#a60;background:#fff6e0;color:#222;padding:.2em 1em;font-size:.85em;"
                                   "overflow-wrap:anywhere}";

/// An image that was captured under another form of its URL (https for http) is found under that one only.
std::string with_captured_images(const std::string& html, const Holdings& holdings) {
    return article::show_images(html, [&holdings](const std::string& url) -> std::optional<std::string> {
        const auto has = [&](const model::Capture& capture) { return capture.url == url; };
        const auto shown = [&](const model::Image& image) { return image.url == url; };
        const auto image = std::ranges::find_if(holdings.article.images, shown);
        if (image == holdings.article.images.end() || std::ranges::any_of(holdings.captures, has))
            return url;
        const auto is = [&](const model::Capture& capture) { return capture.id == image->capture; };
        const auto found = std::ranges::find_if(holdings.captures, is);
        return found == holdings.captures.end() ? url : found->url;
    });
}

} // namespace

std::string page_url(const model::Article& article) {
    if (article.url.starts_with("http://") || article.url.starts_with("https://"))
        return article.url;
    return fmt::format("https://article-{}.cdtd.invalid/", article.id);
}

base::Time page_time(const Holdings& holdings) {
    if (holdings.titled_by)
        return holdings.titled_by->at;
    return holdings.content ? holdings.content->seen_at : holdings.article.first_seen_at;
}

std::string made_page(const Holdings& holdings) {
    const auto& content = *holdings.content;
    const std::string title = article::escape_html(base::to_valid_utf8(content.title.text));
    std::string language = content.content.language;
    if (language.empty())
        language = "und";
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{}</title>\n"
        "<meta name=\"generator\" content=\"cdtd/{}\"><style>{}</style></head>\n<body>\n"
        "<aside class=\"cdtd-note\"><p lang=\"zh-Hans\">{}</p>\n<p lang=\"en\">{}</p></aside>\n"
        "<article>\n<h1>{}</h1>\n{}\n</article>\n</body>\n</html>\n",
        article::escape_html(language), title, CDTD_VERSION, style, chinese_note(holdings),
        english_note(holdings), title, with_captured_images(content.content.html, holdings));
}

warc::Fields made_page_fields(const Holdings& holdings) {
    const auto& content = *holdings.content;
    warc::Fields fields{
        {"cdtd-made-by", "cdtd/" CDTD_VERSION},
        {"cdtd-made-because", "the page is not held (" + why_not(holdings.article.page) + ")"}};
    if (const auto& from = holdings.read_from) {
        fields.emplace_back("cdtd-made-from", reference_to(*from));
        fields.emplace_back("cdtd-made-from-uri", from->url);
        fields.emplace_back("cdtd-made-from-date", base::format_warc_date(from->at));
        fields.emplace_back("cdtd-made-from-kind", from->kind);
    } else {
        fields.emplace_back("cdtd-made-from", "a file taken in at " + base::format_rfc3339(content.seen_at));
    }
    if (const auto& titled = holdings.titled_by;
        titled && holdings.read_from && titled->id != holdings.read_from->id)
        fields.emplace_back("cdtd-title-from", reference_to(*titled));
    fields.emplace_back("cdtd-revision", std::to_string(content.number));
    fields.emplace_back("cdtd-content-sha256", content.content.sha256);
    return fields;
}

} // namespace cdtd::pipeline
