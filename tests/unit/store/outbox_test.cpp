#include "unit/store/fixture.hpp"

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
        const auto found = next_delivery(db, endpoint, at(now), hours(1));
        if (const auto* due = std::get_if<Due>(&found)) {
            last = *due;
            return due->event.id;
        }
        const auto until = std::get<NothingUntil>(found);
        return until
                   ? "until " + std::to_string(std::chrono::floor<seconds>(until->time_since_epoch()).count())
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
        for (const auto& state : list_endpoints(db))
            if (state.name == name)
                return state;
        return {};
    }
    void SetUp() override { sync_endpoints(db, {"one", "two"}); }
    Due last;
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
    sync_endpoints(db, {"two"});
    EXPECT_EQ(list_endpoints(db).size(), 1U);
    EXPECT_EQ(endpoint("two").state, "disabled");
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
