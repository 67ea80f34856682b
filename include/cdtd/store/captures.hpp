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
void link_capture(Connection& db, std::int64_t article, std::int64_t capture);
/// The article's image rows with this URL.
void set_image(Connection& db, std::int64_t article, const std::string& url,
               std::optional<std::int64_t> capture, std::optional<std::string> error);
/// The newest capture of this URL with a status of 200; canonical forms are compared.
std::optional<model::Capture> find_capture(Connection& db, const std::string& url);
std::vector<model::Capture> captures_of_url(Connection& db,
                                            const std::string& url); ///< newest first, 50 at most
/// Every image of the article is captured or stands with an error.
bool images_settled(Connection& db, std::int64_t article);

struct WarcFile {
    std::string name;
    std::int64_t end;
};
std::vector<WarcFile> warc_files(Connection& db); ///< by name

} // namespace cdtd::store
