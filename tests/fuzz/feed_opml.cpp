// Any bytes at all as an OPML list: no crash, and what was read can be written and read again.
#include <cdtd/base/text.hpp>
#include <cdtd/feed/opml.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const auto list = cdtd::feed::read_opml(bytes);
    if (!list) {
        require(!list.error().message.empty());
        return 0;
    }
    require(list->feeds.size() <= 10'000);
    for (const auto& feed : list->feeds)
        require(!feed.url.empty() && cdtd::base::is_valid_utf8(feed.title) && feed.folders.size() <= 32);
    const auto written = cdtd::feed::write_opml(*list, cdtd::base::Time{});
    require(cdtd::base::is_valid_utf8(written));
    const auto again = cdtd::feed::read_opml(written);
    require(again && again->feeds.size() <= list->feeds.size());
    return 0;
}
