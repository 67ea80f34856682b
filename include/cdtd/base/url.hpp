// URLs as pages and feeds write them, and the one canonical form by which they are compared. Pure; any
// thread. Ground: RFC 3986/3987 and facts about CDT's links: raw IRIs, entities, http/https and www flips,
// tracking queries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::base {

/// An absolute http(s) URL in RFC 3986 form: spaces trimmed, IRI characters percent-encoded as UTF-8, host in
/// lower case and punycode, default port dropped, dot segments removed; path case, query and fragment as they
/// were. nullopt: not an absolute http or https URL (javascript:, data:, mailto:, relative, broken).
std::optional<std::string> normalize_url(std::string_view url);
/// RFC 3986 5: `reference` (may be an IRI) against `base`, then normalize_url. An empty reference is nullopt.
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);
/// Without "#…", as requests and WARC-Target-URI need it.
std::string without_fragment(std::string_view url);

/// The form by which articles and sources are compared and shown: normalize_url, then https, "www." dropped,
/// no fragment, no utm_*, fbclid, gclid, `?source=rss`; `?p=` kept; percent-encoding in upper case of the NFC
/// form, unreserved characters decoded; one trailing slash kept as written for paths with a file suffix,
/// added for WordPress' /YYYY/MM/slug; WeChat's long form reduced to __biz, mid, idx, sn. Never folds the
/// path's case.
std::optional<std::string> canonical_url(std::string_view url);

struct UrlParts {
    std::string scheme; ///< lower case
    std::string host;   ///< lower case, without brackets for IPv6
    std::uint16_t port; ///< the scheme's where none is written
    std::string path;   ///< encoded, "/" at least
    std::string query;  ///< encoded, without "?"
    bool has_query;
    bool has_userinfo;
};
/// Of an absolute http(s) URL.
std::optional<UrlParts> split_url(std::string_view url);
/// "https://example.org:443": scheme, name and port, the unit of politeness.
std::string origin_of(std::string_view url);
/// What the URLs of an origin begin with: they write a default port as nothing, an origin writes it out.
std::vector<std::string> prefixes_of_origin(const std::string& origin);

std::string percent_decode(std::string_view text);
/// Everything but unreserved characters, for a query value.
std::string percent_encode(std::string_view text);

} // namespace cdtd::base
