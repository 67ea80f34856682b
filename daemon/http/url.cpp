#include "http/url.hpp"

#include <cdtd/base/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <optional>

namespace cdtd::http {

std::string without_userinfo(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos)
        return url;
    const auto begin = scheme + 3;
    const auto end = std::min(url.find_first_of("/?#", begin), url.size());
    const auto at = url.rfind('@', end);
    if (at == std::string::npos || at < begin || at >= end)
        return url;
    return url.substr(0, begin) + url.substr(at + 1);
}

bool names_refused_address(const std::string& url, const net::AddressPolicy& policy) {
    const auto parts = base::split_url(url);
    if (!parts)
        return true;
    std::string host = parts->host;
    if (host.ends_with('.'))
        host.pop_back();
    if (host == "localhost" || host.ends_with(".localhost"))
        return !policy.permits(*net::parse_address("127.0.0.1"));
    host = host.substr(0, host.find('%')); // an IPv6 zone
    auto address = net::parse_address(host);
    in_addr odd{};
    if (!address && inet_aton(host.c_str(), &odd) != 0) // 0x7f.1, 2130706433: resolvers take them
        address = net::parse_address(inet_ntoa(odd));
    return address && !policy.permits(*address);
}

} // namespace cdtd::http
