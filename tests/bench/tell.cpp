// bench_tell: a feed and a webhook receiver in one process, so that one clock sees both. Prints its port;
// then obeys lines of standard input, each with a line of answer:
//   publish N   N more entries stand in /feed/, which shows these, ten at least
//   told N      waits for N deliveries at /hook since the last `publish`: seconds from the first to the last
//   of them lag         waits for one: milliseconds from the feed's answer to its arrival
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <loopback/server.hpp>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

class Site {
  public:
    Site() : server_("127.0.0.1") {
        server_.endpoint("/feed/", [this](const loopback::Request& request) { return feed(request); });
        server_.endpoint("/hook", [this](const loopback::Request& request) { return hook(request); });
        server_.endpoint("/floor", loopback::ok("ok"));
    }
    int port() const { return server_.port(); }

    void publish(int count) {
        const std::lock_guard lock(mutex_);
        entries_ += count;
        shown_ = std::max(count, 10);
        told_ = 0;
        server_.forget_requests();
    }
    double seconds_for(int count) {
        wait_for(count);
        const std::lock_guard lock(mutex_);
        return std::chrono::duration<double>(last_ - first_).count();
    }
    double lag() {
        wait_for(1);
        const std::lock_guard lock(mutex_);
        return std::chrono::duration<double, std::milli>(first_ - answered_).count();
    }

  private:
    loopback::Answer feed(const loopback::Request& request) {
        const std::lock_guard lock(mutex_);
        const std::string tag = fmt::format("\"{}\"", entries_);
        if (request.header("if-none-match") == tag)
            return {.status = 304, .headers = {{"ETag", tag}}};
        const int newest = entries_, oldest = std::max(newest - shown_, 0);
        std::string items;
        for (int n = newest; n > oldest; --n)
            items +=
                fmt::format("<item><title>街角记事｜第{0}篇</title><link>https://paper.example/{0}</link>"
                            "<guid isPermaLink=\"false\">https://paper.example/?p={0}</guid>"
                            "<description>第{0}篇的正文，写的是河边的事。</description></item>",
                            n);
        auto answer = loopback::ok(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>f</title>" +
                items + "</channel></rss>",
            "application/rss+xml");
        answer.headers.emplace_back("ETag", tag);
        answered_ = Clock::now();
        return answer;
    }
    loopback::Answer hook(const loopback::Request& request) {
        const std::lock_guard lock(mutex_);
        if (told_++ == 0)
            first_ = request.at;
        last_ = request.at;
        return loopback::ok("ok");
    }
    void wait_for(int count) {
        for (;;) {
            {
                const std::lock_guard lock(mutex_);
                if (told_ >= count)
                    return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    std::mutex mutex_;
    int entries_ = 0, shown_ = 0, told_ = 0;
    Clock::time_point answered_, first_, last_;
    loopback::Server server_; ///< the last: its thread uses what stands above
};

} // namespace

int main() {
    Site site;
    std::cout << site.port() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string order;
        int count = 0;
        words >> order >> count;
        if (order == "publish")
            site.publish(count);
        if (order == "told")
            std::cout << site.seconds_for(count) << std::endl;
        else if (order == "lag")
            std::cout << site.lag() << std::endl;
        else
            std::cout << "done" << std::endl;
    }
}
