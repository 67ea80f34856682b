// Any bytes under any label: valid UTF-8 comes out, and a mark never does.
#include <cdtd/base/text.hpp>
#include <cdtd/feed/charset.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The first byte picks the header, so that every charset is tried.
    constexpr std::string_view types[] = {"",
                                          "text/xml; charset=gbk",
                                          "text/xml; charset=iso-8859-1",
                                          "text/xml; charset=utf-8",
                                          "text/xml; charset=\"Shift_JIS\"",
                                          "text/xml; charset=euc-kr",
                                          "text/xml; charset=koi8-r",
                                          "text/xml; charset=iso-2022-jp",
                                          "text/xml; charset=utf-16",
                                          "text/xml; charset=big5",
                                          "text/xml; charset=euc-jp",
                                          "text/xml; charset=utf-7"};
    if (size == 0)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto decoded = cdtd::feed::decode(bytes, types[data[0] % std::size(types)]);
    const bool same =
        decoded.charset != "utf-8" || decoded.repaired || decoded.text.size() + 3 >= bytes.size();
    if (!cdtd::base::is_valid_utf8(decoded.text) || decoded.charset.empty() || !same)
        std::abort();
    return 0;
}
