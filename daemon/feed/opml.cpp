#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/feed/opml.hpp>

#include <fmt/format.h>
#include <pugixml.hpp>

#include <sstream>

namespace cdtd::feed {
namespace {

constexpr std::size_t max_depth = 32;
constexpr std::size_t max_feeds = 10'000;
constexpr std::size_t max_left_out = 100;
constexpr std::string_view our_namespace = "urn:cdtd:opml";

std::string shown(std::string_view text) {
    return base::fit(base::terminal_safe(base::tidy(text)), 60);
}

/// Case-blind: programs write xmlurl and xmlURL too.
std::string attribute(pugi::xml_node node, std::string_view name) {
    for (const auto found : node.attributes())
        if (base::iequals(found.name(), name))
            return std::string(base::trim(found.value()));
    return {};
}

std::string title_of(pugi::xml_node outline) {
    auto title = base::tidy(attribute(outline, "text"));
    return title.empty() ? base::tidy(attribute(outline, "title")) : title;
}

/// The prefix that the root binds to our namespace, with its colon; "" where it binds none.
std::string our_prefix(pugi::xml_node root) {
    for (const auto found : root.attributes())
        if (found.value() == our_namespace && std::string_view(found.name()).starts_with("xmlns:"))
            return std::string(found.name()).substr(6) + ':';
    return {};
}

class Reader {
  public:
    explicit Reader(pugi::xml_node root) : prefix_(our_prefix(root)) {}

    base::Result<SubscriptionList> run(pugi::xml_node root) {
        const auto body = root.child("body");
        if (!body)
            return base::fail(base::Errc::bad_data, "OPML without a <body>");
        list_.title = base::tidy(root.child("head").child("title").text().get());
        if (auto read = outlines(body); !read)
            return std::unexpected(std::move(read.error()));
        return std::move(list_);
    }

  private:
    // As deep as max_depth at most.
    base::Result<void> outlines(pugi::xml_node parent) {
        if (folders_.size() >= max_depth)
            return base::fail(base::Errc::too_large,
                              fmt::format("outlines are nested deeper than {}", max_depth));
        for (const auto outline : parent.children("outline"))
            if (auto read = one(outline); !read)
                return read;
        return {};
    }

    base::Result<void> one(pugi::xml_node outline) {
        const auto title = title_of(outline);
        const auto url = attribute(outline, "xmlUrl");
        const bool folder = bool(outline.child("outline"));
        if (!url.empty() && list_.feeds.size() >= max_feeds)
            return base::fail(base::Errc::too_large, fmt::format("more than {} feeds", max_feeds));
        if (!url.empty())
            list_.feeds.push_back(subscription(outline, title, url));
        else if (!folder && list_.left_out.size() < max_left_out)
            list_.left_out.push_back(fmt::format("“{}” names no feed (no xmlUrl)", shown(title)));
        if (!folder)
            return {};
        folders_.push_back(title);
        auto read = outlines(outline);
        folders_.pop_back();
        return read;
    }

    Subscription subscription(pugi::xml_node outline, const std::string& title,
                              const std::string& url) const {
        Subscription feed{title, url, attribute(outline, "htmlUrl"), folders_, {}, {}, true};
        if (prefix_.empty())
            return feed;
        feed.name = outline.attribute((prefix_ + "name").c_str()).value();
        feed.enabled = outline.attribute((prefix_ + "enabled").c_str()).value() != std::string_view("false");
        const auto interval = base::parse_duration(outline.attribute((prefix_ + "interval").c_str()).value());
        if (interval && *interval > base::Duration{0})
            feed.interval = *interval;
        return feed;
    }

    std::string prefix_;
    std::vector<std::string> folders_;
    SubscriptionList list_;
};

void set(pugi::xml_node node, const char* name, const std::string& value) {
    node.append_attribute(name).set_value(base::terminal_safe(value).c_str());
}

/// The outline of the folder, made where it is not there.
pugi::xml_node folder_in(pugi::xml_node parent, const std::string& title) {
    const auto text = base::terminal_safe(title);
    for (const auto outline : parent.children("outline"))
        if (!outline.attribute("xmlUrl") && outline.attribute("text").value() == text)
            return outline;
    auto made = parent.append_child("outline");
    set(made, "text", title);
    return made;
}

void write_feed(pugi::xml_node outline, const Subscription& feed) {
    const auto& title = feed.title.empty() ? feed.name : feed.title;
    set(outline, "type", "rss"); // whatever the format: 2.0, "Subscription lists"
    set(outline, "text", title);
    set(outline, "title", title);
    set(outline, "xmlUrl", feed.url);
    if (!feed.site.empty())
        set(outline, "htmlUrl", feed.site);
    if (!feed.name.empty())
        set(outline, "cdtd:name", feed.name);
    if (feed.interval)
        set(outline, "cdtd:interval", base::format_duration(*feed.interval));
    if (!feed.enabled)
        set(outline, "cdtd:enabled", "false");
}

} // namespace

base::Result<SubscriptionList> read_opml(std::string_view bytes) {
    const auto text = decode(bytes, "").text;
    if (base::trim(text).empty())
        return base::fail(base::Errc::bad_data, "the list is empty");
    pugi::xml_document document;
    const auto parsed =
        document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    const auto root = document.document_element();
    if (root && !base::iequals(root.name(), "opml"))
        return base::fail(base::Errc::bad_data,
                          fmt::format("not OPML: its root is <{}>", shown(root.name())));
    if (!parsed)
        return base::fail(base::Errc::bad_data,
                          fmt::format("not OPML: broken XML near byte {} of {}: {}", parsed.offset,
                                      text.size(), parsed.description()));
    return Reader(root).run(root);
}

std::string write_opml(const SubscriptionList& list, base::Time now) {
    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    auto root = document.append_child("opml");
    set(root, "version", "2.0");
    set(root, "xmlns:cdtd", std::string(our_namespace));
    auto head = root.append_child("head");
    head.append_child("title").text().set(base::terminal_safe(list.title).c_str());
    head.append_child("dateCreated").text().set(base::format_http_date(now).c_str()); // RFC 822, as is asked
    auto body = root.append_child("body");
    for (const auto& feed : list.feeds) {
        auto parent = body;
        for (const auto& folder : feed.folders)
            parent = folder_in(parent, folder);
        write_feed(parent.append_child("outline"), feed);
    }
    std::ostringstream out;
    document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
    return std::move(out).str();
}

} // namespace cdtd::feed
