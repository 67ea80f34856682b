// The bytes that we hold, as they were sent, for eyes only: nothing in them can run here.
#include "api/archive.hpp"
#include "api/router.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/http/decode.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::api {
namespace {

constexpr std::uint64_t most_bytes = 64U << 20; ///< decoded; [http] max_body was the limit when it came

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

/// As the server sent it, where that can stand in a head; bytes of no type at all are just bytes.
std::string type_of(const model::Capture& capture) {
    const bool clean = std::ranges::all_of(capture.type, [](char c) { return c >= 0x20 && c < 0x7f; });
    return capture.type.empty() || !clean ? "application/octet-stream" : capture.type;
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
    const auto located = warc::read_at(state_dir + "/warc/" + holder->warc, holder->offset);
    if (!located)
        return std::unexpected(located.error());
    const auto parts = warc::split_http(located->record.block);
    if (base::sha256_hex(parts.payload) != capture.sha256)
        return base::fail(base::Errc::bad_data, fmt::format("{} at {} holds other bytes than were captured",
                                                            holder->warc, holder->offset));
    return Payload{std::string(parts.payload), header_of(parts.head, "Content-Encoding")};
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
    if (auto decoded = http::decode(payload->bytes, payload->coding, most_bytes)) {
        answer.body = std::move(*decoded);
    } else { // as stored: whoever asked can see for themselves
        answer.body = std::move(payload->bytes);
        answer.type = "application/octet-stream";
    }
    return answer;
}

} // namespace cdtd::api
