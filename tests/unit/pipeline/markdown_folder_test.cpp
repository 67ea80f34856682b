#include <cdtd/article/markdown.hpp>
#include <cdtd/pipeline/markdown_folder.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>
#include <unit/store/fixture.hpp>

namespace cdtd::pipeline {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class MarkdownFolderTest : public testing::Test {
  protected:
    MarkdownFolderTest() : root_(directory_.file("out")) {}

    MarkdownFolder open() {
        auto folder = MarkdownFolder::open(root_, Durable::each);
        EXPECT_TRUE(folder) << folder.error().message;
        return std::move(*folder);
    }

    store::MarkdownSource article(std::int64_t id, std::string title, std::int64_t number = 7) {
        store::MarkdownSource source;
        source.article = id;
        source.number = number;
        source.published_at = source.filed_at = base::Time(std::chrono::seconds(1'737'546'740));
        source.title = std::move(title);
        source.url = "https://example.org/" + std::to_string(id) + ".html";
        source.html = "<p>正文</p>";
        urls_[source.url] = id;
        return source;
    }

    /// Where it is; "" and `said_` where it can't be put.
    std::string put(const store::MarkdownSource& source, std::optional<std::string> before = std::nullopt) {
        auto folder = open();
        const auto filed = folder.file(source, before, owners_);
        EXPECT_TRUE(folder.sync());
        said_ = filed ? "" : filed.error().message;
        written_ = filed && filed->written;
        return filed ? filed->path : "";
    }

    Names names() {
        Names found;
        for (const auto& entry : fs::recursive_directory_iterator(root_))
            if (!entry.is_directory())
                found.push_back(fs::relative(entry.path(), root_).string());
        std::ranges::sort(found);
        return found;
    }

    std::string text(const std::string& name) {
        std::ostringstream out;
        out << std::ifstream(root_ + "/" + name).rdbuf();
        return out.str();
    }

    void write(const std::string& name, const std::string& bytes) {
        fs::create_directories(fs::path(root_ + "/" + name).parent_path());
        std::ofstream(root_ + "/" + name) << bytes;
    }

    TemporaryDirectory directory_;
    std::string root_;
    std::map<std::string, std::int64_t> urls_;
    std::map<std::string, std::int64_t> paths_;
    MarkdownOwners owners_{[this](const std::string& url) {
                               const auto at = urls_.find(url);
                               return at == urls_.end() ? std::nullopt : std::optional(at->second);
                           },
                           [this](const std::string& path) {
                               const auto at = paths_.find(path);
                               return at == paths_.end() ? std::nullopt : std::optional(at->second);
                           }};
    std::string said_;
    bool written_ = false;
};

TEST_F(MarkdownFolderTest, WritesWhatIsNotRightAndNothingElse) {
    EXPECT_EQ(put(article(1, "题")), "2025/7_题.md");
    EXPECT_TRUE(written_);
    EXPECT_EQ(text("2025/7_题.md"),
              "<!--1737546740000-->\n[题](https://example.org/1.html)\n------\n\n<p>正文</p>\n");
    EXPECT_EQ(put(article(1, "题")), "2025/7_题.md");
    EXPECT_FALSE(written_);
    auto edited = article(1, "题");
    edited.html = "<p>改</p>";
    put(edited);
    EXPECT_TRUE(written_);
    EXPECT_TRUE(text("2025/7_题.md").contains("改"));
    EXPECT_EQ(names(), Names{"2025/7_题.md"});
}

TEST_F(MarkdownFolderTest, ATitleEditRenames) {
    put(article(1, "旧"));
    EXPECT_EQ(put(article(1, "新"), "2025/7_旧.md"), "2025/7_新.md");
    EXPECT_EQ(names(), Names{"2025/7_新.md"});
    EXPECT_EQ(put(article(1, "更新")), "2025/7_更新.md"); // where nobody remembers, the files tell
    EXPECT_EQ(names(), Names{"2025/7_更新.md"});
    EXPECT_TRUE(written_);
    auto moved = article(1, "搬家"); // the old address still leads to it
    moved.url = "https://example.org/new-slug/";
    urls_[moved.url] = 1;
    put(moved);
    EXPECT_EQ(names(), Names{"2025/7_搬家.md"});
}

TEST_F(MarkdownFolderTest, NoFileIsWrittenOverByAnotherArticles) {
    EXPECT_EQ(put(article(1, "题")), "2025/7_题.md");
    EXPECT_EQ(put(article(2, "题")), "2025/7-2_题.md");
    EXPECT_EQ(put(article(2, "题")), "2025/7-2_题.md");
    EXPECT_FALSE(written_);
    EXPECT_EQ(put(article(1, "题")), "2025/7_题.md");
    EXPECT_FALSE(written_);
    EXPECT_EQ(put(article(3, "别")), "2025/7_别.md"); // one number, another title
    paths_["2025/7_空.md"] = 9;                       // noted, though the file is gone
    EXPECT_EQ(put(article(4, "空")), "2025/7-4_空.md");
    write("2025/7_我的.md", "# a note of somebody\n");
    EXPECT_EQ(put(article(5, "我的")), "2025/7-5_我的.md");
    EXPECT_EQ(text("2025/7_我的.md"), "# a note of somebody\n");
    EXPECT_EQ(names().size(), 6u);
}

TEST_F(MarkdownFolderTest, WithoutAnAddressOfTheirOwnFilesStayTheirArticles) {
    for (const std::string url : {"", "https://example.org/all"}) {
        auto one = article(1, "一", 1), two = article(2, "二", 2);
        one.url = two.url = url;
        urls_ = {{url, 1}};
        const std::string edits[] = {"<p>正文</p>", "<p>改过</p>", "<p>又改过</p>"};
        for (const std::string& html : edits) {
            one.html = two.html = html;
            EXPECT_EQ(put(one), "2025/1_一.md") << said_;
            EXPECT_EQ(put(two), "2025/2_二.md") << said_;
        }
        two.title = "三";
        EXPECT_EQ(put(two), "2025/2_三.md");
        EXPECT_EQ(names(), (Names{"2025/1_一.md", "2025/2_三.md"}));
        fs::remove_all(root_);
    }
}

TEST_F(MarkdownFolderTest, WhatAPowerCutOrAKillLeftIsMended) {
    write("2025/7_题.md", "");
    write("2025/.cdtd-unfinished", "half");
    EXPECT_EQ(put(article(1, "题")), "2025/7_题.md");
    EXPECT_EQ(names(), Names{"2025/7_题.md"});
}

TEST_F(MarkdownFolderTest, LinksAreNotFollowed) {
    write("victim", "precious");
    fs::create_directories(root_ + "/2025");
    fs::create_symlink("../victim", root_ + "/2025/7_题.md");
    fs::create_symlink("../victim", root_ + "/2025/.cdtd-unfinished");
    put(article(1, "题"));
    EXPECT_EQ(text("victim"), "precious");
}

TEST_F(MarkdownFolderTest, NamesThatAreTakenAltogetherAreSaid) {
    for (const char* name : {"7_题.md", "7-1_题.md", "7.md", "7-1.md"})
        write(std::string("2025/") + name, "not ours\n");
    EXPECT_EQ(put(article(1, "题")), "");
    EXPECT_TRUE(said_.contains("move them away")) << said_;
}

TEST_F(MarkdownFolderTest, HostileTitlesStayInside) {
    put(article(1, "../../../../etc/passwd"));
    put(article(2, "a/b\n\x1b[31m\u202e"));
    put(article(3, std::string(3000, 'x')));
    EXPECT_EQ(names().size(), 3u);
    for (const std::string& name : names()) {
        EXPECT_TRUE(name.starts_with("2025/7_"));
        EXPECT_EQ(std::ranges::count(name, '/'), 1);
    }
}

TEST_F(MarkdownFolderTest, OneWriterAtATime) {
    const auto first = open();
    const auto second = MarkdownFolder::open(root_, Durable::at_end);
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().message.contains("another cdtd writes into")) << second.error().message;
}

TEST_F(MarkdownFolderTest, FaultsAreSaidInWords) {
    write("file", "");
    const auto no_folder = MarkdownFolder::open(root_ + "/file/below", Durable::each);
    ASSERT_FALSE(no_folder);
    EXPECT_TRUE(no_folder.error().message.contains("can't be made")) << no_folder.error().message;
    if (geteuid() == 0)
        GTEST_SKIP() << "nothing is forbidden to root";
    chmod(root_.c_str(), 0555);
    EXPECT_EQ(put(article(1, "题")), "");
    EXPECT_TRUE(said_.contains("Permission denied; give this user the right")) << said_;
    chmod(root_.c_str(), 0755);
}

TEST_F(MarkdownFolderTest, HasTellsFilesFromWhatIsGone) {
    put(article(1, "题"));
    auto folder = open();
    EXPECT_TRUE(folder.has("2025/7_题.md"));
    EXPECT_FALSE(folder.has("2025/8.md"));
    EXPECT_FALSE(folder.has("2025"));
}

} // namespace
} // namespace cdtd::pipeline
