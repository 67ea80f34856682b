// `run --once`: the whole work, a part after the other, and what came of it.
#include "app/runtime.hpp"

#include <cdtd/pipeline/index_backlog.hpp>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <cstdlib>

namespace cdtd::app {

namespace asio = boost::asio;

namespace {

constexpr auto drain_at_most = std::chrono::seconds(8);

} // namespace

asio::awaitable<void> Runtime::work_once() {
    co_await sealer_.once(); // days before this one, before anything is added to it
    const pipeline::RoundResult polled = co_await poller_.once();
    const pipeline::WalkRound walked = co_await walks_.once();
    const pipeline::CaptureRound captured = co_await captures_.once();
    const pipeline::WatchRound watched = co_await watches_.once();
    const pipeline::WaybackRound resolved = co_await wayback_.once();
    const pipeline::DeliveryRound told = co_await courier_.once();
    co_await pipeline::index_backlog(writer_, log_, stopping_);
    co_await pipeline::liken_backlog(writer_, log_, stopping_);
    const pipeline::MirrorRound mirrored = co_await markdown_.once();
    fmt::print("{} feeds polled: {} unchanged, {} failed; {} held back by their server\n", polled.polled,
               polled.unchanged, polled.failed, polled.held_back);
    if (polled.held > 0)
        fmt::print("{} feeds held: see `cdtd feeds`\n", polled.held);
    if (walked.pages + walked.put_off > 0)
        fmt::print("{} older pages read, {} put off for later\n", walked.pages, walked.put_off);
    fmt::print("{} new articles, {} edited, {} censored\n", polled.fresh + walked.taken.fresh,
               polled.edited + walked.taken.edited, polled.censored + walked.taken.censored);
    fmt::print("{} captures, {} put off for later\n", captured.captured, captured.put_off);
    if (watched.looked + watched.put_off > 0)
        fmt::print("{} originals looked at, {} put off for later\n", watched.looked, watched.put_off);
    if (resolved.looked_up + resolved.put_off > 0)
        fmt::print("{} sources looked up in the Wayback Machine, {} put off for later\n", resolved.looked_up,
                   resolved.put_off);
    if (resolved.submitted > 0)
        fmt::print("{} pages submitted to the Wayback Machine\n", resolved.submitted);
    fmt::print("{} deliveries, {} to be made again, {} failed\n", told.delivered, told.put_off, told.failed);
    if (mirrored.written > 0)
        fmt::print("{} Markdown files written\n", mirrored.written);
    exit_status_ = polled.failed > 0 || stopping_ ? 1 : 0;
    shut_down(0);
}

int Runtime::run_once() {
    spawn(work_once());
    asio::co_spawn(loop_, watch_signals(), [](std::exception_ptr) {});
    while (!stopping_)
        loop_.run_one();
    asio::co_spawn(loop_, drain(), [](std::exception_ptr) {});
    loop_.run_for(drain_at_most);
    if (!loop_.stopped())
        std::_Exit(1);
    return exit_status_;
}

} // namespace cdtd::app
