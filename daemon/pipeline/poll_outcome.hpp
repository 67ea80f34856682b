// What an answer, or its absence, does to the state of a feed. Pure.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/schedule/next_poll.hpp>

#include <string>
#include <vector>

namespace cdtd::pipeline {

/// Types of events that a step gives reason for, in order.
using Reasons = std::vector<std::string>;

/// A header that a 304 does not send is unchanged (RFC 9110 15.4.5); one that a 200 does not send is gone.
void take_validators(model::Validators& validators, const http::Response& response);

/// A whole document, or word that it has not changed.
void note_success(model::FeedState& state, Reasons& reasons);
/// Permanent redirects are counted, and believed in the end.
void note_redirects(model::FeedState& state, const FeedSettings& feed, const http::Response& response,
                    base::Duration believed_after, Reasons& reasons);
void note_failure(model::FeedState& state, const base::Error& error, int failing_after, Reasons& reasons);
/// 410.
void note_gone(model::FeedState& state, Reasons& reasons);
/// The document is not taken in: `strange` of its `all` entries are unknown although old.
void note_mass_change(model::FeedState& state, std::size_t strange, std::size_t all, Reasons& reasons);
/// A document was taken in: what was held is so no more.
void note_release(model::FeedState& state, Reasons& reasons);
/// After a document or a 304: whether the feed is silent for longer than is usual for it. `fresh`: it brought
/// something new.
void note_silence(model::FeedState& state, bool fresh, base::Time now, Reasons& reasons);

/// How a failed poll went wrong. `response`: the answer, where there was one.
schedule::Trouble trouble_of(const base::Error& error, const http::Response* response, base::Time now);

} // namespace cdtd::pipeline
