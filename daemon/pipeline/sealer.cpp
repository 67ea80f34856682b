#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/manifest.hpp>
#include <cdtd/pipeline/sealer.hpp>
#include <cdtd/warc/reader.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr std::int64_t bytes_at_once = 8 << 20; ///< some hundredths of a second of the worker's time
constexpr int rows_at_once = 200;
/// After an error of our own machine (disk full, database locked).
constexpr base::Duration own_fault_wait = std::chrono::minutes(5);
/// The machine may sleep, or its clock be set: midnight is then not where it was thought to be.
constexpr base::Duration at_most_asleep = std::chrono::hours(1);

using Days = std::chrono::sys_days;

std::string name_of(Days day) {
    return base::format_rfc3339(base::Time(day)).substr(0, 10);
}

struct Open {
    std::optional<model::Manifest> newest;
    model::ManifestContent content; ///< without digests
};

/// What lies before today and is not covered; nullopt: nothing. What was added since midnight is covered
/// with it: a manifest speaks of all there is when it is made.
std::optional<Open> open_days(store::Connection& db, base::Time now) {
    Open open{store::newest_manifest(db), {}};
    std::optional<model::ManifestContent> before;
    if (open.newest) {
        auto content = model::manifest_of(open.newest->text);
        if (!content)
            throw std::runtime_error("the newest manifest: " + content.error().message);
        before = std::move(*content);
        open.content.previous = open.newest->sha256;
    }
    auto added = store::additions(db, before);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    if (!added.first_at || std::chrono::floor<std::chrono::days>(*added.first_at) >= today)
        return std::nullopt;
    const Days last = std::chrono::floor<std::chrono::days>(*added.last_at);
    open.content.day = name_of(std::min(last, today - std::chrono::days(1)));
    open.content.files = std::move(added.files);
    open.content.captures = added.captures;
    open.content.revisions = added.revisions;
    open.content.events = added.events;
    open.content.articles = added.articles;
    open.content.looks = added.looks;
    return open;
}

} // namespace

void Sealer::configure(std::string timestamp_url) {
    timestamp_url_ = std::move(timestamp_url);
    bell_.ring();
}

void Sealer::stop() {
    stopping_ = true;
    bell_.ring();
}

boost::asio::awaitable<void> Sealer::run() {
    while (!stopping_) {
        co_await once();
        const base::Duration pause = co_await until_next();
        if (!stopping_)
            co_await bell_.wait(pause);
    }
}

boost::asio::awaitable<void> Sealer::once() {
    try {
        co_await archive_.settle(writer_);
        co_await seal();
        co_await stamp();
    } catch (const std::exception& error) {
        log_.error("the daily manifest could not be made or stamped; tried again later",
                   {{"error", error.what()}});
    }
}

boost::asio::awaitable<base::Duration> Sealer::until_next() {
    const base::Time now = clock_.now();
    const base::Time midnight = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
    auto ask = [now](store::Connection& db) {
        const bool late = open_days(db, now).has_value(); // it should have been made: our own machine's fault
        return std::pair(late, store::next_stamp_at(db));
    };
    try {
        const auto [late, stamp_at] = co_await writer_.run(ask);
        base::Time next = std::min(midnight, now + at_most_asleep);
        if (late)
            next = now + own_fault_wait;
        if (stamp_at && !timestamp_url_.empty())
            next = std::min(next, std::max(*stamp_at, now + std::chrono::seconds(1)));
        co_return next - now;
    } catch (const std::exception&) { // told by once(), which asks the same
        co_return own_fault_wait;
    }
}

boost::asio::awaitable<void> Sealer::seal() {
    if (unrecorded_)
        co_await note(*unrecorded_);
    const base::Time now = clock_.now();
    auto look = [now](store::Connection& db) { return open_days(db, now); };
    std::optional<Open> open = co_await writer_.run(look);
    if (!open)
        co_return;
    model::ManifestContent& content = open->content;
    if (!co_await digest_files(content))
        co_return;
    for (const store::Covered& part : store::covered(content.version))
        if (!co_await digest_rows(part.rows, content.*part.range))
            co_return;
    co_await keep(content);
}

/// What lies before a known end never changes: it is read while others append.
boost::asio::awaitable<bool> Sealer::digest_files(model::ManifestContent& content) {
    for (model::ByteRange& range : content.files) {
        auto reader = warc::Reader::open(paths_.warc_folder + "/" + range.file);
        base::Sha256 digest;
        for (std::int64_t at = range.from; reader && at < range.to && !stopping_;) {
            const std::int64_t length = std::min(bytes_at_once, range.to - at);
            auto read = [&reader, &digest, at, length] { return reader->hash(at, length, digest); };
            const base::Result<void> done = co_await reading_.run(read);
            if (!done)
                throw std::runtime_error(range.file + ": " + done.error().message);
            at += length;
        }
        if (!reader)
            throw std::runtime_error(reader.error().message);
        if (stopping_)
            co_return false;
        range.sha256 = digest.hex();
    }
    co_return true;
}

/// On a connection of its own: the writer has others to serve, and rows of these ids never change.
boost::asio::awaitable<bool> Sealer::digest_rows(store::Rows rows, model::RowRange& range) {
    std::optional<store::Connection> db;
    base::Sha256 digest;
    std::optional<std::int64_t> at = range.after;
    while (at && !stopping_) {
        auto read = [this, &db, &digest, &range, &at, rows] {
            if (!db)
                db.emplace(paths_.database, store::Mode::read_only);
            at = store::hash_rows(*db, rows, *at, range, rows_at_once, digest);
        };
        co_await reading_.run(read);
    }
    range.sha256 = digest.hex();
    co_return !at;
}

boost::asio::awaitable<void> Sealer::keep(const model::ManifestContent& content) {
    const std::string text = model::to_text(content);
    const base::Time now = clock_.now();
    model::Manifest manifest = manifest_row(text, content, now);
    const auto stored = co_await archive_.keep_document(std::string(manifest_uri) + content.day,
                                                        std::string(manifest_type), text, now);
    if (!stored)
        throw std::runtime_error(stored.error().message);
    manifest.warc = stored->file;
    manifest.offset = stored->offset;
    manifest.length = stored->length;
    manifest.record_id = stored->record_id;
    manifest.members = stored->members;
    manifest.warcinfo = stored->warcinfo;
    unrecorded_ = std::move(manifest);
    co_await note(*unrecorded_);
}

boost::asio::awaitable<void> Sealer::note(model::Manifest manifest) {
    if (!timestamp_url_.empty()) {
        manifest.stamp = "waiting";
        manifest.stamp_due_at = manifest.made_at;
    }
    const auto content = model::manifest_of(manifest.text);
    auto write = [&](store::Connection& db) { store::insert_manifest(db, manifest, *content); };
    co_await writer_.run(write);
    unrecorded_.reset();
    log_.info("the day's manifest was made; keep its sha256 elsewhere too",
              {{"day", manifest.day}, {"sha256", manifest.sha256}});
}

} // namespace cdtd::pipeline
