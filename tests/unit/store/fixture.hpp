// A database of its own in a temporary directory, and articles to put into it.
#pragma once

#include "temporary_directory.hpp"

#include <cdtd/store/articles.hpp>
#include <cdtd/store/connection.hpp>
#include <cdtd/store/schema.hpp>

#include <gtest/gtest.h>

#include <string>

namespace cdtd::store {

inline base::Time at(std::int64_t seconds) {
    return base::Time(std::chrono::seconds(seconds));
}

class StoreTest : public testing::Test {
  protected:
    TemporaryDirectory directory;
    Connection db = make();

    Connection make() {
        Connection connection(directory.file("cdtd.db"), Mode::create);
        migrate(connection);
        return connection;
    }

    std::int64_t count(const std::string& table) {
        auto row = db.prepare("SELECT count(*) FROM " + table);
        row.step();
        return row.integer(0);
    }
};

inline model::Article sample(int number) {
    model::Article article;
    article.url = "https://chinadigitaltimes.net/chinese/" + std::to_string(number) + ".html";
    article.guid = "https://chinadigitaltimes.net/chinese/?p=" + std::to_string(number);
    article.site = "chinadigitaltimes.net/chinese";
    article.post_id = number;
    article.title = {
        "【栏目】某报｜标题" + std::to_string(number), {"栏目"}, "某报", "标题" + std::to_string(number)};
    article.editor = "编辑";
    article.published_at = at(1'000'000 + number);
    article.first_seen_at = at(2'000'000);
    article.changed_at = at(2'000'000);
    article.categories = {"一", "二"};
    return article;
}

inline model::Revision reading(const model::Article& article, const std::string& text) {
    model::Revision revision;
    revision.seen_at = at(2'000'001);
    revision.title = article.title;
    revision.url = article.url;
    revision.original_html = "<p class=\"raw\">" + text + "</p>";
    revision.content.html = "<p>" + text + "</p>";
    revision.content.text = text;
    revision.content.excerpt = text.substr(0, 30);
    revision.content.language = "zh-Hans";
    revision.content.characters = 7;
    revision.content.sha256 = "sha-of-" + text;
    model::Card card;
    card.author = "作者";
    card.topics = {"主题"};
    revision.content.card = card;
    revision.content.sources = {{"https://mp.weixin.qq.com/s/AbC",
                                 "https://web.archive.org/web/*/https://mp.weixin.qq.com/s/AbC", "号",
                                 "weixin"},
                                {std::nullopt, "https://archive.ph/W29ZN", std::nullopt, "web"},
                                {std::nullopt, std::nullopt, "口述", "web"}};
    revision.content.images = {"https://example.org/a.png", "https://example.org/b.png"};
    return revision;
}

} // namespace cdtd::store
