#include "feed/readers.hpp"
#include "feed/repair.hpp"
#include "feed/sniff.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/feed/parse.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cdtd::feed {
namespace {

std::string_view local_name(std::string_view name) {
    return name.substr(name.find(':') + 1);
}

base::Error broken(const pugi::xml_parse_result& result, std::size_t size) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0));
    if (result.status == pugi::status_out_of_memory)
        return {base::Errc::too_large, "the document needs more memory than there is"};
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

/// The whole way in one buffer, where nothing has to be mended.
base::Result<model::Feed> read_xml(std::string text, std::size_t begin, std::string_view url) {
    auto repaired = detail::repair(std::move(text), begin);
    if (!repaired)
        return std::unexpected(std::move(repaired.error()));
    pugi::xml_document document; // points into the buffer from here on
    const auto size = repaired->buffer.size() - repaired->begin;
    // White space counts between the words of XHTML content.
    const auto result =
        document.load_buffer_inplace(repaired->buffer.data() + repaired->begin, size,
                                     pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
    if (!result)
        return std::unexpected(broken(result, size));
    auto feed = read(document.document_element(), url);
    if (feed && repaired->cut_off && feed->entries.empty()) // entries of another vocabulary
        return base::fail(base::Errc::bad_data, "the document is cut off before the end of its first entry");
    if (feed) {
        feed->cut_off = repaired->cut_off;
        feed->repairs = std::move(repaired->repairs);
    }
    return feed;
}

} // namespace

base::Result<model::Feed> parse(std::string_view bytes, std::string_view url, std::string_view content_type) {
    auto decoded = decode(bytes, content_type);
    const auto sniffed = detail::sniff(decoded.text);
    if (!sniffed)
        return std::unexpected(sniffed.error());
    auto feed = sniffed->json ? detail::read_json(std::string_view(decoded.text).substr(sniffed->begin),
                                                  std::string(url))
                              : read_xml(std::move(decoded.text), sniffed->begin, url);
    if (!feed)
        return feed;
    detail::bound_fields(*feed);
    std::vector<std::string> before;
    if (!decoded.conflict.empty())
        before.push_back(std::move(decoded.conflict));
    if (decoded.repaired)
        before.push_back(fmt::format("bytes that are not {}", decoded.charset));
    if (sniffed->junk_before)
        before.emplace_back("text before the document");
    feed->repairs.insert(feed->repairs.begin(), std::make_move_iterator(before.begin()),
                         std::make_move_iterator(before.end()));
    return feed;
}

} // namespace cdtd::feed
