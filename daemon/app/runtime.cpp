#include "app/runtime.hpp"

#include <cdtd/app/notify_systemd.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/adopt.hpp>
#include <cdtd/pipeline/index_backlog.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/status.hpp>
#include <cdtd/warc/file.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace cdtd::app {

namespace asio = boost::asio;

namespace {

/// SIGTERM must end within 10 s; what is not done by then is in the database and goes on at the next start.
constexpr auto drain_at_most = std::chrono::seconds(8);
constexpr base::Duration recover_a_file_at_most = std::chrono::minutes(5);
constexpr base::Duration read_limit = std::chrono::seconds(5);
constexpr base::Duration scheduler_late = std::chrono::minutes(5);

warc::FileSettings file_settings(const Config& config, base::Log& log) {
    warc::FileSettings settings;
    settings.folder = config.warc_dir();
    settings.max_bytes = config.archive.warc_size;
    settings.user_agent = config.http.user_agent;
    settings.log = &log;
    return settings;
}

void tell_of(const warc::Recovered& file, base::Log& log) {
    const std::string bytes = std::to_string(file.cut_bytes);
    if (!file.left_because.empty())
        log.error(
            "a WARC file ends in what is no record; it could not be moved aside, so the file is left as "
            "it is and a new one is begun",
            {{"warc", file.file}, {"bytes", bytes}, {"error", file.left_because}});
    else if (!file.moved_to.empty())
        log.error("a WARC file ended in what is no record and no beginning of one: it was moved aside; look "
                  "at it, and delete it if it is of no use",
                  {{"warc", file.file}, {"bytes", bytes}, {"moved_to", file.moved_to}});
    else if (file.cut_bytes > 0)
        log.warn("an unfinished tail was cut off: the last run ended in the middle of a record",
                 {{"warc", file.file}, {"bytes", bytes}});
}

} // namespace

Runtime::Runtime(const Config& config, std::string config_path, base::Log& log)
    : config_(config), config_path_(std::move(config_path)), log_(log), clock_(base::system_clock()),
      started_at_(clock_.now()), writer_(config.database()), reader_(config.database(), read_limit),
      reading_(1, "cdtd-read"), archive_(file_settings(config, log)),
      client_(http::make_client(loop_.get_executor(), config.http, clock_)),
      poll_feed_(*client_, writer_, reading_, archive_, clock_, log_),
      walk_feed_(*client_, writer_, reading_, archive_, clock_, log_),
      capture_(*client_, writer_, reading_, archive_, clock_, log_),
      watch_source_(*client_, writer_, reading_, archive_, clock_, log_),
      carrier_(loop_.get_executor(), *client_, clock_, config.http.ca_file),
      courier_(loop_.get_executor(), carrier_, writer_, clock_, log_),
      sealer_(loop_.get_executor(), {config.database(), config.warc_dir()}, *client_, writer_, reading_,
              archive_, clock_, log_),
      watches_(loop_.get_executor(), watch_source_, writer_, clock_, log_, [this] { courier_.wake(); }),
      wayback_(loop_.get_executor(), *client_, writer_, reading_, archive_, clock_, log_,
               [this] { courier_.wake(); }),
      captures_(loop_.get_executor(), capture_, writer_, clock_, log_, [this] { wake_behind_captures(); }),
      walks_(loop_.get_executor(), walk_feed_, writer_, clock_, log_, [this] { wake_behind_walks(); }),
      poller_(loop_.get_executor(), poll_feed_, clock_, log_,
              [this] {
                  walks_.wake();
                  wake_behind_walks();
              }),
      markdown_(loop_.get_executor(), writer_, config.database(), clock_, log_),
      tasks_(loop_.get_executor(), [](std::exception_ptr error) { std::rethrow_exception(error); }) {
    recover();
    writer_.on_commit([this] { asio::post(loop_, [this] { tell_waiters(); }); });
    store::Connection& db = writer_.connection();
    store::Transaction transaction(db);
    const auto states = sync(db, config_);
    store::set_fact(db, "started_at", base::format_rfc3339(started_at_));
    pipeline::WaybackWork::recover(db, config_.wayback, clock_.now());
    for (const model::HostPause& pause : store::list_pauses(db, clock_.now()))
        client_->close_host(pause.host, pause.until);
    transaction.commit();
    configure(config_, states);
}

Runtime::~Runtime() = default;

void Runtime::recover() {
    std::vector<warc::KnownFile> known;
    for (const store::WarcFile& file : store::warc_files(writer_.connection()))
        known.push_back({file.name, file.end});
    const auto at_work = [] { systemd::extend_timeout(recover_a_file_at_most); };
    const auto mended = warc::mend_tails(config_.warc_dir(), known, at_work);
    if (!mended)
        throw std::runtime_error(mended.error().message);
    for (const warc::Recovered& file : mended->files)
        tell_of(file, log_);
    pipeline::adopt_strays(writer_.connection(), config_.warc_dir(), log_, at_work);
    archive_.resume(mended->newest);
}

