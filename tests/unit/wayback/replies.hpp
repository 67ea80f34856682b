// Answers as the servers send them, for the tests.
#pragma once

#include <cdtd/wayback/cdx.hpp>
#include <cdtd/wayback/replay.hpp>
#include <cdtd/wayback/timestamp.hpp>

#include <string>
#include <utility>

namespace cdtd::wayback {

inline Reply reply(int status, std::string body, http::Headers headers = {}) {
    Reply made;
    made.status = status;
    made.body = std::move(body);
    made.headers = std::move(headers);
    return made;
}

inline Reply no_reply(std::string problem) {
    Reply made;
    made.problem = std::move(problem);
    return made;
}

inline Snapshot snapshot(std::string timestamp, int status = 200, std::string digest = "",
                         std::string original = "https://example.org/a") {
    Snapshot made;
    made.at = time_of(timestamp).value_or(base::Time{});
    made.digest = digest.empty() ? "D" + timestamp : std::move(digest);
    made.timestamp = std::move(timestamp);
    made.original = std::move(original);
    made.mimetype = "text/html";
    made.status = status;
    return made;
}

} // namespace cdtd::wayback
