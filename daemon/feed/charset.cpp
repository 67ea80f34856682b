#include <cdtd/base/text.hpp>
#include <cdtd/feed/charset.hpp>

#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace cdtd::feed {
namespace {

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};

/// A charset's name as we call it: the superset where servers name the subset. "" for nonsense.
std::string known_name(std::string_view label) {
    std::string name = base::ascii_lower(base::trim(label));
    if (name.size() > 40 || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:") != name.npos)
        return "";
    if (name == "utf8" || name == "us-ascii" || name == "ascii")
        return "utf-8";
    if (name == "gb2312" || name == "gbk" || name == "gb_2312-80" || name == "x-gbk" || name == "cp936")
        return "gb18030";
    if (name == "iso-8859-1" || name == "latin1" || name == "iso8859-1")
        return "windows-1252";
    return name;
}

std::string header_charset(std::string_view content_type) {
    const std::string lower = base::ascii_lower(content_type);
    const auto at = lower.find("charset=");
    if (at == lower.npos)
        return "";
    std::string_view value = std::string_view(lower).substr(at + 8);
    value = value.substr(0, value.find_first_of("; ,"));
    while (value.starts_with('"') || value.starts_with('\''))
        value.remove_prefix(1);
    while (value.ends_with('"') || value.ends_with('\''))
        value.remove_suffix(1);
    return known_name(value);
}

/// The encoding of "<?xml … encoding='…'?>"; readable in every charset that has ASCII in it.
std::string declared_charset(std::string_view bytes) {
    const std::string head = base::ascii_lower(bytes.substr(0, 512));
    const auto start = head.find("<?xml");
    const auto end = head.find("?>", start == head.npos ? 0 : start);
    if (start == head.npos || end == head.npos)
        return "";
    const std::string declaration = head.substr(start, end - start);
    const auto at = declaration.find("encoding");
    const auto open = declaration.find_first_of("\"'", at == declaration.npos ? declaration.size() : at);
    if (open == declaration.npos)
        return "";
    const auto close = declaration.find(declaration[open], open + 1);
    return close == declaration.npos ? "" : known_name(declaration.substr(open + 1, close - open - 1));
}

/// A wide encoding that announces itself: by a byte order mark, or by "<" with its zero bytes.
std::string wide_charset(std::string_view bytes) {
    constexpr std::string_view utf32_be("\0\0\xFE\xFF", 4);
    constexpr std::string_view utf32_le("\xFF\xFE\0\0", 4);
    if (bytes.starts_with(utf32_be))
        return "utf-32be";
    if (bytes.starts_with(utf32_le))
        return "utf-32le";
    if (bytes.starts_with("\xFE\xFF") || bytes.starts_with(std::string_view("\0<\0", 3)))
        return "utf-16be";
    if (bytes.starts_with("\xFF\xFE") || (bytes.starts_with(std::string_view("<\0", 2)) && bytes.size() > 3))
        return "utf-16le";
    return "";
}

bool has_replacement(std::string_view text) {
    return text.contains("\xEF\xBF\xBD") || text.contains('\x1A'); // what converters put for lost bytes
}

std::optional<std::string> convert(std::string_view bytes, const std::string& charset) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(charset.c_str(), &error));
    if (U_FAILURE(error) || bytes.size() > 256U * 1024 * 1024)
        return std::nullopt;
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 2);
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

Decoded as_utf8(std::string_view bytes) {
    if (base::is_valid_utf8(bytes))
        return {std::string(bytes), "utf-8", false};
    return {base::to_valid_utf8(bytes), "utf-8", true};
}

std::string without_mark(std::string text) {
    if (text.starts_with("\xEF\xBB\xBF"))
        text.erase(0, 3);
    return text;
}

bool is_ascii(std::string_view bytes) {
    for (const char c : bytes)
        if (static_cast<unsigned char>(c) >= 0x80)
            return false;
    return true;
}

/// What to try, in the order of trust.
std::vector<std::string> candidates(std::string_view bytes, std::string_view content_type) {
    std::vector<std::string> names;
    const std::string declared = declared_charset(bytes);
    for (const auto& name : {header_charset(content_type), declared}) {
        // A wide charset would have shown itself in the first bytes: the label is wrong.
        if (name.empty() || name.starts_with("utf-16") || name.starts_with("utf-32") || name == "ucs-2")
            continue;
        // Servers put their default there, and every byte is a letter in it: text that is sound UTF-8 is not
        // Latin by chance.
        if (name == "windows-1252" && (declared.empty() || declared == "utf-8") && !is_ascii(bytes) &&
            base::is_valid_utf8(bytes))
            continue;
        names.push_back(name);
    }
    names.emplace_back("utf-8");
    return names;
}

Decoded decode_as(std::string_view bytes, const std::string& charset) {
    if (charset == "utf-8")
        return as_utf8(bytes);
    auto text = convert(bytes, charset);
    if (!text)
        return {"", "", true};
    const bool repaired = has_replacement(*text);
    return {std::move(*text), charset, repaired};
}

} // namespace

Decoded decode(std::string_view bytes, std::string_view content_type) {
    if (bytes.starts_with("\xEF\xBB\xBF"))
        return as_utf8(bytes.substr(3));
    if (const auto wide = wide_charset(bytes); !wide.empty()) {
        auto decoded = decode_as(bytes, wide);
        decoded.text = without_mark(std::move(decoded.text));
        return decoded;
    }
    std::optional<Decoded> first;
    for (const auto& name : candidates(bytes, content_type)) {
        auto decoded = decode_as(bytes, name);
        if (decoded.charset.empty())
            continue; // no such charset
        if (!decoded.repaired)
            return decoded;
        if (!first)
            first = std::move(decoded);
    }
    return first ? std::move(*first) : as_utf8(bytes);
}

} // namespace cdtd::feed
