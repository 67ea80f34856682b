// Any bytes at all as a feed document: no crash, and what is read keeps the promises of the headers.
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/parse.hpp>

#include <algorithm>
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

namespace base = cdtd::base;

bool is_address(const std::string& url) {
    return url.empty() || base::normalize_url(url) == url;
}

void check(const cdtd::model::Entry& entry) {
    constexpr std::size_t most = 16UL * 1024;
    for (const auto* field : {&entry.title, &entry.guid, &entry.author, &entry.published_raw})
        require(base::is_valid_utf8(*field) && field->size() <= most);
    require(base::is_valid_utf8(entry.content) && base::is_valid_utf8(entry.summary));
    require(is_address(entry.link));
    const auto canonical = base::canonical_url(entry.link);
    require(!canonical || base::canonical_url(*canonical) == canonical);
    for (const auto& enclosure : entry.enclosures)
        require(!enclosure.url.empty() && is_address(enclosure.url) && enclosure.bytes.value_or(1) > 0);
    for (const auto& category : entry.categories)
        require(!category.empty() && base::is_valid_utf8(category));
}

void check(const cdtd::model::Feed& feed) {
    require(feed.entries.size() <= 10'000 && !feed.format.empty());
    require(base::is_valid_utf8(feed.title) && base::is_valid_utf8(feed.generator));
    require(is_address(feed.link) && is_address(feed.self) && is_address(feed.next));
    require(!feed.cut_off || (!feed.entries.empty() && !feed.repairs.empty()));
    for (const auto& repair : feed.repairs)
        require(base::is_valid_utf8(repair) && std::ranges::count(feed.repairs, repair) == 1);
    for (const auto& entry : feed.entries)
        check(entry);
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
