// Captures and the WARC files they lie in. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/capture.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

/// Returns the id. The file's known end grows to offset + length: the request record lies before the
/// response.
std::int64_t insert_capture(Connection& db, const model::Capture& capture);
std::optional<model::Capture> get_capture(Connection& db, std::int64_t id);
/// The first capture that holds just these bytes; what a revisit refers to.
std::optional<model::Capture> find_payload(Connection& db, const std::string& payload_sha1,
                                           const std::string& sha256, std::int64_t bytes);
/// There is a row of the response at this place.
bool is_recorded(Connection& db, const std::string& warc, std::int64_t offset);
/// The first capture that holds a payload with this digest.
std::optional<model::Capture> find_payload(Connection& db, const std::string& payload_sha1);
void link_capture(Connection& db, std::int64_t article, std::int64_t capture);
/// The article's image rows with this URL.
void set_image(Connection& db, std::int64_t article, const std::string& url,
               std::optional<std::int64_t> capture, std::optional<std::string> error);
bool holds_image(Connection& db, std::int64_t article, const std::string& url);
/// The newest whole capture of this URL with a status of 200; canonical forms are compared.
std::optional<model::Capture> find_capture(Connection& db, const std::string& url);
std::vector<model::Capture> captures_of_url(Connection& db,
                                            const std::string& url); ///< newest first, 50 at most
/// These and what they need to be shown: the redirects that led to them, and the captures that hold the
/// payloads of revisits. Each once, in the order in which they were stored.
std::vector<model::Capture> with_companions(Connection& db, const std::vector<model::Capture>& captures);
/// Every image of the article is captured or stands with an error.
bool images_settled(Connection& db, std::int64_t article);

struct WarcFile {
    std::string name;
    std::int64_t end;
    std::int64_t id = 0;  ///< they were begun in this order
    std::string warcinfo; ///< its first member (warc/member.hpp); "" = not noted
};
std::vector<WarcFile> warc_files(Connection& db); ///< by name

} // namespace cdtd::store
