// RSS 2.0, and its elders where they are alike: 0.9x, and 0.90 and 1.0, whose items stand beside the channel.
#include "feed/readers.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

namespace cdtd::feed::detail {
namespace {

/// "mail@example.org (Name)", "Name (mail@example.org)" and "Name <mail@example.org>" are the name.
std::string person(const std::string& text) {
    const auto at = text.find('@');
    if (at == text.npos)
        return text;
    std::string name;
    const auto open = text.find('(');
    const auto close = text.rfind(')');
    if (open != text.npos && open < at)
        name = base::trim(std::string_view(text).substr(0, open));
    else if (open != text.npos && close != text.npos && close > open)
        name = base::trim(std::string_view(text).substr(open + 1, close - open - 1));
    else if (const auto angle = text.find('<'); angle != text.npos && angle < at)
        name = base::trim(std::string_view(text).substr(0, angle));
    return name.empty() ? text : name;
}

/// An item while it is read: which of several elements counts is known only at its end.
class ItemReader {
  public:
    explicit ItemReader(const Scope& scope) : scope_(scope) {}

    model::Entry read() {
        scope_.each_child([&](const Scope& child) { take(child); });
        finish();
        return std::move(entry_);
    }

  private:
    void take(const Scope& child) {
        switch (child.name().ns) {
        case Ns::plain:
            return take_plain(child);
        case Ns::dc:
        case Ns::dcterms:
            return take_dc(child);
        case Ns::atom:
            return take_atom(child);
        case Ns::content:
            if (child.name().local == "encoded")
                keep_first(entry_.content, html_of(child));
            return;
        case Ns::media:
        case Ns::itunes:
            extras_.take(child, entry_);
            return;
        case Ns::xhtml:
            if (child.name().local == "body" || child.name().local == "div")
                keep_first(xhtml_, inner_html(child));
            return;
        default:
            return;
        }
    }

    void take_plain(const Scope& child) {
        const auto local = child.name().local;
        if (local == "title")
            keep_first(entry_.title, text_of(child.node()));
        else if (local == "link")
            take_link(child);
        else if (local == "guid")
            take_guid(child);
        else if (local == "description")
            keep_first(entry_.summary, html_of(child));
        else if (local == "enclosure")
            add_enclosure(entry_, enclosure_of(child, child.attribute("url")));
        else if (local == "pubDate")
            take_date(child);
        else if (local == "author")
            keep_first(plain_author_,
                       has_elements(child.node()) ? atom_person(child) : person(text_of(child.node())));
        else if (local == "category")
            add_category(entry_, text_of(child.node()));
    }

    void take_dc(const Scope& child) {
        const auto local = child.name().local;
        if (local == "creator")
            keep_first(entry_.author, text_of(child.node()));
        else if (local == "author") // not in Dublin Core, but written
            keep_first(plain_author_, person(text_of(child.node())));
        else if (local == "title")
            keep_first(dc_title_, text_of(child.node()));
        else if (local == "description")
            keep_first(dc_summary_, html_of(child));
        else if (local == "subject")
            add_category(entry_, text_of(child.node()));
        else if (local == "date" || local == "created" || local == "issued")
            take_date(child);
        else if (local == "modified")
            keep_first(entry_.updated, text_of(child.node()));
    }

    void take_atom(const Scope& child) {
        const auto local = child.name().local;
        if (local == "link") {
            const auto link = atom_link(child);
            if (link.relation == "alternate")
                keep_first(atom_link_, link.href);
            else if (link.relation == "enclosure")
                add_enclosure(entry_, enclosure_of(child, child.attribute("href")));
        } else if (local == "category") {
            add_category(entry_, category_name(child));
        } else if (local == "author") {
            keep_first(atom_author_, atom_person(child));
        } else if (local == "updated") {
            keep_first(entry_.updated, text_of(child.node()));
        } else if (local == "published") {
            take_date(child);
        } else if (local == "content") {
            keep_first(atom_content_, html_of(child));
        } else if (local == "summary") {
            keep_first(dc_summary_, html_of(child));
        }
    }

    void take_link(const Scope& child) {
        auto url = child.resolve(text_of(child.node()));
        if (url.empty())
            url = child.resolve(child.attribute("href"));
        if (!url.empty()) // of several the last one counts, as in other readers
            entry_.link = std::move(url);
    }

