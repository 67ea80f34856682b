#include "unit/feed/fixtures.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/feed/parse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/ucnv.h>

namespace cdtd::feed {
namespace {

TEST(Charset, Decode) {
    struct Bytes {
        std::string bytes, type, text, charset;
        bool repaired;
    };
    const std::string gbk = "\xBA\xC3"; // 好
    const std::string utf8 = "好";
    const auto declared = [](const std::string& name) {
        return "<?xml version='1.0' encoding='" + name + "'?>";
    };
    for (const auto& [bytes, type, text, charset, repaired] : std::vector<Bytes>{
             {utf8, "", utf8, "utf-8", false},
             {"\xEF\xBB\xBF" + utf8, "text/xml; charset=gbk", utf8, "utf-8", false},
             {gbk, "text/xml; charset=GB2312", utf8, "gb18030", false},
             {gbk, "text/xml; charset=\"gbk\"", utf8, "gb18030", false},
             {declared("gb2312") + gbk, "", declared("gb2312") + utf8, "gb18030", false},
             {declared("gbk") + utf8 + "x", "text/xml; charset=utf-8", declared("gbk") + utf8 + "x", "utf-8",
              false},
             {declared("gbk") + gbk, "text/xml; charset=utf-8", declared("gbk") + utf8, "gb18030", false},
             {utf8, "text/xml; charset=iso-8859-1", utf8, "utf-8", false},
             {"caf\xE9", "text/xml; charset=iso-8859-1", "café", "windows-1252", false},
             {"a\xFFz", "", "a\xEF\xBF\xBDz", "utf-8", true},
             {"a", "text/xml; charset=no-such-thing", "a", "utf-8", false},
             {std::string("\xFF\xFE<\0a\0", 6), "", "<a", "utf-16le", false},
             {std::string("\0<\0a\x59\x7D", 6), "", "<a好", "utf-16be", false},
             {"", "", "", "utf-8", false},
         }) {
        const auto decoded = decode(bytes, type);
        EXPECT_EQ(decoded.text, text) << type;
        EXPECT_EQ(decoded.charset, charset) << type;
        EXPECT_EQ(decoded.repaired, repaired) << type;
    }
}

TEST(Charset, APageNamesItsOwn) {
    const std::string gbk = "\xBA\xC3", utf8 = "好", big5 = "\xA6\x6E";
    const auto page = [](const std::string& meta, const std::string& text) {
        return "<!DOCTYPE html><html><head>" + meta + "</head><body><p>" + text + "</body></html>";
    };
    struct Page {
        std::string meta, bytes, type, charset;
    };
    for (const auto& [meta, bytes, type, charset] : std::vector<Page>{
             {"<META CHARSET=gbk>", gbk, "text/html", "gb18030"},
             {"<meta charset='gb2312'/>", gbk, "", "gb18030"},
             {"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">", gbk, "text/html",
              "gb18030"},
             {"<meta name=description content=charset><meta charset=\"big5\">", big5, "text/html",
              "big5-hkscs"},
             {"<!-- <meta charset=big5> --><meta charset=gbk>", gbk, "", "gb18030"},
             {"<meta charset=big5>", gbk, "text/html; charset=gbk", "gb18030"},
             {"<meta charset=nonsense>", utf8, "", "utf-8"},
             {"<meta charset", utf8, "", "utf-8"},
         }) {
        const auto decoded = decode_page(page(meta, bytes), type);
        EXPECT_EQ(decoded.charset, charset) << meta;
        EXPECT_EQ(decoded.text, page(meta, utf8)) << meta;
    }
    EXPECT_EQ(decode_page("<meta charset=gbk>河边的桥和桥上的人", "").charset, "utf-8");
    EXPECT_EQ(page_text(page("<meta charset=gbk>", gbk), "text/html"), page("<meta charset=gbk>", utf8));
    EXPECT_EQ(page_text(gbk, "image/png"), gbk);
}

TEST(Charset, CharactersOutsideThePlaneSurviveEveryBufferBorder) {
    std::string wide("\xFF\xFE", 2), expected;
    for (int i = 0; i < 9000; ++i) {
        wide += std::string("\x40\xD8\x00\xDC", 4); // U+20000
        expected += "\U00020000";
        if (i == 100) {
            wide += std::string("a\0", 2);
            expected += 'a';
        }
    }
    EXPECT_EQ(decode(wide, "").text, expected);
}

std::string encoded(const std::string& text, const char* charset) {
    UErrorCode error = U_ZERO_ERROR;
    std::string bytes(text.size() * 4 + 16, '\0');
    const auto length = ucnv_convert(charset, "utf-8", bytes.data(), static_cast<std::int32_t>(bytes.size()),
                                     text.data(), static_cast<std::int32_t>(text.size()), &error);
    EXPECT_FALSE(U_FAILURE(error)) << charset;
    bytes.resize(static_cast<std::size_t>(length));
    return bytes;
}

// Long enough to be told apart by its letters.
const std::string chinese =
    "河水在夜里退了下去，码头上的人还没有散。他说这件事没有人通知过他们，通知贴出来的时候已经晚了。";
const std::string traditional =
    "河水在夜裡退了下去，碼頭上的人還沒有散。他說這件事沒有人通知過他們，通知貼出來的時候已經晚了。";
const std::string japanese =
    "夜のうちに川の水がひいて、港の人たちはまだ帰っていない。知らせが貼り出されたときには、もう遅かった。";
const std::string korean =
    "강물이 밤사이에 빠졌지만 부두의 사람들은 아직 흩어지지 않았다. 알림이 붙었을 때는 이미 늦었다.";
const std::string russian =
    "Ночью вода ушла, но люди на пристани ещё не разошлись. Никто не сообщил им об этом вовремя.";
const std::string french =
    "L’eau s’est retirée dans la nuit, et les gens étaient encore là, près du quai déserté.";

struct Language {
    const char* charset;
    std::string text;
};

TEST(Charset, NamedInTheHeaderOrInTheDocument) {
    for (const auto& [charset, text] : std::vector<Language>{
             {"gb2312", chinese},
             {"gbk", chinese},
             {"gb18030", chinese + "\U00020000"},
             {"big5", traditional},
             {"big5-hkscs", traditional},
             {"euc-jp", japanese},
             {"shift_jis", japanese},
             {"iso-2022-jp", japanese},
             {"euc-kr", korean},
             {"koi8-r", russian},
             {"windows-1251", russian},
             {"iso-8859-5", "Ночью вода"},
             {"windows-1252", french},
             {"iso-8859-1", "caf\u00E9 d\u00E9sert\u00E9"},
             {"windows-1250", "Řeka v noci opadla"},
             {"windows-1254", "Irmağın suyu çekildi"},
         }) {
        const std::string name = charset;
        for (const auto& header : {"application/rss+xml; charset=" + name, std::string()}) {
            const std::string document =
                (header.empty() ? "<?xml version='1.0' encoding='" + name + "'?>" : "") +
                fixtures::item("<title>" + text + "</title>");
            const auto feed = parse(encoded(document, charset), fixtures::url, header);
            ASSERT_TRUE(feed) << name;
            EXPECT_EQ(feed->entries.at(0).title, text) << name << header;
            EXPECT_TRUE(feed->repairs.empty()) << name << ": " << feed->repairs[0];
        }
    }
}

TEST(Charset, WideOnesShowThemselves) {
    const std::string document =
        "<?xml version='1.0' encoding='utf-16'?>" + fixtures::item("<title>" + chinese + "</title>");
    for (const char* charset : {"utf-16", "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be"})
        for (const char* header : {"", "text/xml; charset=utf-8", "text/xml; charset=utf-16"})
            for (const char* space : {"", "\n "}) {
                const auto feed =
                    parse(encoded(space + document.substr(*space == 0 ? 0 : document.find("<rss")), charset),
                          fixtures::url, header);
                ASSERT_TRUE(feed) << charset << feed.error().message;
                EXPECT_EQ(feed->entries.at(0).title, chinese) << charset;
            }
    const auto json = parse(encoded(fixtures::json, "utf-16le"), fixtures::url, "application/json");
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ(json->title, "样本时报");
}

TEST(Charset, DetectedWhereNoneIsNamed) {
    for (const auto& [charset, text] : std::vector<Language>{
             {"gb18030", chinese},
             {"big5", traditional},
             {"euc-jp", japanese},
             {"shift_jis", japanese},
             {"euc-kr", korean},
             {"koi8-r", russian},
             {"windows-1251", russian},
             {"windows-1252", french},
         }) {
        const auto feed =
            parse(encoded(fixtures::item("<title>" + text + "</title>"), charset), fixtures::url, "text/xml");
        ASSERT_TRUE(feed) << charset;
        EXPECT_EQ(feed->entries.at(0).title, text) << charset;
    }
}

TEST(Charset, AWrongLabelIsNamedInTheRepairs) {
    struct Label {
        std::string bytes, header, repair;
    };
    const std::string document = fixtures::item("<title>" + chinese + "</title>");
    const std::string declares_gb = "<?xml version='1.0' encoding='gb2312'?>" + document;
    for (const auto& [bytes, header, repair] : std::vector<Label>{
             {encoded(document, "gb18030"), "text/xml; charset=utf-8", "named utf-8, but it is gb18030"},
             {encoded(declares_gb, "gb18030"), "text/xml; charset=utf-8", "named utf-8, but it is gb18030"},
             {document, "text/xml; charset=big5", "named big5-hkscs, but it is utf-8"},
             {declares_gb, "", "named gb18030, but it is utf-8"},
             {encoded(declares_gb, "gb18030"), "text/xml; charset=iso-8859-1",
              ""}, // a server's default is no word
             {document, "text/xml; charset=iso-8859-1", ""},
             {"\xEF\xBB\xBF" + declares_gb, "text/xml; charset=gbk", ""},
             {declares_gb, "text/xml; charset=gbk", "named gb18030, but it is utf-8"},
             {document, "text/xml; charset=no-such-thing", "named no-such-thing, but it is utf-8"},
         }) {
        const auto feed = parse(bytes, fixtures::url, header);
        ASSERT_TRUE(feed) << header;
        EXPECT_EQ(feed->entries.at(0).title, chinese) << header;
        EXPECT_EQ(feed->repairs.empty() ? "" : feed->repairs[0], repair) << header;
    }
}

TEST(Charset, WhatIsSoundInTwoCharsetsIsTheOneThatIsLikelier) {
    const std::string twice = "你好", title = twice + twice + twice + twice;
    ASSERT_EQ(decode(twice, "text/xml; charset=gbk").charset,
              "gb18030"); // a word may be either: the label has it
    const auto feed =
        parse(fixtures::item("<title>" + title + "</title>"), fixtures::url, "text/xml; charset=gbk");
    ASSERT_TRUE(feed);
    EXPECT_EQ(feed->entries.at(0).title, title);
    EXPECT_THAT(feed->repairs, testing::ElementsAre("named gb18030, but it is utf-8"));
}

TEST(Charset, AFlawDoesNotMakeAnotherCharset) {
    const auto spoil = [](std::string document) {
        return document.insert(document.rfind("</title>"), "\xFF");
    };
    const std::string document = fixtures::item("<title>" + chinese + "</title>");
    for (const char* header : {"", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"}) {
        const auto feed = parse(spoil(document), fixtures::url, header);
        ASSERT_TRUE(feed);
        EXPECT_EQ(feed->entries.at(0).title, chinese + "\uFFFD") << header;
        EXPECT_THAT(feed->repairs, testing::ElementsAre("bytes that are not utf-8")) << header;
    }
    const auto gb = parse(spoil(encoded(document, "gb18030")), fixtures::url, "text/xml; charset=gbk");
    ASSERT_TRUE(gb);
    EXPECT_TRUE(gb->entries.at(0).title.starts_with(chinese.substr(0, 60)));
    EXPECT_THAT(gb->repairs, testing::ElementsAre("bytes that are not gb18030"));
}

} // namespace
} // namespace cdtd::feed
