// Every fault in a file is found and named; no file makes the reader take more than a record's length.
#include "unit/warc/folder.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/warc/reader.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cdtd::warc {
namespace {

using base::Errc;
using ::testing::HasSubstr;

std::string record(const std::string& headers, const std::string& block) {
    return "WARC/1.1\r\n" + headers + "\r\n" + block;
}

TEST(Reader, FindsEveryFlippedBitAndEveryCut) {
    const Folder folder;
    Record one;
    one.type = "metadata";
    one.block = "a: b\r\n";
    one.headers = {{"WARC-Record-ID", "<urn:uuid:1>"}, {"WARC-Block-Digest", base::sha1_base32(one.block)}};
    const auto member = compress(serialize(one));
    const auto path = folder / "x.warc.gz";
    write_bytes(path, member + member);
    EXPECT_EQ(read_all(path, [](const Located&) {}).value(), 2);
    for (std::size_t size = 1; size < member.size(); ++size) {
        write_bytes(path, member + member.substr(0, size));
        const auto all = read_all(path, [](const Located&) {});
        ASSERT_FALSE(all.has_value()) << size;
        EXPECT_EQ(all.error().code, Errc::bad_data);
        EXPECT_THAT(all.error().message,
                    HasSubstr("x.warc.gz: record at offset " + std::to_string(member.size())));
    }
    constexpr std::size_t gzip_head = 10; // its time and system bytes mean nothing and are not checked
    for (std::size_t at = gzip_head; at < member.size(); ++at) {
        auto broken = member;
        broken[at] = static_cast<char>(broken[at] ^ 1);
        write_bytes(path, broken);
        EXPECT_FALSE(read_at(path, 0).has_value()) << at;
    }
}

TEST(Reader, NamesWhatIsWrong) {
    struct Case {
        std::string what, bytes, words;
    };
    const std::string type = "WARC-Type: response\r\nContent-Type: application/http;msgtype=response\r\n";
    const std::vector<Case> cases = {
        {"not a record", "HTTP/1.1 200 OK\r\n\r\n", "no WARC record"},
        {"no type", record("Content-Length: 0\r\n", "\r\n\r\n"), "0 WARC-Type"},
        {"no length", record(type, "\r\n\r\n"), "0 Content-Length"},
        {"two lengths", record(type + "Content-Length: 0\r\ncontent-length: 1\r\n", "\r\n\r\n"),
         "2 Content-Length"},
        {"negative", record(type + "Content-Length: -1\r\n", "\r\n\r\n"), "not a number"},
        {"enormous", record(type + "Content-Length: 99999999999\r\n", "\r\n\r\n"), "over"},
        {"overflowing", record(type + "Content-Length: 99999999999999999999999\r\n", "\r\n\r\n"),
         "not a number"},
        {"too short", record(type + "Content-Length: 3\r\n", "ab\r\n\r\n"), "3 bytes"},
        {"too long", record(type + "Content-Length: 1\r\n", "ab\r\n\r\n"), "more in the record"},
        {"no end", record(type + "Content-Length: 6\r\n", "abcdefghij"), "6 bytes"},
        {"nameless header", record(type + ": x\r\nContent-Length: 0\r\n", "\r\n\r\n"), "without a name"},
        {"headers without end", "WARC/1.1\r\n" + type, "ends inside its headers"},
        {"headers too long", "WARC/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", "headers are over"},
        {"wrong block digest",
         record(type + "WARC-Block-Digest: " + base::sha1_base32("x") + "\r\nContent-Length: 1\r\n",
                "y\r\n\r\n"),
         "block"},
        {"wrong payload digest",
         record(type + "WARC-Payload-Digest: " + base::sha1_base32("x") + "\r\nContent-Length: 20\r\n",
                "HTTP/1.1 200 OK\r\n\r\ny\r\n\r\n"),
         "payload"},
    };
    const Folder folder;
    const auto path = folder / "x.warc.gz";
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        write_bytes(path, compress(c.bytes));
        const auto located = read_at(path, 0);
        ASSERT_FALSE(located.has_value());
        EXPECT_EQ(located.error().code, Errc::bad_data);
        EXPECT_THAT(located.error().message, HasSubstr(c.words));
        EXPECT_THAT(located.error().message, HasSubstr(path + ": record at offset 0"));
    }
    write_bytes(path, "plain text");
    EXPECT_THAT(read_at(path, 0).error().message, HasSubstr("gzip"));
    EXPECT_THAT(read_at(path, 10).error().message, HasSubstr("the file ends at 10"));
    EXPECT_FALSE(read_at(path, -1).has_value());
    EXPECT_EQ(read_at(folder / "none", 0).error().code, Errc::io);
}

TEST(Reader, StopsABombAtTheLengthItClaims) {
    const Folder folder;
    const auto path = folder / "x.warc.gz";
    write_bytes(
        path, compress(record("WARC-Type: resource\r\nContent-Length: 10\r\n", std::string(64 << 20, 'x'))));
    EXPECT_THAT(read_at(path, 0).error().message, HasSubstr("more in the record"));
}

TEST(Reader, TakesWhatOtherWritersMayWrite) {
    const Folder folder;
    const auto path = folder / "x.warc.gz";
    const std::string block = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody";
    write_bytes(path,
                compress("WARC/1.0\r\nwarc-type: response\r\nX-Folded: one\r\n two\r\ncontent-type: "
                         "application/http; msgtype=response\r\nWARC-Payload-Digest: sha256:" +
                         base::sha256_hex("body") + "\r\nWARC-Block-Digest: md5:unknown\r\nContent-Length: " +
                         std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n"));
    const auto located = read_at(path, 0);
    ASSERT_TRUE(located.has_value()) << located.error().message;
    EXPECT_EQ(located->record.type, "response");
    EXPECT_EQ(located->record.header("x-folded"), "one two");
    EXPECT_EQ(located->record.block, block);
    EXPECT_EQ(split_http(located->record.block).payload, "body");
    EXPECT_EQ(split_http("no head").payload, "");
}

} // namespace
} // namespace cdtd::warc
