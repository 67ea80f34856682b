#include "article/srcset.hpp"

#include <algorithm>
#include <charconv>

namespace cdtd::article {

namespace {

constexpr std::string_view kSpaces = " \t\n\r\f";

double weight_of(std::string_view descriptor) {
    descriptor = descriptor.substr(std::min(descriptor.find_first_not_of(kSpaces), descriptor.size()));
    double number = 0;
    const auto* end = descriptor.data() + descriptor.size();
    const auto [rest, error] = std::from_chars(descriptor.data(), end, number, std::chars_format::fixed);
    if (error != std::errc() || rest == end || !(number > 0) || number > 1e6) {
        return 0;
    }
    return *rest == 'w' ? number : *rest == 'x' ? number * 1000 : 0;
}

} // namespace

Candidate largest_candidate(std::string_view srcset) {
    Candidate largest;
    while (true) {
        const auto start = srcset.find_first_not_of(" \t\n\r\f,");
        if (start == std::string_view::npos) {
            return largest;
        }
        srcset.remove_prefix(start);
        const auto end = std::min(srcset.find_first_of(kSpaces), srcset.size());
        auto url = srcset.substr(0, end); // a comma inside belongs to the URL, at its end it does not
        srcset.remove_prefix(end);
        double weight = 0;
        if (url.ends_with(',')) {
            url.remove_suffix(url.size() - std::min(url.find_last_not_of(',') + 1, url.size()));
        } else {
            const auto comma = std::min(srcset.find(','), srcset.size());
            weight = weight_of(srcset.substr(0, comma));
            srcset.remove_prefix(comma);
        }
        if (!url.starts_with("data:") && (largest.url.empty() || weight > largest.weight)) {
            largest = {url, weight};
        }
    }
}

} // namespace cdtd::article
