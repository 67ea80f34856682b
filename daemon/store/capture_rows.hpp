// Reading capture rows: the columns, and the value they make.
#pragma once

#include <cdtd/model/capture.hpp>
#include <cdtd/store/connection.hpp>

#include <string>

namespace cdtd::store {

/// "SELECT … FROM captures c CROSS JOIN warc_files w …": the caller adds the rest from " AND" on.
inline const std::string capture_rows =
    "SELECT c.id, c.url, c.at, c.kind, c.status, c.type, c.bytes, c.sha256, c.payload_sha1, w.name, "
    "c.offset, c.length, c.record_id, c.original, c.group_offset, c.truncated, c.members FROM captures c "
    "CROSS JOIN warc_files w WHERE w.id = c.warc ";

/// The row of a file whose known end is at least `end`. `warcinfo`: its first member, of a file that is new.
std::int64_t grow_file(Connection& db, const std::string& name, std::int64_t end,
                       const std::string& warcinfo);

model::Capture read_capture(const Statement& row);

} // namespace cdtd::store
