#include "feed/xml_scope.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>
#include <array>

namespace cdtd::feed::detail {
namespace {

constexpr std::size_t max_prefixes = 64; // a lookup stays short, whatever a document declares

struct Known {
    std::string_view key;
    Ns ns;
};

// Without scheme, "www." and the last "/" or "#": publishers vary them.
constexpr std::array uris = std::to_array<Known>({
    {"w3.org/2005/atom", Ns::atom},
    {"purl.org/atom/ns", Ns::atom}, // 0.3
    {"purl.org/rss/1.0/modules/content", Ns::content},
    {"purl.org/dc/elements/1.1", Ns::dc},
    {"purl.org/dc/elements/1.0", Ns::dc},
    {"purl.org/dc/terms", Ns::dcterms},
    {"purl.org/rss/1.0/modules/syndication", Ns::sy},
    {"w3.org/1999/02/22-rdf-syntax-ns", Ns::rdf},
    {"w3.org/1999/xhtml", Ns::xhtml},
    {"search.yahoo.com/mrss", Ns::media},
    {"video.search.yahoo.com/mrss", Ns::media},
    {"rssboard.org/media-rss", Ns::media},
    {"itunes.com/dtds/podcast-1.0.dtd", Ns::itunes},
    {"webns.net/mvcb", Ns::admin},
    {"purl.org/rss/1.0", Ns::plain},
    {"my.netscape.com/rdf/simple/0.9", Ns::plain},
    {"channel.netscape.com/rdf/simple/0.9", Ns::plain},
    {"backend.userland.com/rss", Ns::plain},
    {"backend.userland.com/rss2", Ns::plain},
    {"blogs.law.harvard.edu/tech/rss", Ns::plain},
    {"cyber.law.harvard.edu/rss", Ns::plain},
    {"", Ns::plain},
});

// For a prefix that is used but declared nowhere.
constexpr std::array usual_prefixes = std::to_array<Known>({
    {"atom", Ns::atom},
    {"content", Ns::content},
    {"dc", Ns::dc},
    {"dcterms", Ns::dcterms},
    {"sy", Ns::sy},
    {"media", Ns::media},
    {"itunes", Ns::itunes},
    {"admin", Ns::admin},
    {"rdf", Ns::rdf},
    {"xhtml", Ns::xhtml},
    {"xml", Ns::xml},
});

template <std::size_t N>
Ns find(const std::array<Known, N>& table, std::string_view key) {
    const auto found = std::ranges::find(table, key, &Known::key);
    return found == table.end() ? Ns::other : found->ns;
}

Ns ns_of_uri(std::string_view uri) {
    std::string key = base::ascii_lower(base::trim(uri.substr(0, 200)));
    for (const std::string_view start : {"http://", "https://", "www."})
        if (key.starts_with(start))
            key.erase(0, start.size());
    while (key.ends_with('/') || key.ends_with('#'))
        key.pop_back();
    return find(uris, key);
}

std::string_view local_name(std::string_view name) {
    return name.substr(name.find(':') + 1);
}

} // namespace

Scope::Scope(pugi::xml_node root, const std::string& base, Ns default_ns)
    : node_(root), default_ns_(default_ns), base_(&base) {
    declare(true);
}

Scope::Scope(pugi::xml_node node, const Scope& parent)
    : node_(node), parent_(&parent), declared_(parent.declared_), default_ns_(parent.default_ns_),
      base_(parent.base_), has_own_base_(parent.has_own_base_), language_(parent.language_) {
    declare(false);
}

void Scope::declare(bool keep_default) {
    for (const auto attribute : node_.attributes()) {
        const std::string_view name = attribute.name();
        if (name == "xmlns" && !keep_default) {
            default_ns_ = ns_of_uri(attribute.value());
        } else if (name.starts_with("xmlns:") && declared_ < max_prefixes) {
            prefixes_.emplace_back(name.substr(6), ns_of_uri(attribute.value()));
            ++declared_;
        } else if (name == "xml:base") {
            if (auto url = base::resolve_url(*base_, attribute.value())) {
                own_base_ = std::move(*url);
                base_ = &own_base_;
                has_own_base_ = true;
            }
        } else if (name == "xml:lang") {
            language_ = base::cut_bytes(base::trim(attribute.value()), 64);
        }
    }
    name_ = find_name();
}

Ns Scope::prefix_ns(std::string_view prefix) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent_)
        for (const auto& [name, ns] : scope->prefixes_)
            if (name == prefix)
                return ns;
    return find(usual_prefixes, prefix);
}

