#include <cdtd/pipeline/markdown_mirror.hpp>
#include <cdtd/store/articles.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cdtd::pipeline {

namespace asio = boost::asio;

namespace {

/// Many, because the folder is opened and looked through for each batch; but the end waits for the one under
/// way.
constexpr int articles_at_once = 500;
constexpr auto longest_batch = std::chrono::seconds(1);
constexpr int looks_at_once = 2000;
/// Somebody may take files away while we run. Looking at a hundred thousand costs a fifth of a second, and is
/// done only where something changed.
constexpr base::Duration look_every = std::chrono::minutes(1);
constexpr base::Duration first_wait = std::chrono::seconds(10), longest_wait = std::chrono::minutes(10);
/// Of one batch, files included: a network file system that hangs is a failure like another.
constexpr base::Duration batch_limit = std::chrono::minutes(5);

MarkdownOwners owners_of(store::Connection& db) {
    return {[&db](const std::string& url) { return store::find_article(db, change::keys_of_reference(url)); },
            [&db](const std::string& path) { return store::markdown_owner(db, path); }};
}

base::Duration wait_after(int failures) {
    base::Duration wait = first_wait;
    for (int i = 1; i < failures && wait < longest_wait; ++i)
        wait *= 2;
    return std::min(wait, longest_wait);
}

} // namespace

/// What was done on the thread, to be noted in the database.
struct MarkdownMirror::Batch {
    std::vector<store::MarkdownFile> files;
    std::optional<std::int64_t> change; ///< up to here everything is written
    std::int64_t last = 0;              ///< article that was looked at last
    std::size_t written = 0;
    bool ended = false; ///< nothing is behind it
    std::optional<std::string> error;
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();

    bool full() const {
        return error || files.size() >= articles_at_once ||
               std::chrono::steady_clock::now() - begun > longest_batch;
    }

    void put(store::Connection& db, MarkdownFolder& folder, std::int64_t article) {
        const auto source = store::markdown_source(db, article);
        if (!source)
            return;
        const auto filed = folder.file(*source, store::markdown_path(db, article), owners_of(db));
        if (!filed) {
            error = filed.error().message;
            return;
        }
        files.push_back({article, filed->path});
        written += filed->written;
    }

    /// What is not on disk is not noted: then it is written again.
    void settle(MarkdownFolder& folder) {
        const auto synced = folder.sync();
        if (synced)
            return;
        error = synced.error().message;
        files.clear();
        change.reset();
    }

    static Batch changed(store::Connection& db, const std::string& path) {
        Batch batch;
        const auto changes = store::changed_after(db, store::markdown_change(db), articles_at_once);
        batch.ended = changes.empty();
        if (batch.ended)
            return batch;
        auto folder = MarkdownFolder::open(path, Durable::each);
        if (!folder) {
            batch.error = folder.error().message;
            return batch;
        }
        for (const auto& [article, change] : changes) {
            batch.put(db, *folder, article);
            if (!batch.error)
                batch.change = change;
            if (batch.full())
                break;
        }
        batch.settle(*folder);
        return batch;
    }

    static Batch missing(store::Connection& db, const std::string& path, std::int64_t after) {
        Batch batch;
        batch.last = after;
        const auto files = store::markdown_files(db, after, looks_at_once);
        batch.ended = files.empty();
        auto folder = MarkdownFolder::open(path, Durable::each);
        if (!folder)
            batch.error = folder.error().message;
        for (const auto& [article, name] : files) {
            if (batch.error)
                break;
            if (!folder->has(name))
                batch.put(db, *folder, article);
            batch.last = article;
            if (batch.full())
                break;
        }
        if (folder)
            batch.settle(*folder);
        return batch;
    }
};

MarkdownMirror::MarkdownMirror(asio::any_io_executor loop, store::Writer& writer, std::string database,
                               const base::Clock& clock, base::Log& log)
    : writer_(writer), database_(std::move(database)), clock_(clock), log_(log), bell_(loop) {}

MarkdownMirror::~MarkdownMirror() = default;

void MarkdownMirror::configure(std::string folder) {
    folder_ = std::move(folder);
    bell_.ring();
}

void MarkdownMirror::stop() {
    stopping_ = true;
    bell_.ring();
}

asio::awaitable<void> MarkdownMirror::begin() {
    std::string folder = folder_;
    auto keep = [&folder](store::Connection& db) { store::keep_markdown(db, folder); };
    co_await writer_.run(keep);
    begun_ = folder;
    looked_at_.reset();
    error_.reset();
    failures_ = 0;
}

asio::awaitable<void> MarkdownMirror::note(Batch& batch, MirrorRound& round) {
    round.written += batch.written;
    round.error = batch.error;
    if (batch.files.empty() && !batch.change)
        co_return;
    auto write = [&batch](store::Connection& db) { store::note_markdown(db, batch.files, batch.change); };
    co_await writer_.run(write);
}

/// Files that somebody took away.
asio::awaitable<void> MarkdownMirror::restore(MirrorRound& round) {
    const base::Time now = clock_.now();
    if (looked_at_ && now - *looked_at_ < look_every && now >= *looked_at_)
        co_return;
    std::int64_t after = 0;
    while (!stopping_) {
        auto look = [this, after](store::Connection& db) { return Batch::missing(db, *begun_, after); };
        Batch batch = co_await reader_->run(look);
        co_await note(batch, round);
        if (round.error || batch.ended)
            break;
        after = batch.last;
    }
    if (!round.error)
        looked_at_ = now;
}

asio::awaitable<void> MarkdownMirror::follow(MirrorRound& round) {
    while (!stopping_ && !round.error) {
        auto write = [this](store::Connection& db) { return Batch::changed(db, *begun_); };
        Batch batch = co_await reader_->run(write);
        co_await note(batch, round);
        if (batch.ended)
            break;
    }
}

asio::awaitable<MirrorRound> MarkdownMirror::pass() {
    MirrorRound round;
    if (begun_ != folder_)
        co_await begin();
    if (begun_->empty())
        co_return round;
    if (!reader_)
        reader_ = std::make_unique<store::Reader>(database_, batch_limit);
    co_await restore(round);
    co_await follow(round);
    co_await say(round);
    co_return round;
}

asio::awaitable<void> MarkdownMirror::say(const MirrorRound& round) {
    failures_ = round.error ? failures_ + 1 : 0;
    if (round.error == error_)
        co_return;
    if (round.error)
        log_.error("articles can't be kept as Markdown; it is tried again", {{"error", *round.error}});
    else
        log_.info("articles are kept as Markdown again", {{"folder", *begun_}});
    error_ = round.error;
    auto write = [this](store::Connection& db) { store::set_markdown_error(db, error_); };
    co_await writer_.run(write);
}

asio::awaitable<MirrorRound> MarkdownMirror::once() {
    co_return co_await pass();
}

asio::awaitable<void> MarkdownMirror::run() {
    while (!stopping_) {
        std::optional<base::Duration> wait;
        try {
            const MirrorRound round = co_await pass();
            if (round.written > 0)
                log_.debug("Markdown files written", {{"files", std::to_string(round.written)}});
        } catch (const store::DatabaseError& error) {
            ++failures_;
            log_.error("articles can't be kept as Markdown; it is tried again", {{"error", error.what()}});
        }
        if (failures_ > 0)
            wait = wait_after(failures_);
        if (stopping_)
            break;
        co_await bell_.wait(wait);
    }
}

} // namespace cdtd::pipeline
