// Names as XML means them. pugixml reads tags only; which vocabulary a prefix stands for, which base and
// which language hold, is what the elements around say, and a Scope knows it for one element.
#pragma once

#include <pugixml.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::feed::detail {

/// The vocabularies of feeds. `plain` is RSS: no namespace, or one of the several it had.
enum class Ns { plain, atom, content, dc, dcterms, sy, rdf, xhtml, xml, media, itunes, admin, other };

struct Name {
    Ns ns;
    std::string_view local;
};

class Scope {
  public:
    /// The root, whose default vocabulary is given: publishers leave the declaration out or get it wrong.
    Scope(pugi::xml_node root, const std::string& base, Ns default_ns);
    /// A child; the parent must live longer.
    Scope(pugi::xml_node node, const Scope& parent);
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    pugi::xml_node node() const { return node_; }
    Name name() const { return name_; }
    bool is(Ns ns, std::string_view local) const { return name_.ns == ns && name_.local == local; }
    /// The attribute's value; its name is taken without its prefix. "" where there is none.
    std::string_view attribute(std::string_view local) const;
    /// The base is xml:base's, not the document's own address.
    bool has_own_base() const { return has_own_base_; }
    /// `reference` against xml:base, then the document's URL; "" where that gives no http(s) URL.
    std::string resolve(std::string_view reference) const;
    std::string language() const { return std::string(language_); }

    template <class F>
    void each_child(F&& visit) const {
        for (const auto child : node_.children())
            if (child.type() == pugi::node_element)
                visit(Scope(child, *this));
    }

  private:
    void declare(bool keep_default);
    Name find_name() const;
    Ns prefix_ns(std::string_view prefix) const;

    pugi::xml_node node_;
    const Scope* parent_ = nullptr;
    std::vector<std::pair<std::string_view, Ns>> prefixes_;
    std::size_t declared_ = 0; ///< prefixes, the parents' included
    Ns default_ns_;
    Name name_{}; ///< asked for by everyone, looked up once
    std::string own_base_;
    const std::string* base_;
    bool has_own_base_ = false;
    std::string_view language_; ///< the parsed document's
};

/// All text inside, trimmed.
std::string text_of(pugi::xml_node node);
bool has_elements(pugi::xml_node node);
/// The element's content as HTML: XHTML written out, or text that already is HTML.
std::string html_of(const Scope& scope);
/// XHTML children written as HTML, without prefixes.
std::string inner_html(const Scope& scope);
/// "&" and "<" only: text does not need more, and must not grow more than it has to.
std::string escape_html(std::string_view text);

} // namespace cdtd::feed::detail
