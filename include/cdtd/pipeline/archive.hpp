// Keeping what was fetched: hops into WARC records on the archive's own thread, and their rows for the
// database.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/model/capture.hpp>
#include <cdtd/net/worker.hpp>
#include <cdtd/store/connection.hpp>
#include <cdtd/store/writer.hpp>
#include <cdtd/warc/file.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace cdtd::pipeline {

/// What lies in a file and is not in the database yet.
struct Kept {
    std::vector<model::Capture> captures; ///< one a hop, the last is the answer
};

/// Why something was fetched: its kind, and what its metadata record says of it.
struct About {
    std::string kind; ///< of model::Capture
    std::string via;  ///< what led to it: the feed of a page, the page of an image; "" = nothing
    base::Duration took{};
};

class Archive {
  public:
    explicit Archive(warc::FileSettings settings) : files_(std::move(settings)), thread_(1, "cdtd-warc") {}

    /// On disk when it returns; a crash before the rows are committed leaves a tail that the next start cuts
    /// off. Payloads that `writer`'s database knows are held already become revisits. The bodies are taken
    /// out of the hops: they may be megabytes.
    boost::asio::awaitable<base::Result<Kept>> keep(std::vector<http::Hop>& hops, About about,
                                                    store::Writer& writer);

  private:
    warc::Files files_;
    net::Worker thread_;
};

/// Writes the rows; returns the id of the last hop's capture.
std::int64_t record(store::Connection& db, const Kept& kept);

} // namespace cdtd::pipeline
