#include <cdtd/base/text.hpp>
#include <cdtd/pipeline/archive.hpp>
#include <cdtd/store/captures.hpp>

#include <exception>
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
    capture.members = stored.members;
    capture.warcinfo = stored.warcinfo;
    return capture;
}

using Originals = std::vector<std::optional<model::Capture>>;

Originals find_originals(store::Connection& db, const std::vector<http::Hop>& hops,
                         const std::vector<warc::PayloadDigests>& digests) {
    Originals originals;
    for (std::size_t i = 0; i < hops.size(); ++i)
        originals.push_back(hops[i].body.empty()
                                ? std::nullopt
                                : store::find_payload(db, digests[i].sha1, digests[i].sha256,
                                                      static_cast<std::int64_t>(hops[i].body.size())));
    return originals;
}

} // namespace

boost::asio::awaitable<base::Result<Kept>> Archive::keep(std::vector<http::Hop>& hops, About about,
                                                         store::Writer& writer) {
    auto digest = [&hops] {
        std::vector<warc::PayloadDigests> digests;
        for (const http::Hop& hop : hops)
            digests.push_back(warc::digests_of(hop.body));
        return digests;
    };
    std::vector<warc::PayloadDigests> digests = co_await thread_.run(digest);
    const std::vector<model::Capture> loose = std::exchange(*loose_, {});
    auto look = [&](store::Connection& db) {
        settle_in(db, loose);
        return find_originals(db, hops, digests);
    };
    Originals originals;
    try {
        originals = co_await writer.run(look);
    } catch (...) {
        loose_->insert(loose_->end(), loose.begin(), loose.end());
        throw;
    }
    auto write = [this, &hops, &originals, &about, &digests] {
        std::vector<warc::Exchange> exchanges;
        exchanges.reserve(hops.size());
        for (std::size_t i = 0; i < hops.size(); ++i) {
            exchanges.push_back(exchange_of(hops[i]));
            exchanges.back().metadata = fields_of(about, i + 1 == hops.size());
            exchanges.back().digests = std::move(digests[i]);
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
    kept.open = watch(kept.captures);
    co_return kept;
}

boost::asio::awaitable<base::Result<warc::Stored>> Archive::keep_document(std::string uri, std::string type,
                                                                          std::string block, base::Time at) {
    auto write = [&] { return files_.append_resource(uri, type, std::move(block), at); };
    co_return co_await thread_.run(write);
}

/// Whether the rows were written is not asked here: settling looks for itself.
std::shared_ptr<void> Archive::watch(const std::vector<model::Capture>& captures) {
    if (captures.empty())
        return nullptr;
    return {nullptr, [loose = loose_, captures](void*) {
                loose->insert(loose->end(), captures.begin(), captures.end());
            }};
}

void Archive::settle_in(store::Connection& db, const std::vector<model::Capture>& loose) const {
    for (const model::Capture& capture : loose)
        if (!store::is_recorded(db, capture.warc, capture.offset))
            store::insert_capture(db, capture);
}

boost::asio::awaitable<void> Archive::settle(store::Writer& writer) {
    const std::vector<model::Capture> loose = std::exchange(*loose_, {});
    auto write = [&](store::Connection& db) { settle_in(db, loose); };
    try {
        co_await writer.run(write);
    } catch (...) {
        loose_->insert(loose_->end(), loose.begin(), loose.end());
        throw;
    }
}

std::int64_t record(store::Connection& db, const Kept& kept) {
    std::int64_t id = 0;
    for (const model::Capture& capture : kept.captures)
        id = store::insert_capture(db, capture);
    return id;
}

} // namespace cdtd::pipeline
