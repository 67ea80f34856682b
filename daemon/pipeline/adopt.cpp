// What was fetched and is whole is kept, though the process was killed before it could note it, or the
// database is a backup from before it.
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
constexpr std::size_t most_told = 20; ///< of a file

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

struct Taken {
    int records = 0;
    std::vector<std::string> lost; ///< what can't be read or not be taken in, in words; the first few
};

/// The records of one file between what is known.
class Gaps {
  public:
    Gaps(store::Connection& db, warc::Reader reader, const store::WarcFile& file)
        : db_(db), reader_(std::move(reader)), file_(file) {}

    /// Errc::io: it can't be read now; what can't be read at all is passed over.
    base::Result<Taken> fill(std::int64_t from) {
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
            if (auto filled = read(at, reader_.size()); !filled)
                return std::unexpected(filled.error());
            return std::move(taken_);
        }
    }

  private:
    base::Result<void> read(std::int64_t from, std::int64_t to) {
        start_group(from);
        while (from < to) {
            const auto located = reader_.read(from);
            const auto crc =
                located ? reader_.checksum(from, located->length) : std::unexpected(located.error());
            if (!crc && crc.error().code == base::Errc::io)
                return std::unexpected(crc.error());
            if (!crc) {
                lose(from, crc.error().message);
                const auto next = reader_.find_record(from + 1);
                if (!next)
                    return std::unexpected(next.error());
                from = next->value_or(to);
                start_group(from);
                continue;
            }
            group_.push_back({located->length, *crc});
            from += located->length;
            take(*located);
        }
        return {};
    }

    void start_group(std::int64_t at) {
        group_.clear();
        kind_ = "page";
        begin_ = at;
    }

    void lose(std::int64_t offset, std::string_view why) {
        if (taken_.lost.size() < most_told)
            taken_.lost.push_back(fmt::format("record at offset {}: {}", offset, why));
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
        if (type != "request" && type != "metadata")
            start_group(located.offset + located.length);
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
                return lose(located.offset, "a revisit, but no capture holds what it refers to");
            capture->original = original->id;
            capture->sha256 = original->sha256;
            capture->bytes = original->bytes;
        }
        store::insert_capture(db_, *capture);
        ++taken_.records;
    }

    /// One whose row was not committed any more. Made twice, it would not be the next.
    void take_manifest(const warc::Located& located) {
        const auto content = model::manifest_of(located.record.block);
        const auto head = store::newest_manifest(db_);
        const auto at = base::parse_rfc3339(located.record.header("WARC-Date"));
        if (!content || !at || content->previous != (head ? head->sha256 : ""))
            return lose(located.offset, "a manifest that is not the next of the database's chain");
        if (!speaks_of_rows(db_, *content))
            return lose(located.offset,
                        fmt::format("the manifest of {} speaks of rows that the database does not have: an "
                                    "older backup was put back, or rows were removed",
                                    content->day));
        model::Manifest manifest = manifest_row(located.record.block, *content, *at);
        manifest.warc = file_.name;
        manifest.offset = located.offset;
        manifest.length = located.length;
        manifest.record_id = located.record.header("WARC-Record-ID");
        manifest.members = warc::to_text(group_);
        store::insert_manifest(db_, manifest, *content);
        ++taken_.records;
    }

    store::Connection& db_;
    warc::Reader reader_;
    const store::WarcFile& file_;
    std::vector<warc::Member> group_;
    std::string kind_, warcinfo_;
    std::int64_t begin_ = 0;
    Taken taken_;
};

/// Those that the database knows, then those that it does not.
std::vector<store::WarcFile> files_to_adopt_in(store::Connection& db, const std::string& folder) {
    auto files = store::warc_files(db);
    const auto listing = warc::files_in(folder);
    const auto known = files.size();
    for (const auto& name : listing ? listing->ours : std::vector<std::string>())
        if (std::find_if(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(known),
                         [&name](const auto& file) { return file.name == name; }) ==
            files.begin() + static_cast<std::ptrdiff_t>(known))
            files.push_back({name, 0, 0, {}});
    return files;
}

/// The file that was begun last, up to what is known of it: that was read just now.
Settled all_of(store::Connection& db) {
    Settled settled;
    for (const store::WarcFile& file : store::warc_files(db))
        if (file.id > settled.file)
            settled = {file.id, file.end};
    return settled;
}

/// false: it has to be tried again.
bool adopt_in(store::Connection& db, const std::string& folder, const store::WarcFile& file,
              std::int64_t from, base::Log& log) {
    auto reader = warc::Reader::open(folder + "/" + file.name);
    auto taken = reader ? Gaps(db, std::move(*reader), file).fill(from) : std::unexpected(reader.error());
    if (!taken) {
        log.error("a WARC file can't be read; the next start looks again for records that are not known",
                  {{"warc", file.name}, {"error", taken.error().message}});
        return false;
    }
    for (const std::string& lost : taken->lost)
        log.error("a WARC file has a record that can't be taken in: it stays where it is, and `cdtd verify` "
                  "names it",
                  {{"warc", file.name}, {"error", lost}});
    if (taken->records > 0)
        log.warn("records of which the database did not know were taken in: the last run was killed, or "
                 "the database is older than its archive",
                 {{"warc", file.name}, {"records", std::to_string(taken->records)}});
    return true;
}

} // namespace

void adopt_strays(store::Connection& db, const std::string& folder, base::Log& log,
                  const std::function<void()>& at_work) {
    const Settled before = settled_before(db);
    bool all = true;
    for (const store::WarcFile& file : files_to_adopt_in(db, folder)) {
        if (at_work)
            at_work();
        const bool older = file.id > 0 && file.id < before.file;
        const std::int64_t from = older ? file.end : file.id == before.file ? before.offset : 0;
        store::Transaction transaction(db);
        all = adopt_in(db, folder, file, from, log) && all;
        transaction.commit();
    }
    if (!all)
        return;
    store::Transaction transaction(db);
    const Settled now = all_of(db);
    store::set_fact(db, settled_fact, fmt::format("{}:{}", now.file, now.offset));
    transaction.commit();
}

} // namespace cdtd::pipeline
