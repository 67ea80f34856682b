// The canonical text of a manifest.
#include <cdtd/model/manifest.hpp>

#include <gtest/gtest.h>

namespace cdtd::model {
namespace {

TEST(Manifest, HasOneTextAndIsReadBack) {
    ManifestContent content;
    content.day = "2026-11-28";
    content.files = {{"a.warc.gz", 0, 812, "ab"}};
    content.captures = {0, 7, 7, "cd"};
    content.revisions = {2, 4, 2, "ef"};
    content.version = 1;
    const std::string text =
        R"({"version":1,"day":"2026-11-28","previous":null,"files":[{"name":"a.warc.gz","from":0,"to":812,)"
        R"("sha256":"ab"}],"captures":{"after":0,"upto":7,"count":7,"sha256":"cd"},)"
        R"("revisions":{"after":2,"upto":4,"count":2,"sha256":"ef"},)"
        R"("events":{"after":0,"upto":0,"count":0,"sha256":""}})";
    EXPECT_EQ(to_text(content), text);
    EXPECT_EQ(to_text(manifest_of(text).value()), text);
    EXPECT_EQ(manifest_of(text)->version, 1);
    content.version = ManifestContent{}.version;
    content.looks = {0, 3, 3, "01"};
    EXPECT_EQ(to_text(content), R"({"version":2)" + text.substr(12, text.size() - 13) +
                                    R"(,"articles":{"after":0,"upto":0,"count":0,"sha256":""},)"
                                    R"("looks":{"after":0,"upto":3,"count":3,"sha256":"01"}})");
    EXPECT_EQ(manifest_of(to_text(content))->looks.upto, 3);
    content.previous = "01";
    EXPECT_EQ(manifest_of(to_text(content))->previous, "01");
}

TEST(Manifest, SaysWhyItCantBeRead) {
    for (const char* text :
         {"", "[]", "{}", R"({"version":3})", R"({"version":2})", R"({"version":1,"day":3})", "nonsense"})
        EXPECT_FALSE(manifest_of(text).has_value()) << text;
    EXPECT_NE(manifest_of(R"({"version":3})").error().message.find("version is 3"), std::string::npos);
}

} // namespace
} // namespace cdtd::model
