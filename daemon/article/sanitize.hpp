// HTML written anew from the parsed tree: an allow-list of elements, nothing active. Private.
#pragma once

#include "article/pictures.hpp"

#include <string>
#include <string_view>

namespace cdtd::article {

std::string sanitize(const GumboNode* root, const Boilerplate& boilerplate, const Pictures& pictures,
                     std::string_view base_url);

} // namespace cdtd::article