std::optional<std::string> Runtime::not_ready() const {
    if (stopping_)
        return "shutting down";
    if (const base::Duration late = poller_.overdue(); late > scheduler_late)
        return fmt::format("the scheduler is {} behind", base::format_duration(late));
    return std::nullopt;
}

base::Result<void> Runtime::poll(const std::string& feed, bool force) {
    return poller_.poll_now(feed, force);
}

base::Result<void> Runtime::release(const std::string& feed) {
    return poller_.release(feed);
}

base::Result<void> Runtime::enable(const std::string& feed) {
    return poller_.enable(feed);
}

base::Result<void> Runtime::backfill(const std::string& feed, const pipeline::BackfillOrder& order) {
    return walks_.backfill(feed, order);
}

asio::awaitable<base::Result<std::string>> Runtime::test(std::string endpoint) {
    return courier_.test(std::move(endpoint));
}

asio::awaitable<base::Result<void>> Runtime::enable_endpoint(std::string endpoint) {
    return courier_.enable(std::move(endpoint));
}

asio::awaitable<base::Result<std::int64_t>> Runtime::replay(pipeline::ReplayOrder order) {
    return courier_.replay(std::move(order));
}

asio::awaitable<void> Runtime::watch_signals() {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGTERM, SIGINT, SIGHUP);
    while (true) {
        const int signal = co_await signals.async_wait(asio::use_awaitable);
        if (signal != SIGHUP)
            co_return shut_down(signal);
        try {
            co_await reload();
        } catch (const std::exception& e) {
            log_.error("the configuration could not be applied", {{"error", e.what()}});
        }
    }
}

asio::awaitable<void> Runtime::feed_watchdog() {
    const auto interval = systemd::watchdog_interval();
    if (!interval)
        co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (true) {
        systemd::watchdog();
        timer.expires_after(*interval);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

/// Stages stand in a line: what one stored may be work for those behind it.
void Runtime::wake_behind_captures() {
    watches_.wake();
    wayback_.wake();
    courier_.wake();
    markdown_.wake();
}

void Runtime::wake_behind_walks() {
    captures_.wake();
    wake_behind_captures();
}

void Runtime::tell_waiters() {
    if (server_)
        server_->committed();
}

void Runtime::spawn(asio::awaitable<void> task) {
    tasks_.spawn(std::move(task));
}

/// Everything ends on its own: fetches are cancelled, what was begun in the database is finished.
void Runtime::shut_down(int signal) {
    if (std::exchange(stopping_, true))
        return;
    systemd::stopping();
    if (signal != 0)
        log_.info("shutting down", {{"signal", std::to_string(signal)}});
    if (server_)
        server_->stop();
    poller_.stop();
    walks_.stop();
    captures_.stop();
    watches_.stop();
    wayback_.stop();
    courier_.stop();
    carrier_.stop();
    sealer_.stop();
    markdown_.stop();
    client_->stop();
}

asio::awaitable<void> Runtime::drain() {
    co_await tasks_.wait_below(1);
    co_await poller_.wait();
    co_await walks_.wait();
    co_await courier_.wait();
    loop_.stop();
}

int Runtime::serve() {
    api::Settings settings{config_.api.listen, config_.api.token, config_.api.public_url, config_.state_dir};
    auto listening = api::Server::listen(loop_.get_executor(), settings, reader_, *this, clock_, log_);
    if (!listening) {
        log_.error("the API can't listen", {{"error", listening.error().message}});
        return 1;
    }
    server_ = std::move(*listening);
    spawn(server_->run());
    spawn(captures_.run());
    spawn(watches_.run());
    spawn(wayback_.run());
    spawn(walks_.run());
    spawn(sealer_.run());
    spawn(markdown_.run());
    spawn(pipeline::index_backlog(writer_, log_, stopping_));
    spawn(pipeline::liken_backlog(writer_, log_, stopping_));
    poller_.start();
    courier_.start();
    asio::co_spawn(loop_, watch_signals(), [](std::exception_ptr) {});
    asio::co_spawn(loop_, feed_watchdog(), [](std::exception_ptr) {});
    log_.info("ready", {{"api", server_->address()}, {"feeds", std::to_string(config_.feeds.size())}});
    systemd::ready(fmt::format("{} feeds; API at {}", config_.feeds.size(), server_->address()));
    while (!stopping_)
        loop_.run_one();
    asio::co_spawn(loop_, drain(), [](std::exception_ptr) {});
    loop_.run_for(drain_at_most);
    if (!loop_.stopped()) {
        log_.error("not everything ended in time; it is in the database and goes on at the next start");
        std::_Exit(0);
    }
    log_.info("stopped");
    return 0;
}

} // namespace cdtd::app
