#include "feed/readers.hpp"
#include "feed/repair.hpp"
#include "feed/sniff.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/feed/parse.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::feed {
namespace {

std::string_view local_name(std::string_view name) {
    return name.substr(name.find(':') + 1);
}

base::Error broken(const pugi::xml_parse_result& result, std::size_t size) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0));
    if (result.status == pugi::status_out_of_memory)
        return {base::Errc::too_large, "the document needs more memory than there is"};
    if (offset + 1 >= size)
        return {base::Errc::bad_data, "the document is cut off: its last elements do not end"};
    return {base::Errc::bad_data,
            fmt::format("broken XML near byte {} of {}: {}", offset, size, result.description())};
}

base::Error no_feed(pugi::xml_node root) {
    const auto name = base::terminal_safe(base::cut_bytes(root.name(), 60));
    if (name == "Error" && detail::text_of(root).contains("AccessDenied"))
        return {base::Errc::refused, "not a feed but an access-denied answer in XML"};
    return {base::Errc::bad_data, fmt::format("an XML document, but no feed: its root is <{}>", name)};
}

base::Result<model::Feed> read(pugi::xml_node root, std::string_view url) {
    const auto local = local_name(root.name());
    const std::string base(url);
    const bool prefixed = std::string_view(root.name()).contains(':');
    if (local == "rss" || local == "RDF" || local == "channel")
        return detail::read_rss(detail::Scope(root, base, detail::Ns::plain));
    if (local == "feed") // with a prefix, what has none is not Atom's
        return detail::read_atom(detail::Scope(root, base, prefixed ? detail::Ns::other : detail::Ns::atom));
    return std::unexpected(no_feed(root));
}

} // namespace

base::Result<model::Feed> parse(std::string_view bytes, std::string_view url, std::string_view content_type) {
    const auto decoded = decode(bytes, content_type);
    const auto sniffed = detail::sniff(decoded.text);
    if (!sniffed)
        return std::unexpected(sniffed.error());
    auto repaired = detail::repair(sniffed->document);
    if (!repaired)
        return std::unexpected(std::move(repaired.error()));
    pugi::xml_document document; // points into repaired->text from here on
    const auto size = repaired->text.size();
    // White space counts between the words of XHTML content.
    const auto result = document.load_buffer_inplace(
        repaired->text.data(), size, pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
    if (!result)
        return std::unexpected(broken(result, size));
    auto feed = read(document.document_element(), url);
    if (!feed)
        return feed;
    auto& repairs = feed->repairs;
    repairs.insert(repairs.begin(), repaired->repairs.begin(), repaired->repairs.end());
    if (sniffed->junk_before)
        repairs.insert(repairs.begin(), "text before the document");
    if (decoded.repaired)
        repairs.insert(repairs.begin(), fmt::format("bytes that are not {}", decoded.charset));
    return feed;
}

} // namespace cdtd::feed
