#include <cdtd/base/file.hpp>
#include <cdtd/pipeline/import.hpp>
#include <cdtd/pipeline/take_file.hpp>

#include <fmt/format.h>

#include <cstring>
#include <fcntl.h>
#include <future>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr std::size_t stored_at_once = 128, looked_at_once = 2000;
constexpr std::size_t bytes_at_once = 8u << 20;

struct Fault {
    std::string path, reason;
};

/// What was read ahead.
struct Batch {
    std::vector<Reading> readings; ///< that are not known, as far as that could be seen then
    std::vector<Fault> faults;
    std::size_t known = 0;
    bool ended = false;
};

std::string why_not(const base::Loaded& loaded, std::size_t most) {
    switch (loaded.found) {
    case base::Found::nothing:
        return "it is not there any more";
    case base::Found::other:
        return "it is no regular file";
    case base::Found::too_big:
        return fmt::format("it is too big: more than {} MiB", most >> 20u);
    case base::Found::unreadable:
        return std::strerror(loaded.cause);
    case base::Found::file:
        break;
    }
    return {};
}

/// Reads files ahead of the writer, with a connection of its own.
class Ahead {
  public:
    Ahead(const std::string& database, FileWalk walk, std::size_t largest, const std::atomic<bool>& stop)
        : db_(database, store::Mode::read_only), walk_(std::move(walk)), largest_(largest), stop_(stop) {}

    Batch next() {
        Batch batch;
        std::size_t looked = 0, bytes = 0;
        while (looked++ < looked_at_once && batch.readings.size() < stored_at_once && bytes < bytes_at_once) {
            auto item = stop_ ? std::nullopt : walk_.next();
            batch.ended = !item;
            if (!item)
                break;
            bytes += look(std::move(*item), batch);
        }
        return batch;
    }
    const FileWalk& walk() const { return walk_; }

  private:
    /// How many bytes it holds for the batch.
    std::size_t look(FileWalk::Item item, Batch& batch) {
        auto reading = read(item);
        if (!reading) {
            batch.faults.push_back({std::move(item.path), std::move(reading.error().message)});
            return 0;
        }
        std::optional<bool> known = knows_file(db_, *reading);
        if (!known.value_or(false))
            read_file_content(*reading);
        if (!known)
            known = knows_file(db_, *reading);
        if (known.value_or(false)) {
            ++batch.known;
            return 0;
        }
        batch.readings.push_back(std::move(*reading));
        return batch.readings.back().html.size();
    }

    base::Result<Reading> read(const FileWalk::Item& item) const {
        if (item.fault)
            return base::fail(base::Errc::io, *item.fault);
        base::Loaded loaded = base::load_file(AT_FDCWD, item.path, largest_);
        if (loaded.found != base::Found::file)
            return base::fail(base::Errc::io, why_not(loaded, largest_));
        auto file = article::parse_markdown(loaded.bytes);
        loaded.bytes = {};
        return file ? read_file(std::move(*file)) : std::unexpected(std::move(file.error()));
    }

    store::Connection db_;
    FileWalk walk_;
    std::size_t largest_;
    const std::atomic<bool>& stop_;
};

std::size_t store_batch(store::Connection& db, std::vector<Reading> readings, const TakeIn& how) {
    std::size_t stored = 0;
    store::Transaction transaction(db);
    for (Reading& reading : readings)
        stored += take_file(db, how, std::move(reading));
    transaction.commit();
    return stored;
}

} // namespace

Imported import_files(store::Connection& db, FileWalk walk, const ImportSettings& settings,
                      const base::Clock& clock, const std::atomic<bool>& stop, const ImportReports& reports) {
    FeedSettings feed; // of none: only what is to be fetched counts
    feed.fetch_articles = settings.fetch;
    const Teller nobody({});
    const model::FeedState none;
    Ahead ahead(db.path(), std::move(walk), settings.largest_file, stop);
    Imported done;
    const auto read_ahead = [&ahead] { return ahead.next(); };
    std::future<Batch> next = std::async(std::launch::async, read_ahead);
    for (bool ended = false; !ended;) {
        Batch batch = next.get();
        ended = batch.ended;
        if (!ended)
            next = std::async(std::launch::async, read_ahead);
        const std::size_t count = batch.readings.size();
        const TakeIn how{feed, settings.archive, nobody, none, clock.now(), {}, false, {}};
        const std::size_t stored = count == 0 ? 0 : store_batch(db, std::move(batch.readings), how);
        done.stored += stored;
        done.known += batch.known + count - stored;
        done.faulty += batch.faults.size();
        done.files = done.stored + done.known + done.faulty;
        for (const Fault& fault : batch.faults)
            reports.fault(fault.path, fault.reason);
        reports.progress(done);
    }
    done.links = ahead.walk().links();
    done.interrupted = stop;
    return done;
}

} // namespace cdtd::pipeline
