// The page of an article whose page is not held: made of the content that the feed gave, and saying so.
// Private.
#pragma once

#include <cdtd/pipeline/package.hpp>
#include <cdtd/warc/record.hpp>

#include <string>

namespace cdtd::pipeline {

/// The article's URL; one that can't exist where it has none.
std::string page_url(const model::Article& article);
/// What the page shows is of this moment.
base::Time page_time(const Holdings& holdings);
/// A whole HTML document in UTF-8. Images keep the publisher's URLs, or those under which they were captured.
std::string made_page(const Holdings& holdings);
/// Of the metadata record beside it.
warc::Fields made_page_fields(const Holdings& holdings);

} // namespace cdtd::pipeline
