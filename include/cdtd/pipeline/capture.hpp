// Fetching what an article shows: its page, its images. Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/net/worker.hpp>
#include <cdtd/pipeline/archive.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace cdtd::pipeline {

enum class CaptureEnd { captured, put_off, cancelled };

class Capture {
  public:
    Capture(http::Client& client, store::Writer& writer, net::Worker& reading, Archive& archive,
            const base::Clock& clock, base::Log& log)
        : client_(client), writer_(writer), reading_(reading), archive_(archive), clock_(clock), log_(log) {}

    /// Works one job off: captured, or put off with the reason. Throws store::DatabaseError.
    boost::asio::awaitable<CaptureEnd> run(store::Job job, std::shared_ptr<const Plan> plan);

  private:
    boost::asio::awaitable<bool> reuse(const store::Job& job, const Plan& plan);
    boost::asio::awaitable<CaptureEnd> keep(const store::Job& job, const Plan& plan, http::Response response);
    boost::asio::awaitable<CaptureEnd> put_off(const store::Job& job, const Plan& plan, base::Error error,
                                               std::optional<base::Time> not_before);

    http::Client& client_;
    store::Writer& writer_;
    net::Worker& reading_;
    Archive& archive_;
    const base::Clock& clock_;
    base::Log& log_;
};

} // namespace cdtd::pipeline
