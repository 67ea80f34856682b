// JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). Its hubs and its icons are nothing that we
// need.
#include "feed/json_memory.hpp"
#include "feed/json_mend.hpp"
#include "feed/readers.hpp"
#include "feed/repair.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cmath>

namespace cdtd::feed::detail {
namespace {

namespace json = boost::json;

/// The member as text: ids are numbers in some feeds.
std::string text(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr)
        return "";
    if (const auto* string = value->if_string()) {
        std::string written(base::trim(std::string_view(*string)));
        strip_controls(written); // "\u0000"
        return written;
    }
    if (const auto* number = value->if_int64())
        return std::to_string(*number);
    if (const auto* number = value->if_uint64())
        return std::to_string(*number);
    if (const auto* number = value->if_double(); number != nullptr && std::isfinite(*number))
        return fmt::format("{}", *number);
    return "";
}

/// Plain text as HTML, its lines kept.
std::string html_of_text(const std::string& plain) {
    std::string html;
    for (std::size_t start = 0, end = 0; end != plain.npos; start = end + 1) {
        end = plain.find('\n', start);
        html += escape_html(std::string_view(plain).substr(start, end - start));
        if (end != plain.npos)
            html += "<br>\n";
    }
    return html;
}

std::string name_of(const json::value* author) {
    if (author == nullptr)
        return "";
    if (const auto* object = author->if_object())
        return text(*object, "name");
    const auto* string = author->if_string(); // not allowed, but clear
    return string == nullptr ? "" : std::string(base::trim(std::string_view(*string)));
}

/// The first of `authors` (1.1), else `author` (1.0).
std::string author_of(const json::object& object) {
    if (const auto* list = object.if_contains("authors"); list != nullptr && list->is_array())
        for (const auto& author : list->get_array())
            if (auto name = name_of(&author); !name.empty())
                return name;
    return name_of(object.if_contains("author"));
}

class Reader {
  public:
    explicit Reader(const std::string& url) : url_(url) {}

    model::Feed read(const json::object& root, const json::array& items) {
        feed_.format = version(text(root, "version"));
        feed_.title = text(root, "title");
        feed_.link = address(root, "home_page_url");
        feed_.self = address(root, "feed_url");
        feed_.next = address(root, "next_url");
        feed_.language = text(root, "language");
        const auto author = author_of(root);
        for (const auto& item : items) {
            const auto* object = item.if_object();
            if (object == nullptr)
                continue;
            if (feed_.entries.size() == max_entries) {
                feed_.repairs.push_back(too_many_entries());
                break;
            }
            feed_.entries.push_back(entry(*object));
            keep_first(feed_.entries.back().author, author);
        }
        return std::move(feed_);
    }

  private:
    static std::string version(std::string_view written) {
        const auto number = written.substr(written.rfind('/') + 1);
        const bool sane =
            !number.empty() && number.size() <= 8 && number.find_first_not_of("0123456789.") == number.npos;
        if (!sane)
            return "json feed";
        return fmt::format("json feed {}{}", number, number.contains('.') ? "" : ".0"); // "…/version/1"
    }

    std::string address(const json::object& object, std::string_view key) const {
        return base::resolve_url(url_, text(object, key)).value_or("");
    }

    model::Entry entry(const json::object& item) const {
        model::Entry entry;
        entry.guid = text(item, "id");
        entry.link = address(item, "url");
        if (entry.link.empty())
            entry.link = address(item, "external_url");
        entry.title = text(item, "title");
        entry.author = author_of(item);
        entry.published_raw = text(item, "date_published");
        keep_first(entry.published, entry.published_raw);
        keep_first(entry.updated, text(item, "date_modified"));
        keep_first(entry.published_raw, text(item, "date_modified"));
        entry.summary = html_of_text(text(item, "summary"));
        entry.content = text(item, "content_html");
        if (entry.content.empty())
            entry.content = html_of_text(text(item, "content_text"));
        if (const auto* tags = item.if_contains("tags"); tags != nullptr && tags->is_array())
            for (const auto& tag : tags->get_array())
                if (const auto* name = tag.if_string())
                    add_category(entry, std::string(base::trim(std::string_view(*name))));
        if (const auto* list = item.if_contains("attachments"); list != nullptr && list->is_array())
            for (const auto& attachment : list->get_array())
                if (const auto* object = attachment.if_object())
                    add_enclosure(entry, enclosure(*object));
        return entry;
    }

    model::Enclosure enclosure(const json::object& attachment) const {
        model::Enclosure enclosure{address(attachment, "url"), text(attachment, "mime_type"), {}};
        if (const auto bytes = number_of(text(attachment, "size_in_bytes")); bytes && *bytes > 0)
            enclosure.bytes = bytes;
        return enclosure;
    }

    const std::string& url_;
    model::Feed feed_;
};

json::value parse(std::string_view text, JsonMemory& memory, json::error_code& error) {
    json::parse_options options;
    options.allow_trailing_commas = true;
    options.allow_comments = true;
    options.allow_invalid_utf8 = true; // it is valid, except for halves of pairs in "\ud800"
    json::parser parser(json::storage_ptr(&memory), options);
    parser.reset(json::storage_ptr(&memory));
    parser.write(text, error);
    return error ? json::value() : parser.release();
}

base::Error no_json(std::string_view text, const json::error_code& error) {
    return {base::Errc::bad_data,
            fmt::format("broken JSON ({}); it begins with “{}”", error.message(),
                        base::fit(base::terminal_safe(base::tidy(base::cut_bytes(text, 400))), 60))};
}

base::Result<model::Feed> read_value(const json::value& value, std::string_view text,
                                     const std::string& url) {
    const auto* root = value.if_object();
    const auto* items = root == nullptr ? nullptr : root->if_contains("items");
    if (items == nullptr || !items->is_array())
        return base::fail(
            base::Errc::bad_data,
            fmt::format("JSON, but no feed: it has no list of items; it begins with “{}”",
                        base::fit(base::terminal_safe(base::tidy(base::cut_bytes(text, 400))), 60)));
    return Reader(url).read(*root, items->get_array());
}

} // namespace

base::Result<model::Feed> read_json(std::string_view written, const std::string& url) try {
    JsonMemory memory(written.size());
    json::error_code error;
    {
        const auto value = parse(written, memory, error);
        if (!error)
            return read_value(value, written, url);
        if (error == json::error::too_deep)
            return base::fail(base::Errc::too_large,
                              "lists and objects of the JSON document are nested too deep");
    }
    auto mended = mend_json(written);
    if (!mended)
        return std::unexpected(std::move(mended.error()));
    const auto first = error;
    error.clear();
    const auto value = parse(mended->text, memory, error);
    if (error)
        return std::unexpected(no_json(written, first));
    auto feed = read_value(value, written, url);
    if (feed) {
        feed->cut_off = mended->cut_off;
        feed->repairs.insert(feed->repairs.begin(), mended->repairs.begin(), mended->repairs.end());
    }
    return feed;
} catch (const std::bad_alloc&) { // JsonMemory's; the library has no other way to say it
    return base::fail(base::Errc::too_large, "the JSON document needs far more memory than its size");
}

} // namespace cdtd::feed::detail
