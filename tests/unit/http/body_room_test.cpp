// Many big bodies at once: few are held at a time, the others wait, and all of them come.
#include "fetching.hpp"
#include "http/body_room.hpp"

namespace {

using namespace fetching;
using http::BodyRoom;

class BodyRoomTest : public Fetching {
  protected:
    /// Fetches all, and lets go of each body as soon as it is there; how many came whole.
    int fetch_all(const std::vector<std::string>& paths, std::size_t bytes) {
        int whole = 0, ended = 0;
        http::Settings settings = quick();
        settings.connections_per_host = 16;
        http::Client& all = client(settings);
        for (const auto& path : paths)
            asio::co_spawn(loop, all.fetch(http::Request(server.url(path))),
                           [&, bytes](std::exception_ptr, http::Outcome outcome) {
                               ++ended;
                               whole += outcome && outcome->body().size() == bytes;
                           });
        while (ended < static_cast<int>(paths.size()) && !loop.stopped_after())
            ;
        return whole;
    }
};

TEST_F(BodyRoomTest, BigBodiesComeOneAfterTheOther) {
    for (const std::size_t bytes : {std::size_t{100'000}, std::size_t{1'500'000}, std::size_t{6'000'000}}) {
        auto answer = loopback::ok(std::string(bytes, 'x'));
        server.endpoint("/plain", answer);
        answer.chunked = true;
        server.endpoint("/chunked", answer);
        std::vector<std::string> paths;
        for (int i = 0; i < 12; ++i)
            paths.emplace_back(i % 2 == 0 ? "/plain" : "/chunked");
        EXPECT_EQ(fetch_all(paths, bytes), 12) << bytes;
    }
}

TEST_F(BodyRoomTest, WhatGrowsWhenItIsDecodedWaitsInTheMiddleOfAPiece) {
    std::string text;
    for (int i = 0; text.size() < 6'000'000; ++i)
        text += std::to_string(std::int64_t{i} * 7919) + " ";
    auto answer = loopback::ok(loopback::gzip(text));
    answer.headers.emplace_back("Content-Encoding", "gzip");
    server.endpoint("/", answer);
    EXPECT_EQ(fetch_all(std::vector<std::string>(8, "/"), text.size()), 8);
}

TEST_F(BodyRoomTest, WhoHoldsOneKeepsTheOthersWaitingUntilTheirTimeIsOver) {
    http::Settings settings = quick();
    settings.timeout = 1s;
    client(settings);
    server.endpoint("/", loopback::ok(std::string(6'000'000, 'x')));
    const auto first = start(http::Request(server.url("/")));
    run();
    ASSERT_TRUE(*outcomes[first]);
    EXPECT_EQ(code_of(fetch(http::Request(server.url("/")))), Errc::timeout);
    server.endpoint("/small", loopback::ok("x"));
    EXPECT_TRUE(get("/small")) << "small ones need no place";
    outcomes[first]->value().room.reset();
    EXPECT_TRUE(get("/")) << "given back with the body";
}

TEST(BodyRoom, PlacesAreFewAndGivenBack) {
    const auto room = std::make_shared<BodyRoom>();
    auto large = room->take(BodyRoom::Size::large);
    ASSERT_TRUE(large);
    EXPECT_FALSE(room->take(BodyRoom::Size::large));
    int called = 0;
    const auto waiting = room->wait(BodyRoom::Size::large, [&called] { ++called; });
    auto gone = room->wait(BodyRoom::Size::large, [&called] { called += 100; });
    gone.reset();
    large.reset();
    EXPECT_EQ(called, 1);
    EXPECT_TRUE(room->take(BodyRoom::Size::large));
    EXPECT_EQ(called, 1) << "once";
}

} // namespace
