// What every stage works with: it asks, reads, keeps and stores. Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/net/worker.hpp>
#include <cdtd/pipeline/archive.hpp>
#include <cdtd/store/writer.hpp>

namespace cdtd::pipeline {

class Stage {
  public:
    Stage(http::Client& client, store::Writer& writer, net::Worker& reading, Archive& archive,
          const base::Clock& clock, base::Log& log)
        : client_(client), writer_(writer), reading_(reading), archive_(archive), clock_(clock), log_(log) {}

  protected:
    http::Client& client_;
    store::Writer& writer_;
    net::Worker& reading_;
    Archive& archive_;
    const base::Clock& clock_;
    base::Log& log_;
};

} // namespace cdtd::pipeline
