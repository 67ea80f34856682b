// The request for a feed's document or one of its older pages. Pure.
#pragma once

#include <cdtd/http/client.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/settings.hpp>

#include <string>

namespace cdtd::pipeline {

/// Conditional where `validators` are there, at every hop: they came from whoever answered in the end. The
/// operator's own headers may be secrets: they go to the host of the configured URL only, and never from
/// https to http.
http::Request feed_request(const FeedSettings& feed, const std::string& url,
                           const model::Validators& validators);

/// An address that a document names, unless it leads from https to http: then "".
std::string safe_address(const std::string& from, const std::string& to);

} // namespace cdtd::pipeline
