// What an editor changes beside title and text: the archive card with its sources, a picture for another one,
// and what the feed says of the article (categories, editor). Within the caller's transaction.
#pragma once

#include <cdtd/pipeline/take_in.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// "card", "images": what `reading` has otherwise than the content that is held of the article, both read by
/// today's reader. Reads a document where its bytes differ: some milliseconds. Only where the text is the
/// same.
std::vector<std::string> changed_details(store::Connection& db, std::int64_t article, const Reading& reading);

/// Categories and editor of the article are the entry's, where it names any. No revision: nothing of the
/// article itself was edited.
void follow_credits(store::Connection& db, std::int64_t article, const Reading& reading, base::Time at);

} // namespace cdtd::pipeline
