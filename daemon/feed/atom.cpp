// Atom 1.0 (RFC 4287), and 0.3 where it is alike.
#include "feed/readers.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>

namespace cdtd::feed::detail {
namespace {

/// What stands inside the wrapping <div> that Atom asks for (RFC 4287, 3.1.1.3).
std::string xhtml_of(const Scope& scope) {
    std::string html;
    int elements = 0;
    scope.each_child([&](const Scope& child) {
        if (++elements == 1 && child.name().local == "div")
            html = inner_html(child);
    });
    return elements == 1 && !html.empty() ? html : inner_html(scope);
}

/// A text construct or content as HTML.
std::string atom_html(const Scope& scope) {
    if (!scope.attribute("src").empty())
        return "";
    const std::string type = base::ascii_lower(base::trim(scope.attribute("type")));
    const std::string mode = base::ascii_lower(base::trim(scope.attribute("mode"))); // 0.3
    if (mode == "base64") {
        const auto bytes = base::from_base64(text_of(scope.node()));
        return bytes && type.starts_with("text/") ? base::to_valid_utf8(*bytes) : "";
    }
    if (has_elements(scope.node()) || type == "xhtml" || type.ends_with("+xml") || type.ends_with("/xml"))
        return mode == "escaped" ? text_of(scope.node()) : xhtml_of(scope);
    if (type == "html" || type == "text/html")
        return text_of(scope.node());
    if (type.empty() || type == "text" || type.starts_with("text/"))
        return escape_html(text_of(scope.node()));
    return ""; // an image or the like, in base64
}

/// Text as far as a title may be: markup in XHTML is left out, in HTML it stays for those who read titles.
std::string title_of(const Scope& scope) {
    if (!base::iequals(base::trim(scope.attribute("mode")), "base64"))
        return text_of(scope.node());
    const auto bytes = base::from_base64(text_of(scope.node()));
    return bytes ? base::to_valid_utf8(*bytes) : "";
}

/// "Name version address", as far as they are written.
std::string generator_of(const Scope& scope) {
    std::string generator = text_of(scope.node());
    for (const auto* part : {"version", "uri", "url"}) // the last one in 0.3
        if (const auto value = base::trim(scope.attribute(part)); !value.empty())
            generator.append(generator.empty() ? "" : " ").append(value);
    return generator;
}

class EntryReader {
  public:
    model::Entry read(const Scope& scope) {
        scope.each_child([&](const Scope& child) {
            if (child.is(Ns::dc, "creator"))
                keep_first(entry_.author, text_of(child.node()));
            else if (child.is(Ns::dc, "subject"))
                add_category(entry_, text_of(child.node()));
            else if (extras_.take(child, entry_))
                return;
            else if (child.name().ns == Ns::atom && !take_text(child))
                take_meta(child);
        });
        entry_.link = page_link_.empty() ? any_link_ : page_link_;
        keep_first(entry_.author, source_author_);
        keep_first(entry_.published_raw, updated_raw_);
        extras_.finish(entry_);
        return std::move(entry_);
    }

  private:
    bool take_text(const Scope& child) {
        const auto local = child.name().local;
        if (local == "id")
            keep_first(entry_.guid, text_of(child.node()));
        else if (local == "title")
            keep_first(entry_.title, title_of(child));
        else if (local == "summary")
            keep_first(entry_.summary, atom_html(child));
        else if (local == "content")
            take_content(child);
        else
            return false;
        return true;
    }

    /// What lies elsewhere is an enclosure (RFC 4287, 4.1.3.2).
    void take_content(const Scope& child) {
        keep_first(entry_.content, atom_html(child));
        if (const auto source = child.attribute("src"); !source.empty())
            add_enclosure(entry_, enclosure_of(child, source));
    }

    void take_meta(const Scope& child) {
        const auto local = child.name().local;
        if (local == "author") {
            keep_first(entry_.author, atom_person(child));
        } else if (local == "source") {
            child.each_child([&](const Scope& inner) {
                if (inner.is(Ns::atom, "author"))
                    keep_first(source_author_, atom_person(inner));
            });
        } else if (local == "category") {
            add_category(entry_, category_name(child));
        } else if (local == "published" || local == "issued" || local == "created") {
            keep_first(entry_.published, text_of(child.node()));
            keep_first(entry_.published_raw, text_of(child.node()));
        } else if (local == "updated" || local == "modified") {
            keep_first(entry_.updated, text_of(child.node()));
            keep_first(updated_raw_, text_of(child.node()));
        } else if (local == "link") {
            auto link = atom_link(child);
            if (link.relation == "enclosure")
                add_enclosure(entry_, enclosure_of(child, child.attribute("href")));
            else
                take_link(std::move(link));
        }
    }

    /// An alternate that is a page goes before one that is not.
    void take_link(AtomLink link) {
        if (link.relation != "alternate")
            return;
        if (link.type.empty() || link.type.contains("html"))
            keep_first(page_link_, link.href);
        keep_first(any_link_, std::move(link.href));
    }

    model::Entry entry_;
    Extras extras_;
    std::string updated_raw_, source_author_, any_link_, page_link_;
};

} // namespace

model::Feed read_atom(const Scope& root) {
    model::Feed feed;
    Cadence cadence;
    std::string author;
    const bool old = root.attribute("version") == "0.3";
    feed.format = old ? "atom 0.3" : "atom 1.0";
    feed.language = root.language();
    root.each_child([&](const Scope& child) {
        const auto [ns, local] = child.name();
        if (cadence.take(child) || ns != Ns::atom)
            return;
        if (local == "entry") {
            feed.entries.push_back(EntryReader().read(child));
        } else if (local == "title") {
            keep_first(feed.title, text_of(child.node()));
        } else if (local == "author") {
            keep_first(author, atom_person(child));
        } else if (local == "link") {
            take_feed_link(feed, atom_link(child));
        } else if (local == "generator") {
            keep_first(feed.generator, generator_of(child));
        }
    });
    cadence.finish(feed);
    for (auto& entry : feed.entries)
        keep_first(entry.author, author);
    return feed;
}

} // namespace cdtd::feed::detail
