// Any text as a date: a day of four digits, or nothing.
#include <cdtd/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace base = cdtd::base;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto time = base::parse_feed_date(text);
    // An offset may carry the first and the last day over the border.
    if (time && (*time < base::Time(std::chrono::sys_days(std::chrono::year(0) / 12 / 30)) ||
                 *time > base::Time(std::chrono::sys_days(std::chrono::year(10000) / 1 / 3))))
        std::abort();
    if (time && base::parse_feed_date(base::format_warc_date(*time)) != time &&
        *time >= base::Time(std::chrono::sys_days(std::chrono::year(1) / 1 / 1)) &&
        *time < base::Time(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1)))
        std::abort();
    static_cast<void>(base::parse_http_date(text));
    return 0;
}
