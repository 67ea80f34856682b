// Real feeds, where the corpus lies beside the repository.
#include "unit/feed/fixtures.hpp"

#include <cdtd/feed/parse.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace cdtd::feed {
namespace {

namespace fs = std::filesystem;

const fs::path corpus = fs::path(CDTD_SOURCE_DIR) / "../shared/corpus";

std::string slurp(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Corpus, CdtFeeds) {
    const auto folder = corpus / "cdt-feeds";
    if (!fs::exists(folder))
        GTEST_SKIP() << "no corpus at " << folder;
    int whole = 0;
    for (const auto& file : fs::directory_iterator(folder)) {
        const auto name = file.path().filename().string();
        if (file.path().extension() != ".xml")
            continue;
        const auto bytes = slurp(file.path());
        const auto feed = parse(bytes, "https://chinadigitaltimes.net/chinese/feed/", "application/rss+xml");
        if (name.ends_with(".head.xml")) { // excerpts that end in the middle
            EXPECT_TRUE(feed ? feed->cut_off && !feed->entries.empty()
                             : feed.error().message.contains("cut off"))
                << name;
            continue;
        }
        ASSERT_TRUE(feed) << name << ": " << feed.error().message;
        ++whole;
        EXPECT_TRUE(feed->repairs.empty()) << name << ": " << feed->repairs[0];
        EXPECT_EQ(feed->format, "rss 2.0");
        EXPECT_EQ(feed->cadence.update_period, std::chrono::hours(1));
        EXPECT_GE(feed->entries.size(), 5U) << name;
        for (const auto& entry : feed->entries) {
            EXPECT_TRUE(entry.guid.contains("?p=")) << name << entry.guid;
            EXPECT_TRUE(entry.link.starts_with("https://chinadigitaltimes.net/chinese/")) << entry.link;
            EXPECT_FALSE(entry.content.empty()) << entry.link;
            EXPECT_FALSE(entry.author.empty()) << entry.link;
            EXPECT_TRUE(entry.published) << entry.published_raw;
        }
    }
    EXPECT_EQ(whole, 3);
}

TEST(Corpus, OtherFeedsAreRead) {
    const auto folder = corpus / "feeds/files";
    if (!fs::exists(folder))
        GTEST_SKIP() << "no corpus at " << folder;
    int read = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file())
            continue;
        const auto bytes = slurp(file.path());
        const auto feed = parse(bytes, fixtures::url, "");
        ASSERT_TRUE(feed) << file.path() << ": " << feed.error().message;
        EXPECT_FALSE(feed->cut_off) << file.path();
        ++read;
        // Cut anywhere, it must not crash.
        for (const auto part : {3U, 2U})
            static_cast<void>(
                parse(std::string_view(bytes).substr(0, bytes.size() / part), fixtures::url, ""));
    }
    EXPECT_GE(read, 90);
}

} // namespace
} // namespace cdtd::feed
