// A reader that was changed reads other things out of the same bytes: that is no edit of the publisher's.
#pragma once

#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <string>

namespace cdtd::pipeline {

/// The bytes that are held of the article, which an earlier reader read, give this fingerprint too when they
/// are read as we read now; it is the article's from then on. Reads one document: some milliseconds of the
/// caller's transaction, for edits after an upgrade only.
bool reads_the_same(store::Connection& db, std::int64_t article, const std::string& content_sha256);

} // namespace cdtd::pipeline