    void take_guid(const Scope& child) {
        if (!entry_.guid.empty())
            return;
        entry_.guid = text_of(child.node());
        const auto permalink = base::trim(child.attribute("isPermaLink"));
        if (base::iequals(permalink, "false"))
            return;
        // A relative one is a link only where it is said to be; else it is an opaque id.
        const bool absolute = entry_.guid.starts_with("http://") || entry_.guid.starts_with("https://");
        guid_is_link_ = absolute || base::iequals(permalink, "true");
    }

    void take_date(const Scope& child) {
        auto raw = text_of(child.node());
        keep_first(entry_.published, raw);
        keep_first(entry_.published_raw, std::move(raw));
    }

    void finish() {
        const std::string about(base::trim(scope_.attribute("about"))); // RSS 1.0
        keep_first(entry_.guid, about);
        keep_first(entry_.link, atom_link_);
        if (entry_.link.empty() && guid_is_link_)
            entry_.link = scope_.resolve(entry_.guid);
        if (entry_.link.empty() && !about.empty())
            entry_.link = scope_.resolve(about);
        keep_first(entry_.title, dc_title_);
        keep_first(entry_.author, atom_author_);
        keep_first(entry_.author, plain_author_);
        keep_first(entry_.summary, dc_summary_);
        keep_first(entry_.content, xhtml_);
        keep_first(entry_.content, atom_content_);
        extras_.finish(entry_);
    }

    const Scope& scope_;
    model::Entry entry_;
    Extras extras_;
    std::string dc_title_, dc_summary_, atom_author_, plain_author_, atom_link_, xhtml_, atom_content_;
    bool guid_is_link_ = false;
};

class RssReader {
  public:
    base::Result<model::Feed> read(const Scope& root) {
        const bool rdf = root.name().local == "RDF";
        if (root.name().local == "channel")
            channel(root);
        root.each_child([&](const Scope& child) {
            if (child.name().local == "channel")
                channel(child);
            else
                item(child); // RSS 1.0, and 2.0 with an item out of its place
        });
        if (!found_channel_ && feed_.entries.empty())
            return base::fail(base::Errc::bad_data,
                              fmt::format("an {} document without a channel: no feed", rdf ? "RDF" : "RSS"));
        // 0.90 is RDF too, in a namespace of Netscape's.
        const bool oldest = std::string_view(root.node().attribute("xmlns").value()).contains("netscape.com");
        feed_.format = !rdf ? version(root.attribute("version")) : oldest ? "rss 0.90" : "rss 1.0";
        cadence_.finish(feed_);
        keep_first(feed_.language, root.language());
        return std::move(feed_);
    }

  private:
    static std::string version(std::string_view written) {
        written = base::trim(written);
        const bool sane = !written.empty() && written.size() <= 8 &&
                          written.find_first_not_of("0123456789.") == written.npos;
        return sane ? fmt::format("rss {}", written) : "rss";
    }

    void channel(const Scope& scope) {
        found_channel_ = true;
        scope.each_child([&](const Scope& child) {
            if (item(child) || cadence_.take(child))
                return;
            const auto [ns, local] = child.name();
            if (ns == Ns::plain && local == "title")
                keep_first(feed_.title, text_of(child.node()));
            else if (ns == Ns::plain && local == "link")
                site(child);
            else if (ns == Ns::plain && local == "generator")
                keep_first(feed_.generator, text_of(child.node()));
            else if (ns == Ns::admin && local == "generatorAgent")
                keep_first(feed_.generator, std::string(base::trim(child.attribute("resource"))));
            else if ((ns == Ns::plain || ns == Ns::dc) && local == "language")
                keep_first(feed_.language, text_of(child.node()));
            else if (ns == Ns::dc && local == "title")
                keep_first(dc_title_, text_of(child.node()));
            else if (ns == Ns::atom && local == "link")
                take_feed_link(atom_, atom_link(child));
        });
        keep_first(feed_.title, dc_title_);
        keep_first(feed_.link, atom_.link);
        keep_first(feed_.self, atom_.self);
        keep_first(feed_.next, atom_.next);
    }

    void site(const Scope& child) {
        auto url = child.resolve(text_of(child.node()));
        if (url.empty())
            url = child.resolve(child.attribute("href"));
        if (!url.empty())
            feed_.link = std::move(url);
    }

    bool item(const Scope& child) {
        if (!child.is(Ns::plain, "item"))
            return false;
        feed_.entries.push_back(ItemReader(child).read());
        return true;
    }

    model::Feed feed_, atom_; ///< RSS's own word goes before Atom's in it
    Cadence cadence_;
    std::string dc_title_;
    bool found_channel_ = false;
};

} // namespace

base::Result<model::Feed> read_rss(const Scope& root) {
    return RssReader().read(root);
}

} // namespace cdtd::feed::detail
