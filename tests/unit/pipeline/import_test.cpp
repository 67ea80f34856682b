#include <cdtd/article/markdown.hpp>
#include <cdtd/pipeline/import.hpp>
#include <cdtd/pipeline/take_file.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/markdown.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <unit/store/fixture.hpp>

namespace cdtd::pipeline {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

article::Markdown markdown(int number, std::string title, std::string text = "正文") {
    return {base::Time(milliseconds(1'600'000'000'000 + number)), std::move(title),
            "https://example.org/chinese/" + std::to_string(number) + ".html",
            "<p>" + std::move(text) + "</p>"};
}

class ImportTest : public store::StoreTest {
  protected:
    std::string put(const std::string& name, const std::string& bytes) {
        const fs::path path = directory.file(name);
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }
    std::string put(const std::string& name, const article::Markdown& file) {
        return put(name, article::write_markdown(file));
    }

    Imported run(std::vector<std::string> paths) {
        faults_.clear();
        const ImportReports reports{[&](const Imported&) {},
                                    [&](const std::string& path, const std::string& fault) {
                                        faults_[fs::path(path).filename().string()] = fault;
                                    }};
        return import_files(db, FileWalk(std::move(paths)), settings_, base::system_clock(), stop_, reports);
    }
    Imported run() { return run({directory.file("in")}); }

    model::Article only() {
        const auto page = store::list_articles(db, {});
        EXPECT_EQ(page.items.size(), 1u);
        return store::get_article(db, page.items.at(0).id, true).value();
    }

