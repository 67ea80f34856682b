#include "unit/wayback/replies.hpp"

#include <cdtd/wayback/resolve.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace cdtd::wayback {
namespace {

using testing::HasSubstr;
using Rows = std::vector<Snapshot>;
using State = Answer::State;

Problem failed(std::string reason = "it answered 503") {
    return {Trouble::failed, std::move(reason)};
}

/// The whole archive as functions; every one of them says "nothing" unless it is set.
struct World {
    std::function<Heard<Rows>(const Step&)> cdx = [](const Step&) { return Rows(); };
    std::function<Heard<std::optional<Snapshot>>(const Step&)> availability = [](const Step&) {
        return std::optional<Snapshot>();
    };
    std::function<Heard<Replay>(const Step&)> replay = [](const Step&) { return Replay(Nothing{}); };
    std::vector<Step> asked;
    std::map<std::string, Judgement> judged;

    Answer look(Question question) {
        Resolver resolver(std::move(question));
        while (const auto step = resolver.next()) {
            asked.push_back(*step);
            EXPECT_LE(asked.size(), 30u);
            if (step->ask == Step::Ask::cdx)
                resolver.hear(*step, cdx(*step));
            else if (step->ask == Step::Ask::availability)
                resolver.hear(*step, availability(*step));
            else
                hear_replay(resolver, *step);
        }
        judged = resolver.judged();
        return resolver.answer();
    }

    void hear_replay(Resolver& resolver, const Step& step) {
        const auto heard = replay(step);
        Judgement judgement;
        if (const auto* memento = heard ? std::get_if<Memento>(&*heard) : nullptr)
            judgement =
                judge_page({step.url, "weixin", memento->status, memento->content_type, memento->body});
        resolver.hear(step, heard, judgement);
    }

