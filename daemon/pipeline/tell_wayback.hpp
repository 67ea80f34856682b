// That a source is in the Wayback Machine, told. Private to the pipeline.
#pragma once

#include <cdtd/pipeline/tell.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>

namespace cdtd::pipeline {

/// Citations of one source, or of one article; 0 = any.
struct Citations {
    std::int64_t article = 0, source = 0;
};
/// source.archived, once for each article that cites an archived source; of one that was stored silently it
/// is never told.
void tell_snapshots(store::Connection& db, const Teller& teller, const Citations& of, base::Time at);

} // namespace cdtd::pipeline
