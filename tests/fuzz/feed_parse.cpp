// Any bytes at all as a feed document: no crash, and what is read keeps the promises of the headers.
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/parse.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

void check(const cdtd::model::Feed& feed) {
    namespace base = cdtd::base;
    require(feed.entries.size() <= 10'000);
    require(base::is_valid_utf8(feed.title));
    for (const auto& entry : feed.entries) {
        require(base::is_valid_utf8(entry.title) && base::is_valid_utf8(entry.content));
        require(base::is_valid_utf8(entry.summary) && base::is_valid_utf8(entry.guid));
        require(entry.link.empty() || base::normalize_url(entry.link) == entry.link);
        const auto canonical = base::canonical_url(entry.link);
        require(!canonical || base::canonical_url(*canonical) == canonical);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The first byte picks the header, so that every charset is tried.
    constexpr std::string_view types[] = {"", "text/xml; charset=gbk", "text/xml; charset=iso-8859-1",
                                          "application/rss+xml; charset=utf-8"};
    if (size == 0)
        return 0;
    const std::string bytes(data + 1, data + size);
    const auto feed =
        cdtd::feed::parse(bytes, "https://example.org/feed/", types[data[0] % std::size(types)]);
    if (feed)
        check(*feed);
    else
        require(!feed.error().message.empty());
    return 0;
}
