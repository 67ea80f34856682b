// bench_site FEEDS: a site of so many WordPress-like feeds on every loopback address, ten Chinese articles of
// about 10 KB each. Prints its port, answers conditional requests; every line on standard input publishes one
// new article in each feed, and its end is the end.
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <loopback/server.hpp>
#include <string>

namespace {

constexpr int articles_per_feed = 10;
constexpr std::size_t article_bytes = 10'000;

const char* const sentences[] = {"河水在夜里退了下去，码头上的人还没有散。",
                                 "他说这件事没有人通知过他们，通知贴出来的时候已经晚了。",
                                 "学校的操场改成了停车场，孩子们在楼道里跳绳。",
                                 "邮局的窗口只开一个，排队的人从屋里站到街上。",
                                 "我们把名字一个一个记下来，怕的是以后没有人记得。",
                                 "天亮以前，卖早点的推车又回到了桥头。"};

std::string article_text(int feed, int number) {
    std::string text;
    for (int i = 0; text.size() < article_bytes; ++i)
        text += fmt::format("<p>{}{}（{}·{}·{}）</p>", sentences[(feed + i) % 6],
                            sentences[(number + i * 5) % 6], feed, number, i);
    return text;
}

std::string card(int feed, int number) {
    return fmt::format(
        "<div><div class=\"su-spoiler\"><div class=\"su-spoiler-title\">CDT 档案卡</div><div "
        "class=\"su-spoiler-content\"><strong>标题：</strong>第{1}篇<br><strong>作者：</strong>某人<br>"
        "<strong>发表日期：</strong>2026.1.2<br><strong>来源：</strong><a "
        "href=\"https://web.archive.org/web/*/https://mp.weixin.qq.com/s/f{0}n{1}\">微信公众号“街角”</a>"
        "<br></div></div></div>",
        feed, number);
}

/// The ten newest of so many articles, newest first.
std::string feed_document(int feed, const std::string& origin, int newest) {
    std::string items;
    for (int n = newest; n > newest - articles_per_feed; --n)
        items += fmt::format(
            "<item><title>街角记事｜第{1}篇</title><link>{2}/f{0}/{1}.html</link><pubDate>Wed, 18 Nov "
            "2026 {5:02}:{6:02}:00 +0000</pubDate><guid isPermaLink=\"false\">{2}/f{0}/?p={1}</guid>"
            "<content:encoded><![CDATA[{3}{4}]]></content:encoded></item>",
            feed, n, origin, card(feed, n), article_text(feed, n), n / 60, n % 60);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" "
        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>f{}</title>{}"
        "</channel></rss>",
        feed, items);
}

/// As many articles as are published at the moment of the request.
loopback::Handler feed_endpoint(int feed, const std::string& origin, const std::atomic<int>& newest) {
    return [feed, origin, &newest](const loopback::Request& request) {
        const int now = newest;
        const std::string tag = fmt::format("\"feed-{}-{}\"", feed, now);
        if (request.header("if-none-match") == tag)
            return loopback::Answer{.status = 304, .headers = {{"ETag", tag}}};
        loopback::Answer answer = loopback::ok(feed_document(feed, origin, now), "application/rss+xml");
        answer.headers.emplace_back("ETag", tag);
        answer.headers.emplace_back("Last-Modified", "Wed, 18 Nov 2026 09:30:00 GMT");
        return answer;
    };
}

} // namespace

int main(int argc, char** argv) {
    const int feeds = argc > 1 ? std::atoi(argv[1]) : 1000;
    loopback::Server server("0.0.0.0");
    std::atomic<int> newest = articles_per_feed;
    for (int feed = 0; feed < feeds; ++feed)
        server.endpoint(fmt::format("/f{}/feed/", feed), feed_endpoint(feed, server.origin(), newest));
    std::cout << server.port() << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        ++newest;
        std::cout << newest << std::endl;
    }
    std::_Exit(0);
}
