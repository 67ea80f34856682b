// Links to other archives: the same page at archive.today, Ghostarchive and the like. Private to the layer.
#pragma once

#include "article/boilerplate.hpp"

#include <cdtd/model/source.hpp>

#include <gumbo.h>

#include <string_view>
#include <vector>

namespace cdtd::article {

/// In the archive card and in the text, in order, each once. The Wayback Machine is none of them: it is
/// asked.
std::vector<model::Alternate> find_alternates(const GumboNode* root, const Boilerplate& boilerplate,
                                              std::string_view base_url);

} // namespace cdtd::article
