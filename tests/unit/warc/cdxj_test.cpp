// Index lines as others read them. What npm warcio says of the same URLs stands in
// tests/integration/test_wacz.py.
#include <cdtd/warc/cdxj.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cdtd::warc {
namespace {

struct SurtCase {
    const char* url;
    const char* key;
};

TEST(Surt, IsWhatWarcioMakes) {
    const std::vector<SurtCase> cases = {
        {"https://chinadigitaltimes.net/chinese/715285.html", "net,chinadigitaltimes)/chinese/715285.html"},
        {"https://www.Example.org", "org,example)/"},
        {"http://www2.example.org/", "org,example)/"},
        {"https://wwwx.example.org/", "org,example,wwwx)/"},
        {"https://www.com/", "com)/"},
        {"http://example.org:8080/A/b", "org,example:8080)/a/b"},
        {"http://example.org:80/", "org,example)/"},
        {"https://example.org:443/", "org,example)/"},
        {"http://example.org:443/", "org,example:443)/"},
        {"http://127.0.0.1:4711/files/1.png", "1,0,0,127:4711)/files/1.png"},
        {"http://[2001:db8::1]/x", "[2001:db8::1])/x"},
        {"https://example.org/a?b=2&a=1&c", "org,example)/a?a=1&b=2&c"},
        {"https://example.org/a?", "org,example)/a"},
        {"https://example.org/?q=it's", "org,example)/?q=it%27s"},
        {"https://example.org/%E4%B8%AD?%E6=1", "org,example)/%e4%b8%ad?%e6=1"},
        {"https://example.org/a/%2E%2e/b/./c/%2E", "org,example)/b/c/"},
        {"https://example.org/..", "org,example)/"},
        {"https://user:word@example.org/a", "org,example)/a"},
        {"https://xn--fiqs8s.example/", "example,xn--fiqs8s)/"},
        {"urn:text:x", "urn:text:x"},
        {"dns:example.org", "dns:example.org"},
        {"https://", "https://"},
    };
    for (const auto& [url, key] : cases)
        EXPECT_EQ(surt(url), key) << url;
}

Record response(std::string head, std::string url = "https://example.org/a") {
    return {.type = "response",
            .headers = {{"WARC-Target-URI", std::move(url)},
                        {"WARC-Date", "2025-01-22T11:52:20.123456Z"},
                        {"WARC-Payload-Digest", "sha1:ABC"},
                        {"Content-Type", "application/http;msgtype=response"}},
            .block = std::move(head)};
}

struct LineCase {
    const char* what;
    Record record;
    std::string json; ///< "" = no line
};

Record typed(std::string type, std::string content_type) {
    auto record = response("body");
    record.type = std::move(type);
    record.headers.back().second = std::move(content_type);
    return record;
}

std::string expected(std::string_view fields) {
    return R"({"url":"https://example.org/a",)" + std::string(fields) +
           R"("digest":"ABC","length":"34","offset":"12","filename":"data.warc.gz"})";
}

TEST(Cdxj, OfEveryKindOfRecord) {
    auto revisit = response("HTTP/1.1 304 Not Modified\r\nContent-Type: text/html\r\n\r\n");
    revisit.type = "revisit";
    const std::vector<LineCase> cases = {
        {"a page", response("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>"),
         expected(R"("mime":"text/html","status":"200",)")},
        {"a type in the body is none", response("HTTP/1.1 404 No\r\nA: b\r\n\r\nContent-Type: text/html\r\n"),
         expected(R"("mime":"unk","status":"404",)")},
        {"an empty type", response("HTTP/1.1 200 OK\r\ncontent-type:\r\n\r\n"),
         expected(R"("mime":"unk","status":"200",)")},
        {"a type with a quote", response("HTTP/1.1 200 OK\r\nContent-Type: a\"/\\b\r\n\r\n"),
         expected(R"("mime":"a\"/\\b","status":"200",)")},
        {"a type that is no text", response("HTTP/1.1 200 OK\r\nContent-Type: \xff\r\n\r\n"),
         expected("\"mime\":\"\xEF\xBF\xBD\",\"status\":\"200\",")},
        {"no HTTP", response("hello"), expected(R"("mime":"unk",)")},
        {"a status of letters", response("HTTP/1.1 abc\r\n\r\n"), expected(R"("mime":"unk",)")},
        {"a revisit", revisit, expected(R"("mime":"warc/revisit","status":"304",)")},
        {"a resource", typed("resource", "text/html; charset=utf-8"), expected(R"("mime":"text/html",)")},
        {"metadata that can be shown", typed("metadata", "text/plain"), expected(R"("mime":"text/plain",)")},
        {"metadata in fields", typed("metadata", "application/warc-fields"), ""},
        {"warcinfo", typed("warcinfo", "application/warc-fields"), ""},
        {"a request", typed("request", "application/http;msgtype=request"), ""},
    };
    for (const auto& [what, record, json] : cases) {
        const auto line = cdxj_line(record, "data.warc.gz", 12, 34);
        EXPECT_EQ(line.value_or(""), json.empty() ? "" : "org,example)/a 20250122115220 " + json + "\n")
            << what;
    }
}

TEST(Cdxj, NeverMoreThanALine) {
    const auto line =
        cdxj_line(response("HTTP/1.1 200\r\n\r\n", "https://example.org/\"\\\xff"), "a\nb", 1, 2);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->find('\n'), line->size() - 1);
}

} // namespace
} // namespace cdtd::warc
