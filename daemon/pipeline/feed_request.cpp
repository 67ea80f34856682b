#include "pipeline/feed_request.hpp"

#include <cdtd/base/url.hpp>

namespace cdtd::pipeline {

namespace {

bool is_of_the_same_host(const std::string& configured, const std::string& url) {
    const auto ours = base::split_url(configured), other = base::split_url(url);
    if (!ours || !other || ours->host != other->host)
        return false;
    return base::origin_of(configured) == base::origin_of(url) ||
           (ours->scheme == "http" && other->scheme == "https");
}

} // namespace

http::Request feed_request(const FeedSettings& feed, const std::string& url,
                           const model::Validators& validators) {
    http::Request request(url);
    if (is_of_the_same_host(feed.url, url))
        request.configured = feed.headers;
    request.every_hop.emplace_back("Accept",
                                   "application/rss+xml, application/atom+xml, application/feed+json, "
                                   "application/xml;q=0.9, */*;q=0.5");
    if (validators.etag)
        request.every_hop.emplace_back("If-None-Match", *validators.etag);
    if (validators.last_modified)
        request.every_hop.emplace_back("If-Modified-Since", *validators.last_modified);
    request.proxy = feed.proxy;
    request.stay_secure = true;
    return request;
}

std::string safe_address(const std::string& from, const std::string& to) {
    return from.starts_with("https:") && to.starts_with("http:") ? std::string() : to;
}

} // namespace cdtd::pipeline
