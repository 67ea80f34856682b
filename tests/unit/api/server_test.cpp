#include "unit/api/client.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>
#include <sys/stat.h>
#include <sys/un.h>

using namespace cdtd;
namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace json = boost::json;
using sample::header;
using sample::Running;
using testing::HasSubstr;

namespace {

void expect_problem(const sample::Response& response, unsigned status) {
    EXPECT_EQ(response.result_int(), status) << response.body();
    EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
    EXPECT_EQ(json::parse(response.body()).at("status"), status);
}

const std::string as_json = "Content-Type: application/json\r\n";
const std::string poll_chinese = "/api/v1/feeds/cdt-chinese/poll";

TEST(Server, AnswersWithSafeHeaders) {
    const Running running;
    for (const auto* target : {"/healthz", "/readyz", "/api/v1/status", "/api/v1/articles", "/nothing"}) {
        const auto response = running.ask(running.get(target));
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
        EXPECT_THAT(header(response, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
        EXPECT_EQ(header(response, "Cache-Control"), "no-store");
        EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "");
        EXPECT_NE(header(response, "Date"), "");
        EXPECT_NO_THROW(json::parse(response.body())) << target;
        EXPECT_EQ(response.result_int(), std::string_view(target) == "/nothing" ? 404U : 200U) << target;
    }
}

TEST(Server, StatusSaysThatItRuns) {
    const Running running;
    const auto status = json::parse(running.ask(running.get("/api/v1/status")).body());
    EXPECT_EQ(status.at("running"), true);
    EXPECT_EQ(status.at("started_at"), "2025-02-02T00:00:00.000Z");
    EXPECT_EQ(status.at("articles").at("total"), 3);
}

TEST(Server, RefusesForeignHosts) {
    const Running running;
    const auto with = [&](const std::string& headers) {
        return running.ask("GET /healthz HTTP/1.1\r\n" + headers + "\r\n").result_int();
    };
    const auto port = std::to_string(running.port());
    EXPECT_EQ(with("Host: localhost:" + port + "\r\n"), 200U);
    EXPECT_EQ(with("Host: [::1]:" + port + "\r\n"), 200U);
    EXPECT_EQ(with("Host: evil.example:" + port + "\r\n"), 421U);
    EXPECT_EQ(with("Host: localhost:1\r\n"), 421U);
    EXPECT_EQ(with(""), 400U);
    EXPECT_EQ(with("Host: localhost:" + port + "\r\nHost: evil.example\r\n"), 400U);
    EXPECT_EQ(
        running.ask("GET http://evil.example/healthz HTTP/1.1\r\n" + running.host() + "\r\n").result_int(),
        421U);
    EXPECT_EQ(running.ask("GET /healthz HTTP/1.0\r\n\r\n").result_int(), 200U);
}

TEST(Server, WantsItsToken) {
    api::Settings settings;
    settings.token = base::Secret("s3cret");
    const Running running(settings);
    EXPECT_EQ(running.ask(running.get("/healthz")).result_int(), 200U);
    EXPECT_EQ(running.ask(running.get("/readyz")).result_int(), 200U);
    for (const auto* headers :
         {"", "Authorization: Bearer s3cre\r\n", "Authorization: Bearer s3cret2\r\n",
          "Authorization: Bearer\r\n", "Authorization: Basic s3cret\r\n", "Authorization: s3cret\r\n"})
        for (const auto* target :
             {"/api/v1/status", "/nothing", "/api/v1/feeds/x/poll", "/api/v1/articles?x=1"}) {
            const auto response = running.ask(running.get(target, headers));
            expect_problem(response, 401);
            EXPECT_THAT(header(response, "WWW-Authenticate"), HasSubstr("Bearer"));
        }
    EXPECT_EQ(running.ask(running.get("/api/v1/status", "Authorization: Bearer s3cret\r\n")).result_int(),
              200U);
    EXPECT_EQ(running.ask(running.get("/api/v1/status", "authorization: bearer s3cret\r\n")).result_int(),
              200U);
    expect_problem(running.ask(running.post(poll_chinese, as_json, "{}")), 401);
    EXPECT_EQ(running.control.polled, "");
}

TEST(Server, WrongMethodsNameTheRightOnes) {
    const Running running;
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"}) {
        const auto response =
            running.ask(std::string(method) + " /api/v1/status HTTP/1.1\r\n" + running.host() + "\r\n");
        expect_problem(response, 405);
        EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
    }
    const auto response = running.ask(running.get(poll_chinese));
    expect_problem(response, 405);
    EXPECT_EQ(header(response, "Allow"), "POST");
}

TEST(Server, BadRequests) {
    const Running running;
    expect_problem(running.ask(running.get("/nothing")), 404);
    expect_problem(running.ask(running.get("/api/v1/articles/99")), 404);
    expect_problem(running.ask(running.get("/api/v1/articles?limit=0")), 400);
    expect_problem(running.ask(running.get("/api/v1/%ff")), 400);
    expect_problem(running.ask(running.get("/healthz?x=1")), 400);
    expect_problem(running.ask("no http at all\r\n\r\n"), 400);
    expect_problem(running.ask("GET /healthz HTTP/1.1\r\nHost\r\n\r\n"), 400);
    expect_problem(running.ask(running.get("/healthz", "X: " + std::string(20000, 'a') + "\r\n")), 431);
    expect_problem(running.ask(running.get("/api/v1/lookup?url=" + std::string(20000, 'a'))), 431);
    EXPECT_EQ(running.ask(running.get("/healthz", "X: " + std::string(15000, 'a') + "\r\n")).result_int(),
              200U);
}

TEST(Server, PollIsAccepted) {
    const Running running;
    const auto response = running.ask(running.post(poll_chinese, as_json, R"({"force":true})"));
    EXPECT_EQ(response.result_int(), 202U) << response.body();
    EXPECT_EQ(json::parse(response.body()).at("feed"), "cdt-chinese");
    const auto with_charset = "Content-Type: Application/JSON; charset=utf-8\r\n";
    EXPECT_EQ(
        running.ask(running.post("/api/v1/feeds/early/poll", with_charset, R"({"force":true})")).result_int(),
        202U);
    EXPECT_EQ(running.ask(running.post(poll_chinese, as_json, "{}")).result_int(), 202U);
    EXPECT_EQ(running.control.polled, "cdt-chinese!early!cdt-chinese.");
    expect_problem(running.ask(running.post("/api/v1/feeds/none/poll", as_json, "{}")), 404);
    expect_problem(running.ask(running.post("/api/v1/feeds/early/poll", as_json, "{}")), 409);
    expect_problem(running.ask(running.post("/api/v1/feeds/broken/poll", as_json, "{}")), 500);
}

TEST(Server, PollRefusesWhatIsNotItsOwn) {
    const Running running;
    const auto own = "Origin: http://127.0.0.1:" + std::to_string(running.port()) + "\r\n";
    struct Case {
        std::string headers;
        std::string body;
        unsigned status;
    };
    const std::vector<Case> cases{
        {"", "{}", 415},
        {"Content-Type: text/plain\r\n", "{}", 415},
        {"Content-Type: application/jsonp\r\n", "{}", 415},
        {as_json + "Origin: http://evil.example\r\n", "{}", 403},
        {as_json + "Origin: null\r\n", "{}", 403},
        {as_json + "Origin: \r\n", "{}", 403},
        {as_json + "Origin: http://localhost:1\r\n", "{}", 403},
        {as_json + "Sec-Fetch-Site: cross-site\r\n", "{}", 403},
        {as_json + "Sec-Fetch-Site: same-site\r\n", "{}", 403},
        {as_json, "", 202},
        {as_json + own, "{}", 202},
        {as_json + "Sec-Fetch-Site: same-origin\r\n", "{}", 202},
        {as_json + "Sec-Fetch-Site: none\r\n", "{}", 202},
        {as_json, "[]", 400},
        {as_json, "{", 400},
        {as_json, R"({"force":1})", 400},
        {as_json, R"({"other":true})", 400},
        {as_json, std::string(2000, '['), 400},
        {as_json, std::string(70000, ' '), 413},
    };
    for (const auto& [headers, body, status] : cases)
        EXPECT_EQ(running.ask(running.post(poll_chinese, headers, body)).result_int(), status)
            << headers << body.substr(0, 50);
    EXPECT_EQ(running.ask(running.post(poll_chinese + "?x=1", as_json, "{}")).result_int(), 400U);
    EXPECT_EQ(running.control.polled, "cdt-chinese.cdt-chinese.cdt-chinese.cdt-chinese.");
}

TEST(Server, HeadIsGetWithoutABody) {
    const Running running;
    auto client = running.client();
    const auto get = client.ask(running.get("/api/v1/articles/1"));
    const auto head = client.ask("HEAD /api/v1/articles/1 HTTP/1.1\r\n" + running.host() + "\r\n");
    EXPECT_EQ(head.result_int(), 200U);
    EXPECT_EQ(header(head, "Content-Length"), std::to_string(get.body().size()));
    EXPECT_EQ(header(head, "Content-Type"), "application/json");
    EXPECT_EQ(client.ask(running.get("/healthz")).result_int(), 200U); // nothing was left on the line
    EXPECT_EQ(client.ask("HEAD /nothing HTTP/1.1\r\n" + running.host() + "\r\n").result_int(), 404U);
}

TEST(Server, KeepsConnections) {
    const Running running;
    auto client = running.client();
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(client.ask(running.get("/api/v1/feeds")).result_int(), 200U);
    client.send(running.get("/healthz") + running.get("/nothing") + running.get("/api/v1/events"));
    EXPECT_EQ(client.receive().result_int(), 200U);
    EXPECT_EQ(client.receive().result_int(), 404U);
    EXPECT_EQ(client.receive().result_int(), 200U);
    EXPECT_EQ(client.ask(running.get("/healthz", "Connection: close\r\n")).result_int(), 200U);
    EXPECT_TRUE(client.ended());
}

TEST(Server, SaysGoOnToWhoAsks) {
    const Running running;
    auto client = running.client();
    client.send("POST " + poll_chinese + " HTTP/1.1\r\n" + running.host() + as_json +
                "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.receive().result_int(), 100U);
    EXPECT_EQ(client.ask("{}").result_int(), 202U);
}

TEST(Server, ReadinessSaysWhy) {
    Running running;
    running.control.reason = "the queue stands still";
    const auto response = running.ask(running.get("/readyz"));
    expect_problem(response, 503);
    EXPECT_THAT(response.body(), HasSubstr("the queue stands still"));
    EXPECT_EQ(running.ask(running.get("/healthz")).result_int(), 200U);
}

TEST(Server, IdleConnectionsMakeRoom) {
    const Running running;
    std::list<sample::TcpClient> idle;
    for (int i = 0; i < 70; ++i)
        idle.emplace_back(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), running.port()));
    EXPECT_EQ(running.ask(running.get("/healthz")).result_int(), 200U);
    EXPECT_TRUE(idle.front().ended());
    EXPECT_EQ(idle.back().ask(running.get("/healthz")).result_int(), 200U);
}

