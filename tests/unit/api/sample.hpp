// A small archive in a temporary directory: two feeds, three articles, a source, an image, events,
// deliveries.
#pragma once

#include "temporary_directory.hpp"

#include <cdtd/base/time.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/endpoints.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/schema.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sample {

using namespace cdtd;

inline base::Time at(std::string_view text) {
    return base::parse_rfc3339(text).value();
}

inline constexpr const char* original = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv";
inline constexpr const char* image = "https://chinadigitaltimes.net/chinese/files/2025/01/one.jpg";

class Directory : public TemporaryDirectory {
  public:
    Directory() { std::filesystem::create_directory(file("warc")); }
    std::string database() const { return file("cdtd.db"); }
};

inline model::Revision revision_of(const model::Article& article, base::Time seen_at) {
    model::Revision revision;
    revision.seen_at = seen_at;
    revision.title = article.title;
    revision.url = article.url;
    revision.original_html = "<p>正文</p>";
    revision.content.html = "<p>正文</p>";
    revision.content.text = "正文";
    revision.content.excerpt = "正文";
    revision.content.language = "zh-Hans";
    revision.content.characters = 2;
    revision.content.sha256 = std::string(64, 'a');
    return revision;
}

// Article `number` (1–3), a day apart.
inline std::int64_t put_article(store::Connection& db, int number, std::int64_t feed) {
    const auto post = 700000 + number;
    model::Article article;
    article.url = fmt::format("https://chinadigitaltimes.net/chinese/{}.html", post);
    article.guid = fmt::format("https://chinadigitaltimes.net/chinese/?p={}", post);
    article.site = "chinadigitaltimes.net/chinese";
    article.post_id = post;
    article.title.outlet = number == 2 ? "乙报" : "甲报";
    article.title.headline = fmt::format("第{}篇", number);
    article.title.text = *article.title.outlet + "｜" + article.title.headline;
    article.published_at = at(fmt::format("2025-01-2{}T08:00:00Z", number));
    article.first_seen_at = article.changed_at = at("2025-02-01T00:00:00Z");
    const auto id = store::insert_article(db, article);
    store::add_keys(db, id,
                    {{"post", fmt::format("chinadigitaltimes.net/chinese#{}", post)},
                     {"guid", article.guid},
                     {"link", article.url}});
    store::note_in_feed(db, id, feed, article.first_seen_at);
    auto revision = revision_of(article, article.first_seen_at);
    if (number == 1) {
        revision.content.images = {std::string(image)};
        model::CitedSource source;
        source.url = std::string(original);
        source.link = "https://web.archive.org/web/*/" + std::string(original);
        source.name = "某号";
        source.platform = "weixin";
        revision.content.sources = {source};
    }
    store::add_revision(db, id, revision);
    return id;
}

inline void put_event(store::Connection& db, int number, std::int64_t article) {
    model::Event event;
    event.type = "article.new";
    event.timestamp = at("2025-02-01T00:00:00Z") + std::chrono::seconds(number);
    event.data = R"({"article":{"id":)" + std::to_string(article) + "}}";
    event.article = article;
    store::add_event(db, event, {"newsroom"});
}

inline void fill(store::Connection& db) {
    store::migrate(db);
    store::Transaction transaction(db);
    store::sync_feeds(db, {{"cdt-chinese", "https://chinadigitaltimes.net/chinese/feed/", true},
                           {"cdt-english", "https://chinadigitaltimes.net/feed/", true}});
    store::sync_endpoints(db, {{.name = "newsroom"}});
    const auto chinese = store::find_feed(db, "cdt-chinese").value().id;
    const auto english = store::find_feed(db, "cdt-english").value().id;
    for (int number = 1; number <= 3; ++number)
        put_event(db, number, put_article(db, number, number == 3 ? english : chinese));
    model::Capture capture;
    capture.url = std::string(image);
    capture.at = at("2025-02-01T00:01:00Z");
    capture.kind = "image";
    capture.status = 200;
    capture.type = "image/jpeg";
    capture.bytes = 1234;
    capture.sha256 = std::string(64, 'b');
    capture.payload_sha1 = "sha1:AAAA";
    capture.warc = "cdtd-1.warc.gz";
    capture.length = 100;
    const auto id = store::insert_capture(db, capture);
    store::link_capture(db, 1, id);
    store::set_image(db, 1, std::string(image), id, std::nullopt);
    transaction.commit();
}

} // namespace sample
