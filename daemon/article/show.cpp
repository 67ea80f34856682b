#include "article/entities.hpp"
#include "article/escape.hpp"

#include <cdtd/article/show.hpp>

namespace cdtd::article {

std::string escape_html(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
}

std::string show_images(std::string_view html, const ImageSource& source) {
    // The sanitiser escapes every other '<' and every '"' in a value, so that this can be nothing else.
    constexpr std::string_view kImage = "<img src=\"";
    std::string out;
    out.reserve(html.size());
    while (true) {
        const auto start = html.find(kImage);
        out += html.substr(0, start);
        if (start == std::string_view::npos) {
            return out;
        }
        html.remove_prefix(start + kImage.size());
        const auto end = html.find('"');
        const auto close = html.find('>', end == std::string_view::npos ? 0 : end);
        if (end == std::string_view::npos || close == std::string_view::npos) {
            return out; // not the sanitiser's: nothing behind it can be trusted
        }
        if (const auto other = source(decode_entities(html.substr(0, end)))) {
            out.append(kImage).append(escape_html(*other)).append(html.substr(end, close + 1 - end));
        }
        html.remove_prefix(close + 1);
    }
}

} // namespace cdtd::article