    std::size_t count(Step::Ask ask) const {
        return static_cast<std::size_t>(std::ranges::count(asked, ask, &Step::ask));
    }
};

Replay memento(std::string body, int status = 200, std::string timestamp = "20200102030405") {
    return Memento{*time_of(timestamp), status, "text/html", std::move(body)};
}

Question question() {
    Question asked;
    asked.url = "https://example.org/a";
    asked.published = time_of("20200601");
    return asked;
}

TEST(Resolve, TheCaptureNearestToThePublicationIsTheOne) {
    World world;
    world.cdx = [](const Step&) {
        return Rows{snapshot("20190101000000"), snapshot("20200603000000"), snapshot("20230101000000", 404),
                    snapshot("20240101000000")};
    };
    world.replay = [](const Step&) { return memento("<p>河边的桥"); };
    const auto answer = world.look(question());
    EXPECT_EQ(answer.state, State::archived);
    EXPECT_EQ(answer.nearest->timestamp, "20200603000000");
    EXPECT_EQ(answer.nearest->digest, "D20200603000000");
    EXPECT_EQ(answer.oldest->timestamp, "20190101000000");
    EXPECT_EQ(answer.newest->timestamp, "20240101000000");
    EXPECT_EQ(answer.count, 4);
    EXPECT_EQ(world.asked.size(), 2u); // one index, one reading
}

constexpr const char* kVerification =
    R"(<div class="weui-msg"><i class="weui-icon-warn weui-icon_msg"></i><h2 class="weui-msg__title">环境异常</h2></div>)";

TEST(Resolve, NoticesAreToldApartAndTheNextBestIsRead) {
    World world;
    world.cdx = [](const Step&) {
        return Rows{snapshot("20190101000000"), snapshot("20200603000000", 200, "N"),
                    snapshot("20200604000000", 200, "N")};
    };
    world.replay = [](const Step& step) {
        return step.timestamp == "20190101000000" ? memento("<p>河边") : memento(kVerification);
    };
    auto asked = question();
    asked.url = "https://mp.weixin.qq.com/s/AbC";
    world.cdx = [](const Step&) {
        const std::string url = "https://mp.weixin.qq.com/s/AbC";
        return Rows{snapshot("20190101000000", 200, "", url), snapshot("20200603000000", 200, "N", url),
                    snapshot("20200604000000", 200, "N", url)};
    };
    const auto answer = world.look(asked);
    EXPECT_EQ(answer.state, State::archived);
    EXPECT_EQ(answer.nearest->timestamp, "20190101000000");
    EXPECT_EQ(world.count(Step::Ask::replay), 2u); // the same digest is the same bytes
    EXPECT_EQ(world.judged.at("N").kind, Judgement::Kind::notice);
}

TEST(Resolve, OnlyNoticesAndErrorsIsNotArchivedWithTheReason) {
    World world;
    auto asked = question();
    asked.url = "https://mp.weixin.qq.com/s/AbC";
    world.cdx = [](const Step& step) {
        return Rows{snapshot("20200603000000", 200, "N", step.url),
                    snapshot("20200605000000", 404, "", step.url)};
    };
    world.replay = [](const Step&) { return memento(kVerification); };
    const auto answer = world.look(asked);
    EXPECT_EQ(answer.state, State::not_archived);
    EXPECT_THAT(answer.reason, HasSubstr("环境异常"));
    EXPECT_THAT(answer.reason, HasSubstr("an error page (404)"));
    // Nothing is read twice.
    World again = world;
    again.asked.clear();
    asked.judged = world.judged;
    EXPECT_EQ(again.look(asked).state, State::not_archived);
    EXPECT_EQ(again.count(Step::Ask::replay), 0u);
}

TEST(Resolve, NotArchivedNeedsEveryOpinion) {
    World world;
    auto answer = world.look(question());
    EXPECT_EQ(answer.state, State::not_archived);
    EXPECT_EQ(answer.reason, "");
    EXPECT_EQ(world.count(Step::Ask::availability), 1u);

    World index_down;
    index_down.cdx = [](const Step&) { return std::unexpected(failed()); };
    answer = index_down.look(question());
    EXPECT_EQ(answer.state, State::unknown);
    EXPECT_THAT(answer.reason, HasSubstr("503"));

    World index_lags; // and availability says nothing of it: a false empty
    index_lags.replay = [](const Step&) { return memento("<p>河边"); };
    EXPECT_EQ(index_lags.look(question()).state, State::archived);

    World second_down; // the archive's own 404 is enough
    second_down.availability = [](const Step&) { return std::unexpected(failed()); };
    EXPECT_EQ(second_down.look(question()).state, State::not_archived);
    second_down.replay = [](const Step&) { return std::unexpected(failed()); };
    EXPECT_EQ(second_down.look(question()).state, State::unknown);
}

TEST(Resolve, TheSecondOpinionFindsWhatTheIndexDoesNotShow) {
    for (const bool index_down : {false, true}) {
        World world;
        if (index_down)
            world.cdx = [](const Step&) { return std::unexpected(failed()); };
        world.availability = [](const Step&) { return std::optional(snapshot("20200603000000", 200, "-")); };
        world.replay = [](const Step&) { return memento("<p>河边"); };
        const auto answer = world.look(question());
        EXPECT_EQ(answer.state, State::archived);
        EXPECT_EQ(answer.nearest->timestamp, "20200603000000");
    }
    World replay_only;
    replay_only.availability = [](const Step&) { return std::unexpected(failed()); };
    replay_only.replay = [](const Step& step) -> Heard<Replay> {
        if (step.timestamp == "20200603000000")
            return memento("<p>河边");
        return Replay(Nearest{"20200603000000", "https://example.org/a"});
    };
    EXPECT_EQ(replay_only.look(question()).state, State::archived);
}

TEST(Resolve, AnErrorPageThatAvailabilityListsIsNoSnapshot) {
    World world;
    world.availability = [](const Step&) { return std::optional(snapshot("20200603000000", 404)); };
    const auto answer = world.look(question());
    EXPECT_EQ(answer.state, State::not_archived);
    EXPECT_THAT(answer.reason, HasSubstr("404"));
}

TEST(Resolve, WhatCouldNotBeReadIsUnknownAndNamed) {
    World world;
    world.cdx = [](const Step&) { return Rows{snapshot("20200603000000")}; };
    for (const auto& heard :
         {Heard<Replay>(std::unexpected(failed("stalled"))), Heard<Replay>(Replay(Nothing{}))}) {
        world.replay = [&heard](const Step&) { return heard; };
        const auto answer = world.look(question());
        EXPECT_EQ(answer.state, State::unknown);
        EXPECT_EQ(answer.nearest->timestamp, "20200603000000");
        EXPECT_NE(answer.reason, "");
    }
}

TEST(Resolve, ExcludedAndThrottledStopTheLook) {
    World world;
    world.cdx = [](const Step&) { return std::unexpected(Problem{Trouble::excluded, "excluded"}); };
    auto answer = world.look(question());
    EXPECT_EQ(answer.state, State::unknown);
    EXPECT_EQ(answer.reason, "excluded");
    EXPECT_FALSE(answer.throttled);
    EXPECT_EQ(world.asked.size(), 1u);
    world.cdx = [](const Step&) { return std::unexpected(Problem{Trouble::throttled, "429"}); };
    answer = world.look(question());
    EXPECT_TRUE(answer.throttled);
    EXPECT_EQ(answer.state, State::unknown);
}

TEST(Resolve, RedirectsAloneAreUnknown) {
    World world;
    world.cdx = [](const Step&) { return Rows{snapshot("20200603000000", 302)}; };
    const auto answer = world.look(question());
    EXPECT_EQ(answer.state, State::unknown);
    EXPECT_THAT(answer.reason, HasSubstr("a redirect (302)"));
}

TEST(Resolve, OtherCaseIsAnotherArticle) {
    World world;
    auto asked = question();
    asked.url = "https://mp.weixin.qq.com/s/AbC";
    world.cdx = [](const Step&) {
        return Rows{snapshot("20200603000000", 200, "", "https://mp.weixin.qq.com/s/aBc")};
    };
    EXPECT_EQ(world.look(asked).state, State::not_archived);
    world.cdx = [](const Step&) {
        return Rows{snapshot("20200603000000", 200, "", "http://mp.weixin.qq.com:80/s/AbC?from=x")};
    };
    world.replay = [](const Step&) { return memento("<p>河边"); };
    EXPECT_EQ(world.look(asked).state, State::archived); // the server's own idea of sameness otherwise
}

TEST(Resolve, ClaimsAreChecked) {
    auto asked = question();
    asked.claims = {{"20200701000000", "https://example.org/a?x=1"}};
    World world;
    EXPECT_EQ(world.look(asked).state, State::not_archived);
    EXPECT_EQ(world.count(Step::Ask::replay), 2u); // the URL itself, and the claim
    world.replay = [](const Step& step) {
        return step.url.ends_with("x=1") ? memento("<p>河边", 200, "20200701000000") : Replay(Nothing{});
    };
    const auto answer = world.look(asked);
    EXPECT_EQ(answer.state, State::archived);
    EXPECT_EQ(answer.nearest->timestamp, "20200701000000");
    EXPECT_EQ(answer.nearest->original, "https://example.org/a?x=1");
    world.replay = [](const Step&) { return std::unexpected(failed()); };
    EXPECT_EQ(world.look(asked).state, State::unknown);
    world.replay = [](const Step&) { return memento("gone", 404, "20200701000000"); };
    EXPECT_EQ(world.look(asked).state, State::not_archived);
}

TEST(Resolve, OtherFormsAreAskedWhereTheFirstGivesNothing) {
    auto asked = question();
    asked.forms = {"https://example.org/a?chksm=1"};
    World world;
    world.cdx = [](const Step& step) {
        return step.url.ends_with("chksm=1") ? Rows{snapshot("20200603000000", 200, "", step.url)} : Rows();
    };
    world.replay = [](const Step&) { return memento("<p>河边"); };
    const auto answer = world.look(asked);
    EXPECT_EQ(answer.state, State::archived);
    EXPECT_EQ(answer.nearest->original, "https://example.org/a?chksm=1");
}

TEST(Resolve, ALongListIsAskedForItsEnds) {
    World world;
    world.cdx = [](const Step& step) {
        if (step.part == Part::newest)
            return Rows{snapshot("20250101000000")};
        if (step.part == Part::nearest)
            return Rows{snapshot("20200601000001")};
        Rows rows;
        for (int i = 0; i < most_snapshots; ++i)
            rows.push_back(snapshot(std::to_string(20000101000000 + i % 60 + i / 60 * 100)));
        return rows;
    };
    world.replay = [](const Step&) { return memento("<p>河边"); };
    const auto answer = world.look(question());
    EXPECT_EQ(answer.nearest->timestamp, "20200601000001");
    EXPECT_EQ(answer.newest->timestamp, "20250101000000");
    EXPECT_EQ(answer.count, most_snapshots + 2);
}

TEST(Resolve, HostileAnswersEnd) {
    World world;
    int n = 0;
    world.cdx = [&n](const Step& step) {
        Rows rows;
        for (int i = 0; i < most_snapshots; ++i)
            rows.push_back(snapshot("20000101000000", 200, std::to_string(++n), step.url));
        return rows;
    };
    world.availability = [](const Step&) { return std::unexpected(failed()); };
    world.replay = [&n](const Step&) {
        return Replay(Nearest{std::to_string(20000101000000 + ++n % 60), "x"});
    };
    EXPECT_EQ(world.look(question()).state, State::unknown);
    EXPECT_LE(world.asked.size(), 24u);
}

} // namespace
} // namespace cdtd::wayback
