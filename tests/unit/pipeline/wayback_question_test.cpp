#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/wayback_question.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string original = "https://mp.weixin.qq.com/s/AbC";

store::Sought sought(std::vector<std::string> links) {
    store::Sought sought;
    sought.url = original;
    sought.platform = "weixin";
    sought.links = std::move(links);
    sought.article_of = base::parse_rfc3339("2026-11-18T09:00:00Z");
    return sought;
}

TEST(WaybackQuestion, AStarSaysNothingAndATimeIsAClaim) {
    const std::string web = "https://web.archive.org/web/";
    for (const std::string& link :
         {web + "*/" + original, web + "2026*/" + original, original, web + original, web + "2/" + original,
          std::string("https://archive.ph/W29ZN")}) {
        const auto question = question_of(sought({link}));
        EXPECT_EQ(question.url, original);
        EXPECT_THAT(question.claims, IsEmpty()) << link;
        EXPECT_THAT(question.forms, IsEmpty()) << link;
    }
    const wayback::Claim claim{"20261118093000", original};
    EXPECT_THAT(
        question_of(sought({web + "20261118093000/" + original, web + "20261118093000id_/" + original}))
            .claims,
        ElementsAre(claim));
    EXPECT_THAT(question_of(sought({web + "2026/" + original})).claims,
                ElementsAre(wayback::Claim{"2026", original}));
}

TEST(WaybackQuestion, FormsThatTheIndexTellsApart) {
    EXPECT_THAT(question_of(sought({"http://www.mp.weixin.qq.com/s/AbC/", original + "#rd"})).forms,
                IsEmpty());
    EXPECT_THAT(question_of(sought({original + "?scene=27#x",
                                    "https://web.archive.org/web/*/" + original + "?scene=27"}))
                    .forms,
                ElementsAre(original + "?scene=27"));
}

TEST(WaybackQuestion, TheCardsDateGoesBeforeTheArticles) {
    EXPECT_EQ(question_of(sought({})).published, base::parse_rfc3339("2026-11-18T09:00:00Z"));
    auto dated = sought({});
    dated.published_on = "2026-11-17";
    EXPECT_EQ(question_of(dated).published, base::parse_rfc3339("2026-11-17T12:00:00+08:00"));
}

TEST(WaybackQuestion, VerdictsComeBackAsTheyWere) {
    using Kind = wayback::Judgement::Kind;
    for (const Kind kind : {Kind::content, Kind::notice, Kind::unclear}) {
        const wayback::Judgement judgement{kind, kind == Kind::notice ? "gone" : ""};
        EXPECT_EQ(judgement_of(verdict_of(judgement)), judgement);
    }
    auto known = sought({});
    known.verdicts["DIGEST"] = {"notice", "gone", 7};
    EXPECT_EQ(question_of(known).judged.at("DIGEST"), (wayback::Judgement{Kind::notice, "gone"}));
}

TEST(WaybackQuestion, OnlyWhatIsArchivedNamesASnapshot) {
    wayback::Answer answer;
    answer.nearest = wayback::Snapshot{"20261117080000",
                                       *base::parse_rfc3339("2026-11-17T08:00:00Z"),
                                       "http://example.org/a",
                                       "text/html",
                                       200,
                                       "DIGEST"};
    answer.newest = answer.oldest = answer.nearest;
    answer.count = 3;
    answer.reason = "a capture is listed and could not be read";
    const auto unknown = wayback_of(answer, "https://web.archive.org/web");
    EXPECT_EQ(unknown.state, "unknown");
    EXPECT_EQ(unknown.reason, answer.reason);
    EXPECT_EQ(unknown.snapshot_url, std::nullopt);
    EXPECT_EQ(unknown.snapshots, 3);
    answer.state = wayback::Answer::State::archived;
    answer.reason.clear();
    const auto archived = wayback_of(answer, "https://web.archive.org/web");
    EXPECT_EQ(archived.state, "archived");
    EXPECT_EQ(archived.reason, std::nullopt);
    EXPECT_EQ(archived.snapshot_url, "https://web.archive.org/web/20261117080000/http://example.org/a");
    EXPECT_EQ(archived.digest, "DIGEST");
    EXPECT_EQ(archived.first_at, answer.oldest->at);
}

} // namespace
} // namespace cdtd::pipeline
