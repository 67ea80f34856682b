#include <cdtd/base/text.hpp>
#include <cdtd/pipeline/archive.hpp>
#include <cdtd/store/captures.hpp>

#include <utility>

namespace cdtd::pipeline {

namespace {

warc::Exchange exchange_of(http::Hop& hop) {
    warc::Exchange exchange;
    exchange.url = hop.url;
    exchange.at = hop.at;
    exchange.ip = hop.ip;
    exchange.request_head = hop.request_head;
    exchange.response_head = hop.response_head;
    exchange.body = std::move(hop.body);
    exchange.truncated = hop.truncated;
    return exchange;
}

std::string content_type(const http::Hop& hop) {
    for (const auto& [name, value] : hop.headers)
        if (base::iequals(name, "content-type"))
            return value;
    return {};
}

model::Capture capture_of(const http::Hop& hop, const std::string& kind, const warc::Stored& stored) {
    model::Capture capture;
    capture.url = hop.url;
    capture.at = hop.at;
    capture.kind = kind;
    capture.status = hop.status;
    capture.type = content_type(hop);
    capture.bytes = stored.payload_bytes;
    capture.sha256 = stored.payload_sha256;
    capture.payload_sha1 = stored.payload_sha1;
    capture.warc = stored.file;
    capture.offset = stored.offset;
    capture.length = stored.length;
    return capture;
}

} // namespace

boost::asio::awaitable<base::Result<Kept>> Archive::keep(std::vector<http::Hop>& hops, std::string kind) {
    auto write = [this, &hops] {
        std::vector<warc::Exchange> exchanges;
        exchanges.reserve(hops.size());
        for (http::Hop& hop : hops)
            exchanges.push_back(exchange_of(hop));
        return files_.append(exchanges);
    };
    const auto stored = co_await thread_.run(write);
    if (!stored)
        co_return std::unexpected(stored.error());
    Kept kept;
    for (std::size_t i = 0; i < stored->size(); ++i)
        kept.captures.push_back(capture_of(hops[i], kind, (*stored)[i]));
    co_return kept;
}

std::int64_t record(store::Connection& db, const Kept& kept) {
    std::int64_t id = 0;
    for (const model::Capture& capture : kept.captures)
        id = store::insert_capture(db, capture);
    return id;
}

} // namespace cdtd::pipeline
