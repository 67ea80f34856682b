#include "unit/store/fixture.hpp"

#include <cdtd/store/endpoints.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/status.hpp>

#include <regex>

namespace cdtd::store {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class Outbox : public StoreTest {
  protected:
    model::Event tell(std::int64_t when = 100) {
        return add_event(db, {0, "", "article.new", at(when), "{}", std::nullopt}, {"one", "two"});
    }
    /// "event id", or "until N", or "nothing".
    std::string next(std::int64_t now, const std::string& endpoint = "one") {
        const Next found = next_deliveries(db, endpoint, at(now), pace, 1);
        if (!found.due.empty()) {
            last = found.due.front();
            return last.event.id;
        }
        if (found.digest)
            return "digest";
        return found.until
                   ? "until " +
                         std::to_string(std::chrono::floor<seconds>(found.until->time_since_epoch()).count())
                   : "nothing";
    }
    void fail_last(std::int64_t now, std::int64_t again) {
        record_attempt(db, last.delivery, {at(now), 500, 3, "500", "oops"}, model::DeliveryState::pending,
                       at(again));
    }
    void deliver_last(std::int64_t now) {
        record_attempt(db, last.delivery, {at(now), 200, 3, std::nullopt, std::nullopt},
                       model::DeliveryState::delivered, std::nullopt);
    }
    model::EndpointState endpoint(const std::string& name) {
        return find_endpoint(db, name, at(seen)).value_or(model::EndpointState{});
    }
    void SetUp() override { sync_endpoints(db, {{.name = "one"}, {.name = "two"}}); }
    Due last;
    Pace pace{hours(1), 0, {}};
    std::int64_t seen = 500; ///< when endpoints are looked at
};

TEST_F(Outbox, EventsComeInOrderUnderIdsOfTheirOwn) {
    const auto a = tell(), b = tell(), c = tell();
    EXPECT_TRUE(std::regex_match(a.id, std::regex("evt_[a-z2-7]{26}"))) << a.id;
    EXPECT_NE(a.id, b.id);
    const auto all = list_events(db, "", 2);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->at(1).id, b.id);
    EXPECT_EQ(list_events(db, b.id, 9)->at(0).id, c.id);
    EXPECT_TRUE(list_events(db, c.id, 9)->empty());
    EXPECT_EQ(list_events(db, "evt_no", 9), std::nullopt);
}

