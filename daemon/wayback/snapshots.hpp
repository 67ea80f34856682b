// What a listed capture may be, told by its status alone.
#pragma once

#include <cdtd/wayback/cdx.hpp>

namespace cdtd::wayback::detail {

/// A page as it was sent, or a revisit of one, whose status is not listed.
inline bool may_hold_content(const Snapshot& snapshot) {
    return snapshot.status == 200 || snapshot.status == 0;
}
inline bool is_redirect(const Snapshot& snapshot) {
    return snapshot.status >= 300 && snapshot.status < 400;
}

} // namespace cdtd::wayback::detail
