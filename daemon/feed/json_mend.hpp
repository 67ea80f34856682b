// What can be mended in JSON: an end that is missing, words behind it, and line breaks inside strings. Pure.
#pragma once

#include "feed/repair.hpp"

namespace cdtd::feed::detail {

struct MendedJson {
    std::string text;
    bool cut_off = false; ///< the whole items before the end are there, and what stands before their list
    std::vector<std::string> repairs;
};

/// `text` begins with "{" and is no JSON as it stands. Errc::bad_data: cut off before the first whole item.
base::Result<MendedJson> mend_json(std::string_view text);

} // namespace cdtd::feed::detail
