// Real articles, where they are at hand: what is read out of them against what people read out of them.
#include "unit/article/corpus.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/article/read.hpp>
#include <cdtd/base/url.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

namespace cdtd::article {
namespace {

namespace json = boost::json;
using corpus::field;

std::vector<std::string> list(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value == nullptr ? std::vector<std::string>() : json::value_to<std::vector<std::string>>(*value);
}

void compare_card(const json::object& wanted, const model::Content& content) {
    ASSERT_TRUE(content.card);
    const auto& card = *content.card;
    EXPECT_EQ(card.title, field(wanted, "title"));
    EXPECT_EQ(card.author, field(wanted, "author"));
    EXPECT_EQ(card.published_on, field(wanted, "date"));
    EXPECT_EQ(card.topics, list(wanted, "topics"));
    EXPECT_EQ(card.collections, list(wanted, "collections"));
    const auto kind = field(wanted, "copyright_kind");
    EXPECT_EQ(card.kind, !kind ? "reprint" : *kind == "cdt-own" ? "original" : "directive");
    if (const auto url = field(wanted, "source_url")) {
        ASSERT_FALSE(content.sources.empty());
        EXPECT_EQ(content.sources[0].url, base::canonical_url(*url));
    }
    if (const auto link = field(wanted, "source_archive_url")) {
        ASSERT_FALSE(content.sources.empty());
        EXPECT_EQ(content.sources[0].link, *link);
        EXPECT_EQ(content.sources[0].url.has_value(), unwrap(*link).original.has_value());
    }
    std::string names;
    for (const auto& source : content.sources) {
        names += (names.empty() ? "" : "、") + source.name.value_or("");
    }
    EXPECT_EQ(names, field(wanted, "source_name").value_or(""));
}

std::vector<std::string> normal(std::vector<std::string> urls) {
    for (auto& url : urls) {
        url = base::normalize_url(url).value_or("not a URL: " + url);
    }
    return urls;
}

/// Of the card, then of the text.
std::vector<std::string> wechat_links(const model::Content& content) {
    std::vector<std::string> links;
    for (const auto& source : content.sources) {
        if (source.link && source.link->find("mp.weixin.qq.com") != std::string::npos) {
            links.push_back(base::normalize_url(*source.link).value_or("?"));
        }
    }
    static const std::regex kLink("<a href=\"([^\"]*mp\\.weixin\\.qq\\.com[^\"]*)\"");
    for (std::sregex_iterator at(content.html.begin(), content.html.end(), kLink), end; at != end; ++at) {
        links.push_back(std::regex_replace((*at)[1].str(), std::regex("&amp;"), "&"));
    }
    return links;
}

/// Images that stand for a character, each of which must stand in the text.
int count_faces(const std::string& html, const std::string& text) {
    static const std::regex kFace(R"(<img[^>]*src="[^"]*(?:s\.w\.org|sinajs\.cn)[^"]*"[^>]*>)");
    static const std::regex kAlt("alt=\"([^\"]*)\"");
    int count = 0;
    for (std::sregex_iterator at(html.begin(), html.end(), kFace), end; at != end; ++at, ++count) {
        const auto image = at->str();
        std::smatch alt;
        EXPECT_TRUE(std::regex_search(image, alt, kAlt) && text.find(alt[1].str()) != std::string::npos)
            << image;
    }
    return count;
}

void compare(const json::object& wanted) {
    const auto name = json::value_to<std::string>(wanted.at("file"));
    const auto url = json::value_to<std::string>(wanted.at("url"));
    SCOPED_TRACE(name);
    const auto source = corpus::load(name);
    const auto title = read_title(source.title);
    EXPECT_EQ(title.columns, list(wanted, "columns"));
    EXPECT_EQ(title.outlet, field(wanted, "outlet"));
    const auto content = read(source.html, url);
    const bool has_largest = wanted.contains("image_largest_urls");
    std::vector<std::string> images;
    for (const auto& image : list(wanted, has_largest ? "image_largest_urls" : "image_urls")) {
        images.push_back(base::resolve_url(url, image).value_or("?"));
    }
    EXPECT_EQ(content.images, images);
    EXPECT_EQ(source.link, url);
    EXPECT_EQ(source.modified, field(wanted, "modified"));
    EXPECT_EQ(content.editor, field(wanted, "cdt_editor"));
    EXPECT_EQ(content.tags, list(wanted, "tags"));
    std::vector<std::string> embeds;
    for (const auto& embed : content.embeds) {
        if (embed.url.find("/status/") ==
            std::string::npos) { // the list is of frames, and boxed tweets are none
            embeds.push_back(embed.url);
        }
    }
    EXPECT_EQ(embeds, normal(list(wanted, "embed_urls")));
    EXPECT_EQ(wechat_links(content), normal(list(wanted, "wechat_links")));
    const auto* faces = wanted.if_contains("emoji_image_count");
    EXPECT_EQ(count_faces(source.html, content.text), faces == nullptr ? 0 : faces->to_number<int>());
    for (const auto* foreign : {"addtoany", "Feed enhanced by", "get_post_time", "Permalink", "档案卡"}) {
        EXPECT_EQ(content.html.find(foreign), std::string::npos) << foreign;
        EXPECT_EQ(content.text.find(foreign), std::string::npos) << foreign;
    }
    EXPECT_TRUE(content.language == "zh-Hans" || content.language == "zh-Hant" || content.characters < 300)
        << content.language;
    if (const auto* card = wanted.if_contains("card")) {
        compare_card(card->as_object(), content);
    } else {
        EXPECT_FALSE(content.card);
        EXPECT_TRUE(content.sources.empty());
    }
}

TEST(Corpus, IsReadAsPeopleReadIt) {
    if (!std::filesystem::exists(corpus::folder / "expected.jsonl")) {
        GTEST_SKIP() << "no real articles at " << corpus::folder;
    }
    std::ifstream in(corpus::folder / "expected.jsonl");
    int count = 0;
    for (std::string line; std::getline(in, line); ++count) {
        compare(json::parse(line).as_object());
    }
    EXPECT_GE(count, 40);
}

} // namespace
} // namespace cdtd::article
