// The chain of daily manifests: made when a UTC day on which something was added is over, then stamped by an
// RFC 3161 service where one is configured. Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/digest.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/model/manifest.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/net/worker.hpp>
#include <cdtd/pipeline/archive.hpp>
#include <cdtd/store/manifests.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cdtd::pipeline {

class Sealer {
  public:
    struct Paths {
        std::string database, warc_folder;
    };
    Sealer(boost::asio::any_io_executor loop, Paths paths, http::Client& client, store::Writer& writer,
           net::Worker& reading, Archive& archive, const base::Clock& clock, base::Log& log)
        : paths_(std::move(paths)), client_(client), writer_(writer), reading_(reading), archive_(archive),
          clock_(clock), log_(log), bell_(loop) {}

    void configure(std::string timestamp_url);
    /// Until stop: at once for days that are over, then after each midnight (UTC) and when a stamp is due.
    boost::asio::awaitable<void> run();
    /// What is due now.
    boost::asio::awaitable<void> once();
    void stop();

  private:
    boost::asio::awaitable<void> seal();
    boost::asio::awaitable<bool> digest_files(model::ManifestContent& content);
    boost::asio::awaitable<bool> digest_rows(store::Rows rows, model::RowRange& range);
    boost::asio::awaitable<void> keep(const model::ManifestContent& content);
    boost::asio::awaitable<void> note(model::Manifest manifest);
    boost::asio::awaitable<void> stamp();
    boost::asio::awaitable<base::Result<std::string>> ask_for_token(const model::Manifest& manifest);
    boost::asio::awaitable<base::Duration> until_next();

    Paths paths_;
    http::Client& client_;
    store::Writer& writer_;
    net::Worker& reading_;
    Archive& archive_;
    const base::Clock& clock_;
    base::Log& log_;
    net::Bell bell_;
    std::string timestamp_url_;
    std::optional<model::Manifest> unrecorded_; ///< in a file already; its row could not be written
    bool stopping_ = false;
};

} // namespace cdtd::pipeline
