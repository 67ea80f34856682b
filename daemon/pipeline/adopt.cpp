// A killed process may have written two exchanges and committed only the second one's rows: the first then
// lies within what the database vouches for. It was fetched, it is whole, so it is kept.
#include <cdtd/base/digest.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/adopt.hpp>
#include <cdtd/pipeline/manifest.hpp>
#include <cdtd/pipeline/recorded.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/manifests.hpp>
#include <cdtd/store/status.hpp>
#include <cdtd/warc/file.hpp>
#include <cdtd/warc/member.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace cdtd::pipeline {

namespace {

constexpr const char* settled_fact = "warc_settled"; ///< "<id of a file>:<offset>": all before is settled
constexpr int places_at_once = 500;

struct Settled {
    std::int64_t file = 0, offset = 0;
};

Settled settled_before(store::Connection& db) {
    Settled settled;
    const std::string text = store::get_fact(db, settled_fact).value_or("");
    const char* end = text.data() + text.size();
    const auto [colon, error] = std::from_chars(text.data(), end, settled.file);
    if (error == std::errc() && colon != end)
        std::from_chars(colon + 1, end, settled.offset);
    return settled;
}

/// The records of one file between what is known.
class Gaps {
  public:
    Gaps(store::Connection& db, warc::Reader reader, const store::WarcFile& file)
        : db_(db), reader_(std::move(reader)), file_(file) {}

    /// How many were taken in. Errors: the first record that can't be.
    base::Result<int> fill(std::int64_t from) {
        std::int64_t at = from;
        for (;;) {
            const auto known = store::places(db_, file_.id, at, places_at_once);
            for (const store::Place& place : known) {
                if (auto filled = read(at, place.begin); !filled)
                    return std::unexpected(filled.error());
                at = std::max(at, place.offset + place.length);
            }
            if (known.size() == places_at_once)
                continue;
            if (auto filled = read(at, file_.end); !filled)
                return std::unexpected(filled.error());
            return taken_;
        }
    }

  private:
    base::Result<void> read(std::int64_t from, std::int64_t to) {
        group_.clear();
        kind_ = "page";
        begin_ = from;
        while (from < to) {
            const auto located = reader_.read(from);
            const auto crc =
                located ? reader_.checksum(from, located->length) : std::unexpected(located.error());
            if (!crc)
                return base::fail(crc.error().code,
                                  fmt::format("record at offset {}: {}", from, crc.error().message));
            group_.push_back({located->length, *crc});
            from += located->length;
            take(*located);
        }
        return {};
    }

    void take(const warc::Located& located) {
        const std::string& type = located.record.type;
        if (type == "warcinfo")
            warcinfo_ = warc::to_text(group_);
        else if (type == "metadata")
            kind_ = kind_of(located.record.block);
        else if (type == "response" || type == "revisit")
            take_capture(located);
        else if (type == "resource")
            take_manifest(located);
        if (type != "request" && type != "metadata") {
            group_.clear();
            begin_ = located.offset + located.length;
        }
    }

    void take_capture(const warc::Located& located) {
        auto capture = capture_of(located, kind_);
        if (!capture)
            return;
        capture->warc = file_.name;
        capture->group_offset = begin_;
        capture->members = warc::to_text(group_);
        capture->warcinfo = warcinfo_;
        if (located.record.type == "revisit") {
            const auto original = store::find_payload(db_, capture->payload_sha1);
            if (!original)
                return;
            capture->original = original->id;
            capture->sha256 = original->sha256;
            capture->bytes = original->bytes;
        }
        store::insert_capture(db_, *capture);
        ++taken_;
    }

    /// One whose row was not committed any more. Made twice, it would not be the next.
    void take_manifest(const warc::Located& located) {
        const auto content = model::manifest_of(located.record.block);
        const auto head = store::newest_manifest(db_);
        const auto at = base::parse_rfc3339(located.record.header("WARC-Date"));
        if (!content || !at || content->previous != (head ? head->sha256 : ""))
            return;
        model::Manifest manifest = manifest_row(located.record.block, *content, *at);
        manifest.warc = file_.name;
        manifest.offset = located.offset;
        manifest.length = located.length;
        manifest.record_id = located.record.header("WARC-Record-ID");
        manifest.members = warc::to_text(group_);
        store::insert_manifest(db_, manifest, *content);
        ++taken_;
    }

    store::Connection& db_;
    warc::Reader reader_;
    const store::WarcFile& file_;
    std::vector<warc::Member> group_;
    std::string kind_, warcinfo_;
    std::int64_t begin_ = 0;
    int taken_ = 0;
};

base::Result<int> adopt_in(store::Connection& db, const std::string& folder, store::WarcFile file,
                           std::int64_t from) {
    auto reader = warc::Reader::open(folder + "/" + file.name);
    if (!reader)
        return std::unexpected(reader.error());
    if (file.id == 0)
        file.end = reader->size();
    return Gaps(db, std::move(*reader), file).fill(from);
}

/// Those that the database knows. Where it knows none (the very first run was killed), the newest one, which
/// will be written on; should there be more, the database is more likely a wrong one.
std::vector<store::WarcFile> files_to_adopt_in(store::Connection& db, const std::string& folder) {
    auto files = store::warc_files(db);
    const auto listing = warc::files_in(folder);
    if (files.empty() && listing && !listing->ours.empty())
        files.push_back({listing->ours.back(), 0, 0, {}});
    return files;
}

} // namespace

void adopt_strays(store::Connection& db, const std::string& folder, base::Log& log) {
    const Settled before = settled_before(db);
    Settled now = before;
    for (const store::WarcFile& file : files_to_adopt_in(db, folder)) {
        if (file.id < before.file)
            continue;
        if (file.id >= now.file && file.id > 0)
            now = {file.id, file.end};
        const auto taken = adopt_in(db, folder, file, file.id == before.file ? before.offset : 0);
        if (!taken)
            log.error("a WARC file has records that can't be read; see `cdtd verify`",
                      {{"warc", file.name}, {"error", taken.error().message}});
        else if (*taken > 0)
            log.info("records that the last run did not come to note were taken in",
                     {{"warc", file.name}, {"records", std::to_string(*taken)}});
    }
    store::set_fact(db, settled_fact, fmt::format("{}:{}", now.file, now.offset));
}

} // namespace cdtd::pipeline
