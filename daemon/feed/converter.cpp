// ICU's converters and its detector.
#include "feed/charset.hpp"

#include <cdtd/base/text.hpp>

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace cdtd::feed::detail {
namespace {

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
struct CloseDetector {
    void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

// What servers name and what they mean (encoding.spec.whatwg.org, 4.2).
constexpr auto names = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"utf8", "utf-8"},
    {"us-ascii", "utf-8"},
    {"ascii", "utf-8"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"x-gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"big5", "big5-hkscs"},
    {"big-5", "big5-hkscs"},
    {"x-x-big5", "big5-hkscs"},
    {"cp950", "big5-hkscs"},
    {"shift_jis", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"x-sjis", "windows-31j"},
    {"euc-kr", "windows-949"},
    {"ks_c_5601-1987", "windows-949"},
});

} // namespace

std::string known_charset(std::string_view label) {
    std::string name = base::ascii_lower(base::trim(label));
    if (name.size() > 40 || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:") != name.npos)
        return "";
    const auto* found = std::ranges::find(names, name, &std::pair<std::string_view, std::string_view>::first);
    return found == names.end() ? name : std::string(found->second);
}

std::optional<std::string> convert(std::string_view bytes, const std::string& charset) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(charset.c_str(), &error));
    if (U_FAILURE(error) != 0)
        return std::nullopt;
    std::string text;
    text.reserve(3 * bytes.size()); // the most there can be; what is not used of it is no memory yet
    std::array<UChar, 4096> wide{};
    std::array<char, 3 * 4096 + 4> narrow{};
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    std::size_t carried = 0; // the first half of a surrogate pair that a full buffer has cut
    for (bool more = true; more;) {
        UChar* target = wide.data() + carried;
        error = U_ZERO_ERROR;
        ucnv_toUnicode(converter.get(), &target, wide.data() + wide.size(), &source, end, nullptr, true,
                       &error);
        more = error == U_BUFFER_OVERFLOW_ERROR;
        if (U_FAILURE(error) && !more)
            return std::nullopt;
        const UChar* stop = target;
        carried = more && U16_IS_LEAD(*(target - 1)) ? 1 : 0;
        stop -= carried;
        std::int32_t length = 0;
        error = U_ZERO_ERROR;
        u_strToUTF8WithSub(narrow.data(), static_cast<std::int32_t>(narrow.size()), &length, wide.data(),
                           static_cast<std::int32_t>(stop - wide.data()), 0xFFFD, nullptr, &error);
        if (U_FAILURE(error))
            return std::nullopt;
        text.append(narrow.data(), static_cast<std::size_t>(length));
        if (carried != 0)
            wide[0] = *stop;
    }
    return text;
}

std::string wide_charset(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\0\0\xFE\xFF"sv))
        return "utf-32be";
    if (bytes.starts_with("\xFF\xFE\0\0"sv))
        return "utf-32le";
    if (bytes.starts_with("\xFE\xFF"))
        return "utf-16be";
    if (bytes.starts_with("\xFF\xFE"))
        return "utf-16le";
    if (bytes.size() < 4)
        return "";
    // Without a mark the first character is one of ASCII, and where its zero bytes are says it (RFC 4627, 3).
    constexpr std::string_view first = "<{ \t\r\n";
    const auto zero = [&](std::size_t at) { return bytes[at] == '\0'; };
    if (first.contains(bytes[0]) && zero(1))
        return zero(2) && zero(3) ? "utf-32le" : "utf-16le";
    if (zero(0) && zero(1) && zero(2) && first.contains(bytes[3]))
        return "utf-32be";
    return zero(0) && first.contains(bytes[1]) ? "utf-16be" : "";
}

namespace {

bool is_foreign(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

/// From where the first letter is that is not ASCII, with a little before it.
std::string_view sample_of(std::string_view bytes) {
    const auto foreign = std::ranges::find_if(bytes, is_foreign);
    const auto start = static_cast<std::size_t>(foreign - bytes.begin());
    return bytes.substr(start - std::min<std::size_t>(start, 1024));
}

} // namespace

std::string detected_charset(std::string_view bytes) {
    constexpr std::size_t sample = 64UL * 1024;
    constexpr std::int32_t trusted = 20; // of 100; short texts give no more even where it is right
    constexpr auto enough = 8;           // letters; fewer say nothing
    if (std::ranges::count_if(bytes.substr(0, 16 * sample), is_foreign) < enough)
        return "";
    bytes = sample_of(bytes).substr(0, sample);
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
    if (U_FAILURE(error) != 0)
        return "";
    ucsdet_enableInputFilter(detector.get(), 1); // tags are ASCII everywhere
    ucsdet_setText(detector.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
    const auto* match = ucsdet_detect(detector.get(), &error);
    if (match == nullptr || U_FAILURE(error) != 0 || ucsdet_getConfidence(match, &error) < trusted)
        return "";
    const char* name = ucsdet_getName(match, &error);
    const auto known = U_FAILURE(error) != 0 ? "" : known_charset(name);
    return known.starts_with("utf-") || known.starts_with("ibm") ? ""
                                                                 : known; // they would have shown themselves
}

std::size_t lost_characters(std::string_view text) {
    std::size_t count = 0;
    for (const std::string_view lost : {"\xEF\xBF\xBD", "\x1A"}) // what converters put for lost bytes
        for (auto at = text.find(lost); at != text.npos; at = text.find(lost, at + lost.size()))
            ++count;
    return count;
}

bool is_nearly_utf8(std::string_view bytes) {
    bytes = base::cut_bytes(sample_of(bytes), 256UL * 1024);
    const auto letters = static_cast<std::size_t>(
        std::ranges::count_if(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0xC0; }));
    return lost_characters(base::to_valid_utf8(bytes)) * 10 <= letters;
}

bool is_surely_utf8(std::string_view bytes) {
    constexpr auto enough = 8;
    return std::ranges::count_if(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0xC0; }) >=
               enough &&
           base::is_valid_utf8(bytes);
}

std::string repaired_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(2 * bytes.size()); // the most there can be
    const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const std::size_t size = bytes.size();
    std::size_t from = 0;
    bool lost = false;
    for (std::size_t at = 0; at < size;) {
        const std::size_t before = at;
        UChar32 point = 0;
        U8_NEXT(data, at, size, point); // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
        if (point >= 0) {
            lost = false;
            continue;
        }
        text += bytes.substr(from, before - from);
        if (!lost)
            text += "\xEF\xBF\xBD";
        lost = true;
        from = at;
    }
    text += bytes.substr(from);
    return text;
}

} // namespace cdtd::feed::detail
