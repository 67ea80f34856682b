// Answers that are no content though they came: refusals, challenge pages, errors. Pure; any thread.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/http/client.hpp>

#include <optional>

namespace cdtd::pipeline {

/// Why an answer is not what was asked for, in words; nullopt where it is (2xx and no challenge).
/// Errc::challenge: cf-mitigated, "Just a moment…"; refused: 401, 403, 407, 429, 451; not_found: 404, 410;
/// network: 5xx and anything else.
std::optional<base::Error> refusal_of(const http::Response& response);

/// The same of an answer that ought to be an image: a page that forbids hotlinking, an empty body and text
/// are none, whatever the status. Errc::bad_data.
std::optional<base::Error> no_image(const http::Response& response);

} // namespace cdtd::pipeline
