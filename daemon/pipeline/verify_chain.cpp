#include "pipeline/verify_chain.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/timestamp.hpp>
#include <cdtd/pipeline/manifest.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::pipeline {

namespace {

constexpr std::int64_t bytes_at_once = 8 << 20;
const int newest_version = model::ManifestContent{}.version;

} // namespace

void ChainCheck::fault(std::string message, std::string file, std::optional<std::int64_t> offset) {
    report_.fault({std::move(file), offset, name_, std::move(message)});
}

void ChainCheck::run(std::int64_t last_seq) {
    std::int64_t seq = 0;
    while (seq < last_seq) {
        auto manifest = store::next_manifest(db_, seq);
        if (!manifest)
            break;
        name_ = fmt::format("manifest of {}", manifest->day);
        if (manifest->seq != seq + 1)
            fault(fmt::format("number {} of the chain is missing before it", seq + 1));
        check(*manifest);
        seq = manifest->seq;
        ++report_.found.manifests;
        report_.found.head_day = manifest->day;
        report_.found.head_sha256 = manifest->sha256;
        before_ = std::move(manifest);
    }
    if (said_)
        check_sealed(last_seq);
}

/// How far the database believes its files to be covered: the next manifest begins there.
void ChainCheck::check_sealed(std::int64_t last_seq) {
    name_.clear();
    auto row = db_.prepare("SELECT name, sealed FROM warc_files WHERE (SELECT max(seq) FROM manifests) = ?");
    row << last_seq; // a running daemon may have made the next one meanwhile
    while (row.step())
        if (row.integer(1) != ends_[row.text(0)])
            fault(fmt::format("the database says that manifests cover {} bytes, they cover {}",
                              row.integer(1), ends_[row.text(0)]),
                  row.text(0));
}

void ChainCheck::check(const model::Manifest& manifest) {
    const auto wrong = check_copy(manifest);
    if (wrong)
        fault(*wrong, manifest.warc, manifest.offset);
    const auto content = content_of(manifest);
    if (content) {
        check_links(manifest, *content);
        const bool wanted = in_order(*content);
        for (const auto& range : content->files) {
            if (wanted)
                check_range(range);
            ends_[range.file] = range.to;
        }
        if (wanted && order_.files.empty())
            for (const auto& part : store::covered(content->version))
                check_rows(part.rows, part.name, (*content).*part.range);
    }
    said_ = content;
    check_stamp(manifest);
}

/// What it says, by its row or, where that was changed, by its copy.
std::optional<model::ManifestContent> ChainCheck::content_of(const model::Manifest& manifest) {
    const bool whole = base::sha256_hex(manifest.text) == manifest.sha256;
    if (!whole)
        fault("the text in the database is not the one with its sha256");
    auto content = model::manifest_of(manifest.text);
    if (!whole) {
        const auto copy = warc::read_at(order_.warc_folder + "/" + manifest.warc, manifest.offset);
        if (!copy || base::sha256_hex(copy->record.block) != manifest.sha256)
            return std::nullopt;
        content = model::manifest_of(copy->record.block);
    }
    if (!content) {
        fault(content.error().message);
        return std::nullopt;
    }
    return *content;
}

std::optional<std::string> ChainCheck::check_copy(const model::Manifest& manifest) {
    const auto path = order_.warc_folder + "/" + manifest.warc;
    const auto copy = warc::read_at(path, manifest.offset);
    if (!copy) // told where the file was read, unless only other files were
        return report_.has_fault_in(manifest.warc, manifest.offset, manifest.offset + 1)
                   ? std::nullopt
                   : std::optional(copy.error().message);
    const auto& record = copy->record;
    if (record.type != "resource" ||
        record.header("WARC-Target-URI") != std::string(manifest_uri) + manifest.day ||
        record.header("WARC-Record-ID") != manifest.record_id || copy->length != manifest.length ||
        record.header("WARC-Date") != base::format_warc_date(manifest.made_at))
        return "its row in the database and its record are not of one manifest";
    if (record.block != manifest.text)
        return "its text in the database is not that of its record";
    return std::nullopt;
}