TEST(Server, StopEndsIdleConnectionsAndTakesNoNewOnes) {
    Running running;
    auto client = running.client();
    EXPECT_EQ(client.ask(running.get("/healthz")).result_int(), 200U);
    auto half = running.client();
    half.send("GET /healthz HT");
    EXPECT_FALSE(running.ended_within(50ms));
    running.stop();
    EXPECT_TRUE(running.ended_within(2s));
    EXPECT_TRUE(client.ended());
    EXPECT_THROW(running.client(), boost::system::system_error);
}

TEST(Server, ListensOnAUnixSocket) {
    const sample::Directory directory;
    const auto path = directory.path() + "/cdtd.sock";
    {
        // Stale: bound once, nobody answers.
        asio::io_context context;
        const asio::local::stream_protocol::acceptor left(context, path);
    }
    api::Settings settings;
    settings.listen = "unix:" + path;
    {
        const Running running(settings);
        EXPECT_EQ(running.address(), "unix:" + path);
        struct stat found{};
        ASSERT_EQ(::stat(path.c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 0777U, 0660U);
        sample::UnixClient client(path);
        EXPECT_EQ(client.ask("GET /api/v1/feeds HTTP/1.1\r\nHost: anything\r\n\r\n").result_int(), 200U);
        EXPECT_THROW(Running second(settings), std::exception); // in use
        EXPECT_EQ(client.ask("GET /healthz HTTP/1.1\r\nHost: cdtd\r\n\r\n").result_int(), 200U);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Server, SaysWhyItCannotListen) {
    const Running running;
    const sample::Directory directory;
    std::ofstream(directory.path() + "/file") << "x";
    store::Connection(directory.database(), store::Mode::create);
    store::Reader reader(directory.database(), 5s);
    sample::FakeControl control;
    asio::io_context context;
    const auto fault = [&](const std::string& listen) {
        api::Settings settings;
        settings.listen = listen;
        const auto server = api::Server::listen(context.get_executor(), settings, reader, control,
                                                base::system_clock(), base::null_log());
        return server ? base::Error{base::Errc::cancelled, "it listens"} : server.error();
    };
    const auto used = "127.0.0.1:" + std::to_string(running.port());
    EXPECT_EQ(fault(used).code, base::Errc::io);
    EXPECT_THAT(fault(used).message, HasSubstr(used));
    EXPECT_EQ(fault("unix:" + directory.path() + "/file").code, base::Errc::io);
    EXPECT_TRUE(std::filesystem::exists(directory.path() + "/file"));
    EXPECT_EQ(fault("unix:" + directory.path() + "/none/x").code, base::Errc::io);
    for (const auto* listen : {"", "8645", ":8645", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "::1:80",
                               "unix:", "unix:relative", "0.0.0.0:0", "[::]:0"})
        EXPECT_EQ(fault(listen).code, base::Errc::usage) << listen << ": " << fault(listen).message;
    EXPECT_EQ(fault("unix:/" + std::string(200, 'a')).code, base::Errc::usage);
}

} // namespace
