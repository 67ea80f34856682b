// "&…;" in XML as it is written out there: entities of HTML, numbers of no character, and the bare ampersand.
#include "feed/repair.hpp"

#include <charconv>
#include <cstdint>

namespace cdtd::feed::detail {
namespace {

constexpr std::size_t longest = 16; // more than any name, and every number that means something

bool is_legal_code(std::uint32_t code) {
    return code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xD800) ||
           (code >= 0xE000 && code <= 0x10FFFF && code != 0xFFFE && code != 0xFFFF);
}

const Reference bare{1, false, "a bare '&'", "&amp;"};

Reference read_number(std::string_view digits, std::size_t length) {
    const bool upper = digits.starts_with('X'); // XML knows only the other
    const bool hex = upper || digits.starts_with('x');
    if (hex)
        digits.remove_prefix(1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    if (digits.empty() || end != digits.data() + digits.size())
        return bare;
    if (error != std::errc() || !is_legal_code(code))
        return {length, false, "references to characters that XML forbids", ""};
    if (upper)
        return {length, false, "", "&#x" + std::string(digits) + ";"};
    return {length, true, "", ""};
}

} // namespace

Reference read_reference(std::string_view at_ampersand) {
    const auto semicolon = at_ampersand.substr(0, longest).find(';');
    if (semicolon == std::string_view::npos)
        return bare;
    const auto name = at_ampersand.substr(1, semicolon - 1);
    if (name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos")
        return {semicolon + 1, true, "", ""};
    if (name.starts_with('#'))
        return read_number(name.substr(1), semicolon + 1);
    if (const auto text = html_entity(name); !text.empty())
        return {semicolon + 1, false, "entities of HTML that XML does not know", std::string(text)};
    return bare;
}

} // namespace cdtd::feed::detail
