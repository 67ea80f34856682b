#include "warc/line_sorter.hpp"

#include <algorithm>
#include <queue>
#include <utility>

namespace cdtd::warc {

using base::Result;

namespace {

constexpr std::size_t window_bytes = std::size_t{64} << 10U;
constexpr std::size_t bytes_beside = 48; // what a line takes in memory on top of its text

} // namespace

Result<void> LineSorter::add(std::string line) {
    held_ += line.size() + bytes_beside;
    lines_.push_back(std::move(line));
    return held_ < memory_ ? Result<void>() : store_run();
}

Result<void> LineSorter::store_run() {
    if (!spool_) {
        auto opened = Spool::open(folder_);
        if (!opened)
            return std::unexpected(opened.error());
        spool_.emplace(std::move(*opened));
    }
    std::ranges::sort(lines_);
    const auto begin = spool_->size();
    for (const auto& line : lines_)
        if (auto written = spool_->append(line); !written)
            return written;
    runs_.push_back({begin, spool_->size(), {}, 0});
    lines_.clear();
    held_ = 0;
    return spool_->flush();
}

/// nullopt: none is left.
Result<std::optional<std::string>> LineSorter::next_of(Run& run) {
    auto stop = run.window.find('\n', run.read);
    while (stop == std::string::npos && run.at < run.end) {
        const auto most = std::min<std::int64_t>(window_bytes, run.end - run.at);
        const auto more = spool_->read(run.at, static_cast<std::size_t>(most));
        if (!more)
            return std::unexpected(more.error());
        if (more->empty())
            return base::fail(base::Errc::io, spool_->path() + " is shorter than what was written to it");
        run.at += static_cast<std::int64_t>(more->size());
        run.window = run.window.substr(run.read) + *more;
        run.read = 0;
        stop = run.window.find('\n');
    }
    if (stop == std::string::npos)
        return std::nullopt;
    std::string line = run.window.substr(run.read, stop + 1 - run.read);
    run.read = stop + 1;
    return line;
}

Result<void> LineSorter::each(const Take& take) {
    if (!runs_.empty()) {
        auto stored = lines_.empty() ? Result<void>() : store_run();
        return stored ? merge(take) : stored;
    }
    std::ranges::sort(lines_);
    for (const auto& line : lines_)
        if (auto taken = take(line); !taken)
            return taken;
    return {};
}

Result<void> LineSorter::merge(const Take& take) {
    using Head = std::pair<std::string, std::size_t>; // the next line of a run
    std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
    const auto feed = [&](std::size_t run) -> Result<void> {
        auto line = next_of(runs_[run]);
        if (!line)
            return std::unexpected(line.error());
        if (*line)
            heads.emplace(std::move(**line), run);
        return {};
    };
    for (std::size_t run = 0; run < runs_.size(); ++run)
        if (auto fed = feed(run); !fed)
            return fed;
    while (!heads.empty()) {
        const auto run = heads.top().second;
        auto done = take(heads.top().first);
        heads.pop();
        if (done)
            done = feed(run);
        if (!done)
            return done;
    }
    return {};
}

} // namespace cdtd::warc
