// Records of which no row speaks are taken in at start; what is not agreed upon is told by verify.
#include "unit/store/fixture.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/adopt.hpp>
#include <cdtd/pipeline/manifest.hpp>
#include <cdtd/pipeline/verify.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/manifests.hpp>
#include <cdtd/warc/file.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace cdtd::pipeline {
namespace {

using ::testing::HasSubstr;

class Adopt : public store::StoreTest {
  protected:
    warc::Exchange exchange(const std::string& path, const std::string& body) {
        warc::Exchange made;
        made.url = "https://example.org" + path;
        made.at = base::Time(std::chrono::microseconds(1'737'546'740'123'456));
        made.request_head = "GET " + path + " HTTP/1.1\r\n\r\n";
        made.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
        made.body = body;
        made.metadata = {{"cdtd-kind", "image"}};
        return made;
    }
    model::Capture row_of(const warc::Exchange& made, const warc::Stored& stored) {
        model::Capture capture;
        capture.url = made.url;
        capture.at = made.at;
        capture.kind = "image";
        capture.status = 200;
        capture.type = "text/html";
        capture.bytes = stored.payload_bytes;
        capture.sha256 = stored.payload_sha256;
        capture.payload_sha1 = stored.payload_sha1;
        capture.warc = stored.file;
        capture.offset = stored.offset;
        capture.length = stored.length;
        capture.record_id = stored.record_id;
        capture.group_offset = stored.group_offset;
        capture.members = stored.members;
        capture.warcinfo = stored.warcinfo;
        return capture;
    }
    warc::FileSettings settings() {
        warc::FileSettings made;
        made.folder = folder();
        return made;
    }
    std::string folder() { return directory.file("warc"); }
    Verified verified(bool running = false) {
        VerifyOrder order;
        order.warc_folder = folder();
        order.running = running;
        return verify(db, order, {}).value();
    }
};

TEST_F(Adopt, TakesInWhatLiesBetweenKnownRecords) {
    warc::Files files(settings());
    const auto first = exchange("/a", "eins"), lost = exchange("/b", "zwei"), last = exchange("/c", "drei");
    auto again = exchange("/d", "eins");
    store::insert_capture(db, row_of(first, files.append({first})->front()));
    const auto stored_lost = files.append({lost})->front();
    const auto original = store::get_capture(db, 1).value();
    again.original = warc::Original{original.record_id, original.url, original.at};
    const auto stored_again = files.append({again})->front();
    store::insert_capture(db, row_of(last, files.append({last})->front()));

    auto found = verified();
    EXPECT_EQ(found.faults, 2);
    EXPECT_EQ(found.first->offset, stored_lost.offset);
    EXPECT_THAT(found.first->message, HasSubstr("knows nothing of it"));
    EXPECT_EQ(found.first->record, "response https://example.org/b");

    adopt_strays(db, folder(), base::null_log());
    found = verified();
    EXPECT_EQ(found.faults, 0) << found.first->message;
    EXPECT_EQ(found.captures, 4);
    const auto adopted = store::get_capture(db, 3).value();
    auto wanted = row_of(lost, stored_lost);
    EXPECT_EQ(adopted.url, wanted.url);
    EXPECT_EQ(adopted.kind, "image");
    EXPECT_EQ(adopted.type, "text/html");
    EXPECT_EQ(adopted.status, 200);
    EXPECT_EQ(adopted.sha256, wanted.sha256);
    EXPECT_EQ(adopted.members, wanted.members);
    EXPECT_EQ(adopted.group_offset, wanted.group_offset);
    EXPECT_EQ(store::get_capture(db, 4)->original, 1);
    EXPECT_EQ(store::get_capture(db, 4)->offset, stored_again.offset);
    adopt_strays(db, folder(), base::null_log());
    EXPECT_EQ(count("captures"), 4);
}

TEST_F(Adopt, TakesInTheFirstFileOfARunThatCommittedNothing) {
    warc::Files files(settings());
    const auto one = exchange("/a", "eins");
    files.append({one});
    adopt_strays(db, folder(), base::null_log());
    EXPECT_EQ(count("captures"), 1);
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    EXPECT_EQ(verified().faults, 0);
    EXPECT_NE(store::warc_files(db).front().warcinfo, "");
}

TEST_F(Adopt, TakesInWhatADatabaseOlderThanItsArchiveNeverHeardOf) {
    auto small = settings();
    small.max_bytes = 1;
    warc::Files files(small);
    const auto one = exchange("/a", "eins");
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    for (const char* path : {"/b", "/c", "/d"})
        files.append({exchange(path, path), exchange(path, "eins")});
    adopt_strays(db, folder(), base::null_log());
    EXPECT_EQ(count("captures"), 7);
    EXPECT_EQ(store::warc_files(db).size(), 4);
    const auto found = verified();
    EXPECT_EQ(found.faults, 0) << found.first->message;
    EXPECT_EQ(found.captures, 7);
    adopt_strays(db, folder(), base::null_log());
    EXPECT_EQ(count("captures"), 7);
}

TEST_F(Adopt, TakesInWhatWasAddedToAnOldFile) {
    auto small = settings();
    small.max_bytes = 1;
    warc::Files files(small);
    const auto one = exchange("/a", "eins");
    const auto first = files.append({one})->front();
    store::insert_capture(db, row_of(one, first));
    const auto second = files.append({exchange("/b", "zwei")})->front();
    adopt_strays(db, folder(), base::null_log());
    ASSERT_EQ(count("captures"), 2);
    std::ifstream from(folder() + "/" + second.file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(from), {}};
    std::ofstream(folder() + "/" + first.file, std::ios::binary | std::ios::app)
        << bytes.substr(static_cast<std::size_t>(second.group_offset));
    int looked = 0;
    adopt_strays(db, folder(), base::null_log(), [&looked] { ++looked; });
    EXPECT_EQ(count("captures"), 3);
    EXPECT_EQ(looked, 2);
}

TEST_F(Adopt, AManifestOfRowsThatAreGoneIsNotTakenIn) {
    warc::Files files(settings());
    const auto one = exchange("/a", "eins");
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    model::ManifestContent content;
    content.day = "2025-01-22";
    content.captures = {0, 1, 1, "another digest"};
    const auto put = files.append_resource(std::string(manifest_uri) + content.day, manifest_type,
                                           model::to_text(content), base::Time{});
    adopt_strays(db, folder(), base::null_log());
    EXPECT_EQ(count("manifests"), 0);
    EXPECT_TRUE(std::filesystem::file_size(folder() + "/" + put->file) ==
                static_cast<std::uintmax_t>(put->offset + put->length));
}

TEST_F(Adopt, TakesInAManifestOnlyWhereItIsTheNext) {
    warc::Files files(settings());
    const auto one = exchange("/a", "eins");
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    model::ManifestContent content;
    content.day = "2025-01-22";
    for (const auto& part : store::covered(content.version))
        (content.*part.range).sha256 = base::sha256_hex("");
    const auto put = [&files](const model::ManifestContent& said) {
        return files
            .append_resource(std::string(manifest_uri) + said.day, manifest_type, model::to_text(said),
                             base::Time{})
            .value();
    };
    put(content);
    content.previous = "another one";
    const auto foreign = put(content);
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    adopt_strays(db, folder(), base::null_log());
    ASSERT_EQ(count("manifests"), 1);
    EXPECT_EQ(store::newest_manifest(db)->day, "2025-01-22");
    const auto found = verified();
    EXPECT_EQ(found.first->offset, foreign.offset);
}

TEST_F(Adopt, AManifestOfVersionOneStaysValidAndTheNextOneCoversMore) {
    warc::Files files(settings());
    const auto one = exchange("/a", "eins");
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    const auto id = store::insert_article(db, store::sample(1));
    model::Revision revision;
    revision.title = store::get_article(db, id, false)->title;
    revision.content.text = "words";
    store::add_revision(db, id, revision);
    const auto seal = [&](int version) {
        const auto newest = store::newest_manifest(db);
        const auto before = newest ? std::optional(model::manifest_of(newest->text).value()) : std::nullopt;
        const auto added = store::additions(db, before);
        model::ManifestContent content;
        content.version = version;
        content.day = "2025-01-22";
        content.previous = newest ? newest->sha256 : "";
        content.captures = added.captures;
        content.revisions = added.revisions;
        content.events = added.events;
        if (version > 1) {
            content.articles = added.articles;
            content.looks = added.looks;
        }
        for (const auto& part : store::covered(version))
            content.*part.range = rows_now(db, part.rows, content.*part.range);
        EXPECT_EQ(model::to_text(content).contains("looks"), version > 1);
        files.append_resource(std::string(manifest_uri) + content.day, manifest_type, model::to_text(content),
                              base::Time{});
        adopt_strays(db, folder(), base::null_log());
    };
    seal(1);
    ASSERT_EQ(count("manifests"), 1);
    store::add_revision(db, id, revision);
    (db.prepare("INSERT INTO sources (id, key, platform) VALUES (1, 'x', 'web')")).run();
    (db.prepare("INSERT INTO looks (source, at, state, words) VALUES (1, 1, 'alive', 'seen')")).run();
    seal(2);
    ASSERT_EQ(count("manifests"), 2);
    auto found = verified();
    EXPECT_EQ(found.faults, 0) << found.first->message;
    db.exec("UPDATE revisions SET text = 'other words' WHERE number = 1");
    EXPECT_EQ(verified().faults, 0) << "the first version did not cover the text";
    db.exec("UPDATE revisions SET title = 'x' WHERE number = 1");
    EXPECT_THAT(verified().first->message, HasSubstr("revisions with ids 1 to 1"));
    db.exec(
        "UPDATE revisions SET text = 'other words' WHERE number = 2; UPDATE looks SET words = 'x'; UPDATE "
        "articles SET published_at = 1");
    EXPECT_EQ(verified().faults, 4);
}

TEST_F(Adopt, ARunningDaemonHasAMomentToCommit) {
    warc::Files files(settings());
    const auto one = exchange("/a", "eins");
    files.append({one});
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    EXPECT_EQ(verified(true).faults, 1) << "but not for ever";
}

TEST_F(Adopt, ADamagedRecordIsLeftForVerifyAndWhatFollowsIsTakenIn) {
    warc::Files files(settings());
    const auto one = exchange("/a", "eins");
    const auto lost = files.append({one})->front();
    files.append({exchange("/b", "zwei")});
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    std::fstream file(folder() + "/" + lost.file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(lost.offset + 20);
    file.write("????", 4);
    file.close();
    adopt_strays(db, folder(), base::null_log());
    EXPECT_EQ(count("captures"), 2);
    EXPECT_EQ(store::get_capture(db, 2)->url, "https://example.org/b");
    EXPECT_EQ(verified().first->offset, lost.offset);
}

TEST_F(Adopt, ARevisitMustReferToWhatHoldsItsPayload) {
    warc::Files files(settings());
    const auto one = exchange("/a", "eins"), two = exchange("/b", "zwei");
    auto again = exchange("/c", "eins");
    store::insert_capture(db, row_of(one, files.append({one})->front()));
    store::insert_capture(db, row_of(two, files.append({two})->front()));
    const auto original = store::get_capture(db, 1).value();
    again.original = warc::Original{original.record_id, original.url, original.at};
    auto row = row_of(again, files.append({again})->front());
    row.original = 2;
    store::insert_capture(db, row);
    EXPECT_THAT(verified().first->message, HasSubstr("does not hold its payload"));
    db.exec("UPDATE captures SET original = 1 WHERE id = 3");
    EXPECT_EQ(verified().faults, 0);
    db.exec("UPDATE captures SET record_id = '<urn:uuid:0>' WHERE id = 1");
    EXPECT_EQ(verified().faults, 2) << "the original itself, and what refers to it";
}

} // namespace
} // namespace cdtd::pipeline
