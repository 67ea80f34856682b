// Any bytes as a Markdown file, and as title, URL and content of one: what is written is read back, exactly.
#include <cdtd/article/markdown.hpp>
#include <cdtd/base/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void demand(bool fact) {
    if (!fact)
        std::abort();
}

void check_written(const cdtd::article::Markdown& file) {
    const std::string bytes = cdtd::article::write_markdown(file);
    const auto parsed = cdtd::article::parse_markdown(bytes);
    demand(parsed.has_value() && *parsed == file);
    demand(cdtd::article::write_markdown(*parsed) == bytes);
}

void check_name(std::int64_t number, std::string_view title) {
    const std::string name = cdtd::article::markdown_name(number, title);
    demand(name.size() <= 255 && name.ends_with(".md") && cdtd::base::is_valid_utf8(name));
    demand(name.find_first_of(std::string_view("/\\:*?\"<>|\0", 10)) == std::string::npos);
    demand(cdtd::base::terminal_safe(name) == name && cdtd::base::to_nfc(name) == name);
}

} // namespace

// The name is the fuzzer's.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto parsed = cdtd::article::parse_markdown(bytes)) {
        check_written(*parsed);
        check_name(1, parsed->title);
    }
    const std::size_t first = size / 3, second = 2 * first;
    cdtd::article::Markdown file;
    file.title = cdtd::base::to_valid_utf8(bytes.substr(0, first));
    file.url = cdtd::base::to_valid_utf8(bytes.substr(first, second - first));
    file.html = cdtd::base::to_valid_utf8(bytes.substr(second));
    check_written(file);
    check_name(715285, bytes);
    return 0;
}
