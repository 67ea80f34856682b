// Any bytes as a robots.txt: an answer to any path, the same one every time, in words that are safe to show.
#include <cdtd/base/text.hpp>
#include <cdtd/schedule/robots.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const cdtd::schedule::Robots robots(text);
    const std::string some = "https://example.org/" + std::string(text.substr(0, 200));
    for (const std::string& url : {std::string("https://example.org/a/x/b"), some}) {
        const auto rule = robots.forbids(url);
        if (rule != robots.forbids(url) || (rule && cdtd::base::terminal_safe(*rule) != *rule))
            std::abort();
    }
    if (robots.forbids("https://example.org/robots.txt"))
        std::abort();
    return 0;
}
