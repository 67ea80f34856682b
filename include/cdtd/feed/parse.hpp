// Bytes of a feed document into model::Feed: RSS 2.0 with its usual namespaces, Atom 1.0. Pure; any thread.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/model/feed.hpp>

#include <string_view>

namespace cdtd::feed {

/// `url` is the document's own, against which links are resolved; `content_type` the response's header (""
/// unknown): its charset outranks the XML declaration, a byte order mark outranks both. Errc::refused: not a
/// feed but a page of someone who does not want to answer (challenge, captcha, login); Errc::bad_data: empty,
/// HTML, not XML, an XML document that is no feed. The message says what it looks like.
base::Result<model::Feed> parse(std::string_view bytes, std::string_view url, std::string_view content_type);

} // namespace cdtd::feed
