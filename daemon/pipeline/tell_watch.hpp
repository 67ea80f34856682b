// What became of an original, told. Private to the pipeline.
#pragma once

#include <cdtd/change/standing.hpp>
#include <cdtd/pipeline/tell.hpp>
#include <cdtd/store/watch.hpp>

namespace cdtd::pipeline {

/// One event, about the newest article that cites it and was told itself (else the newest): source.deleted,
/// source.censored, source.restored. Where every citing article was stored silently, an original that was
/// gone at the first look already is not told.
void tell_watch(store::Connection& db, const Teller& teller, const store::Watched& source, change::News news,
                base::Time at);

} // namespace cdtd::pipeline
