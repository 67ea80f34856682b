#include "pipeline/bounded.hpp"

#include <cdtd/base/text.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace cdtd::pipeline {
namespace {

namespace json = boost::json;

TEST(Bounded, LeavesAloneWhatFits) {
    const json::object data{{"article", json::object{{"title", std::string(15'000, 'x')}}}};
    EXPECT_EQ(bounded(data), json::serialize(data));
    EXPECT_EQ(bounded({}), "{}");
}

TEST(Bounded, CutsTextsAndListsButNoAddress) {
    std::string title;
    for (int i = 0; i < 20'000; ++i)
        title += "船";
    json::array sources;
    for (int i = 0; i < 1000; ++i)
        sources.emplace_back(json::object{{"id", i}, {"url", "https://a.example/" + std::string(1500, 'y')}});
    const std::string text = bounded({{"article", json::object{{"id", 7},
                                                               {"url", "https://a.example/7"},
                                                               {"guid", std::string(30'000, 'g')},
                                                               {"title", title},
                                                               {"sources", sources}}}});
    EXPECT_LT(text.size(), 20'000u);
    EXPECT_TRUE(base::is_valid_utf8(text));
    const auto article = json::parse(text).at("article").as_object();
    EXPECT_EQ(article.at("id"), 7);
    EXPECT_EQ(article.at("url"), "https://a.example/7");
    EXPECT_TRUE(article.at("guid").is_null());
    EXPECT_TRUE(article.at("title").as_string().starts_with("船船船"));
    EXPECT_FALSE(article.at("sources").as_array().empty());
    EXPECT_EQ(article.at("sources").at(0).at("id"), 0);
}

} // namespace
} // namespace cdtd::pipeline
