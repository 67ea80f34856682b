#include <cdtd/base/digest.hpp>
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

/// What the metadata record says (WARC 1.1, 6.5; the names of Heritrix).
warc::Fields fields_of(const About& about, bool last) {
    warc::Fields fields;
    if (!about.via.empty())
        fields.emplace_back("via", about.via);
    if (last) // of all hops together
        fields.emplace_back(
            "fetchTimeMs",
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(about.took).count()));
    fields.emplace_back("cdtd-kind", about.kind);
    return fields;
}

struct Digests {
    std::string sha1, sha256;
    std::int64_t bytes = 0;
};

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
    capture.record_id = stored.record_id;
    capture.group_offset = stored.group_offset;
    capture.truncated = hop.truncated;
    return capture;
}

using Originals = std::vector<std::optional<model::Capture>>;

Originals find_originals(store::Connection& db, const std::vector<Digests>& digests) {
    Originals originals;
    for (const Digests& one : digests)
        originals.push_back(one.bytes == 0 ? std::nullopt
                                           : store::find_payload(db, one.sha1, one.sha256, one.bytes));
    return originals;
}

} // namespace

boost::asio::awaitable<base::Result<Kept>> Archive::keep(std::vector<http::Hop>& hops, About about,
                                                         store::Writer& writer) {
    auto digest = [&hops] {
        std::vector<Digests> digests;
        for (const http::Hop& hop : hops)
            digests.push_back({base::sha1_base32(hop.body), base::sha256_hex(hop.body),
                               static_cast<std::int64_t>(hop.body.size())});
        return digests;
    };
    const std::vector<Digests> digests = co_await thread_.run(digest);
    auto look = [&digests](store::Connection& db) { return find_originals(db, digests); };
    const Originals originals = co_await writer.run(look);
    auto write = [this, &hops, &originals, &about] {
        std::vector<warc::Exchange> exchanges;
        exchanges.reserve(hops.size());
        for (std::size_t i = 0; i < hops.size(); ++i) {
            exchanges.push_back(exchange_of(hops[i]));
            exchanges.back().metadata = fields_of(about, i + 1 == hops.size());
            if (const auto& original = originals[i])
                exchanges.back().original = warc::Original{original->record_id, original->url, original->at};
        }
        return files_.append(exchanges);
    };
    const auto stored = co_await thread_.run(write);
    if (!stored)
        co_return std::unexpected(stored.error());
    Kept kept;
    for (std::size_t i = 0; i < stored->size(); ++i) {
        kept.captures.push_back(capture_of(hops[i], about.kind, (*stored)[i]));
        if (originals[i])
            kept.captures.back().original = originals[i]->id;
    }
    co_return kept;
}

std::int64_t record(store::Connection& db, const Kept& kept) {
    std::int64_t id = 0;
    for (const model::Capture& capture : kept.captures)
        id = store::insert_capture(db, capture);
    return id;
}

} // namespace cdtd::pipeline
