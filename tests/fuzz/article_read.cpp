// Any bytes as an entry, as a page and as a title: no crash, valid UTF-8, nothing active left.
#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void demand(bool fact) {
    if (!fact) {
        std::abort();
    }
}

void check(const cdtd::model::Content& content) {
    using cdtd::base::is_valid_utf8;
    demand(is_valid_utf8(content.text) && is_valid_utf8(content.html) && is_valid_utf8(content.excerpt));
    demand(content.sha256.size() == 64);
    for (const auto* active :
         {"<script", "<style", "<iframe", "<svg", "<form", "href=\"javascript", "src=\"data"}) {
        demand(content.html.find(active) == std::string::npos);
    }
    for (const auto& image : content.images) {
        demand(image.starts_with("http://") || image.starts_with("https://"));
    }
}

} // namespace

// The name is the fuzzer's.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr std::string_view kUrl = "https://chinadigitaltimes.net/chinese/900001.html";
    check(cdtd::article::read(bytes, kUrl));
    if (const auto page = cdtd::article::read_page(bytes, kUrl)) {
        check(*page);
    }
    const auto title = cdtd::article::read_title(bytes);
    demand(cdtd::base::is_valid_utf8(title.text));
    return 0;
}
