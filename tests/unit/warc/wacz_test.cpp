// ZIP files, sorted lines and packages as bytes. Other people's readers see them in
// tests/integration/test_wacz.py.
#include "unit/warc/folder.hpp"
#include "warc/line_sorter.hpp"
#include "warc/zip.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/file.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/warc/file.hpp>
#include <cdtd/warc/reader.hpp>
#include <cdtd/warc/wacz.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace cdtd::warc {
namespace {

using ::testing::HasSubstr;

base::Time noon() {
    return base::parse_rfc3339("2025-01-22T12:34:56Z").value();
}

base::Descriptor make(const std::string& path) {
    return base::Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = (value << 8U) | static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

struct EntryCase {
    const char* name;
    std::string bytes;
    bool large;
};

TEST(Zip, LocalHeadersSayEverything) {
    const std::vector<EntryCase> cases = {{"empty", "", false},
                                          {"a/b.txt", "hello", false},
                                          {"large", "hello", true},
                                          {"nothing large", "", true}};
    const Folder folder;
    const auto file = make(folder / "a.zip");
    Zip zip(file.get(), "a.zip", noon());
    for (const auto& [name, bytes, large] : cases) {
        ASSERT_TRUE(zip.begin(name, large));
        for (const char c : bytes)
            ASSERT_TRUE(zip.write(std::string(1, c)));
        const auto entry = zip.end();
        ASSERT_TRUE(entry);
        EXPECT_EQ(entry->sha256, base::sha256_hex(bytes));
        EXPECT_EQ(entry->size, std::ssize(bytes));
    }
    const auto size = zip.finish();
    ASSERT_TRUE(size);
    const auto written = read_bytes(folder / "a.zip");
    ASSERT_EQ(*size, std::ssize(written));
    std::size_t at = 0;
    for (const auto& [name, bytes, large] : cases) {
        EXPECT_EQ(number(written, at, 4), 0x04034b50U) << name;
        EXPECT_EQ(number(written, at + 6, 2), 0U) << "flags: no descriptor behind";
        EXPECT_EQ(number(written, at + 8, 2), 0U) << "stored";
        EXPECT_EQ(number(written, at + 10, 4), 0x5A36645CU) << "2025-01-22 12:34:56";
        const auto* data = static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
        EXPECT_EQ(number(written, at + 14, 4), ::crc32_z(0, data, bytes.size())) << name;
        EXPECT_EQ(number(written, at + 22, 4), large ? 0xFFFFFFFFU : bytes.size()) << name;
        const auto name_size = number(written, at + 26, 2), extra = number(written, at + 28, 2);
        EXPECT_EQ(extra, large ? 20U : 0U);
        if (large)
            EXPECT_EQ(number(written, at + 30 + name_size + 4, 8), bytes.size());
        EXPECT_EQ(written.substr(at + 30, name_size), name);
        at += 30 + name_size + extra;
        EXPECT_EQ(written.substr(at, bytes.size()), bytes);
        at += bytes.size();
    }
    for (const auto& [name, bytes, large] : cases) {
        EXPECT_EQ(number(written, at, 4), 0x02014b50U) << name;
        EXPECT_EQ(number(written, at + 24, 4), large ? 0xFFFFFFFFU : bytes.size()) << name;
        EXPECT_EQ(number(written, at + 30, 2), large ? 20U : 0U) << name;
        at += 46 + number(written, at + 28, 2) + number(written, at + 30, 2);
    }
    EXPECT_EQ(at, written.size() - 22);
    EXPECT_EQ(number(written, written.size() - 22, 4), 0x06054b50U);
    EXPECT_EQ(number(written, written.size() - 12, 2), cases.size());
}

// By hand, with --gtest_also_run_disabled_tests: it takes 5 GB of disk. `python3 -m zipfile -t` and `unzip
// -t` read what it leaves in CDTD_LARGE_ZIP.
TEST(Zip, DISABLED_Over4GiB) {
    const char* path = ::getenv("CDTD_LARGE_ZIP");
    ASSERT_NE(path, nullptr);
    const auto file = make(path);
    Zip zip(file.get(), path, noon());
    ASSERT_TRUE(zip.begin("large", true));
    const std::string block(std::size_t{64} << 20U, 'x');
    for (int i = 0; i < 70; ++i)
        ASSERT_TRUE(zip.write(block));
    EXPECT_EQ(zip.end().value().size, std::int64_t{70} << 26U);
    ASSERT_TRUE(zip.add("behind", "hello"));
    EXPECT_GT(zip.finish().value_or(0), std::int64_t{70} << 26U);
}

TEST(Zip, SaysWhatItCantWrite) {
    const base::Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    Zip zip(full.get(), "/dev/full", noon());
    const auto begun = zip.begin("a");
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().code, base::Errc::io);
    EXPECT_THAT(begun.error().message, HasSubstr("No space left"));
}

TEST(LineSorter, SortsBytewiseWhateverMemoryHolds) {
    std::minstd_rand chance(7);
    std::vector<std::string> lines;
    for (int i = 0; i < 3000; ++i)
        lines.push_back(std::to_string(chance() % 5000) + std::string(chance() % 300, 'x') +
                        (chance() % 2 == 0 ? "\xE4\xB8\xAD" : "z") + "\n");
    lines.emplace_back("\n");
    auto sorted = lines;
    std::ranges::sort(sorted);
    for (const std::size_t memory :
         {std::size_t{1}, std::size_t{5000}, std::size_t{1} << 20U, std::size_t{1} << 30U}) {
        const Folder folder;
        LineSorter sorter(folder.text(), memory);
        for (const auto& line : memory == 1 ? std::vector(lines.begin(), lines.begin() + 90) : lines)
            ASSERT_TRUE(sorter.add(line));
        std::vector<std::string> got;
        ASSERT_TRUE(sorter.each([&got](std::string_view line) {
            got.emplace_back(line);
            return base::Result<void>();
        }));
        if (memory == 1)
            EXPECT_TRUE(std::ranges::is_sorted(got) && got.size() == 90);
        else
            EXPECT_EQ(got, sorted) << memory;
        EXPECT_TRUE(std::filesystem::is_empty(folder.text())) << "what it spools has no name";
    }
}

Exchange exchange(const std::string& url, const std::string& body) {
    Exchange exchange;
    exchange.url = url;
    exchange.at = noon();
    exchange.request_head = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
    exchange.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    exchange.body = body;
    exchange.metadata = {{"cdtd-kind", "page"}};
    return exchange;
}

class Collecting : public ::testing::Test {
  protected:
    Collecting() {
        Files files({.folder = folder / "warc", .user_agent = ""});
        stored = files
                     .append({exchange("https://example.org/b", std::string(100'000, 'b')),
                              exchange("https://example.org/a", "a")})
                     .value();
        path = folder / "warc/" + stored[0].file;
    }
    base::Result<void> copy(const Stored& one, const std::string& id) {
        Collector collector(
            [this](std::string_view bytes) {
                out += bytes;
                return base::Result<void>();
            },
            "out.warc.gz",
            [this](std::string line) {
                lines.push_back(std::move(line));
                return base::Result<void>();
            });
        return collector.copy(path, one.group_offset, one.offset, id);
    }

    Folder folder;
    std::vector<Stored> stored;
    std::string path, out;
    std::vector<std::string> lines;
};

TEST_F(Collecting, AGroupIsCopiedAsItIs) {
    ASSERT_TRUE(copy(stored[0], stored[0].record_id));
    const auto bytes = read_bytes(path);
    EXPECT_EQ(out, bytes.substr(static_cast<std::size_t>(stored[0].group_offset),
                                static_cast<std::size_t>(stored[0].offset + stored[0].length -
                                                         stored[0].group_offset)));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(lines[0], HasSubstr("\"length\":\"" + std::to_string(stored[0].length) + "\""));
    EXPECT_THAT(lines[0], HasSubstr("\"offset\":\"" +
                                    std::to_string(stored[0].offset - stored[0].group_offset) + "\""));
}

TEST_F(Collecting, AFaultIsNamedByFileAndOffset) {
    const auto message = [this](const Stored& one, const std::string& id) {
        const auto copied = copy(one, id);
        return copied ? "" : copied.error().message;
    };
    EXPECT_THAT(message(stored[0], "<urn:uuid:other>"),
                HasSubstr("offset " + std::to_string(stored[0].offset)));
    auto between = stored[0];
    between.offset -= 1;
    EXPECT_THAT(message(between, ""), HasSubstr("no record begins at offset"));
    auto bytes = read_bytes(path);
    bytes[static_cast<std::size_t>(stored[1].offset + stored[1].length - 12)] ^= 1;
    write_bytes(path, bytes);
    EXPECT_THAT(message(stored[1], ""),
                HasSubstr(path + ": record at offset " + std::to_string(stored[1].offset)));
    write_bytes(path, bytes.substr(0, static_cast<std::size_t>(stored[1].offset)));
    EXPECT_THAT(message(stored[1], ""), HasSubstr("offset " + std::to_string(stored[1].offset)));
    std::filesystem::remove(path);
    EXPECT_THAT(message(stored[0], ""), HasSubstr(path));
}

TEST_F(Collecting, ThePackageIsTheSameForTheSame) {
    std::string first;
    for (const char* name : {"1.wacz", "2.wacz"}) {
        const auto file = make(folder / name);
        WaczSettings settings;
        settings.title = "一\xff";
        settings.created = noon();
        auto wacz = Wacz::begin(file.get(), name, folder.text(), settings);
        ASSERT_TRUE(wacz);
        auto info = make_warcinfo("data.warc.gz", "cdtd", "", noon());
        name_record(info, "x");
        ASSERT_TRUE(wacz->records().add(info));
        for (const auto& one : stored)
            ASSERT_TRUE(wacz->records().copy(path, one.group_offset, one.offset, one.record_id));
        ASSERT_TRUE(wacz->add_page({"1", "https://example.org/a", noon(), "题\n\"", ""}));
        const auto done = wacz->finish();
        ASSERT_TRUE(done);
        const auto bytes = read_bytes(folder / name);
        EXPECT_EQ(done->size, std::ssize(bytes));
        if (first.empty())
            first = bytes;
        EXPECT_TRUE(first == bytes);
        EXPECT_LT(bytes.find("org,example)/a 2025"), bytes.find("org,example)/b 2025"));
        EXPECT_THAT(bytes, HasSubstr("sha256:" + done->sha256));
    }
}

} // namespace
} // namespace cdtd::warc
