// The running program: every part as a member, in the order in which they depend on each other.
#pragma once

#include <cdtd/api/server.hpp>
#include <cdtd/app/config.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/http/engine.hpp>
#include <cdtd/notify/carrier.hpp>
#include <cdtd/pipeline/archive.hpp>
#include <cdtd/pipeline/capture_queue.hpp>
#include <cdtd/pipeline/courier.hpp>
#include <cdtd/pipeline/markdown_mirror.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/poller.hpp>
#include <cdtd/pipeline/sealer.hpp>
#include <cdtd/pipeline/walks.hpp>
#include <cdtd/pipeline/watch_queue.hpp>
#include <cdtd/pipeline/wayback_work.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cdtd::app {

class Runtime final : public api::Control {
  public:
    /// Opens and migrates the database, mends the archive's tails. Throws std::exception with words for
    /// people.
    Runtime(const Config& config, std::string config_path, base::Log& log);
    ~Runtime() override;

    int serve();    ///< until a signal
    int run_once(); ///< until the work is done

    base::Time started_at() const override { return started_at_; }
    std::optional<std::string> not_ready() const override;
    base::Result<void> poll(const std::string& feed, bool force) override;
    base::Result<void> release(const std::string& feed) override;
    base::Result<void> enable(const std::string& feed) override;
    base::Result<void> backfill(const std::string& feed, const pipeline::BackfillOrder& order) override;
    boost::asio::awaitable<base::Result<std::string>> test(std::string endpoint) override;
    boost::asio::awaitable<base::Result<void>> enable_endpoint(std::string endpoint) override;
    boost::asio::awaitable<base::Result<std::int64_t>> replay(pipeline::ReplayOrder order) override;

  private:
    void recover();
    static std::vector<model::FeedState> sync(store::Connection& db, const Config& config);
    static std::shared_ptr<const pipeline::Plan> plan_of(const Config& config);
    void configure(const Config& config, const std::vector<model::FeedState>& states);
    boost::asio::awaitable<void> reload();
    boost::asio::awaitable<void> watch_signals();
    boost::asio::awaitable<void> feed_watchdog();
    boost::asio::awaitable<void> work_once();
    boost::asio::awaitable<void> drain();
    void wake_behind_captures();
    void wake_behind_walks();
    void tell_waiters(); ///< something was committed
    void shut_down(int signal);
    void spawn(boost::asio::awaitable<void> task);

    boost::asio::io_context loop_{1};
    Config config_;
    std::string config_path_;
    base::Log& log_;
    const base::Clock& clock_;
    base::Time started_at_;
    store::Writer writer_;
    store::Reader reader_;
    net::Worker reading_;
    pipeline::Archive archive_;
    std::unique_ptr<http::Client> client_;
    pipeline::PollFeed poll_feed_;
    pipeline::WalkFeed walk_feed_;
    pipeline::Capture capture_;
    pipeline::WatchSource watch_source_;
    notify::Carrier carrier_;
    pipeline::Courier courier_;
    pipeline::Sealer sealer_;
    pipeline::WatchQueue watches_;
    pipeline::WaybackWork wayback_;
    pipeline::CaptureQueue captures_;
    pipeline::Walks walks_;
    pipeline::Poller poller_;
    pipeline::MarkdownMirror markdown_;
    std::unique_ptr<api::Server> server_;
    net::Tasks tasks_;
    bool stopping_ = false;
    int exit_status_ = 0;
};

} // namespace cdtd::app
