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

#include <memory>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// What lies in a file and is not in the database yet.
struct Kept {
    std::vector<model::Capture> captures; ///< one a hop, the last is the answer
    std::shared_ptr<void> open;           ///< until it is let go of, somebody may still write the rows
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

    /// At start (warc::Files::resume).
    void resume(std::optional<warc::KnownFile> file) { files_.resume(std::move(file)); }

    /// On disk when it returns; after a crash before the rows are committed the next start takes it in.
    /// Payloads that `writer`'s database knows are held already become revisits. The bodies are taken out of
    /// the hops: they may be megabytes.
    boost::asio::awaitable<base::Result<Kept>> keep(std::vector<http::Hop>& hops, About about,
                                                    store::Writer& writer);

    /// A document that was made and not fetched. The caller writes its row.
    boost::asio::awaitable<base::Result<warc::Stored>> keep_document(std::string uri, std::string type,
                                                                     std::string block, base::Time at);
    /// Writes the rows of what was kept while the database could not be written (a full disk): else a record
    /// would lie in a file of which nobody knows.
    boost::asio::awaitable<void> settle(store::Writer& writer);

  private:
    std::shared_ptr<void> watch(const std::vector<model::Capture>& captures);
    void settle_in(store::Connection& db, const std::vector<model::Capture>& loose) const;

    /// Their rows were written or, where that failed, never will be by whom they were kept for.
    std::shared_ptr<std::vector<model::Capture>> loose_ = std::make_shared<std::vector<model::Capture>>();
    warc::Files files_;
    net::Worker thread_;
};

/// Writes the rows; returns the id of the last hop's capture.
std::int64_t record(store::Connection& db, const Kept& kept);

} // namespace cdtd::pipeline