TEST_F(Outbox, ARetryHoldsTheOthersBackForAWhile) {
    const auto a = tell(), b = tell();
    EXPECT_EQ(next(99), "until 100");
    EXPECT_EQ(next(100), a.id);
    fail_last(100, 1000);
    EXPECT_EQ(next(101), "until 1000"); // b waits for a
    EXPECT_EQ(next(101, "two"), a.id);  // each endpoint on its own
    EXPECT_EQ(next(1000), a.id);        // a's retry
    EXPECT_EQ(last.attempts, 1);
    fail_last(1000, 90'000);
    EXPECT_EQ(next(1001), "until 3700"); // an hour after the first attempt
    EXPECT_EQ(next(3700), b.id);         // b passes
    deliver_last(3700);
    EXPECT_EQ(next(3701), "until 90000");
    EXPECT_EQ(next(90'000), a.id);
    deliver_last(90'000);
    EXPECT_EQ(next(90'001), "nothing");
}

TEST_F(Outbox, HealthFollowsTheAttempts) {
    tell();
    ASSERT_NE(next(100), "nothing");
    fail_last(100, 200);
    EXPECT_EQ(endpoint("one").state, "failing");
    EXPECT_EQ(endpoint("one").failing_since, at(100));
    EXPECT_EQ(endpoint("one").waiting, 1);
    ASSERT_NE(next(200), "nothing");
    fail_last(200, 300);
    EXPECT_EQ(endpoint("one").failing_since, at(100));
    EXPECT_EQ(endpoint("one").last_error, "500");
    deliver_last(300);
    EXPECT_EQ(endpoint("one").state, "ok");
    EXPECT_EQ(endpoint("one").failing_since, std::nullopt);
    EXPECT_EQ(endpoint("one").last_success_at, at(300));
    EXPECT_EQ(endpoint("one").waiting, 0);
    disable_endpoint(db, "two", "410 Gone", at(400));
    EXPECT_EQ(next(500, "two"), "nothing");
    EXPECT_EQ(endpoint("two").last_error, "410 Gone");
    sync_endpoints(db, {{.name = "two"}});
    EXPECT_EQ(list_endpoints(db, at(500)).size(), 1U);
    EXPECT_EQ(endpoint("two").state, "disabled");
}

TEST_F(Outbox, ABatchEndsWhereTheOrderIsNotSure) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(tell(100).id);
    auto next_three = next_deliveries(db, "one", at(200), pace, 3);
    ASSERT_EQ(next_three.due.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(next_three.due[i].event.id, ids[i]);
    last = next_three.due[0];
    fail_last(200, 300);
    EXPECT_TRUE(next_deliveries(db, "one", at(201), pace, 3).due.empty());
    const auto again = next_deliveries(db, "one", at(300), pace, 9);
    EXPECT_EQ(again.due.size(), 5U); // the retry and, in order, what waited for it
    EXPECT_EQ(again.due[0].attempts, 1);
}

TEST_F(Outbox, APauseIsKeptAndATestPassesEverything) {
    const auto a = tell();
    pause_endpoint(db, "one", at(5000));
    pause_endpoint(db, "one", at(4000)); // never shortened
    EXPECT_EQ(next(1000), "until 5000");
    seen = 1000;
    EXPECT_EQ(endpoint("one").paused_until, at(5000));
    EXPECT_EQ(endpoint("one").next_attempt_at, at(5000));
    const auto ping = add_event(db, {0, "", "test.ping", at(1000), "{}", std::nullopt}, {});
    add_delivery(db, ping.seq, "one", model::DeliveryKind::test, at(1000));
    EXPECT_EQ(next(1000), ping.id);
    record_attempt(db, last.delivery, {at(1000), 500, 1, "no", std::nullopt}, model::DeliveryState::failed,
                   std::nullopt);
    EXPECT_EQ(endpoint("one").state, "ok"); // a test says nothing of its health
    disable_endpoint(db, "one", "410 Gone", at(1100));
    add_delivery(db, ping.seq, "one", model::DeliveryKind::test, at(1200));
    EXPECT_EQ(next(1200), ping.id);
    deliver_last(1200);
    EXPECT_EQ(endpoint("one").state, "disabled");
    EXPECT_EQ(endpoint("one").last_error, "410 Gone");
    EXPECT_EQ(endpoint("one").told_last_hour, 0);
    EXPECT_EQ(next(6000), "nothing");
    enable_endpoint(db, "one", at(6000));
    EXPECT_EQ(next(6000), a.id);
}

TEST_F(Outbox, EnablingMakesRetriesDueAtOnce) {
    const auto a = tell();
    ASSERT_EQ(next(100), a.id);
    fail_last(100, 90'000);
    EXPECT_EQ(endpoint("one").state, "failing");
    EXPECT_EQ(failing_since(db, "one"), at(100));
    enable_endpoint(db, "one", at(200));
    EXPECT_EQ(next(200), a.id);
    EXPECT_EQ(endpoint("one").state, "ok");
    EXPECT_EQ(failing_since(db, "one"), std::nullopt);
}

TEST_F(Outbox, PastTheLimitOfAnHourWhatWaitsIsOneDigest) {
    pace = {hours(1), 2, seconds(10)};
    std::vector<model::Event> events;
    for (int i = 0; i < 6; ++i)
        events.push_back(tell(100));
    EXPECT_EQ(next_deliveries(db, "one", at(100), pace, 9).due.size(), 2U); // no more than there is room for
    for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(next(100), events[static_cast<std::size_t>(i)].id);
        deliver_last(100);
    }
    EXPECT_EQ(next(101), "until 110"); // more may come at once
    EXPECT_EQ(next(110), "digest");
    const auto held = held_back(db, "one", 3);
    EXPECT_EQ(held.total, 4);
    ASSERT_EQ(held.events.size(), 3U);
    EXPECT_EQ(held.events[0].id, events[2].id);
    const auto digest = add_event(db, {0, "", "digest", at(110), "{}", std::nullopt}, {});
    put_in_digest(db, "one", digest);
    EXPECT_EQ(next(110), digest.id);
    EXPECT_EQ(last.kind, model::DeliveryKind::digest);
    EXPECT_EQ(endpoint("one").waiting, 5);
    deliver_last(110);
    EXPECT_EQ(endpoint("one").waiting, 0); // what it stands for was told with it
    seen = 120;
    EXPECT_EQ(endpoint("one").told_last_hour, 3);
    const auto listed = list_deliveries(db, {{"one"}, {"delivered"}, {}, "", 50});
    EXPECT_EQ(listed.items.size(), 7U);
    EXPECT_EQ(listed.items[1].digest, digest.id);
    const auto late = tell(200);
    EXPECT_EQ(next(200), "until 3700"); // the first two leave the hour then, sooner than the next digest
    EXPECT_EQ(next(3700), late.id);
    EXPECT_EQ(next(3700, "two"), events[0].id); // each endpoint on its own
}

TEST_F(Outbox, ADigestThatFailsForGoodFailsForAllOfIt) {
    pace = {hours(1), 1, {}};
    for (int i = 0; i < 3; ++i)
        tell(100);
    ASSERT_NE(next(100), "nothing");
    deliver_last(100);
    ASSERT_EQ(next(100), "digest");
    put_in_digest(db, "one", add_event(db, {0, "", "digest", at(100), "{}", std::nullopt}, {}));
    ASSERT_NE(next(100), "nothing");
    fail_last(100, 200);
    EXPECT_EQ(endpoint("one").waiting, 3);
    record_attempt(db, last.delivery, {at(200), 404, 1, "no", std::nullopt}, model::DeliveryState::failed,
                   std::nullopt);
    EXPECT_EQ(endpoint("one").waiting, 0);
    EXPECT_EQ(list_deliveries(db, {{"one"}, {"failed"}, {}, "", 50}).items.size(), 3U);
}

TEST_F(Outbox, EventsOfTheLogAreFoundAgain) {
    const auto a = tell(100), b = tell(200), c = tell(150); // the clock was set back
    const auto found = events_since(db, at(150), 0, 9);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].id, b.id);
    EXPECT_EQ(found[1].id, c.id);
    EXPECT_TRUE(events_since(db, at(150), c.seq, 9).empty());
}

TEST_F(Outbox, DeliveriesAreListedNewestFirstWithTheirAttempts) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(tell(100 + i).id);
    ASSERT_EQ(next(200), ids[0]);
    record_attempt(db, last.delivery, {at(200), std::nullopt, 9, "timeout", std::string(5000, 'x')},
                   model::DeliveryState::failed, std::nullopt);
    const std::tuple<const char*, DeliveryFilter, std::size_t> cases[] = {
        {"all", {}, 10},
        {"endpoint", {{"one"}, {}, {}, "", 50}, 5},
        {"state", {{}, {"failed"}, {}, "", 50}, 1},
        {"both", {{"one", "two"}, {"pending"}, {}, "", 50}, 9},
        {"since", {{"one"}, {}, at(103), "", 50}, 2},
        {"since later", {{}, {}, at(999), "", 50}, 0}};
    for (const auto& [name, filter, size] : cases)
        EXPECT_EQ(list_deliveries(db, filter).items.size(), size) << name;
    const auto failed = list_deliveries(db, {{}, {"failed"}, {}, "", 50}).items.at(0);
    EXPECT_EQ(failed.event_id, ids[0]);
    EXPECT_EQ(failed.next_attempt_at, std::nullopt);
    ASSERT_EQ(failed.attempts.size(), 1U);
    EXPECT_EQ(failed.attempts[0].status, std::nullopt);
    EXPECT_EQ(failed.attempts[0].answer->size(), 1024U);
    DeliveryFilter paged{{"one"}, {}, {}, "", 2};
    std::vector<std::string> seen;
    for (bool more = true; more;) {
        const auto page = list_deliveries(db, paged);
        for (const auto& delivery : page.items)
            seen.push_back(delivery.event_id);
        more = page.next.has_value();
        paged.cursor = page.next.value_or("");
    }
    std::reverse(ids.begin(), ids.end());
    EXPECT_EQ(seen, ids);
    paged.cursor = "n1.2";
    EXPECT_THROW(list_deliveries(db, paged), std::invalid_argument);
}

} // namespace
} // namespace cdtd::store
