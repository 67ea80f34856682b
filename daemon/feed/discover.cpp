// Autodiscovery: the WHATWG's link type "alternate" and "feed", RFC 8288, and how WordPress names its own.
#include "feed/html_links.hpp"
#include "feed/link_header.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/feed/discover.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace cdtd::feed {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t max_offers = 200;
constexpr std::size_t max_anchors = 20; // of a page that names no feed properly

bool has_token(std::string_view list, std::string_view wanted) {
    constexpr std::string_view spaces = " \t\r\n\f";
    while (!list.empty()) {
        const auto start = std::min(list.find_first_not_of(spaces), list.size());
        list.remove_prefix(start);
        const auto end = std::min(list.find_first_of(spaces), list.size());
        if (base::iequals(list.substr(0, end), wanted))
            return true;
        list.remove_prefix(end);
    }
    return false;
}

std::string essence_of(std::string_view type) {
    return base::ascii_lower(base::trim(type.substr(0, type.find(';'))));
}

bool is_feed_type(std::string_view essence) {
    constexpr std::array types = std::to_array<std::string_view>(
        {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
         "application/rss", "application/atom", "application/x.atom+xml", "application/x-rss+xml",
         "text/rss+xml", "text/xml", "application/xml", "text/rss"});
    return std::ranges::find(types, essence) != types.end();
}

/// application/json is anything; WordPress offers its REST API so.
bool is_json_feed(std::string_view essence, const std::string& url) {
    if (essence != "application/json" && essence != "text/json")
        return false;
    const auto parts = base::split_url(url);
    return parts && !parts->path.contains("/wp-json/") && base::ascii_lower(parts->path).contains("feed");
}

bool offers_feed(std::string_view rel, std::string_view type, const std::string& url) {
    if (has_token(rel, "feed"))
        return true;
    const auto essence = essence_of(type);
    return has_token(rel, "alternate") && !has_token(rel, "stylesheet") &&
           (is_feed_type(essence) || is_json_feed(essence, url));
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        if (end > at)
            segments.push_back(base::ascii_lower(path.substr(at, end - at)));
        at = end + 1;
    }
    return segments;
}

template <class List, class Item>
bool contains(const List& list, const Item& item) {
    return std::ranges::find(list, item) != std::ranges::end(list);
}

bool is_comment_feed(const Offer& offer) {
    const auto title = base::fold(offer.title);
    for (const std::string_view words :
         {"comments feed", "comment feed", "评论feed", "评论 feed", "評論feed"})
        if (title.contains(words))
            return true;
    const auto parts = base::split_url(offer.url);
    return parts && contains(segments_of(parts->path), "comments");
}

bool same_site(const base::UrlParts& link, const std::string& page) {
    const auto own = base::split_url(page);
    const auto bare = [](std::string_view host) { return host.starts_with("www.") ? host.substr(4) : host; };
    return own && (bare(link.host) == bare(own->host) || link.host.starts_with("feeds.") ||
                   link.host.starts_with("feed.") || link.host.starts_with("rss."));
}

/// A link in the page's text that hardly leads to anything else.
bool leads_to_feed(const std::string& url, std::string_view type, const std::string& page) {
    constexpr std::array names = std::to_array<std::string_view>(
        {"feed", "rss", "atom", "rdf", "rss2", "feed.xml", "rss.xml", "atom.xml", "rss2.xml", "index.xml",
         "index.rdf", "feed.json", "feed.rss", "feed.atom"});
    const auto parts = base::split_url(url);
    if (!parts || !same_site(*parts, page))
        return false;
    if (is_feed_type(essence_of(type)))
        return true;
    if (parts->query.starts_with("feed=rss") || parts->query.starts_with("feed=atom"))
        return true;
    const auto segments = segments_of(parts->path);
    if (segments.empty())
        return false;
    const auto& last = segments.back();
    return contains(names, last) || last.ends_with(".rss") || last.ends_with(".atom") ||
           last.ends_with(".rdf");
}

class Offers {
  public:
    void add(const std::string& url, std::string_view title, std::string_view type) {
        Offer offer{base::without_fragment(url), base::tidy(base::to_nfc(title)),
                    std::string(base::trim(type))};
        const auto same = std::ranges::find(list_, offer.url, &Offer::url);
        if (same == list_.end()) {
            if (list_.size() < max_offers)
                list_.push_back(std::move(offer));
        } else if (same->title.empty()) {
            same->title = std::move(offer.title);
        }
    }
    bool empty() const { return list_.empty(); }
    std::size_t size() const { return list_.size(); }
    std::vector<Offer> take() {
        std::vector<Offer> comments;
        std::vector<Offer> sorted;
        for (auto& offer : list_)
            (is_comment_feed(offer) ? comments : sorted).push_back(std::move(offer));
        std::ranges::move(comments, std::back_inserter(sorted));
        return sorted;
    }

  private:
    std::vector<Offer> list_;
};

/// A page says its charset in a meta element (WHATWG HTML 4.2.5.4: in the first 1024 bytes).
std::string readable(std::string_view html) {
    if (base::is_valid_utf8(html))
        return std::string(html);
    const auto head = base::ascii_lower(html.substr(0, 1024));
    const auto at = head.find("charset=");
    if (at == npos)
        return decode(html, "").text;
    const auto start = head.find_first_not_of("\"' ", at + 8);
    const auto end = std::min(head.find_first_of("\"' ;/>", start), head.size());
    return decode(html, start == npos ? "" : "text/html; charset=" + head.substr(start, end - start)).text;
}

void add_links(const detail::HtmlLinks& page, const std::string& base, Offers& offers) {
    for (const auto& link : page.links)
        if (const auto url = base::resolve_url(base, link.href);
            url && offers_feed(link.rel, link.type, *url))
            offers.add(*url, link.title, link.type);
}

void add_anchors(const detail::HtmlLinks& page, const std::string& base, const std::string& own,
                 Offers& offers) {
    for (const auto& link : page.links) {
        const auto url = link.anchor ? base::resolve_url(base, link.href) : std::nullopt;
        if (url && offers.size() < max_anchors && leads_to_feed(*url, link.type, own))
            offers.add(*url, link.title, link.type);
    }
}

} // namespace

std::vector<Offer> discover(std::string_view html, const std::string& url,
                            const std::vector<std::string>& link_headers) {
    const auto page = detail::links_of(readable(html));
    const auto base = base::resolve_url(url, page.base).value_or(url);
    Offers offers;
    add_links(page, base, offers);
    for (const auto& header : link_headers)
        for (const auto& link : detail::read_link_header(header)) {
            const auto target = base::resolve_url(url, link.target); // of the page itself: RFC 8288 3.1
            if (target && offers_feed(link.rel, link.type, *target))
                offers.add(*target, base::to_valid_utf8(link.title), link.type);
        }
    if (offers.empty())
        add_anchors(page, base, url, offers);
    return offers.take();
}

std::vector<std::string> usual_places(const std::string& url) {
    const auto own = base::split_url(url);
    if (!own)
        return {};
    std::string folder = own->path.substr(0, own->path.rfind('/') + 1);
    if (const auto page = own->path.substr(folder.size()); !page.empty() && !page.contains('.'))
        folder = own->path + '/'; // "/chinese" is the folder that its server will redirect to
    std::vector<std::string> places;
    for (const auto* name :
         {"feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss", "feed", "feed.json"})
        for (const auto& place : {folder + name, std::string("/") + name})
            if (const auto resolved = base::resolve_url(url, place); resolved && !contains(places, *resolved))
                places.push_back(*resolved);
    return places;
}

} // namespace cdtd::feed