void ChainCheck::check_links(const model::Manifest& manifest, const model::ManifestContent& content) {
    if (content.day != manifest.day)
        fault(fmt::format("its row says that it is of {}, its text of {}", manifest.day, content.day));
    // Where one of the two was changed that was said of the one before.
    const bool linked =
        before_ ? content.previous == before_->sha256 || content.previous == base::sha256_hex(before_->text)
                : content.previous.empty();
    if (!linked)
        fault("the manifest before it is not the one that it names");
    const auto before = said_.value_or(model::ManifestContent{});
    const auto follows = [&](const store::Covered& part) {
        return (content.*part.range).after == (before.*part.range).upto;
    };
    if ((said_ || !before_) && !std::ranges::all_of(store::covered(newest_version), follows))
        fault("it does not begin where the one before it ends");
    for (const auto& range : content.files) {
        const auto end = ends_.find(range.file);
        if (range.from != (end == ends_.end() ? 0 : end->second) && (said_ || !before_))
            fault(fmt::format("it covers {} from {} on, but not what is before", range.file, range.from));
    }
}

bool ChainCheck::in_order(const model::ManifestContent& content) const {
    const auto day = base::parse_rfc3339(content.day);
    return !day || ((!order_.since || *day + std::chrono::days(1) > *order_.since) &&
                    (!order_.until || *day < *order_.until));
}

void ChainCheck::check_range(const model::ByteRange& range) {
    const auto& only = order_.files;
    if (!only.empty() && std::ranges::find(only, range.file) == only.end())
        return;
    if (report_.has_fault_in(range.file, range.from, range.to))
        return report_.did(range.to - range.from);
    base::Sha256 digest;
    base::Result<void> read;
    auto reader = warc::Reader::open(order_.warc_folder + "/" + range.file);
    if (!reader)
        return fault(reader.error().message, range.file);
    for (std::int64_t at = range.from; read && at < range.to; at += bytes_at_once) {
        const auto length = std::min(bytes_at_once, range.to - at);
        read = reader->hash(at, length, digest);
        report_.did(length);
    }
    if (!read)
        return fault(read.error().message, range.file);
    if (digest.hex() != range.sha256)
        fault(fmt::format("the bytes {} to {} are not those that it speaks of", range.from, range.to),
              range.file);
}

void ChainCheck::check_rows(store::Rows rows, std::string_view what, const model::RowRange& range) {
    const auto now = rows_now(db_, rows, range);
    if (now.count == range.count && now.sha256 == range.sha256)
        return;
    if (now.count != range.count)
        fault(fmt::format("it speaks of {} {} with ids {} to {}, the database has {}", range.count, what,
                          range.after + 1, range.upto, now.count));
    else
        fault(fmt::format("the {} with ids {} to {} are not those that it speaks of: a row was changed", what,
                          range.after + 1, range.upto));
}

void ChainCheck::check_stamp(const model::Manifest& manifest) {
    auto& found = report_.found;
    if (manifest.stamp == "waiting")
        ++found.stamps_waiting;
    if (manifest.stamp != "stamped")
        return;
    ++found.stamps;
    if (base::sha256_hex(manifest.token) != manifest.token_sha256.value_or(""))
        return fault("its time stamp is not the one that was stored");
    const auto stamp = base::check_timestamp(manifest.token, manifest.sha256, order_.ca_file);
    if (!stamp)
        return fault(stamp.error().message);
    found.newest_stamp = Stamped{manifest.day, stamp->signer, stamp->at, stamp->anchored};
}

std::int64_t bytes_of_chain(store::Connection& db, const VerifyOrder& order) {
    if (!order.everything())
        return 0; // it is little then
    std::int64_t bytes = 0;
    auto row = db.prepare("SELECT coalesce(sum(sealed), 0) FROM warc_files");
    if (row.step())
        bytes = row.integer(0);
    return bytes;
}

} // namespace cdtd::pipeline
