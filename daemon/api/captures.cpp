// The bytes that we hold, as they were sent, for eyes only: nothing in them can run here.
#include "api/archive.hpp"
#include "api/router.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/http/decode.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/warc/reader.hpp>
#include <cdtd/warc/spool.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace cdtd::api {
namespace {

constexpr std::uint64_t most_bytes = 64U << 20; ///< decoded; [http] max_body was the limit when it came
constexpr std::size_t most_in_memory = 128U << 10;

std::string header_of(std::string_view head, std::string_view name) {
    while (!head.empty()) {
        const auto end = std::min(head.find("\r\n"), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 2, head.size()));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && base::iequals(base::trim(line.substr(0, colon)), name))
            return std::string(base::trim(line.substr(colon + 1)));
    }
    return {};
}

/// What is there to be seen, heard or read; the rest a browser would hand to whatever program asked for it.
bool is_for_eyes(std::string_view type) {
    constexpr std::array<std::string_view, 4> families{"text/", "image/", "audio/", "video/"};
    constexpr std::array<std::string_view, 3> documents{"application/pdf", "application/json",
                                                        "application/xml"};
    return std::ranges::any_of(families, [&](auto family) { return type.starts_with(family); }) ||
           std::ranges::find(documents, type) != documents.end() ||
           (type.starts_with("application/") && (type.ends_with("+xml") || type.ends_with("+json")));
}

/// As the server sent it, where that can stand in a head; everything else is just bytes.
std::string type_of(const model::Capture& capture) {
    const bool clean = std::ranges::all_of(capture.type, [](char c) { return c >= 0x20 && c < 0x7f; });
    const std::string_view type = capture.type;
    const auto essence = base::ascii_lower(base::trim(type.substr(0, type.find(';'))));
    return clean && is_for_eyes(essence) ? capture.type : "application/octet-stream";
}

/// The payload as it was stored, and what it was coded with. A revisit's lies in the record of its original.
struct Payload {
    std::string bytes;
    std::string coding;
};

base::Result<Payload> read_payload(store::Connection& db, const std::string& state_dir,
                                   const model::Capture& capture) {
    const auto holder = capture.original ? store::get_capture(db, *capture.original) : std::optional(capture);
    if (!holder)
        return base::fail(base::Errc::bad_data, "its original is missing in the database");
    auto located = warc::read_at(state_dir + "/warc/" + holder->warc, holder->offset);
    if (!located)
        return std::unexpected(located.error());
    const auto parts = warc::split_http(located->record.block);
    if (base::sha256_hex(parts.payload) != capture.sha256)
        return base::fail(base::Errc::bad_data, fmt::format("{} at {} holds other bytes than were captured",
                                                            holder->warc, holder->offset));
    Payload payload{{}, header_of(parts.head, "Content-Encoding")};
    const auto head_size = parts.head.size();
    payload.bytes = std::move(located->record.block);
    payload.bytes.erase(0, head_size);
    return payload;
}

/// nullopt: it is coded in a way that we can't undo.
std::optional<std::string> decoded(Payload& payload) {
    if (payload.coding.empty() || base::iequals(payload.coding, "identity"))
        return std::move(payload.bytes);
    auto bytes = http::decode(payload.bytes, payload.coding, most_bytes);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

/// A big one waits for its reader on disk: however many read slowly, memory does not grow.
base::Result<void> put_body(Answer& answer, std::string bytes, const std::string& state_dir,
                            const std::string& sha256) {
    if (bytes.size() <= most_in_memory) {
        answer.body = std::move(bytes);
        return {};
    }
    auto spool = warc::Spool::open(state_dir);
    if (!spool)
        return std::unexpected(spool.error());
    auto written = spool->append(bytes);
    if (written)
        written = spool->flush();
    if (!written)
        return written;
    const auto size = spool->size();
    answer.file = std::make_shared<const FileBody>(
        FileBody{spool->take(), 0, size, "\"" + sha256.substr(0, 32) + "\""});
    return {};
}

} // namespace

Answer get_capture(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    const auto id = read_id(ask.name);
    const auto capture = id ? store::get_capture(ask.db, *id) : std::nullopt;
    if (!capture)
        return not_found("capture with this id");
    auto payload = read_payload(ask.db, ask.context.state_dir, *capture);
    if (!payload)
        return problem(503, fmt::format("capture {} can't be read: {}; `cdtd verify` says more", *id,
                                        payload.error().message));
    Answer answer;
    answer.type = type_of(*capture);
    answer.policy = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
                    "form-action 'none'; frame-ancestors 'none'";
    // RFC 7089: what it is a capture of, and of when.
    answer.headers = {{"Memento-Datetime", base::format_http_date(capture->at)},
                      {"Link", fmt::format("<{}>; rel=\"original\"", capture->url)}};
    auto bytes = decoded(*payload);
    if (!bytes) { // as stored: whoever asked can see for themselves
        bytes = std::move(payload->bytes);
        answer.type = "application/octet-stream";
    }
    if (auto put = put_body(answer, std::move(*bytes), ask.context.state_dir, capture->sha256); !put)
        return problem(503, put.error().message);
    return answer;
}

} // namespace cdtd::api
