#include "pipeline/verify_file.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/recorded.hpp>

#include <fmt/format.h>

namespace cdtd::pipeline {

namespace {

using Words = std::optional<std::string>;

Words differs(std::string_view what, std::string_view in_database, std::string_view in_record) {
    if (in_database == in_record)
        return std::nullopt;
    return fmt::format("the database says {} '{}', the record '{}'", what, in_database, in_record);
}

Words response_differs(const model::Capture& capture, const warc::Record& record) {
    const auto payload = warc::split_http(record.block).payload;
    if (auto words = differs("bytes", fmt::to_string(capture.bytes), fmt::to_string(payload.size())))
        return words;
    if (auto words = differs("sha256", capture.sha256, base::sha256_hex(payload)))
        return words;
    return differs("status", fmt::to_string(capture.status), fmt::to_string(http_facts(record.block).status));
}

/// The record that holds the payload is checked where it stands; here, that it is the one.
Words revisit_differs(store::Connection& db, const model::Capture& capture, const warc::Record& record) {
    const auto original = store::get_capture(db, *capture.original);
    if (!original)
        return fmt::format("it refers to capture {}, which is not there", *capture.original);
    if (original->original || original->payload_sha1 != capture.payload_sha1 ||
        original->sha256 != capture.sha256 || original->bytes != capture.bytes)
        return fmt::format("it refers to capture {}, which does not hold its payload", original->id);
    if (!original->record_id.empty())
        if (auto words = differs("WARC-Refers-To", original->record_id, record.header("WARC-Refers-To")))
            return words;
    if (auto words = differs("WARC-Refers-To-Target-URI", warc::target_uri(original->url),
                             record.header("WARC-Refers-To-Target-URI")))
        return words;
    return differs("WARC-Refers-To-Date", base::format_warc_date(original->at),
                   record.header("WARC-Refers-To-Date"));
}

} // namespace

Words disagreement(store::Connection& db, const model::Capture& capture, const warc::Located& located) {
    const warc::Record& record = located.record;
    if (auto words = differs("type", capture.original ? "revisit" : "response", record.type))
        return words;
    if (!capture.record_id.empty())
        if (auto words = differs("id", capture.record_id, record.header("WARC-Record-ID")))
            return words;
    if (auto words = differs("URL", warc::target_uri(capture.url), record.header("WARC-Target-URI")))
        return words;
    if (auto words = differs("date", base::format_warc_date(capture.at), record.header("WARC-Date")))
        return words;
    if (auto words = differs("payload digest", capture.payload_sha1, record.header("WARC-Payload-Digest")))
        return words;
    if (auto words = differs("length", fmt::to_string(capture.length), fmt::to_string(located.length)))
        return words;
    if (capture.truncated.empty() != record.header("WARC-Truncated").empty())
        return differs("truncated", capture.truncated, record.header("WARC-Truncated"));
    return capture.original ? revisit_differs(db, capture, record) : response_differs(capture, record);
}

} // namespace cdtd::pipeline
