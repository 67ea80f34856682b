// The chain of manifests, what it covers, and the stamps that wait.
#include "unit/store/fixture.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/manifests.hpp>

namespace cdtd::store {
namespace {

class Manifests : public StoreTest {
  protected:
    std::int64_t capture(std::int64_t offset, base::Time when) {
        model::Capture capture;
        capture.url = "https://example.org/" + std::to_string(offset);
        capture.at = when;
        capture.kind = "page";
        capture.warc = "a.warc.gz";
        capture.offset = offset;
        capture.length = 10;
        capture.group_offset = offset - 5;
        capture.members = "5:00000000 10:00000001";
        capture.warcinfo = "95:000000aa";
        return insert_capture(db, capture);
    }
    model::Manifest seal(const std::string& text, const model::ManifestContent& content,
                         std::int64_t offset) {
        model::Manifest manifest;
        manifest.day = content.day;
        manifest.text = text;
        manifest.sha256 = base::sha256_hex(text);
        manifest.warc = "a.warc.gz";
        manifest.offset = offset;
        manifest.length = 30;
        manifest.seq = insert_manifest(db, manifest, content);
        return manifest;
    }
};

TEST_F(Manifests, AnAdditionIsWhatNoneOfThemCovers) {
    EXPECT_FALSE(additions(db, std::nullopt).first_at);
    capture(100, at(1000));
    capture(200, at(3000));
    const auto added = additions(db, std::nullopt);
    EXPECT_EQ(added.first_at, at(1000));
    EXPECT_EQ(added.last_at, at(3000));
    ASSERT_EQ(added.files.size(), 1U);
    EXPECT_EQ(added.files[0].from, 0);
    EXPECT_EQ(added.files[0].to, 210);
    EXPECT_EQ(added.captures.upto, 2);

    model::ManifestContent content;
    content.day = "1970-01-01";
    content.files = added.files;
    content.captures = added.captures;
    seal("{}", content, 210);
    EXPECT_EQ(warc_files(db).front().end, 240);
    EXPECT_EQ(warc_files(db).front().warcinfo, "95:000000aa");
    const auto after = additions(db, content);
    EXPECT_FALSE(after.first_at) << "its own record is nothing that was added";
    EXPECT_EQ(after.files.front().from, 210);
    EXPECT_EQ(after.files.front().to, 240);
    capture(300, at(5000));
    EXPECT_EQ(additions(db, content).first_at, at(5000));
    EXPECT_EQ(additions(db, content).captures.after, 2);
}

TEST_F(Manifests, RowsHaveOneCanonicalForm) {
    model::Event event;
    event.type = "test.ping";
    event.timestamp = at(1);
    event.data = "{\"a\":\"词\"}";
    const auto first = add_event(db, event, {}), second = add_event(db, event, {});
    const auto line = [](const model::Event& one) {
        return "1:" + std::to_string(one.seq) + ",30:" + one.id +
               ",9:test.ping,7:1000000,11:{\"a\":\"词\"},\n";
    };
    model::RowRange range{0, 2, 0, {}};
    base::Sha256 digest;
    EXPECT_EQ(hash_rows(db, Rows::events, 0, range, 1, digest), first.seq);
    EXPECT_EQ(hash_rows(db, Rows::events, 1, range, 1, digest), second.seq);
    EXPECT_EQ(hash_rows(db, Rows::events, 2, range, 1, digest), std::nullopt);
    EXPECT_EQ(range.count, 2);
    EXPECT_EQ(digest.hex(), base::sha256_hex(line(first) + line(second)));

    capture(100, at(1));
    model::RowRange captures{0, 1, 0, {}};
    base::Sha256 of_captures;
    hash_rows(db, Rows::captures, 0, captures, 10, of_captures);
    EXPECT_EQ(of_captures.hex(),
              base::sha256_hex("1:1,23:https://example.org/100,7:1000000,4:page,1:0,0:,1:0,0:,0:,9:a.warc.gz,"
                               "3:100,2:10,0:,-,2:95,0:,22:5:00000000 10:00000001,\n"));
}

TEST_F(Manifests, StampsWaitUntilTheyAreThere) {
    capture(100, at(1));
    model::ManifestContent content;
    content.day = "1970-01-01";
    seal("1", content, 200);
    const auto newest = seal("2", content, 300);
    EXPECT_FALSE(due_stamp(db, at(10)));
    want_stamp(db, at(10)); // the newest speaks for all before it
    EXPECT_EQ(due_stamp(db, at(10))->seq, newest.seq);
    EXPECT_FALSE(due_stamp(db, at(9)));
    postpone_stamp(db, newest.seq, at(20), "503");
    EXPECT_EQ(next_stamp_at(db), at(20));
    EXPECT_EQ(newest_manifest(db)->stamp_error, "503");
    EXPECT_EQ(newest_manifest(db)->stamp_attempts, 1);
    const std::string token("\x30\x00\xff", 3);
    set_stamp(db, newest.seq, token, at(21));
    EXPECT_FALSE(next_stamp_at(db));
    EXPECT_EQ(newest_manifest(db)->token, token);
    EXPECT_EQ(newest_manifest(db)->token_sha256, base::sha256_hex(token));
    want_stamp(db, at(30));
    EXPECT_FALSE(due_stamp(db, at(40)));
    EXPECT_EQ(next_manifest(db, 1)->text, "2");
    EXPECT_FALSE(next_manifest(db, 2));
}

TEST_F(Manifests, PlacesAreInOrder) {
    capture(100, at(1));
    seal("1", {}, 200);
    capture(300, at(1));
    const auto all = places(db, 1, 0, 10);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].begin, 95);
    EXPECT_TRUE(all[1].manifest);
    EXPECT_EQ(all[2].offset, 300);
    EXPECT_EQ(places(db, 1, 101, 1).front().offset, 200);
}

} // namespace
} // namespace cdtd::store
