// Bytes of a feed document into model::Feed. Pure; any thread.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/model/feed.hpp>

#include <string_view>

namespace cdtd::feed {

/// RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0 (RFC 4287), JSON Feed 1.0 and 1.1: by what the document holds,
/// whatever `content_type` or a version attribute says, with the usual vocabularies of others in it (Dublin
/// Core, content, Atom in RSS, Media RSS, iTunes). `url` is the document's own, against which links are
/// resolved; `content_type` the response's header ("" unknown), for its charset: see decode().
///
/// What is broken is mended where that is sensible, and named in Feed::repairs; of a document that ends in
/// the middle the whole entries before count (Feed::cut_off). DOCTYPEs are dropped, entities never expanded.
/// At most 10,000 entries, 600,000 elements, attributes and texts, 256 levels; fields that are no content are
/// cut at 16 KiB. Memory: about four times the document and 40 MiB at most.
///
/// Errc::challenge: not a feed but a page that asks whether we are human or who we are; Errc::refused: any
/// other HTML page, or a message that says no; Errc::bad_data: empty, neither XML nor JSON, XML or JSON that
/// is no feed, cut off before the first whole entry; Errc::too_large: beyond the bounds. The message says
/// what it looks like.
base::Result<model::Feed> parse(std::string_view bytes, std::string_view url, std::string_view content_type);

} // namespace cdtd::feed
