#include "fetching.hpp"

namespace {

using namespace fetching;
using testing::HasSubstr;
using testing::Not;
using ClientTest = Fetching;

TEST_F(ClientTest, OneConnectionServesOneAfterTheOther) {
    server.endpoint("/feed", loopback::ok("text"));
    for (int i = 0; i < 5; ++i) {
        const auto outcome = get("/feed");
        ASSERT_TRUE(outcome) << outcome.error().error.message;
        EXPECT_EQ(outcome->body(), "text");
    }
    EXPECT_EQ(server.connections(), 1);
    EXPECT_EQ(server.hits("/feed"), 5u);
}

TEST_F(ClientTest, WhatWentOverTheWireIsInTheHop) {
    auto answer = loopback::ok("text", "application/rss+xml");
    answer.headers.emplace_back("X-Thing", "one");
    answer.headers.emplace_back("X-Thing", "two");
    server.endpoint("/feed", answer);
    const auto before = cdtd::base::system_clock().now();
    http::Request request(server.url("/feed?page=2#part"));
    request.headers = {{"Authorization", "Bearer hush"}, {"X-Api-Key", "hush"}, {"Accept", "text/xml"}};
    request.configured = {{"X-Ours", "hush"}, {"x-other", "hush"}};
    const auto outcome = fetch(request);
    ASSERT_TRUE(outcome);
    ASSERT_EQ(outcome->hops.size(), 1u);
    const auto& hop = outcome->hops[0];
    EXPECT_EQ(server.requests()[0].header("X-Ours"), "hush");
    EXPECT_EQ(server.requests()[0].header("X-Other"), "hush");
    EXPECT_THAT(hop.request_head, HasSubstr("Accept: text/xml\r\n"));
    EXPECT_THAT(hop.request_head, Not(HasSubstr("X-Ours")));
    EXPECT_EQ(hop.url, server.url("/feed?page=2"));
    EXPECT_GE(hop.at, before);
    EXPECT_EQ(hop.ip, "127.0.0.1");
    EXPECT_EQ(hop.status, 200);
    EXPECT_THAT(hop.request_head, testing::StartsWith("GET /feed?page=2 HTTP/1.1\r\nHost: 127.0.0.1:"));
    EXPECT_THAT(hop.request_head, HasSubstr("User-Agent: cdtd/test\r\n"));
    EXPECT_THAT(hop.request_head, HasSubstr("Accept-Encoding: gzip\r\n"));
    EXPECT_THAT(hop.request_head, testing::EndsWith("\r\n\r\n"));
    EXPECT_THAT(hop.request_head, Not(HasSubstr("hush")));
    EXPECT_EQ(server.requests()[0].header("Authorization"), "Bearer hush");
    EXPECT_THAT(hop.response_head,
                testing::StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"));
    EXPECT_THAT(hop.response_head, testing::EndsWith("\r\n\r\n"));
    EXPECT_EQ(hop.body, "text");
    EXPECT_EQ(hop.truncated, "");
    EXPECT_EQ(outcome->header("x-thing"), "one");
    EXPECT_EQ(outcome->header("absent"), std::nullopt);
    EXPECT_GT(outcome->took.count(), 0);
    EXPECT_FALSE(server.requests()[0].has_header("Cookie"));
    EXPECT_FALSE(server.requests()[0].has_header("Referer"));
}

TEST_F(ClientTest, ValidatorsGoThroughByteForByte) {
    auto answer = loopback::ok("text");
    answer.headers.emplace_back("ETag", "W/\"a b,c\"");
    server.endpoint("/feed", loopback::conditional(answer));
    http::Request request(server.url("/feed"));
    request.headers = {{"If-None-Match", "W/\"a b,c\""}};
    const auto outcome = fetch(request);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status, 304);
    EXPECT_EQ(outcome->body(), "");
    EXPECT_EQ(outcome->header("etag"), "W/\"a b,c\"");
    EXPECT_EQ(get("/feed")->status, 200);
}

TEST_F(ClientTest, InterimAnswersAndTrailersAreNoAnswer) {
    loopback::Answer answer;
    answer.raw = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
                 "chunked\r\nA: x\r\n\r\n"
                 "4\r\ntext\r\n0\r\nHTTP/1.1: 500\r\nB: y\r\n\r\n";
    server.endpoint("/a", answer);
    const auto outcome = get("/a");
    ASSERT_TRUE(outcome) << outcome.error().error.message;
    EXPECT_EQ(outcome->status, 200);
    EXPECT_EQ(outcome->body(), "text");
    EXPECT_EQ(outcome->hops[0].response_head,
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: x\r\n\r\n");
}

TEST_F(ClientTest, MethodsAndBodies) {
    server.otherwise([](const loopback::Request& r) { return loopback::ok(r.method + " " + r.body); });
    http::Request post(server.url("/hook"));
    post.method = "POST";
    post.body = std::string(100'000, 'x');
    post.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    EXPECT_EQ(fetch(post)->body(), "POST " + post.body);
    EXPECT_EQ(server.requests("/hook")[0].header("Content-Type"), "application/json");
    EXPECT_TRUE(server.requests("/hook")[0].has_header("X-Empty"));
    EXPECT_FALSE(server.requests("/hook")[0].has_header("Expect"));

    http::Request head(server.url("/head"));
    head.method = "HEAD";
    EXPECT_EQ(fetch(head)->body(), "");
    http::Request put(server.url("/put"));
    put.method = "PUT";
    put.body = "p";
    EXPECT_EQ(fetch(put)->body(), "PUT p");
    EXPECT_EQ(get("/get")->body(), "GET ") << "a used handle keeps nothing";
    EXPECT_FALSE(server.requests("/get")[0].has_header("Content-Type"));
}

TEST_F(ClientTest, HeadersThatWouldSmuggleAreRefused) {
    for (const auto& header :
         http::Headers{{"A", "x\r\nB: y"}, {"A b", "x"}, {"", "x"}, {"A", std::string("x\0y", 3)}}) {
        http::Request request(server.url("/"));
        request.headers = {header};
        EXPECT_EQ(code_of(fetch(request)), Errc::usage) << header.first;
    }
    http::Request request(server.url("/"));
    request.method = "GET /evil HTTP/1.1\r\n";
    EXPECT_EQ(code_of(fetch(request)), Errc::usage);
    EXPECT_EQ(server.requests().size(), 0u);
}

TEST_F(ClientTest, TimeIsLimited) {
    server.endpoint("/hang", loopback::Answer{.hang = true});
    server.endpoint("/stall", loopback::Answer{.body = "12345678", .stall_after = 4});
    http::Request hang(server.url("/hang"));
    hang.timeout = 200ms;
    const auto first = fetch(hang);
    ASSERT_EQ(code_of(first), Errc::timeout);
    EXPECT_TRUE(first.error().hops.empty());
    http::Request stall(server.url("/stall"));
    stall.timeout = 300ms;
    const auto second = fetch(stall);
    ASSERT_EQ(code_of(second), Errc::timeout);
    ASSERT_EQ(second.error().hops.size(), 1u);
    EXPECT_EQ(second.error().hops[0].body, "1234");
    EXPECT_EQ(second.error().hops[0].truncated, "time");
}

TEST_F(ClientTest, ConnectionsThatBreakAreNetworkErrors) {
    server.endpoint("/reset", loopback::Answer{.reset = true});
    server.endpoint("/cut", loopback::Answer{.body = "12345678", .cut_after = 3});
    server.endpoint("/chunks", loopback::Answer{.body = "12345678", .cut_after = 3, .chunked = true});
    server.endpoint("/noise", loopback::Answer{.raw = "220 mail.example ESMTP\r\n"});
    EXPECT_EQ(code_of(get("/reset")), Errc::network);
    EXPECT_EQ(code_of(get("/noise")), Errc::network);
    for (const auto* path : {"/cut", "/chunks"}) {
        const auto outcome = get(path);
        ASSERT_EQ(code_of(outcome), Errc::network) << path;
        ASSERT_EQ(outcome.error().hops.size(), 1u);
        EXPECT_EQ(outcome.error().hops[0].body, "123");
        EXPECT_EQ(outcome.error().hops[0].truncated, "disconnect");
    }
    EXPECT_EQ(code_of(fetch(http::Request("http://127.0.0.1:1/"))), Errc::network);
}

TEST_F(ClientTest, AStaleConnectionIsReplacedSilently) {
    loopback::Answer answer = loopback::ok("text");
    answer.headers.emplace_back("X", "1");
    answer.raw = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntext"; // says keep-alive, then closes
    server.endpoint("/a", answer);
    for (int i = 0; i < 3; ++i) {
        const auto outcome = get("/a");
        ASSERT_TRUE(outcome) << outcome.error().error.message;
        EXPECT_EQ(outcome->hops[0].request_head.find("GET"), outcome->hops[0].request_head.rfind("GET"));
    }
}

TEST_F(ClientTest, AHeadWithoutEndIsCut) {
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 9000; ++i)
        head += "X-Filler: 0123456789012345678901234567890123456789\r\n";
    server.endpoint("/head", loopback::Answer{.raw = head + "\r\n"});
    const auto outcome = get("/head");
    EXPECT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().hops.empty());
}

TEST_F(ClientTest, ManyAtOnce) {
    server.otherwise([](const loopback::Request& r) { return loopback::ok(r.target); });
    client();
    for (int i = 0; i < 200; ++i)
        start(http::Request(server.url("/" + std::to_string(i))));
    run();
    for (std::size_t i = 0; i < 200; ++i) {
        ASSERT_TRUE(outcomes[i] && *outcomes[i]) << i;
        EXPECT_EQ((*outcomes[i])->body(), "/" + std::to_string(i));
    }
    EXPECT_LE(server.connections(), 4);
}

} // namespace
