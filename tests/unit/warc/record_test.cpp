// Records as bytes: what the standard asks for, and that nothing from outside can break them.
#include "warc/http_head.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/warc/reader.hpp>
#include <cdtd/warc/record.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace cdtd::warc {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

base::Time begun() {
    return base::Time{std::chrono::sys_days{std::chrono::year{2025} / 1 / 22} + 11h + 52min + 20s + 123456us};
}

Exchange exchange() {
    return {.url = "https://chinadigitaltimes.net/chinese/715285.html",
            .at = begun(),
            .ip = "192.0.2.7",
            .request_head = "GET /chinese/715285.html HTTP/1.1\r\nHost: chinadigitaltimes.net\r\n\r\n",
            .request_body = "",
            .response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
            .body = "<p>数字时代</p>",
            .truncated = "",
            .original = std::nullopt,
            .metadata = {}};
}

struct HeadCase {
    const char* what;
    std::string received;
    std::size_t body;
    std::string stored;
    std::string protocol;
};

TEST(ResponseHead, IsHonestAboutWhatIsStored) {
    const std::vector<HeadCase> cases = {
        {"as it came", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\n", 5,
         "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\n", ""},
        {"chunked", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n", 7,
         "HTTP/1.1 200 OK\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
         "Content-Length: 7\r\n\r\n",
         ""},
        {"blank before the colon", "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n", 1,
         "HTTP/1.1 200 OK\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", ""},
        {"cut by us", "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n", 100,
         "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nX-Archive-Orig-Content-Length: 900\r\n\r\n", ""},
        {"two lengths, one folded", "HTTP/1.1 200 OK\r\nContent-Length:\r\n 3\r\nContent-Length: 3\r\n\r\n",
         3, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Archive-Orig-Content-Length: \r\n\r\n", ""},
        {"HTTP/2", "HTTP/2 200 \r\nserver: x\r\n\r\n", 0,
         "HTTP/1.1 200 OK\r\nserver: x\r\nContent-Length: 0\r\n\r\n", "h2"},
        {"HTTP/2, a rare status", "HTTP/2 299\r\n\r\n", 0, "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n",
         "h2"},
        {"not modified has no length", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", 0,
         "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", ""},
        {"cookies and folds stay", "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nX: y\r\n z\r\n\r\n",
         0, "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nX: y\r\n z\r\nContent-Length: 0\r\n\r\n",
         ""},
        {"bare line feeds, an empty line inside", "HTTP/1.1 200 OK\nA: b\n\nC: d\n", 0,
         "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\nContent-Length: 0\r\n\r\n", ""},
        {"carriage return and NUL in a value", std::string("HTTP/1.1 200 OK\r\nA: b\rC: d\0e\r\n\r\n", 31), 0,
         "HTTP/1.1 200 OK\r\nA: b C: d e\r\nContent-Length: 0\r\n\r\n", ""},
        {"nothing", "", 0, "\r\n\r\n", ""},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto head = response_head(c.received, c.body);
        EXPECT_EQ(head.text, c.stored);
        EXPECT_EQ(head.protocol, c.protocol);
        EXPECT_EQ(split_http(head.text + "\r\n\r\nbody").head, head.text);
    }
}

TEST(RequestHead, IsAsSentButOfHttp1) {
    EXPECT_EQ(request_head("GET / HTTP/1.1\r\nHost: a\r\n\r\n").text, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = request_head("GET /a HTTP/2\r\nHost: a\r\n\r\n");
    EXPECT_EQ(head.text, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(head.protocol, "h2");
}

TEST(Records, HoldWhatTheStandardAsksFor) {
    const auto [request, metadata, response] = make_records(exchange(), "<urn:uuid:1>");
    EXPECT_FALSE(metadata);
    for (const auto* record : {&response, &request}) {
        EXPECT_THAT(std::string(record->header("WARC-Record-ID")), StartsWith("<urn:uuid:"));
        EXPECT_THAT(std::string(record->header("warc-record-id")), EndsWith(">"));
        EXPECT_EQ(record->header("WARC-Date"), "2025-01-22T11:52:20.123456Z");
        EXPECT_EQ(record->header("WARC-Target-URI"), "https://chinadigitaltimes.net/chinese/715285.html");
        EXPECT_EQ(record->header("WARC-IP-Address"), "192.0.2.7");
        EXPECT_EQ(record->header("WARC-Warcinfo-ID"), "<urn:uuid:1>");
        EXPECT_EQ(record->header("WARC-Block-Digest"), base::sha1_base32(record->block));
        EXPECT_EQ(record->header("WARC-Truncated"), "");
        EXPECT_EQ(record->header("WARC-Protocol"), "");
    }
    EXPECT_EQ(response.type, "response");
    EXPECT_EQ(request.type, "request");
    EXPECT_EQ(response.header("Content-Type"), "application/http;msgtype=response");
    EXPECT_EQ(request.header("Content-Type"), "application/http;msgtype=request");
    EXPECT_NE(response.header("WARC-Record-ID"), request.header("WARC-Record-ID"));
    EXPECT_EQ(request.header("WARC-Concurrent-To"), response.header("WARC-Record-ID"));
    EXPECT_EQ(response.header("WARC-Payload-Digest"), base::sha1_base32("<p>数字时代</p>"));
    EXPECT_EQ(request.header("WARC-Payload-Digest"), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"); // of nothing
    EXPECT_EQ(split_http(response.block).payload, "<p>数字时代</p>");
}

TEST(Records, SayHowTheyWereCutAndCarried) {
    auto cut = exchange();
    cut.response_head = "HTTP/2 200 \r\n\r\n";
    cut.truncated = "time";
    const auto [request, metadata, response] = make_records(cut, "");
    EXPECT_EQ(response.header("WARC-Truncated"), "time");
    EXPECT_EQ(response.header("WARC-Protocol"), "h2");
    EXPECT_THAT(response.block, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(response.header("WARC-Warcinfo-ID"), "");
    EXPECT_EQ(request.header("WARC-Truncated"), "");
    cut.truncated = "because";
    EXPECT_EQ(make_records(cut, "").response.header("WARC-Truncated"), "unspecified");
}

TEST(Records, OfAPayloadThatIsHeldAlreadyReferToIt) {
    auto again = exchange();
    again.original = Original{"<urn:uuid:7>", "https://example.org/时#x", begun() - 24h};
    const auto revisit = make_records(again, "<urn:uuid:1>").response;
    EXPECT_EQ(revisit.type, "revisit");
    EXPECT_EQ(revisit.header("WARC-Profile"),
              "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest");
    EXPECT_EQ(revisit.header("WARC-Refers-To"), "<urn:uuid:7>");
    EXPECT_EQ(revisit.header("WARC-Refers-To-Target-URI"), "https://example.org/%E6%97%B6");
    EXPECT_EQ(revisit.header("WARC-Refers-To-Date"), "2025-01-21T11:52:20.123456Z");
    EXPECT_EQ(revisit.header("WARC-Payload-Digest"), base::sha1_base32("<p>数字时代</p>"));
    EXPECT_EQ(revisit.header("WARC-Block-Digest"), base::sha1_base32(revisit.block));
    EXPECT_EQ(revisit.header("Content-Type"), "application/http;msgtype=response");
    EXPECT_EQ(revisit.block, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 19\r\n\r\n");
    again.original->record_id.clear();
    EXPECT_EQ(make_records(again, "").response.header("WARC-Refers-To"), "");
}

TEST(Records, OfMetadataBelongToTheResponse) {
    auto described = exchange();
    described.metadata = {{"via", "https://example.org/feed"}, {"x", "a\r\nb: c"}};
    const auto records = make_records(described, "");
    ASSERT_TRUE(records.metadata);
    EXPECT_EQ(records.metadata->type, "metadata");
    EXPECT_EQ(records.metadata->block, "via: https://example.org/feed\r\nx: a  b: c\r\n");
    EXPECT_EQ(records.metadata->header("WARC-Concurrent-To"), records.response.header("WARC-Record-ID"));
    EXPECT_EQ(records.metadata->header("WARC-Payload-Digest"), "");
}

TEST(Records, AreNotBrokenByWhatComesFromOutside) {
    auto hostile = exchange();
    hostile.url = "https://example.org/a b\r\nX-Evil: 1\r\n\r\n时#part";
    hostile.ip = "192.0.2.7\r\nX-Evil: 1";
    hostile.response_head = "HTTP/1.1 200 OK\r\n\r\n\r\nSet-Cookie: a\r\n\r\n";
    auto response = make_records(hostile, "").response;
    EXPECT_EQ(response.header("WARC-Target-URI"),
              "https://example.org/a%20b%0D%0AX-Evil:%201%0D%0A%0D%0A%E6%97%B6");
    EXPECT_EQ(response.header("WARC-IP-Address"), "");
    EXPECT_EQ(split_http(response.block).payload, hostile.body);
    response.headers.emplace_back("X-Note", "a\r\nContent-Length: 1\r\n\r\nWARC/1.1");
    response.headers.emplace_back("Content-Length", "1");
    const auto bytes = serialize(response);
    EXPECT_THAT(bytes, HasSubstr("X-Note: a  Content-Length: 1    WARC/1.1\r\n"));
    EXPECT_THAT(bytes, Not(HasSubstr("\r\nX-Evil")));
    EXPECT_THAT(bytes, Not(HasSubstr("\r\nContent-Length: 1\r\n\r\nWARC")));
    EXPECT_THAT(bytes, StartsWith("WARC/1.1\r\nWARC-Type: response\r\n"));
    EXPECT_THAT(bytes, EndsWith("\r\n\r\n" + hostile.body + "\r\n\r\n"));
}

TEST(Warcinfo, SaysWhoWroteTheFile) {
    const auto record = make_warcinfo("cdtd-20250122115220-00003-archive.example.warc.gz", "cdtd/1.2",
                                      "cdtd/1.2 (+https://example.org)", begun());
    EXPECT_EQ(record.type, "warcinfo");
    EXPECT_EQ(record.header("Content-Type"), "application/warc-fields");
    EXPECT_EQ(record.header("WARC-Filename"), "cdtd-20250122115220-00003-archive.example.warc.gz");
    EXPECT_EQ(record.header("WARC-Target-URI"), "");
    EXPECT_EQ(record.header("WARC-Block-Digest"), base::sha1_base32(record.block));
    EXPECT_THAT(record.block, HasSubstr("software: cdtd/1.2\r\n"));
    EXPECT_THAT(record.block, HasSubstr("format: WARC File Format 1.1\r\n"));
    EXPECT_THAT(record.block, HasSubstr("hostname: archive.example\r\n"));
    EXPECT_THAT(record.block, HasSubstr("http-header-user-agent: cdtd/1.2 (+https://example.org)\r\n"));
}

} // namespace
} // namespace cdtd::warc
