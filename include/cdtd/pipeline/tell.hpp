// Writing an event and its deliveries, in the transaction that is the reason for it.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/article.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/store/connection.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace cdtd::pipeline {

class Teller {
  public:
    explicit Teller(std::vector<notify::Endpoint> endpoints) : endpoints_(std::move(endpoints)) {}

    /// {"article": …} and what `more` holds beside it, to the endpoints that want the type and one of its
    /// feeds, and whose `match` holds for what the article says by now.
    void article(store::Connection& db, const std::string& type, base::Time at, std::int64_t id,
                 boost::json::object more = {}) const;
    void feed(store::Connection& db, const std::string& type, base::Time at,
              const model::FeedState& feed) const;
    /// To every other endpoint.
    void endpoint_disabled(store::Connection& db, base::Time at, const std::string& name) const;

    /// One message in place of all that waits for its first attempt there.
    void digest(store::Connection& db, base::Time at, const std::string& endpoint) const;
    /// A test.ping to this endpoint alone; its id.
    static std::string test(store::Connection& db, base::Time at, const std::string& endpoint);
    /// Does the endpoint want this event of the log by its present filters? Tests and digests were for the
    /// moment.
    bool wants(store::Connection& db, const std::string& endpoint, const model::Event& event) const;

    const std::vector<notify::Endpoint>& endpoints() const { return endpoints_; }

  private:
    std::vector<std::string> audience(const std::string& type, const std::vector<std::string>& feeds,
                                      const std::string& except = {}) const;
    /// Takes out who wants other articles.
    void keep_matching(store::Connection& db, std::int64_t article, std::vector<std::string>& names) const;
    std::vector<notify::Endpoint> endpoints_;
};

} // namespace cdtd::pipeline
