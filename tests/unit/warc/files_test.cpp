// Appending, rotating, failing half-way, and recovering from a crash.
#include "unit/warc/folder.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/warc/file.hpp>
#include <cdtd/warc/reader.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

namespace cdtd::warc {
namespace {

using base::Errc;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

Exchange exchange(const std::string& path, std::string body) {
    return {.url = "https://example.org" + path,
            .at = base::Time{std::chrono::seconds(1'737'546'740)},
            .ip = "2001:db8::1",
            .request_head = "GET " + path + " HTTP/1.1\r\nHost: example.org\r\n\r\n",
            .request_body = "",
            .response_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            .body = std::move(body),
            .truncated = "",
            .original = std::nullopt,
            .metadata = {}};
}

FileSettings settings(std::string folder, std::uint64_t max_bytes = 1'000'000'000) {
    FileSettings made;
    made.folder = std::move(folder);
    made.max_bytes = max_bytes;
    made.user_agent = "cdtd/test";
    return made;
}

/// Bytes that gzip can't make smaller.
std::string noise(std::size_t size, unsigned seed = 1) {
    std::mt19937 engine(seed);
    std::string bytes(size, '\0');
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(engine() & 0xff); });
    return bytes;
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> types_in(const std::string& path) {
    std::vector<std::string> types;
    const auto count = read_all(path, [&](const Located& located) { types.push_back(located.record.type); });
    EXPECT_TRUE(count.has_value()) << count.error().message;
    EXPECT_EQ(count.value_or(-1), static_cast<std::int64_t>(types.size()));
    return types;
}

TEST(Files, KeepsExchangesThatReadBack) {
    const Folder root;
    const auto folder = root / "state/warc";
    Files files(settings(folder));
    EXPECT_FALSE(std::filesystem::exists(folder)); // nothing is made before the first append
    ASSERT_TRUE(files.append({}).has_value());
    EXPECT_FALSE(std::filesystem::exists(folder));

    const auto big = noise(300'000);
    const auto stored = files.append({exchange("/a", "eins"), exchange("/b", big), exchange("/c", "")});
    ASSERT_TRUE(stored.has_value()) << stored.error().message;
    ASSERT_EQ(stored->size(), 3u);
    struct stat info{};
    ASSERT_EQ(::stat(folder.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0750u);
    const auto& name = stored->front().file;
    EXPECT_THAT(name, MatchesRegex("cdtd-[0-9]{14}-00000-[A-Za-z0-9.-]+\\.warc\\.gz"));

    const std::vector<std::string> bodies = {"eins", big, ""};
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        const auto& one = (*stored)[i];
        EXPECT_EQ(one.file, name);
        EXPECT_EQ(one.payload_bytes, static_cast<std::int64_t>(bodies[i].size()));
        EXPECT_EQ(one.payload_sha1, base::sha1_base32(bodies[i]));
        EXPECT_EQ(one.payload_sha256, base::sha256_hex(bodies[i]));
        const auto located = read_at(folder + "/" + name, one.offset);
        ASSERT_TRUE(located.has_value()) << located.error().message;
        EXPECT_EQ(located->record.type, "response");
        EXPECT_EQ(located->length, one.length);
        EXPECT_EQ(split_http(located->record.block).payload, bodies[i]);
        EXPECT_THAT(std::string(split_http(located->record.block).head),
                    HasSubstr("X-Archive-Orig-Transfer-Encoding: chunked\r\nContent-Length: " +
                              std::to_string(bodies[i].size()) + "\r\n"));
    }
    // Nothing lies behind the last response: the database knows the file up to there.
    EXPECT_EQ(std::filesystem::file_size(folder + "/" + name),
              static_cast<std::uintmax_t>(stored->back().offset + stored->back().length));
    EXPECT_THAT(types_in(folder + "/" + name),
                ::testing::ElementsAre("warcinfo", "request", "response", "request", "response", "request",
                                       "response"));
}

TEST(Files, GoesOnWithTheNewestFileUntilItIsFull) {
    const Folder folder;
    std::string first, second;
    std::int64_t end = 0;
    {
        Files files(settings(folder.text(), 50'000));
        const auto stored = files.append({exchange("/a", "a")});
        ASSERT_TRUE(stored.has_value());
        first = stored->front().file;
        end = stored->front().offset + stored->front().length;
    }
    Files files(settings(folder.text(), 50'000));
    auto stored = files.append({exchange("/b", noise(60'000))});
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->front().file, first);
    EXPECT_GT(stored->front().offset, end);
    stored = files.append({exchange("/c", "c")});
    ASSERT_TRUE(stored.has_value());
    second = stored->front().file;
    EXPECT_NE(second, first);
    EXPECT_THAT(second, HasSubstr("-00001-"));
    stored = files.append({exchange("/d", "d")});
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->front().file, second);
    EXPECT_EQ(types_in(folder / first).size(), 5u);
    EXPECT_EQ(types_in(folder / second).size(), 5u);

    std::vector<std::string> ids;
    const auto both = read_all(folder / first, [&](const Located& located) {
        const auto& record = located.record;
        ids.emplace_back(record.header(record.type == "warcinfo" ? "WARC-Record-ID" : "WARC-Warcinfo-ID"));
    });
    ASSERT_TRUE(both.has_value());
    EXPECT_EQ(std::count(ids.begin(), ids.end(), ids.front()), 5); // after the restart too
}

TEST(Files, LeavesAFileAloneThatSomeoneElseChanged) {
    const Folder folder;
    Files files(settings(folder.text()));
    const auto first = files.append({exchange("/a", "a")});
    ASSERT_TRUE(first.has_value());
    std::filesystem::remove(folder / first->front().file);
    const auto second = files.append({exchange("/b", "b")});
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(types_in(folder / second->front().file).size(), 3u);
}

/// Makes writing past `bytes` of a file fail, as a full disk does.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        old_signal_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &old_);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = old_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, old_signal_);
    }

  private:
    rlimit old_{};
    void (*old_signal_)(int) = nullptr;
};

TEST(Files, KeepsAllOrNothing) {
    const Folder folder;
    Files files(settings(folder.text()));
    const auto before = files.append({exchange("/a", "a")});
    ASSERT_TRUE(before.has_value());
    const auto path = folder / before->front().file;
    const auto bytes = read_bytes(path);
    {
        const FullDisk full(100'000);
        const auto failed = files.append({exchange("/b", noise(50'000)), exchange("/c", noise(200'000))});
        ASSERT_FALSE(failed.has_value());
        EXPECT_EQ(failed.error().code, Errc::io);
        EXPECT_THAT(failed.error().message, HasSubstr(path));
    }
    EXPECT_EQ(read_bytes(path), bytes);
    ASSERT_TRUE(files.append({exchange("/d", "d")}).has_value());
    EXPECT_EQ(types_in(path).size(), 5u);
}

TEST(Files, LeavesNoFileBehindThatHoldsNothing) {
    const Folder folder;
    Files files(settings(folder.text()));
    {
        const FullDisk full(10'000);
        ASSERT_FALSE(files.append({exchange("/a", noise(50'000))}).has_value());
    }
    EXPECT_TRUE(names_in(folder.text()).empty());
    write_bytes(folder / "in-the-way", "");
    Files blocked(settings(folder / "in-the-way/warc"));
    const auto failed = blocked.append({exchange("/a", "a")});
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().code, Errc::io);
    EXPECT_THAT(failed.error().message, HasSubstr("in-the-way"));
}

/// Three files with two exchanges each, and what a database would know of them.
std::vector<KnownFile> fill(const Folder& folder) {
    std::vector<KnownFile> known;
    Files files(settings(folder.text(), 1));
    for (int i = 0; i < 3; ++i) {
        const auto stored = files.append({exchange("/a", "a"), exchange("/b", "b")});
        EXPECT_TRUE(stored.has_value());
        known.push_back({stored->back().file, stored->back().offset + stored->back().length});
    }
    return known;
}

TEST(CutTails, CutsOnlyWhatTheDatabaseNeverKnew) {
    const Folder folder;
    const auto all = fill(folder);
    const auto oldest = read_bytes(folder / all[0].file), middle = read_bytes(folder / all[1].file);
    write_bytes(folder / "other.warc.gz", "not ours");
    EXPECT_TRUE(cut_tails(folder.text(), all).value().empty());

    write_bytes(folder / all[0].file, oldest + "tail of an older file");
    write_bytes(folder / all[1].file, middle + "unfinished");
    const auto cut = cut_tails(folder.text(), {all[0], all[1]});
    ASSERT_TRUE(cut.has_value()) << cut.error().message;
    ASSERT_EQ(cut->size(), 2u);
    EXPECT_EQ((*cut)[0].file, all[2].file);
    EXPECT_EQ((*cut)[0].cut_bytes, all[2].end);
    EXPECT_EQ((*cut)[1].file, all[1].file);
    EXPECT_EQ((*cut)[1].cut_bytes, 10);
    EXPECT_FALSE(std::filesystem::exists(folder / all[2].file));
    EXPECT_EQ(read_bytes(folder / all[1].file), middle);
    EXPECT_EQ(read_bytes(folder / all[0].file), oldest + "tail of an older file");
    EXPECT_EQ(read_bytes(folder / "other.warc.gz"), "not ours");

    Files files(settings(folder.text()));
    const auto stored = files.append({exchange("/c", "c")});
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->front().file, all[1].file);
    EXPECT_EQ(types_in(folder / all[1].file).size(), 7u);
}

TEST(CutTails, TouchesNothingWhereAKnownByteIsMissing) {
    const Folder folder;
    const auto all = fill(folder);
    auto longer = all;
    ++longer[0].end;
    auto gone = all;
    gone.push_back({"cdtd-20250101000000-00009-x.warc.gz", 10});
    auto outside = all;
    outside.push_back({"../cdtd.db", 1});
    for (const auto& known : {longer, gone, outside}) {
        write_bytes(folder / all[2].file, read_bytes(folder / all[2].file) + "x");
        const auto before = read_bytes(folder / all[2].file);
        const auto cut = cut_tails(folder.text(), known);
        ASSERT_FALSE(cut.has_value());
        EXPECT_EQ(cut.error().code, Errc::bad_data);
        EXPECT_EQ(read_bytes(folder / all[2].file), before);
    }
    EXPECT_THAT(cut_tails(folder.text(), longer).error().message, HasSubstr(all[0].file));
    EXPECT_THAT(cut_tails(folder.text(), gone).error().message, HasSubstr("missing"));
}

TEST(CutTails, WithAnEmptyDatabaseKeepsWholeRecords) {
    const Folder folder;
    EXPECT_TRUE(cut_tails(folder / "none", {}).value().empty());
    const auto all = fill(folder);
    const auto newest = read_bytes(folder / all[2].file);
    write_bytes(folder / all[2].file, newest + newest.substr(0, 20));
    const auto cut = cut_tails(folder.text(), {});
    ASSERT_TRUE(cut.has_value());
    ASSERT_EQ(cut->size(), 1u);
    EXPECT_EQ(cut->front().cut_bytes, 20);
    EXPECT_EQ(read_bytes(folder / all[2].file), newest);
    EXPECT_EQ(names_in(folder.text()).size(), 3u);

    write_bytes(folder / all[2].file, newest.substr(0, 20)); // not even a warcinfo
    ASSERT_TRUE(cut_tails(folder.text(), {}).has_value());
    EXPECT_EQ(names_in(folder.text()).size(), 2u);
}

} // namespace
} // namespace cdtd::warc
