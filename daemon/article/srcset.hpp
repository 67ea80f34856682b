// The largest candidate of a srcset attribute. Private.
#pragma once

#include <string_view>

namespace cdtd::article {

struct Candidate {
    std::string_view url;
    double weight = 0; ///< pixels of width, or a thousandfold of the density; 0: none given
};

/// Empty url where there is none.
Candidate largest_candidate(std::string_view srcset);

} // namespace cdtd::article
