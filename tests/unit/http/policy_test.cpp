// Where a request may go: redirects, addresses, protocols, proxies.
#include "fetching.hpp"
#include "http/url.hpp"

namespace {

using namespace fetching;
using testing::HasSubstr;
using PolicyTest = Fetching;

TEST_F(PolicyTest, EveryRedirectIsAHop) {
    server.endpoint("/a", loopback::redirect("b/c?x=1#frag", 301));
    server.endpoint("/b/c", loopback::redirect("/d", 302));
    server.endpoint("/d", loopback::ok("there"));
    const auto outcome = get("/a");
    ASSERT_TRUE(outcome) << outcome.error().error.message;
    ASSERT_EQ(outcome->hops.size(), 3u);
    EXPECT_EQ(outcome->hops[0].status, 301);
    EXPECT_EQ(outcome->hops[1].url, server.url("/b/c?x=1"));
    EXPECT_EQ(outcome->url, server.url("/d"));
    EXPECT_EQ(outcome->body(), "there");
    http::Request stay(server.url("/a"));
    stay.follow_redirects = false;
    EXPECT_EQ(fetch(stay)->status, 301);
}

TEST_F(PolicyTest, RedirectsEnd) {
    server.endpoint("/loop", loopback::redirect("/loop2"));
    server.endpoint("/loop2", loopback::redirect("/loop"));
    server.otherwise([](const loopback::Request& r) { return loopback::redirect(r.target + "x"); });
    const auto loop_outcome = get("/loop");
    ASSERT_EQ(code_of(loop_outcome), Errc::forbidden);
    EXPECT_EQ(loop_outcome.error().hops.size(), 2u);
    EXPECT_THAT(loop_outcome.error().error.message, HasSubstr("loop"));
    const auto endless = get("/endless");
    ASSERT_EQ(code_of(endless), Errc::forbidden);
    EXPECT_EQ(endless.error().hops.size(), 6u) << "the first and five redirects";
    server.endpoint("/nowhere", loopback::status(302));
    EXPECT_EQ(get("/nowhere")->status, 302) << "without Location it is an answer";
}

TEST_F(PolicyTest, RedirectsToOtherPlacesAreRefused) {
    for (const auto* target :
         {"file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://10.0.0.1/",
          "http://[::1]:1/", "http://user:pw@127.0.0.1/", "http://169.254.169.254/latest/"}) {
        server.endpoint("/r", loopback::redirect(target));
        const auto outcome = get("/r");
        EXPECT_EQ(code_of(outcome), Errc::forbidden) << target;
        EXPECT_EQ(outcome.error().hops.size(), 1u) << target;
    }
}

TEST_F(PolicyTest, MethodsAcrossRedirects) {
    server.endpoint("/see", loopback::redirect("/end", 303));
    server.endpoint("/found", loopback::redirect("/end", 302));
    server.endpoint("/same", loopback::redirect("/end", 307));
    server.endpoint("/end", [](const loopback::Request& r) { return loopback::ok(r.method + r.body); });
    for (const auto& [path, expected] :
         {std::pair{"/see", "GET"}, {"/found", "GET"}, {"/same", "POSTbody"}}) {
        http::Request post(server.url(path));
        post.method = "POST";
        post.body = "body";
        EXPECT_EQ(fetch(post)->body(), expected) << path;
    }
    loopback::Server other;
    server.endpoint("/away", loopback::redirect(other.url("/"), 308));
    http::Request post(server.url("/away"));
    post.method = "POST";
    post.body = "body";
    EXPECT_EQ(code_of(fetch(post)), Errc::forbidden);
    EXPECT_EQ(other.requests().size(), 0u);
}

TEST_F(PolicyTest, HeadersGoToTheFirstOriginOnly) {
    loopback::Server other;
    other.endpoint("/b", loopback::redirect(server.url("/c")));
    server.endpoint("/a", loopback::redirect(other.url("/b")));
    server.endpoint("/c", loopback::ok("end"));
    http::Request request(server.url("/a"));
    request.headers = {{"Authorization", "hush"}, {"If-None-Match", "\"1\""}};
    request.configured = {{"X-Ours", "hush"}};
    EXPECT_EQ(fetch(request)->body(), "end");
    EXPECT_EQ(server.requests("/a")[0].header("X-Ours"), "hush");
    EXPECT_FALSE(other.requests()[0].has_header("X-Ours"));
    EXPECT_EQ(server.requests("/a")[0].header("Authorization"), "hush");
    EXPECT_FALSE(other.requests()[0].has_header("Authorization"));
    EXPECT_FALSE(other.requests()[0].has_header("If-None-Match"));
    EXPECT_EQ(other.requests()[0].header("User-Agent"), "cdtd/test");
    EXPECT_EQ(other.requests()[0].header("Accept-Encoding"), "gzip");
    EXPECT_EQ(server.requests("/c")[0].header("Authorization"), "hush");
}

TEST_F(PolicyTest, PrivateAddressesNeedPermission) {
    auto settings = quick();
    settings.allow_private.clear();
    client(settings);
    server.endpoint("/", loopback::ok("inside"));
    const auto refused = get("/");
    ASSERT_EQ(code_of(refused), Errc::forbidden);
    EXPECT_THAT(refused.error().error.message, HasSubstr("127.0.0.1"));
    EXPECT_THAT(refused.error().error.message, HasSubstr("allow_private"));
    EXPECT_EQ(code_of(fetch(http::Request("http://localhost:" + std::to_string(server.port()) + "/"))),
              Errc::forbidden);
    EXPECT_EQ(code_of(fetch(http::Request("http://2130706433:" + std::to_string(server.port()) + "/"))),
              Errc::forbidden);
    EXPECT_EQ(server.connections(), 0);

    http::Request trusted(server.url("/"));
    trusted.trusted = true;
    EXPECT_EQ(fetch(trusted)->body(), "inside");
    EXPECT_EQ(server.connections(), 1);
    EXPECT_EQ(code_of(get("/")), Errc::forbidden) << "not through the trusted one's connection either";
    EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(PolicyTest, TrustEndsAtTheOrigin) {
    auto settings = quick();
    settings.allow_private.clear();
    client(settings);
    loopback::Server other;
    server.endpoint("/", loopback::redirect(other.url("/")));
    http::Request trusted(server.url("/"));
    trusted.trusted = true;
    EXPECT_EQ(code_of(fetch(trusted)), Errc::forbidden);
    EXPECT_EQ(other.requests().size(), 0u);
}

TEST_F(PolicyTest, OnlyHttp) {
    for (const auto* url :
         {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "", "/feed", "127.0.0.1"})
        EXPECT_EQ(code_of(fetch(http::Request(url))), Errc::forbidden) << url;
}

TEST_F(PolicyTest, CredentialsInTheUrlAreSentButNotShown) {
    server.endpoint("/", loopback::ok("x"));
    const auto outcome =
        fetch(http::Request("http://me:hush@127.0.0.1:" + std::to_string(server.port()) + "/"));
    ASSERT_TRUE(outcome) << outcome.error().error.message;
    EXPECT_TRUE(server.requests()[0].has_header("Authorization"));
    EXPECT_EQ(outcome->url, server.url("/"));
    EXPECT_THAT(outcome->hops[0].request_head, testing::Not(HasSubstr("Authorization")));
}

TEST_F(PolicyTest, AProxyIsTrustedButNotForPrivateAddresses) {
    auto settings = quick();
    settings.allow_private.clear();
    settings.proxy = server.origin();
    client(settings);
    server.otherwise([](const loopback::Request& r) { return loopback::ok(r.target); });
    const auto outcome = fetch(http::Request("http://feeds.example/a"));
    ASSERT_TRUE(outcome) << outcome.error().error.message;
    EXPECT_EQ(outcome->body(), "http://feeds.example/a");
    EXPECT_EQ(outcome->hops[0].ip, "");
    for (const auto* url : {"http://10.0.0.1/", "http://[::1]/", "http://localhost/", "http://0x7f.1/"})
        EXPECT_EQ(code_of(fetch(http::Request(url))), Errc::forbidden) << url;
    http::Request direct(server.url("/direct"));
    direct.proxy = "";
    EXPECT_EQ(code_of(fetch(direct)), Errc::forbidden);
    EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(PolicyTest, TheEnvironmentHasNoSay) {
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    server.endpoint("/", loopback::ok("direct"));
    const auto outcome = get("/");
    setenv("no_proxy", "*", 1);
    http::Request proxied("http://feeds.example/");
    proxied.proxy = server.origin();
    server.otherwise([](const loopback::Request&) { return loopback::ok("proxied"); });
    const auto through = fetch(proxied);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("no_proxy");
    ASSERT_TRUE(outcome) << outcome.error().error.message;
    EXPECT_EQ(outcome->body(), "direct");
    ASSERT_TRUE(through) << through.error().error.message;
    EXPECT_EQ(through->body(), "proxied");
}

TEST_F(PolicyTest, WhoRefusesAConnectionIsTold) {
    const auto refused = fetch(http::Request("http://127.0.0.1:1/"));
    ASSERT_EQ(code_of(refused), Errc::network);
    EXPECT_TRUE(refused.error().connection_refused);
    http::Request proxied("http://feeds.example/");
    proxied.proxy = "http://127.0.0.1:1";
    const auto proxy_down = fetch(proxied);
    ASSERT_EQ(code_of(proxy_down), Errc::network);
    EXPECT_FALSE(proxy_down.error().connection_refused);
    server.otherwise([](const loopback::Request&) { return loopback::ok("fine"); });
    EXPECT_TRUE(get("/"));
    const auto unknown = fetch(http::Request("http://nobody.invalid/"));
    ASSERT_FALSE(unknown);
    EXPECT_FALSE(unknown.error().connection_refused);
}

TEST(UrlTest, WithoutUserinfo) {
    EXPECT_EQ(http::without_userinfo("http://a:b@h/p@q"), "http://h/p@q");
    EXPECT_EQ(http::without_userinfo("http://h/a@b"), "http://h/a@b");
    EXPECT_EQ(http::without_userinfo("http://h?x=a@b"), "http://h?x=a@b");
    EXPECT_EQ(http::without_userinfo("none"), "none");
}

TEST(SettingsTest, AnUnreadableNetworkThrows) {
    asio::io_context loop;
    auto settings = quick();
    settings.allow_private = {"everything"};
    EXPECT_THROW(http::make_client(loop.get_executor(), settings, cdtd::base::system_clock()),
                 std::invalid_argument);
}

} // namespace
