// Any bytes at all as a page, and as a Link header: no crash, and what is offered keeps the promises of the
// header.
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/discover.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

void check(const std::vector<cdtd::feed::Offer>& offers) {
    namespace base = cdtd::base;
    std::set<std::string> seen;
    require(offers.size() <= 200);
    for (const auto& offer : offers) {
        require(base::normalize_url(offer.url) == offer.url && !offer.url.contains('#'));
        require(seen.insert(offer.url).second);
        require(base::is_valid_utf8(offer.title));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    check(cdtd::feed::discover(bytes, "https://example.org/a/b.html", {}));
    check(cdtd::feed::discover("", "https://example.org/a/b.html", {bytes}));
    for (const auto& place : cdtd::feed::usual_places(bytes))
        require(cdtd::base::normalize_url(place) == place);
    return 0;
}
