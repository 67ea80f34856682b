// Any valid UTF-8 as a broken document: what is mended is XML to the parser, and needs no second mending.
#include "feed/repair.hpp"

#include <cdtd/base/text.hpp>

#include <pugixml.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using cdtd::feed::detail::repair;
    const std::string bytes(data, data + size);
    auto once = repair(cdtd::base::to_valid_utf8(bytes), 0);
    if (!once)
        return 0;
    const std::string text = once->buffer.substr(once->begin);
    pugi::xml_document document;
    const auto parsed =
        document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed && parsed.status != pugi::status_no_document_element)
        std::abort();
    const auto twice = repair(text, 0);
    if (!twice || twice->cut_off || twice->buffer.substr(twice->begin) != text)
        std::abort();
    return 0;
}
