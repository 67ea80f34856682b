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
            .digests = std::nullopt,
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

TEST(MendTails, KeepsWholeExchangesOfWhichTheDatabaseNeverHeard) {
    const Folder folder;
    const auto all = fill(folder);
    std::vector<std::string> whole;
    for (const auto& file : all)
        whole.push_back(read_bytes(folder / file.file));
    write_bytes(folder / "other.warc.gz", "not ours");
    EXPECT_TRUE(mend_tails(folder.text(), all).value().files.empty());

    std::vector<std::int64_t> ends;
    ASSERT_TRUE(read_all(folder / all[1].file, [&](const Located& located) {
                    ends.push_back(located.offset + located.length);
                }).has_value());
    for (const auto& known : {std::vector<KnownFile>{all[0]}, {all[0], {all[1].file, ends[2]}}, {}}) {
        const auto mended = mend_tails(folder.text(), known);
        ASSERT_TRUE(mended.has_value()) << mended.error().message;
        EXPECT_TRUE(mended->files.empty());
        ASSERT_TRUE(mended->newest.has_value());
        EXPECT_EQ(mended->newest->file, all[2].file);
        EXPECT_EQ(mended->newest->end, all[2].end);
        for (std::size_t i = 0; i < all.size(); ++i)
            EXPECT_EQ(read_bytes(folder / all[i].file), whole[i]);
    }
    EXPECT_EQ(read_bytes(folder / "other.warc.gz"), "not ours");
}

TEST(MendTails, CutsWhatTheWriterDidNotFinish) {
    const Folder folder;
    const auto all = fill(folder);
    const auto whole = read_bytes(folder / all[2].file);
    std::vector<std::int64_t> starts;
    ASSERT_TRUE(read_all(folder / all[2].file, [&](const Located& located) {
                    starts.push_back(located.offset);
                }).has_value());
    const auto first = static_cast<std::size_t>(starts[1]), second = static_cast<std::size_t>(starts[3]);
    const auto request_end = static_cast<std::size_t>(starts[4]);
    for (const auto& known : {all, {all[0], all[1], {all[2].file, starts[3]}}, {all[0], all[1]}}) {
        const bool all_known = known.size() == 3 && known[2].end == all[2].end;
        const auto kept = all_known ? whole : whole.substr(0, second);
        const auto left = all_known ? whole.substr(first, 30) : whole.substr(second);
        for (const auto length : {std::size_t{1}, std::size_t{20}, request_end - second, left.size() - 1}) {
            write_bytes(folder / all[2].file, kept + left.substr(0, length));
            const auto mended = mend_tails(folder.text(), known);
            ASSERT_TRUE(mended.has_value()) << mended.error().message;
            ASSERT_EQ(mended->files.size(), 1u);
            EXPECT_EQ(mended->files[0].file, all[2].file);
            EXPECT_EQ(mended->files[0].cut_bytes, static_cast<std::int64_t>(std::min(length, left.size())));
            EXPECT_EQ(mended->files[0].moved_to, "");
            EXPECT_EQ(read_bytes(folder / all[2].file), kept);
            EXPECT_EQ(mended->newest->end, static_cast<std::int64_t>(kept.size()));
        }
    }
    EXPECT_EQ(names_in(folder.text()).size(), 3u);
}

TEST(MendTails, MovesAsideWhatIsNoRecordAndGoesOnBehindDamage) {
    const Folder folder;
    const auto all = fill(folder);
    const auto whole = read_bytes(folder / all[0].file);
    write_bytes(folder / all[0].file, whole + "of another program");
    auto mended = mend_tails(folder.text(), all);
    ASSERT_TRUE(mended.has_value()) << mended.error().message;
    ASSERT_EQ(mended->files.size(), 1u);
    EXPECT_EQ(mended->files[0].moved_to, all[0].file + ".at-" + std::to_string(all[0].end) + ".orphan");
    EXPECT_EQ(read_bytes(folder / mended->files[0].moved_to), "of another program");
    EXPECT_EQ(read_bytes(folder / all[0].file), whole);
    write_bytes(folder / all[0].file, whole + "and again");
    mended = mend_tails(folder.text(), all);
    EXPECT_THAT(mended->files[0].moved_to, HasSubstr(".2.orphan"));

    std::vector<std::int64_t> starts;
    ASSERT_TRUE(read_all(folder / all[0].file, [&](const Located& located) {
                    starts.push_back(located.offset);
                }).has_value());
    auto damaged = whole;
    damaged.replace(static_cast<std::size_t>(starts[2]) + 12, 9, "\x1f\x8b\x08\x1f\x8b\x08\x1f\x8b\x08");
    write_bytes(folder / all[0].file, damaged + damaged.substr(static_cast<std::size_t>(starts[3]), 20));
    mended = mend_tails(folder.text(), {all[1], all[2]});
    ASSERT_TRUE(mended.has_value()) << mended.error().message;
    EXPECT_EQ(read_bytes(folder / all[0].file), damaged) << "the second exchange is whole";
    EXPECT_EQ(mended->files[0].cut_bytes, 20);

    write_bytes(folder / all[0].file, std::string(100'000, 'x')); // no WARC file at all
    mended = mend_tails(folder.text(), {all[1], all[2]});
    EXPECT_FALSE(std::filesystem::exists(folder / all[0].file));
    EXPECT_EQ(read_bytes(folder / mended->files[0].moved_to), std::string(100'000, 'x'));
}

TEST(MendTails, TouchesNothingWhereAKnownByteIsMissing) {
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
        const auto cut = mend_tails(folder.text(), known);
        ASSERT_FALSE(cut.has_value());
        EXPECT_EQ(cut.error().code, Errc::bad_data);
        EXPECT_EQ(read_bytes(folder / all[2].file), before);
    }
    EXPECT_THAT(mend_tails(folder.text(), longer).error().message, HasSubstr(all[0].file));
    EXPECT_THAT(mend_tails(folder.text(), gone).error().message, HasSubstr("missing"));
}

TEST(MendTails, AFileThatWasOnlyBegunGoes) {
    const Folder folder;
    EXPECT_TRUE(mend_tails(folder / "none", {}).value().files.empty());
    const auto all = fill(folder);
    write_bytes(folder / all[2].file, read_bytes(folder / all[2].file).substr(0, 20));
    const auto mended = mend_tails(folder.text(), {});
    ASSERT_TRUE(mended.has_value());
    EXPECT_EQ(names_in(folder.text()).size(), 2u);
    EXPECT_EQ(mended->newest->file, all[1].file);
}

TEST(Files, NeverBuildsUponWhatOthersAppended) {
    const Folder folder;
    const auto grow = [&folder](const std::string& name) {
        std::ofstream(folder / name, std::ios::binary | std::ios::app) << "of another program";
    };
    Files files(settings(folder.text()));
    const auto first = files.append({exchange("/a", "a")})->front();
    grow(first.file);
    const auto second = files.append({exchange("/b", "b")})->front();
    EXPECT_NE(second.file, first.file);
    EXPECT_EQ(types_in(folder / second.file).size(), 3u);

    Files again(settings(folder.text()));
    again.resume(KnownFile{second.file, second.offset + second.length});
    const auto third = again.append({exchange("/c", "c")})->front();
    EXPECT_EQ(third.file, second.file);
    Files late(settings(folder.text()));
    late.resume(KnownFile{third.file, third.offset + third.length});
    grow(third.file);
    EXPECT_NE(late.append({exchange("/d", "d")})->front().file, third.file);
}

} // namespace
} // namespace cdtd::warc
