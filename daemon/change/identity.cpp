#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/change/identity.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace cdtd::change {
namespace {

constexpr std::size_t longest_key = 2000; // what is longer is kept as its digest: keys are indexed

std::string bounded(std::string value) {
    return value.size() <= longest_key ? std::move(value) : "sha256:" + base::sha256_hex(value);
}

std::string_view without_scheme(std::string_view url) {
    const std::size_t mark = url.find("://");
    return mark == std::string_view::npos ? url : url.substr(mark + 3);
}

std::optional<std::string> link_value(const std::string& link) {
    const auto url = base::canonical_url(link);
    if (!url)
        return std::nullopt;
    return bounded(std::string(without_scheme(*url)));
}

// A guid is opaque, so what a canonical link loses and a publisher may count by, the fragment, stays.
std::string guid_value(std::string_view guid, std::string_view scope) {
    const auto url = base::canonical_url(guid);
    if (!url)
        return bounded(fmt::format("{}#{}", scope, guid));
    const std::size_t fragment = guid.find('#');
    return bounded(std::string(without_scheme(*url)) +
                   std::string(fragment == std::string_view::npos ? "" : guid.substr(fragment)));
}

std::string post_value(const std::string& site, std::int64_t id) {
    return bounded(fmt::format("{}#{}", site, id));
}

std::string site_of(const base::UrlParts& url, std::string_view path) {
    std::string site = base::ascii_lower(url.host);
    if (site.starts_with("www."))
        site.erase(0, 4);
    if (url.port != 443 && url.port != 80)
        site += fmt::format(":{}", url.port);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return site + std::string(path);
}

// The blog that a feed's URL belongs to: "…/chinese/feed/" and "…/chinese/rss.xml" are ".../chinese".
std::string scope_of(const std::string& feed_url) {
    const auto normal = base::normalize_url(feed_url);
    const auto url = normal ? base::split_url(*normal) : std::nullopt;
    if (!url)
        return feed_url;
    std::string_view path = url->path;
    while (path.ends_with('/'))
        path.remove_suffix(1);
    for (const std::string_view last : {"/rss2", "/rss", "/rdf", "/atom", "/feed"})
        if (path.ends_with(last))
            path.remove_suffix(last.size());
    const std::size_t slash = path.rfind('/');
    if (slash != std::string_view::npos && path.find('.', slash) != std::string_view::npos)
        path = path.substr(0, slash);
    return site_of(*url, path);
}

std::optional<std::int64_t> id_in(std::string_view digits) {
    constexpr std::size_t most_digits = 15; // exact in every JSON reader
    if (digits.empty() || digits.size() > most_digits ||
        !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t id = 0;
    for (const char c : digits)
        id = id * 10 + (c - '0');
    return id > 0 ? std::optional(id) : std::nullopt;
}

Identity keys_of_entry(const model::Entry& entry, const std::string& scope) {
    Identity identity;
    identity.guid = entry.guid;
    identity.url = base::canonical_url(entry.link).value_or("");
    auto post = post_id_of(entry.guid);
    if (!post)
        post = post_id_of(entry.link);
    if (post) {
        identity.site = post->site;
        identity.post_id = post->id;
        identity.keys.push_back({"post", post_value(post->site, post->id)});
    }
    if (const std::string_view guid = base::trim(entry.guid); !guid.empty())
        identity.keys.push_back({"guid", guid_value(guid, scope)});
    if (auto link = link_value(entry.link))
        identity.keys.push_back({"link", std::move(*link)});
    return identity;
}

Key digest_key(const model::Entry& entry, const std::string& scope) {
    const std::string& body = entry.content.empty() ? entry.summary : entry.content;
    return {"digest",
            bounded(fmt::format("{}#{}", scope,
                                base::sha256_hex(base::tidy(base::to_nfc(entry.title)) + "\n" + body)))};
}

using Counts = std::map<std::pair<std::string, std::string>, int>;

// An entry that stands in the document twice as it is does not make its keys worthless.
Counts count_keys(const model::Feed& feed, const std::vector<Identity>& identities) {
    std::set<std::tuple<std::string_view, std::string_view, std::string_view>> counted;
    Counts counts;
    for (std::size_t i = 0; i < identities.size(); ++i) {
        const model::Entry& entry = feed.entries[i];
        if (!counted.emplace(entry.guid, entry.link, entry.title).second)
            continue;
        for (const Key& key : identities[i].keys)
            ++counts[{key.kind, key.value}];
    }
    return counts;
}

} // namespace

std::vector<Identity> identify(const model::Feed& feed, const std::string& feed_url) {
    const std::string scope = scope_of(feed_url);
    std::vector<Identity> identities;
    identities.reserve(feed.entries.size());
    for (const model::Entry& entry : feed.entries)
        identities.push_back(keys_of_entry(entry, scope));
    const Counts counts = count_keys(feed, identities);
    for (std::size_t i = 0; i < identities.size(); ++i) {
        Identity& identity = identities[i];
        std::erase_if(identity.keys, [&](const Key& key) { return counts.at({key.kind, key.value}) > 1; });
        if (std::ranges::find(identity.keys, "post", &Key::kind) == identity.keys.end()) {
            identity.site.reset();
            identity.post_id.reset();
        }
        if (identity.keys.empty())
            identity.keys.push_back(digest_key(feed.entries[i], scope));
    }
    return identities;
}

std::optional<PostId> post_id_of(const std::string& url) {
    const auto canonical = base::canonical_url(url);
    const auto parts = canonical ? base::split_url(*canonical) : std::nullopt;
    if (!parts)
        return std::nullopt;
    const std::string_view path = parts->path, query = parts->query;
    if (parts->has_query) {
        const auto id =
            query.starts_with("p=") && path.ends_with('/') ? id_in(query.substr(2)) : std::nullopt;
        return id ? std::optional(PostId{site_of(*parts, path), *id}) : std::nullopt;
    }
    constexpr std::string_view suffix = ".html";
    const std::size_t slash = path.rfind('/');
    if (!path.ends_with(suffix) || slash == std::string_view::npos)
        return std::nullopt;
    const auto id = id_in(path.substr(slash + 1, path.size() - slash - 1 - suffix.size()));
    return id ? std::optional(PostId{site_of(*parts, path.substr(0, slash)), *id}) : std::nullopt;
}

std::vector<Key> keys_of_reference(const std::string& text) {
    const std::string word(base::trim(text));
    std::vector<Key> keys;
    if (word.empty())
        return keys;
    // "chinadigitaltimes.net/chinese/715285.html" as a person types it.
    const bool bare = word.find("://") == std::string::npos && word.find('/') != std::string::npos;
    const std::string url = bare ? "https://" + word : word;
    if (const auto post = post_id_of(url))
        keys.push_back({"post", post_value(post->site, post->id)});
    if (const std::size_t mark = word.rfind('#'); bare && mark != std::string::npos)
        if (const auto id = id_in(std::string_view(word).substr(mark + 1)))
            keys.push_back({"post", post_value(word.substr(0, mark), *id)});
    // A guid that is no URL is held under its feed's site; only the whole of it can be found here.
    keys.push_back({"guid", base::canonical_url(word) ? guid_value(word, "") : bounded(word)});
    if (auto link = link_value(url))
        keys.push_back({"link", std::move(*link)});
    return keys;
}

} // namespace cdtd::change
