// Matrix, client-server API: PUT /rooms/{roomId}/send/m.room.message/{txnId}. The transaction id is the
// event's: the server sends a message that comes again only once. m.notice, which bots do not answer; nobody
// is mentioned. An event has 65,536 bytes at most: a note is far below.
#include "notify/formats.hpp"

#include <cdtd/base/url.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace cdtd::notify {

namespace json = boost::json;

http::Request matrix_request(const Endpoint& endpoint, const Note& note, const std::string& id) {
    std::string text = note.kind;
    for (const std::string& line : lines_of(note))
        text += "\n" + line;
    const json::object body{{"msgtype", "m.notice"},
                            {"body", text},
                            {"format", "org.matrix.custom.html"},
                            {"formatted_body", html_of(note)},
                            {"m.mentions", json::object{}}};
    auto request = json_post(fmt::format("{}{}_matrix/client/v3/rooms/{}/send/m.room.message/{}",
                                         endpoint.url, endpoint.url.ends_with('/') ? "" : "/",
                                         base::percent_encode(endpoint.to), base::percent_encode(id)),
                             json::serialize(body));
    request.method = "PUT";
    request.headers.emplace_back("Authorization", "Bearer " + endpoint.secret.reveal());
    return request;
}

} // namespace cdtd::notify
