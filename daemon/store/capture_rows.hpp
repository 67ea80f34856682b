// Reading capture rows: the columns, and the value they make.
#pragma once

#include <cdtd/model/capture.hpp>
#include <cdtd/store/connection.hpp>

#include <string>

namespace cdtd::store {

/// "SELECT … FROM captures c CROSS JOIN warc_files w …": the caller adds the rest from " AND" on.
inline const std::string capture_rows =
    "SELECT c.id, c.url, c.at, c.kind, c.status, c.type, c.bytes, c.sha256, c.payload_sha1, w.name, "
    "c.offset, c.length, c.record_id, c.original, c.group_offset, c.truncated FROM captures c CROSS JOIN warc_files w WHERE w.id = c.warc ";

model::Capture read_capture(const Statement& row);

} // namespace cdtd::store
