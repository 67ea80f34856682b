// A daily manifest: what was added to the archive since the one before it, by digests. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::model {

/// Bytes of a WARC file.
struct ByteRange {
    std::string file;
    std::int64_t from = 0, to = 0;
    std::string sha256; ///< hex
};

/// Rows of a table: after < id <= upto.
struct RowRange {
    std::int64_t after = 0, upto = 0, count = 0;
    std::string sha256; ///< over their columns that never change (store/manifests.hpp), hex
};

struct ManifestContent {
    int version = 2;      ///< 1: without articles and looks, and less of revisions (store/manifests.hpp)
    std::string day;      ///< "2026-11-28", UTC: the last day of what it covers
    std::string previous; ///< sha256 of the manifest before it; "" = it is the first
    std::vector<ByteRange> files;
    RowRange captures, revisions, events;
    RowRange articles, looks; ///< from version 2 on
};

/// The canonical text: JSON without blanks, its members in a fixed order.
std::string to_text(const ManifestContent& content);
/// Errc::bad_data says what is wrong.
base::Result<ManifestContent> manifest_of(std::string_view text);

struct Manifest {
    std::int64_t seq = 0; ///< from 1
    std::string day;
    base::Time made_at;
    std::string sha256; ///< of text, hex
    std::string text;   ///< ManifestContent as JSON
    std::string warc;   ///< where the resource record with the same text lies
    std::int64_t offset = 0, length = 0;
    std::string record_id, members;
    std::string warcinfo;      ///< only written
    std::string stamp = "off"; ///< off | waiting | stamped
    std::optional<base::Time> stamp_due_at;
    int stamp_attempts = 0;
    std::optional<std::string> stamp_error;
    std::optional<base::Time> stamped_at;
    std::string token; ///< TimeStampToken (RFC 3161), DER
    std::optional<std::string> token_sha256;
};

} // namespace cdtd::model
