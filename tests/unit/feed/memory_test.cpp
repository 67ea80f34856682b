// How much memory a document may take while it is read, as the kernel counts it: four times its size, and the
// tree that repair() allows. Not under AddressSanitizer, which keeps what is freed.
#include "unit/feed/fixtures.hpp"

#include <cdtd/feed/parse.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <malloc.h>
#include <string>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CDTD_WITH_ASAN
#endif
#endif

namespace cdtd::feed {
namespace {

std::string repeated(std::string_view what, std::size_t bytes) {
    std::string text;
    text.reserve(bytes + what.size());
    while (text.size() < bytes)
        text += what;
    return text;
}

/// Kilobytes of a line of /proc/self/status.
std::size_t kilobytes(const std::string& field) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(field))
            return std::stoul(line.substr(line.find_first_of("0123456789")));
    return 0;
}

TEST(Memory, IsBoundedByTheDocument) {
#ifdef CDTD_WITH_ASAN
    GTEST_SKIP() << "what is freed stays";
#endif
    constexpr std::size_t size = 8UL * 1000 * 1000;
    constexpr std::size_t tree = 48UL * 1024; // KB: 600,000 nodes of 64 bytes, and the pages around
    const auto items = [](const std::string& one) {
        return fixtures::rss(repeated("<item><title>t</title>" + one + "</item>", size));
    };
    const std::string chinese = repeated("河水在夜里退了下去，", 10'000);
    const std::function<std::string()> documents[] = {
        [&] { return items("<description><![CDATA[" + chinese + "]]></description>"); },
        [&] { return items("<description>" + repeated("&lt;p>河 & 水&nbsp;", 10'000) + "</description>"); },
        [&] { return items("<description>" + repeated("<p>河<br>\"&gt;\"", 10'000) + "</description>"); },
        [&] { return fixtures::item("<title>" + repeated("&", size) + "</title>"); },
        [&] {
            return fixtures::item("<description>" + repeated("<p/>&gt;&gt;", size / 4) + "</description>");
        },
        [&] { return fixtures::item("<description>" + repeated("\x91\xFE\x80", size) + "</description>"); },
        [&] { return fixtures::item("<description>" + repeated("a\xFF", size) + "</description>"); },
        [&] {
            return "<?xml version='1.0' encoding='gbk'?>" +
                   items(repeated("<b>\xBA\xD3\xCB\xAE</b>", 10'000));
        },
        [&] { return "<?xml version='1.0' encoding='windows-1252'?>" + items(repeated("\x80", 10'000)); },
        [&] { return "{\"items\":[" + repeated("{\"content_html\":\"" + chinese + "\"},", size) + "]}"; },
        [&] { return "{\"items\":[" + repeated("{\"content_text\":\"" + chinese + "\"},", size); },
        [&] { return "{\"items\":[" + repeated("{},", size) + "]}"; },
        [&] { return "{\"items\":" + repeated("[[],", size); },
    };
    int number = 0;
    for (const auto& document : documents) {
        const auto bytes = document();
        malloc_trim(0);
        std::ofstream("/proc/self/clear_refs") << '5'; // the peak begins anew
        const auto before = kilobytes("VmRSS:");
        if (kilobytes("VmHWM:") > before + 1024)
            GTEST_SKIP() << "the kernel does not let us measure here";
        const auto feed = parse(bytes, fixtures::url, "");
        const auto peak = kilobytes("VmHWM:");
        EXPECT_LE(peak - before, 4 * bytes.size() / 1024 + tree) << number << ": " << bytes.size();
        RecordProperty("kilobytes_" + std::to_string(number++), std::to_string(peak - before));
        EXPECT_TRUE(feed || !feed.error().message.empty());
    }
}

} // namespace
} // namespace cdtd::feed
