// What is made of every article, made for those that were stored before it was: the index for search (also
// anew, under another folding), and the signatures by which re-runs are found.
#pragma once

#include <cdtd/base/log.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/awaitable.hpp>

namespace cdtd::pipeline {

/// In small transactions between those of everybody else, newest articles first, telling the log how far it
/// is. Ends when nothing is left, when `stopping` is set, or with an error in the log; the next start goes
/// on.
boost::asio::awaitable<void> index_backlog(store::Writer& writer, base::Log& log, const bool& stopping);
boost::asio::awaitable<void> liken_backlog(store::Writer& writer, base::Log& log, const bool& stopping);

} // namespace cdtd::pipeline