    ImportSettings settings_;
    std::atomic<bool> stop_ = false;
    std::map<std::string, std::string> faults_;
};

TEST_F(ImportTest, IsStoredSilentlyOfNoFeedAndNothingIsFetched) {
    put("in/2020/1_题.md",
        markdown(1, "【404文库】某报｜[题]", "文</p><p><img src=\"https://example.org/a.png\">"));
    const Imported done = run();
    EXPECT_EQ(done.stored, 1u);
    EXPECT_EQ(done.files, 1u);
    const model::Article article = only();
    EXPECT_EQ(article.title.text, "【404文库】某报｜[题]");
    EXPECT_EQ(article.title.columns, std::vector<std::string>{"404文库"});
    EXPECT_EQ(article.post_id, 1);
    EXPECT_EQ(article.published_at, base::Time(milliseconds(1'600'000'000'001)));
    EXPECT_TRUE(article.silent);
    EXPECT_TRUE(article.feeds.empty());
    EXPECT_EQ(article.page.state, model::PageState::off);
    EXPECT_EQ(article.state, model::ArticleState::archived);
    EXPECT_EQ(article.images.size(), 1u);
    EXPECT_FALSE(article.censored_at);
    EXPECT_TRUE(store::list_events(db, "", 10)->empty());
    EXPECT_EQ(count("jobs"), 0);
    EXPECT_EQ(count("search_documents"), 1);
}

TEST_F(ImportTest, FetchQueuesPageAndImages) {
    settings_.fetch = true;
    put("in/1.md", markdown(1, "题", "<img src=\"https://example.org/a.png\">"));
    run();
    EXPECT_EQ(count("jobs"), 2);
    EXPECT_EQ(only().page.state, model::PageState::pending);
    run();
    EXPECT_EQ(count("jobs"), 2);
}

TEST_F(ImportTest, WhatIsKnownStaysAsItIs) {
    put("in/1.md", markdown(1, "题"));
    run();
    const auto before = only().change;
    put("in/1.md", markdown(1, "另一个题", "另一篇正文"));
    Imported done = run();
    EXPECT_EQ(done.known, 1u);
    EXPECT_EQ(done.stored, 0u);
    EXPECT_EQ(only().change, before);
    fs::remove(directory.file("in/1.md"));
    // The same text and date at another address: an archive from before the publisher's addresses changed.
    auto moved = markdown(1, "题", "文");
    moved.url = "https://example.org/chinese/2020/09/slug/";
    moved.html = markdown(1, "").html;
    put("in/2.md", moved);
    done = run();
    EXPECT_EQ(done.known, 1u);
}

TEST_F(ImportTest, AnArticleOfAFeedIsKnownByItsKeys) {
    store::sync_feeds(db, {{"cdt", "https://example.org/chinese/feed/", true}});
    const auto id = store::insert_article(db, store::sample(1));
    store::take_keys(db, id, {{"post", "chinadigitaltimes.net/chinese#1"}});
    auto file = markdown(1, "别的题");
    file.url = "https://www.chinadigitaltimes.net/chinese/1.html#more";
    put("in/1.md", file);
    EXPECT_EQ(run().known, 1u);
}

TEST_F(ImportTest, OneLinkForEveryArticleLosesNone) {
    for (int i = 1; i <= 3; ++i) {
        auto file = markdown(i, "题" + std::to_string(i), "正文" + std::to_string(i));
        file.url = "https://example.org/";
        put("in/" + std::to_string(i) + ".md", file);
    }
    EXPECT_EQ(run().stored, 3u);
    EXPECT_EQ(run().known, 3u);
    auto edited = markdown(1, "题1", "改过的正文");
    edited.url = "https://example.org/";
    put("in/1.md", edited);
    EXPECT_EQ(run().known, 3u);
}

TEST_F(ImportTest, WithoutAURLItIsKnownByWhatItSays) {
    auto file = markdown(1, "题");
    file.url = "";
    put("in/1.md", file);
    EXPECT_EQ(run().stored, 1u);
    EXPECT_EQ(only().url, "");
    EXPECT_EQ(run().known, 1u);
}

TEST_F(ImportTest, AnotherArticlesKeyStaysItsOwn) {
    put("in/1.md", markdown(1, "题"));
    run();
    const auto keys = count("article_keys");
    auto other = markdown(2, "另", "别的");
    other.url = markdown(1, "").url;
    put("in/2.md", other);
    run();
    EXPECT_EQ(count("article_keys"), keys);
}

TEST_F(ImportTest, AWholePageIsReadForItsContent) {
    auto file = markdown(1, "题");
    file.html = "<!DOCTYPE html><html><body><nav>菜单</nav><article><p>正文在此</p></article></body></html>";
    put("in/1.md", file);
    run();
    const auto revision = store::get_revision(db, only().id, 0);
    EXPECT_EQ(revision->content.text, "正文在此");
    EXPECT_EQ(store::markdown_source(db, only().id)->html, file.html);
}

TEST_F(ImportTest, WhatCantBeReadIsNamedAndTheRestGoesOn) {
    settings_.largest_file = 1 << 20;
    put("in/a.md", "# nothing of ours\n");
    put("in/b.md", "[a](https://example.org/1.html)\n------\n\n\xff");
    put("in/c.md", std::string((1 << 20) + 1, 'x'));
    put("in/d.md", "[a](javascript:alert(1))\n------\n\nx");
    put("in/e.md", markdown(1, "题"));
    put("in/f.md", std::string());
    const Imported done = run({directory.file("in"), directory.file("absent")});
    EXPECT_EQ(done.stored, 1u);
    EXPECT_EQ(done.faulty, 6u);
    EXPECT_EQ(done.files, 7u);
    EXPECT_TRUE(faults_["a.md"].contains("[title](URL)")) << faults_["a.md"];
    EXPECT_TRUE(faults_["b.md"].contains("UTF-8"));
    EXPECT_TRUE(faults_["c.md"].contains("too big"));
    EXPECT_TRUE(faults_["d.md"].contains("http"));
    EXPECT_TRUE(faults_["absent"].contains("no such"));
}

TEST_F(ImportTest, OnlyWhatBelongsToTheArchiveIsLookedAt) {
    put("in/deep/er/1.md", markdown(1, "一"));
    put("in/2.MD", markdown(2, "二"));
    put("in/README.md", "# about\n");
    put("in/.git/3.md", markdown(3, "三"));
    put("in/notes.txt", "x");
    put("outside/4.md", markdown(4, "四"));
    fs::create_symlink(directory.file("outside"), directory.file("in/link"));
    fs::create_symlink(directory.file("outside/4.md"), directory.file("in/4.md"));
    fs::create_symlink(directory.file("in"), directory.file("in/deep/loop"));
    ASSERT_EQ(mkfifo(directory.file("in/fifo.md").c_str(), 0600), 0);
    Imported done = run();
    EXPECT_EQ(done.stored, 2u);
    EXPECT_EQ(done.faulty, 0u);
    EXPECT_EQ(done.links, 3u);
    // What is named itself is taken, and never waited for.
    done = run({directory.file("in/4.md"), directory.file("in/link"), directory.file("in/fifo.md"),
                directory.file("in/README.md")});
    EXPECT_EQ(done.stored, 1u);
    EXPECT_EQ(done.known, 1u);
    EXPECT_TRUE(faults_["fifo.md"].contains("no regular file"));
    EXPECT_TRUE(faults_.contains("README.md"));
}

TEST_F(ImportTest, StopsAndGoesOn) {
    for (int i = 1; i <= 1000; ++i)
        put("in/" + std::to_string(i) + ".md", markdown(i, "题" + std::to_string(i), std::to_string(i)));
    const ImportReports reports{[&](const Imported& done) { stop_ = done.stored > 0; },
                                [](const std::string&, const std::string&) {}};
    Imported done =
        import_files(db, FileWalk({directory.file("in")}), settings_, base::system_clock(), stop_, reports);
    EXPECT_TRUE(done.interrupted);
    EXPECT_LT(done.stored, 1000u);
    EXPECT_EQ(static_cast<std::size_t>(count("articles")), done.stored);
    stop_ = false;
    const Imported rest = run();
    EXPECT_FALSE(rest.interrupted);
    EXPECT_EQ(rest.stored + done.stored, 1000u);
    EXPECT_EQ(rest.known, done.stored);
    EXPECT_EQ(count("articles"), 1000);
}

} // namespace
} // namespace cdtd::pipeline
