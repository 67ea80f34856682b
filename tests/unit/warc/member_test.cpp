// What the database remembers of gzip members, and what one open file tells.
#include "unit/warc/folder.hpp"

#include <cdtd/warc/file.hpp>
#include <cdtd/warc/member.hpp>
#include <cdtd/warc/reader.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::warc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Member, IsWrittenAndReadBack) {
    const std::vector<Member> members{{812, 0x9f0c11aa}, {93, 0x00ab12cd}};
    EXPECT_EQ(to_text(members), "812:9f0c11aa 93:00ab12cd");
    EXPECT_EQ(members_of("812:9f0c11aa 93:00ab12cd"), members);
    EXPECT_EQ(crc32(crc32(0, "1234"), "56789"), 0xcbf43926U); // the check value of this CRC
    EXPECT_EQ(member_of("123456789"), (Member{9, 0xcbf43926U}));
}

TEST(Member, WhatIsNoneOfOursIsEmpty) {
    for (const char* text : {"", "x", "12", "12:", "-1:00000000", "0:00000000", "12:0 x", "12:00000000,3:0",
                             "99999999999999999999:0"})
        EXPECT_THAT(members_of(text), IsEmpty()) << text;
}

TEST(Reader, ChecksumsAndHashesBytesAsTheyStand) {
    const Folder folder;
    const auto path = folder / "x.warc.gz";
    write_bytes(path, std::string(200'000, 'a') + "b");
    auto reader = Reader::open(path);
    ASSERT_TRUE(reader.has_value());
    EXPECT_EQ(reader->size(), 200'001);
    EXPECT_EQ(reader->checksum(199'999, 2).value(), crc32(0, "ab"));
    base::Sha256 digest;
    ASSERT_TRUE(reader->hash(0, 200'001, digest).has_value());
    EXPECT_EQ(digest.hex(), base::sha256_hex(std::string(200'000, 'a') + "b"));
    EXPECT_FALSE(reader->checksum(199'999, 3).has_value());
    EXPECT_FALSE(reader->read(0).has_value());
    EXPECT_FALSE(Reader::open(folder / "none").has_value());
}

TEST(Files, SayWhatTheyWroteAndKeepDocuments) {
    const Folder folder;
    FileSettings settings;
    settings.folder = folder.text();
    Exchange exchange;
    exchange.url = "https://example.org/";
    exchange.request_head = "GET / HTTP/1.1\r\n\r\n";
    exchange.response_head = "HTTP/1.1 200 OK\r\n\r\n";
    exchange.body = "eins";
    exchange.metadata = {{"via", "https://example.org/feed/"}};
    Stored first, second;
    {
        Files files(settings);
        first = files.append({exchange}).value().front();
        exchange.digests = digests_of(exchange.body);
        second = files.append({exchange}).value().front();
    }
    EXPECT_EQ(first.payload_sha1, second.payload_sha1);
    EXPECT_EQ(first.payload_sha256, second.payload_sha256);
    Files again(settings); // another start: the file's first member is read back
    const auto document =
        again.append_resource("urn:cdtd:manifest:2026-11-28", "application/json", "{}", base::Time{});
    ASSERT_TRUE(document.has_value());
    const auto path = folder / first.file;
    auto reader = Reader::open(path);
    const auto check = [&reader](std::int64_t at, const std::string& text) {
        for (const Member& member : members_of(text)) {
            EXPECT_EQ(reader->checksum(at, member.length).value(), member.crc);
            EXPECT_EQ(reader->read(at)->length, member.length);
            at += member.length;
        }
        return at;
    };
    EXPECT_EQ(check(0, document->warcinfo), first.group_offset);
    EXPECT_EQ(first.warcinfo, document->warcinfo);
    EXPECT_EQ(members_of(first.members).size(), 3U);
    EXPECT_EQ(check(first.group_offset, first.members), first.offset + first.length);
    EXPECT_EQ(check(second.group_offset, second.members), document->offset);
    EXPECT_EQ(check(document->offset, document->members), reader->size());
    const auto record = reader->read(document->offset)->record;
    EXPECT_EQ(record.type, "resource");
    EXPECT_EQ(record.block, "{}");
    EXPECT_EQ(record.header("WARC-Target-URI"), "urn:cdtd:manifest:2026-11-28");
    write_bytes(folder / "other.warc", "");
    write_bytes(folder / "notes.txt", "");
    EXPECT_THAT(files_in(folder.text())->ours, ElementsAre(first.file));
    EXPECT_THAT(files_in(folder.text())->others, ElementsAre("other.warc"));
}

} // namespace
} // namespace cdtd::warc
