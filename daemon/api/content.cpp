// The article itself, read out of the archive: as a page, as text.
#include "api/archive.hpp"
#include "api/router.hpp"

#include <cdtd/article/markdown.hpp>
#include <cdtd/article/show.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/markdown.hpp>

#include <fmt/format.h>

#include <map>

namespace cdtd::api {
namespace {

struct Shown {
    model::Article article;
    model::Revision revision;
};

/// The parameter "revision" (default: the newest) of the article that the path names.
std::expected<Shown, Answer> read_shown(Ask& ask) {
    const auto number = ask.query.number("revision");
    if (!ask.query.done())
        return std::unexpected(problem(400, ask.query.fault()));
    const auto id = read_id(ask.name);
    if (!id)
        return std::unexpected(not_found("article with this id; an id is a number"));
    auto article = store::get_article(ask.db, *id, true);
    if (!article)
        return std::unexpected(not_found(fmt::format("article {}", *id)));
    constexpr std::int64_t most = 1'000'000'000;
    auto revision = number && (*number < 1 || *number > most)
                        ? std::nullopt
                        : store::get_revision(ask.db, *id, static_cast<int>(number.value_or(0)));
    if (!revision)
        return std::unexpected(not_found(number ? fmt::format("revision {} of article {}", *number, *id)
                                                : fmt::format("content of article {} yet", *id)));
    return Shown{std::move(*article), std::move(*revision)};
}

/// Images that we hold, from our archive; an older revision may show others than the article does now.
article::ImageSource from_archive(Ask& ask, const model::Article& article) {
    std::map<std::string, std::int64_t> held;
    for (const auto& image : article.images)
        if (image.capture)
            held.emplace(image.url, *image.capture);
    return [&db = ask.db, held = std::move(held)](const std::string& url) -> std::optional<std::string> {
        const auto known = held.find(url);
        if (known != held.end())
            return fmt::format("/api/v1/captures/{}", known->second);
        const auto capture = store::find_capture(db, url);
        return capture && capture->kind == "image"
                   ? std::optional(fmt::format("/api/v1/captures/{}", capture->id))
                   : std::nullopt;
    };
}

/// A publisher's words: whatever is in them, nothing runs.
constexpr const char* policy =
    "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view style =
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.75 "
    "system-ui,sans-serif;color:#1b1b1b;"
    "background:#fff;overflow-wrap:break-word}img{max-width:100%;height:auto}h1{line-height:1.35}"
    "blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid #bbb}.from{color:#555;font-size:.9rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .5rem}"
    "@media(prefers-color-scheme:dark){body{color:#e4e4e4;background:#161616}a{color:#8ab4f8}.from{color:#"
    "aaa}}";

std::string page_of(const Shown& shown, const std::string& html) {
    const auto& [article, revision] = shown;
    const auto title = article::escape_html(revision.title.text);
    const auto when = article.published_at.value_or(article.first_seen_at);
    const auto url = article::escape_html(revision.url);
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{}</style>"
        "</head><body><article><h1>{}</h1>\n<p class=\"from\">{} · <a href=\"{}\" rel=\"nofollow "
        "noopener noreferrer\">{}</a> · revision {}, read {}</p>\n{}\n</article></body></html>\n",
        article::escape_html(revision.content.language), title, style, title, base::format_rfc3339(when), url,
        url, revision.number, base::format_rfc3339(revision.seen_at), html);
}

} // namespace

Answer get_content(Ask& ask) {
    const auto shown = read_shown(ask);
    if (!shown)
        return shown.error();
    Answer answer;
    answer.type = "text/html; charset=utf-8";
    answer.policy = policy;
    answer.body = page_of(
        *shown, article::show_images(shown->revision.content.html, from_archive(ask, shown->article)));
    return answer;
}

Answer get_content_text(Ask& ask) {
    const auto shown = read_shown(ask);
    if (!shown)
        return shown.error();
    Answer answer;
    answer.type = "text/plain; charset=utf-8";
    answer.policy = policy;
    answer.body = fmt::format("{}\n{}\n\n{}\n", shown->revision.title.text, shown->revision.url,
                              shown->revision.content.text);
    return answer;
}

Answer get_content_markdown(Ask& ask) {
    const auto shown = read_shown(ask);
    if (!shown)
        return shown.error();
    const auto source = store::markdown_source(ask.db, shown->article.id, shown->revision.number);
    if (!source)
        return not_found("Markdown form of it");
    Answer answer;
    answer.type = "text/markdown; charset=utf-8";
    answer.policy = policy;
    answer.body = article::write_markdown({source->published_at, source->title, source->url, source->html});
    return answer;
}

} // namespace cdtd::api
