#include <cdtd/article/read.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<model::Alternate> alternates(const std::string& html) {
    return read(html, "https://chinadigitaltimes.net/chinese/1.html").alternates;
}

TEST(Alternates, LinksToOtherArchivesAndWhatTheySayOfTheOriginal) {
    const std::string original = "https://mp.weixin.qq.com/s/AbC";
    EXPECT_THAT(
        alternates(
            "<p>备份：<a href='https://archive.ph/W29ZN'>一</a>、"
            "<a href='https://archive.is/20250101000000/https://mp.weixin.qq.com/s/AbC'>二</a>、"
            "<a href='https://ghostarchive.org/archive/x1Y2z'>三</a>、"
            "<a href='https://megalodon.jp/2025-0101-1200-10/https://mp.weixin.qq.com:443/s/AbC'>四</a>、"
            "<a href='https://www.perma.cc/AB12-CD34'>五</a>"
            "<a href='https://archive.ph/W29ZN'>一</a></p>"),
        ElementsAre(
            model::Alternate{"https://archive.ph/W29ZN", "archive_today", {}},
            model::Alternate{"https://archive.is/20250101000000/https://mp.weixin.qq.com/s/AbC",
                             "archive_today", original},
            model::Alternate{"https://ghostarchive.org/archive/x1Y2z", "ghostarchive", {}},
            model::Alternate{"https://megalodon.jp/2025-0101-1200-10/https://mp.weixin.qq.com:443/s/AbC",
                             "megalodon", original},
            model::Alternate{"https://www.perma.cc/AB12-CD34", "perma_cc", {}}));
}

TEST(Alternates, NoneWhereNothingIsKept) {
    EXPECT_THAT(
        alternates(
            "<p><a href='https://archive.ph/'>存档网站</a><a href='https://web.archive.org/web/*/https://"
            "mp.weixin.qq.com/s/AbC'>W</a><a href='https://example.org/archive.ph/x'>x</a>"
            "<a href='javascript:archive.ph'>y</a><a>z</a></p>"),
        IsEmpty());
}

} // namespace
} // namespace cdtd::article
