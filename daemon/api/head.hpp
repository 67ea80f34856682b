// The head of every answer: what it is, and what a browser may do with it. Private.
#pragma once

#include <cdtd/api/answer.hpp>
#include <cdtd/base/time.hpp>

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/message.hpp>

namespace cdtd::api {

template <class Body>
boost::beast::http::response<Body> make_response(const Answer& answer, base::Time now) {
    namespace http = boost::beast::http;
    http::response<Body> response;
    response.result(static_cast<unsigned>(answer.status));
    response.set(http::field::date, base::format_http_date(now));
    response.set(http::field::content_type, answer.type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Content-Security-Policy",
                 answer.policy.empty() ? "default-src 'none'; frame-ancestors 'none'" : answer.policy);
    for (const auto& [name, value] : answer.headers)
        response.set(name, value);
    if (answer.status == 401)
        response.set(http::field::www_authenticate, "Bearer realm=\"cdtd\"");
    if (!answer.allow.empty())
        response.set(http::field::allow, answer.allow);
    return response;
}

} // namespace cdtd::api
