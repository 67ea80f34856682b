// Bodies: codings, limits, and what is kept of them.
#include "fetching.hpp"
#include "http/inflate.hpp"

namespace {

using namespace fetching;
using BodyTest = Fetching;

loopback::Answer gzipped(std::string bytes) {
    auto answer = loopback::ok(std::move(bytes));
    answer.headers.emplace_back("Content-Encoding", "gzip");
    return answer;
}

TEST_F(BodyTest, GzipIsDecodedAndKeptAsItCame) {
    const std::string text(5000, 'a');
    auto answer = loopback::ok(text);
    answer.gzip = true;
    server.endpoint("/plain", answer);
    answer.chunked = true;
    server.endpoint("/chunked", answer);
    server.endpoint("/members", gzipped(loopback::gzip(text) + loopback::gzip("b")));
    server.endpoint("/trailing", gzipped(loopback::gzip(text) + std::string(8, '\0')));
    for (const auto& [path, decoded] :
         {std::pair{"/plain", text}, {"/chunked", text}, {"/members", text + "b"}, {"/trailing", text}}) {
        const auto outcome = get(path);
        ASSERT_TRUE(outcome) << path << outcome.error().error.message;
        EXPECT_EQ(outcome->body(), decoded) << path;
        EXPECT_EQ(outcome->hops[0].body.substr(0, 2), "\x1f\x8b") << path;
    }
}

TEST_F(BodyTest, UnknownCodingsStayAsTheyAre) {
    auto answer = loopback::ok("whatever");
    answer.headers.emplace_back("Content-Encoding", "br");
    server.endpoint("/", answer);
    EXPECT_EQ(get("/")->body(), "whatever");
}

TEST_F(BodyTest, CutOrBrokenGzipIsBadData) {
    const std::string whole = loopback::gzip("a text that is long enough to be cut in the middle");
    std::string wrong_sum = whole;
    wrong_sum[whole.size() - 6] ^= 1;
    const std::pair<const char*, std::string> cases[] = {
        {"/no-trailer", whole.substr(0, whole.size() - 8)},
        {"/half", whole.substr(0, whole.size() / 2)},
        {"/head-only", whole.substr(0, 4)},
        {"/second-cut", whole + whole.substr(0, 12)},
        {"/wrong-sum", wrong_sum},
        {"/no-gzip", "<rss/>"},
    };
    for (const auto& [path, bytes] : cases) {
        server.endpoint(path, gzipped(bytes));
        const auto outcome = get(path);
        ASSERT_EQ(code_of(outcome), Errc::bad_data) << path;
        ASSERT_EQ(outcome.error().hops.size(), 1u);
        EXPECT_EQ(outcome.error().hops[0].body, bytes);
    }
}

TEST_F(BodyTest, AnEmptyAnswerNeedsNoTrailer) {
    auto unchanged = loopback::status(304);
    unchanged.headers = {{"Content-Encoding", "gzip"}};
    server.endpoint("/304", unchanged);
    server.endpoint("/empty", gzipped(""));
    EXPECT_EQ(get("/304")->status, 304);
    EXPECT_EQ(get("/empty")->body(), "");
    http::Request head(server.url("/head"));
    head.method = "HEAD";
    server.endpoint("/head", gzipped(loopback::gzip("x")));
    EXPECT_EQ(fetch(head)->status, 200);
}

TEST_F(BodyTest, OverTheLimitIsCut) {
    auto settings = quick();
    settings.max_body = 10'000;
    client(settings);
    const std::string fits(10'000, 'x');
    server.endpoint("/fits", loopback::ok(fits));
    server.endpoint("/over", loopback::ok(fits + "y"));
    auto endless = loopback::ok(std::string(1 << 20, 'x'));
    endless.chunked = true;
    server.endpoint("/chunked", endless);
    EXPECT_EQ(get("/fits")->body(), fits);
    for (const auto* path : {"/over", "/chunked"}) {
        const auto outcome = get(path);
        ASSERT_EQ(code_of(outcome), Errc::too_large) << path;
        ASSERT_EQ(outcome.error().hops.size(), 1u);
        EXPECT_EQ(outcome.error().hops[0].body, fits);
        EXPECT_EQ(outcome.error().hops[0].truncated, "length");
    }
    http::Request more(server.url("/over"));
    more.max_body = 20'000;
    EXPECT_EQ(fetch(more)->body().size(), 10'001u) << "a request may have a limit of its own";
}

TEST_F(BodyTest, ABombIsCut) {
    server.endpoint("/bomb", gzipped(loopback::gzip(std::string(18u << 20, '\0'))));
    const auto outcome = get("/bomb");
    ASSERT_EQ(code_of(outcome), Errc::too_large);
    ASSERT_EQ(outcome.error().hops.size(), 1u);
    EXPECT_EQ(outcome.error().hops[0].truncated, "length");
    auto settings = quick();
    settings.max_body = 100'000;
    client(settings);
    server.endpoint("/small-bomb", gzipped(loopback::gzip(std::string(100'001, 'z'))));
    EXPECT_EQ(code_of(get("/small-bomb")), Errc::too_large) << "decoded bytes count";
    std::string empty_members;
    while (empty_members.size() < 110'000)
        empty_members += loopback::gzip("");
    server.endpoint("/long-nothing", gzipped(empty_members));
    EXPECT_EQ(code_of(get("/long-nothing")), Errc::too_large) << "coded bytes too";
}

TEST(InflateTest, ABytesAtATimeItIsTheSame) {
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += std::to_string(i * 7919);
    const std::string coded = loopback::gzip(text) + loopback::gzip("end");
    http::Inflate inflate(1u << 20);
    std::string out;
    for (const char c : coded)
        inflate.feed(std::string_view(&c, 1), out);
    EXPECT_EQ(inflate.state(), http::Inflate::State::whole);
    EXPECT_EQ(out, text + "end");
}

TEST(InflateTest, ExactlyTheLimitFits) {
    const std::string coded = loopback::gzip(std::string(1000, 'x'));
    std::string out;
    http::Inflate fits(1000);
    EXPECT_EQ(fits.feed(coded, out), http::Inflate::State::whole);
    out.clear();
    http::Inflate over(999);
    EXPECT_EQ(over.feed(coded, out), http::Inflate::State::too_large);
    EXPECT_EQ(out.size(), 999u);
}

} // namespace
