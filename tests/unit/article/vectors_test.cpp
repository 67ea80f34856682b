// The attack vectors of tests/browser/vectors.json, which tests/browser also gives to a browser.
#include "article/allow_list.hpp"
#include "article/escape.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace cdtd::article {
namespace {

namespace json = boost::json;

constexpr const char* kUrl = "https://chinadigitaltimes.net/chinese/900001.html";

struct Vector {
    std::string name;
    std::string html;
    std::string keep; ///< text that must survive, as text
};

/// Written as code points for bytes: what is no UTF-8 can't stand in JSON.
std::string bytes_of(std::string_view latin1) {
    std::string out;
    for (std::size_t i = 0; i < latin1.size(); ++i) {
        const auto lead = static_cast<unsigned char>(latin1[i]);
        out += lead < 0x80 ? latin1[i] : static_cast<char>((lead << 6U) | (latin1[++i] & 0x3f));
    }
    return out;
}

Vector vector_of(const json::object& object) {
    const auto text = [&object](const char* key) {
        const auto* value = object.if_contains(key);
        return value == nullptr ? std::string() : json::value_to<std::string>(*value);
    };
    Vector vector{.name = text("name"), .html = {}, .keep = text("keep")};
    const auto* times = object.if_contains("times");
    for (std::int64_t i = 0; times != nullptr && i < times->as_int64(); ++i) {
        vector.html += text("before");
    }
    vector.html += object.contains("latin1") ? bytes_of(text("html")) : text("html");
    return vector;
}

const std::vector<Vector>& vectors() {
    static const auto all = [] {
        std::ifstream in(CDTD_SOURCE_DIR "/tests/browser/vectors.json");
        std::ostringstream text;
        text << in.rdbuf();
        std::vector<Vector> out;
        for (const auto& value : json::parse(text.str()).as_array()) {
            out.push_back(vector_of(value.as_object()));
        }
        return out;
    }();
    return all;
}

/// What HTML says of it: without controls and the like, which only the text keeps, and without white space.
std::string bare(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    std::erase_if(out, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
    return out;
}

void expect_harmless(const model::Content& content) {
    EXPECT_EQ(tests::fault_in(content.html), "") << content.html;
    EXPECT_EQ(tests::written_again(content.html), content.html);
    EXPECT_TRUE(base::is_valid_utf8(content.html));
    for (const auto& image : content.images) {
        EXPECT_TRUE(image.starts_with("https://") || image.starts_with("http://")) << image;
    }
}

TEST(Vectors, AreManyAndNamedOnce) {
    std::set<std::string> names;
    for (const auto& vector : vectors()) {
        EXPECT_TRUE(names.insert(vector.name).second) << vector.name;
    }
    EXPECT_GE(names.size(), 500U);
}

TEST(Vectors, LeaveNothingActive) {
    for (const auto& vector : vectors()) {
        SCOPED_TRACE(vector.name);
        const auto content = read("<p>前</p>" + vector.html, kUrl);
        expect_harmless(content);
        EXPECT_TRUE(content.html.starts_with("<p>前")) << content.html;
        EXPECT_TRUE(vector.keep.empty() || content.text.contains(vector.keep) ||
                    content.html.contains(vector.keep))
            << content.html;
    }
}

TEST(Vectors, LeaveNothingActiveInAPage) {
    for (const auto& vector : vectors()) {
        SCOPED_TRACE(vector.name);
        const auto content =
            read_page("<!DOCTYPE html><html><head><title>题</title></head><body><nav>菜单</nav>"
                      "<div class='entry-content'><p>前</p>" +
                          vector.html + "</div><footer>页脚</footer></body></html>",
                      kUrl);
        ASSERT_TRUE(content);
        expect_harmless(*content);
        EXPECT_TRUE(content->html.starts_with("<p>前")) << content->html;
    }
}

/// What was written once is written the same again: nothing wakes up in a second reading.
TEST(Vectors, ReadTwiceAreReadOnce) {
    for (const auto& vector : vectors()) {
        SCOPED_TRACE(vector.name);
        const auto first = read(vector.html, kUrl);
        const auto second = read(first.html, kUrl);
        EXPECT_EQ(second.html, first.html);
        EXPECT_EQ(second.images, first.images);
        if (!first.html.contains("<a ")) { // an embed's name is text only once it is a link
            EXPECT_EQ(bare(second.text), bare(first.text));
        }
    }
}

/// The second look must be able to see: what it is for is no use if it passes everything.
TEST(AllowList, FindsWhatIsNotAllowed) {
    for (const auto* html :
         {"<script></script>",
          "<p onclick=\"x\">y</p>",
          "<p>",
          "<p></b>",
          "</p>",
          "<p><b></p></b>",
          "a<b",
          "a>b",
          "\"",
          "&",
          "&nbsp;",
          "<a href=\"https://a.example/\">x</a>",
          "<a href=\"javascript:x\" rel=\"nofollow noopener noreferrer\">x</a>",
          "<a href=\"https://a.example/ b\" rel=\"nofollow noopener noreferrer\">x</a>",
          "<a href=\"https://a.example/\" rel=\"nofollow noopener noreferrer\" onclick=\"x\">x</a>",
          "<img src=\"data:image/gif,x\" alt=\"\">",
          "<img src=\"https://a.example/\" alt=\"\" onerror=\"x\">",
          "<img src=\"https://a.example/\">",
          "<td colspan=\"1000\"></td>",
          "<td style=\"x\"></td>",
          "<P></P>",
          "<p ></p>",
          "<p",
          "\x01",
          "\x7f",
          "\xc2\x85",
          "<!-- -->",
          "<br/>"}) {
        EXPECT_NE(tests::fault_in(html), "") << html;
    }
    EXPECT_EQ(tests::fault_in("<table><tr><td colspan=\"2\">a&amp;b<br><img src=\"https://a.example/\" "
                              "alt=\"&quot;\"></td></tr></table>"),
              "");
    for (const auto* html : {"<p><p>a</p></p>", "<h1><h2>a</h2></h1>", "<ul><li><li>a</li></li></ul>",
                             "<pre>\na</pre>", "<table>a</table>"}) {
        EXPECT_NE(tests::written_again(html), html);
    }
}

} // namespace
} // namespace cdtd::article
