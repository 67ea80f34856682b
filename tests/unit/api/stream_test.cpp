// Events as they come: long polls and text/event-stream, over a socket.
#include "unit/api/client.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>

using namespace cdtd;
namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;
using sample::header;
using sample::Running;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

const std::string as_stream = "Accept: text/event-stream\r\n";

/// For a request that was sent to be read by the server.
constexpr auto long_enough = 300ms;

std::size_t items_of(const sample::Response& response) {
    return json::parse(response.body()).at("items").as_array().size();
}

TEST(LongPoll, IsAnsweredWhenSomethingIsCommitted) {
    Running running;
    auto client = running.client();
    client.send(running.get("/api/v1/events?after=latest&wait=60s"));
    std::this_thread::sleep_for(long_enough);
    running.commit_event(4);
    const auto answer = client.receive();
    EXPECT_EQ(items_of(answer), 1U);
    // The connection goes on, and what is there is not waited for.
    EXPECT_EQ(items_of(client.ask(running.get("/api/v1/events?wait=60s"))), 4U);
}

TEST(LongPoll, EndsEmptyWhenNothingCame) {
    const Running running;
    EXPECT_EQ(items_of(running.ask(running.get("/api/v1/events?after=latest&wait=50ms"))), 0U);
    EXPECT_EQ(items_of(running.ask(running.get("/api/v1/events?after=latest&wait=0s"))), 0U);
}

TEST(LongPoll, ACommitWithoutAnEventDoesNotEndIt) {
    Running running;
    auto client = running.client();
    client.send(running.get("/api/v1/events?after=latest&wait=60s"));
    std::this_thread::sleep_for(long_enough);
    running.commit_nothing();
    std::this_thread::sleep_for(long_enough);
    running.commit_event(4);
    EXPECT_EQ(items_of(client.receive()), 1U);
}

TEST(LongPoll, DoesNotHoldTheEndBack) {
    Running running;
    auto client = running.client();
    client.send(running.get("/api/v1/events?after=latest&wait=60s"));
    std::this_thread::sleep_for(long_enough);
    running.stop();
    EXPECT_EQ(items_of(client.receive()), 0U);
    EXPECT_TRUE(running.ended_within(4s));
}

TEST(LongPoll, OnlySoManyWait) {
    Running running;
    std::deque<sample::TcpClient> waiting;
    for (int i = 0; i < 32; ++i) {
        waiting.emplace_back(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), running.port()));
        waiting.back().send(running.get("/api/v1/events?after=latest&wait=60s"));
    }
    std::this_thread::sleep_for(3 * long_enough);
    EXPECT_EQ(running.ask(running.get("/api/v1/events?after=latest&wait=60s")).result_int(), 503U);
    EXPECT_EQ(running.ask(running.get("/api/v1/events", as_stream)).result_int(), 503U);
    EXPECT_EQ(running.ask(running.get("/api/v1/status")).result_int(), 200U);
    running.commit_event(4);
    for (auto& client : waiting)
        EXPECT_EQ(items_of(client.receive()), 1U);
}

TEST(Stream, GivesWhatIsThereAndWhatComes) {
    Running running;
    auto client = running.client();
    client.send(running.get("/api/v1/events?limit=1", as_stream));
    const auto first = client.receive_until("\"id\":3}}");
    EXPECT_THAT(first, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Type: text/event-stream\r\n"),
                             HasSubstr("Transfer-Encoding: chunked\r\n"), HasSubstr("X-Content-Type-Options"),
                             HasSubstr("\"id\":1}}"), HasSubstr("\"id\":2}}")));
    running.commit_nothing();
    running.commit_event(5);
    EXPECT_THAT(client.receive_until("00:00:05.000Z"), HasSubstr("00:00:05.000Z"));
    running.stop();
    EXPECT_THAT(client.receive_until("\r\n0\r\n\r\n"), HasSubstr("\r\n0\r\n\r\n"));
    EXPECT_TRUE(running.ended_within(4s));
}

TEST(Stream, GoesOnBehindTheLastEventThatItsReaderHad) {
    Running running;
    const auto events = json::parse(running.ask(running.get("/api/v1/events")).body());
    const auto second = json::value_to<std::string>(events.at("items").at(1).at("id"));
    auto client = running.client();
    client.send(running.get("/api/v1/events", as_stream + "Last-Event-ID: " + second + "\r\n"));
    EXPECT_THAT(client.receive_until("\"id\":3}}"), AllOf(HasSubstr("\"id\":3}}"), Not(HasSubstr(second))));
    EXPECT_EQ(running.ask(running.get("/api/v1/events", as_stream + "Last-Event-ID: x\r\n")).result_int(),
              400U);
}

TEST(Stream, HeadHasNoBodyAndTheOldProtocolNoChunks) {
    Running running;
    auto head = running.client();
    head.send("HEAD /api/v1/events HTTP/1.1\r\n" + running.host() + as_stream + "\r\n");
    EXPECT_EQ(header(head.receive(true), "Content-Type"), "text/event-stream");
    EXPECT_TRUE(head.ended());
    auto old = running.client();
    old.send("GET /api/v1/events HTTP/1.0\r\n" + as_stream + "\r\n");
    EXPECT_THAT(old.receive_until("\"id\":3}}"),
                AllOf(HasSubstr("\r\n\r\nid: evt_"), Not(HasSubstr("chunked"))));
}

TEST(Stream, NeedsTheTokenAsAllElse) {
    api::Settings settings;
    settings.token = base::Secret("s3cret");
    const Running running(settings);
    EXPECT_EQ(running.ask(running.get("/api/v1/events", as_stream)).result_int(), 401U);
}

TEST(Stream, OneWhoDoesNotReadHarmsNobody) {
    Running running;
    auto deaf = running.client();
    deaf.send(running.get("/api/v1/events", as_stream));
    for (int number = 10; number < 200; ++number)
        running.commit_event(number);
    EXPECT_EQ(running.ask(running.get("/healthz")).result_int(), 200U);
    running.stop();
    EXPECT_TRUE(running.ended_within(8s));
}

} // namespace
