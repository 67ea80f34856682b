// What an article shows from elsewhere: players, videos, posts. Private.
#pragma once

#include "article/boilerplate.hpp"

#include <cdtd/model/article.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::article {

/// Players, tweets and the like, and other posts of the site that are shown in boxes, in order.
std::vector<model::Embed> find_embeds(const GumboNode* root, const Boilerplate& boilerplate,
                                      std::string_view base_url);

/// Where an iframe (or a video) is loaded from, absolute; empty for none.
std::string embed_url(const GumboNode* node, std::string_view base_url);
/// The page that a reader would open instead of the player; `url` itself where none is known.
std::string embed_target(const std::string& url);

} // namespace cdtd::article