Name Scope::find_name() const {
    const std::string_view full = node_.name();
    const auto colon = full.find(':');
    if (colon == full.npos)
        return {default_ns_, full};
    return {prefix_ns(full.substr(0, colon)), full.substr(colon + 1)};
}

std::string_view Scope::attribute(std::string_view local) const {
    for (const auto attribute : node_.attributes())
        if (local_name(attribute.name()) == local)
            return attribute.value();
    return {};
}

std::string Scope::resolve(std::string_view reference) const {
    return base::resolve_url(*base_, reference).value_or("");
}

namespace {

/// The node after `node` in document order inside `top`; null at the end.
pugi::xml_node next_inside(pugi::xml_node node, pugi::xml_node top) {
    if (node.first_child())
        return node.first_child();
    while (node && node != top) {
        if (node.next_sibling())
            return node.next_sibling();
        node = node.parent();
    }
    return {};
}

bool is_text(pugi::xml_node node) {
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

constexpr std::array void_elements = std::to_array<std::string_view>(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"});

/// In runs, not letter by letter.
void append_escaped(std::string& out, std::string_view text, std::string_view marks) {
    out.reserve(out.size() + text.size());
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!marks.contains(text[at]))
            continue;
        out += text.substr(from, at - from);
        out += text[at] == '&' ? "&amp;" : text[at] == '<' ? "&lt;" : "&quot;";
        from = at + 1;
    }
    out += text.substr(from);
}

/// Where xml:base says what relative addresses mean, nobody who reads the HTML alone could know it.
void append_value(std::string& out, const Scope& scope, std::string_view name, std::string_view value) {
    std::string url;
    if (scope.has_own_base() && (name == "href" || name == "src") && !value.starts_with('#'))
        url = scope.resolve(value);
    append_escaped(out, url.empty() ? value : url, "&<\"");
}

void write_start(std::string& out, const Scope& scope, std::string_view local) {
    out += '<';
    out += local;
    for (const auto attribute : scope.node().attributes()) {
        const std::string_view name = attribute.name();
        if (name == "xmlns" || name.starts_with("xmlns:") || name.find_first_of("\"'<>&/=") != name.npos)
            continue;
        out += ' ';
        out += name;
        out += "=\"";
        append_value(out, scope, name, attribute.value());
        out += '"';
    }
    out += '>';
}

/// Recursion is bounded: repair() refuses what is nested deeper than max_depth.
void write_children(std::string& out, const Scope& scope) {
    for (const auto child : scope.node().children()) {
        if (is_text(child)) {
            append_escaped(out, child.value(), "&<");
            continue;
        }
        if (child.type() != pugi::node_element)
            continue;
        const Scope inner(child, scope);
        const auto local = inner.name().local;
        write_start(out, inner, local);
        write_children(out, inner); // in <br> too: what stands in it was behind it before it was mended
        if (std::ranges::find(void_elements, local) != void_elements.end())
            continue;
        out += "</";
        out += local;
        out += '>';
    }
}

} // namespace

std::string text_of(pugi::xml_node node) {
    const auto first = node.first_child();
    if (!first)
        return "";
    if (!first.next_sibling() && is_text(first)) // nearly always, and then it is copied once
        return std::string(base::trim(first.value()));
    std::string text;
    for (auto at = node.first_child(); at && at != node; at = next_inside(at, node))
        if (is_text(at))
            text += at.value();
    return std::string(base::trim(text));
}

bool has_elements(pugi::xml_node node) {
    return std::ranges::any_of(node.children(),
                               [](pugi::xml_node child) { return child.type() == pugi::node_element; });
}

std::string inner_html(const Scope& scope) {
    std::string out;
    write_children(out, scope);
    const auto text = base::trim(out);
    out.erase(0, static_cast<std::size_t>(text.data() - out.data()));
    out.resize(text.size());
    return out;
}

std::string html_of(const Scope& scope) {
    return has_elements(scope.node()) ? inner_html(scope) : text_of(scope.node());
}

std::string escape_html(std::string_view text) {
    std::string out;
    append_escaped(out, text, "&<");
    return out;
}

} // namespace cdtd::feed::detail
