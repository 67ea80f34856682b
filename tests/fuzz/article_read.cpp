// Any bytes as an entry, as a page and as a title: no crash, valid UTF-8, and HTML that is allowed byte for
// byte, that another parser reads as what was written, and that reading once more leaves as it is.
#include "article/allow_list.hpp"
#include "article/escape.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using cdtd::model::Content;

constexpr std::string_view kUrl = "https://chinadigitaltimes.net/chinese/900001.html";

void demand(bool fact, std::string_view what, const std::string& seen = {}, const std::string& other = {}) {
    if (!fact) {
        std::cerr << what << "\n" << seen << "\n" << other << "\n";
        std::abort();
    }
}

void check(const Content& content) {
    using cdtd::base::is_valid_utf8;
    demand(is_valid_utf8(content.text) && is_valid_utf8(content.html) && is_valid_utf8(content.excerpt),
           "not UTF-8");
    demand(content.sha256.size() == 64, "no fingerprint");
    demand(cdtd::tests::fault_in(content.html).empty(), cdtd::tests::fault_in(content.html), content.html);
    const auto again = cdtd::tests::written_again(content.html);
    demand(again == content.html, "parsed as something else", content.html, again);
    for (const auto& image : content.images) {
        demand(image.starts_with("http://") || image.starts_with("https://"), "an image's scheme", image);
    }
}

/// What HTML says of it: without controls and the like, which only the text keeps, and without white space.
std::string bare(std::string_view text) {
    std::string out;
    cdtd::article::append_escaped(out, text);
    std::erase_if(out, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
    return out;
}

void check_second_reading(const Content& first) {
    if (cdtd::tests::may_be_boilerplate(first.html)) {
        return;
    }
    const auto second = cdtd::article::read(first.html, kUrl);
    demand(second.html == first.html, "another HTML the second time", first.html, second.html);
    demand(second.images == first.images, "other images the second time", first.html);
    if (first.html.find("<a ") == std::string::npos) { // an embed's name is text only once it is a link
        demand(bare(second.text) == bare(first.text), "another text the second time", first.text,
               second.text);
    }
}

} // namespace

// The name is the fuzzer's.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto entry = cdtd::article::read(bytes, kUrl);
    check(entry);
    check_second_reading(entry);
    if (const auto page = cdtd::article::read_page(bytes, kUrl)) {
        check(*page);
        check_second_reading(*page);
    }
    const auto title = cdtd::article::read_title(bytes);
    demand(cdtd::base::is_valid_utf8(title.text), "not UTF-8");
    return 0;
}
