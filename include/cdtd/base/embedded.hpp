// Text files that CMake puts into the binary (cmake/embed.cmake): SQL migrations, the pages, the API
// description.
#pragma once

#include <span>
#include <string_view>

namespace cdtd::base {

struct EmbeddedFile {
    std::string_view name; ///< file name without folder: "0001_initial.sql"
    std::string_view text; ///< UTF-8
};

} // namespace cdtd::base
