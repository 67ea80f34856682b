// Records of which no row speaks are taken in: after a crash, and where the database is older than its
// archive.
#pragma once

#include <cdtd/base/log.hpp>
#include <cdtd/store/connection.hpp>

#include <functional>
#include <string>

namespace cdtd::pipeline {

/// At start, behind warc::mend_tails, a transaction a file: looks between and behind the places that the
/// database knows of, in what was written since the last start, and in files that it does not know. A capture
/// becomes a row; a manifest too where it is the next of its chain and what it speaks of is there. Never
/// touches a file. What can't be read is passed over, told, and left for `verify` to name. `at_work` is
/// called before each file: many gigabytes may have to be read.
void adopt_strays(store::Connection& db, const std::string& folder, base::Log& log,
                  const std::function<void()>& at_work = {});

} // namespace cdtd::pipeline
