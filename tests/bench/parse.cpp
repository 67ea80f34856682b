// bench_parse [ROUNDS]: megabytes a CPU second of feed::parse beside what pugixml alone needs for the same
// bytes in the same run. Feeds of ten Chinese articles of about 10 KB, as WordPress writes them (RSS, CDATA);
// the same as Atom with escaped HTML and as JSON Feed, for information. Medians.
#include <cdtd/feed/parse.hpp>

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

constexpr int articles_per_feed = 10;
constexpr std::size_t article_bytes = 10'000;
constexpr int feeds_per_round = 200;

const char* const sentences[] = {
    "河水在夜里退了下去，码头上的人还没有散。", "他说这件事没有人通知过他们，通知贴出来的时候已经晚了。",
    "学校的操场改成了停车场，孩子们在楼道里跳绳。", "邮局的窗口只开一个，排队的人从屋里站到街上。"};

std::string article(int number) {
    std::string html;
    for (int i = 0; html.size() < article_bytes; ++i)
        html += fmt::format("<p>{}{}（{}·{}）</p>\n<p><a href=\"https://example.org/{}/\">街角</a></p>\n",
                            sentences[(number + i) % 4], sentences[(number + i * 3) % 4], number, i, i);
    return html;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

std::string rss() {
    std::string items;
    for (int n = 1; n <= articles_per_feed; ++n)
        items += fmt::format(
            "\t<item>\n\t\t<title>街角记事｜第{0}篇</title>\n\t\t<link>https://example.org/chinese/{0}.html</"
            "link>\n"
            "\t\t<dc:creator><![CDATA[编辑甲]]></dc:creator>\n\t\t<pubDate>Wed, 18 Nov 2026 09:{0:02}:00 "
            "+0000</pubDate>\n\t\t<category><![CDATA[街角]]></category>\n\t\t<category><![CDATA[记事]]></"
            "category>\n"
            "\t\t<guid isPermaLink=\"false\">https://example.org/chinese/?p={0}</guid>\n"
            "\t\t<description><![CDATA[河水在夜里退了下去。 [&#8230;]]]></description>\n"
            "\t\t<content:encoded><![CDATA[{1}]]></content:encoded>\n\t</item>\n",
            n, article(n));
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"\n"
        "\txmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n"
        "\txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
        "\txmlns:atom=\"http://www.w3.org/2005/Atom\"\n\t>\n<channel>\n<title>样本</title>\n"
        "<link>https://example.org/chinese/</link>\n<language>zh-CN</language>\n{}</channel></rss>\n",
        items);
}

std::string atom() {
    std::string entries;
    for (int n = 1; n <= articles_per_feed; ++n) {
        const auto escaped = replaced(replaced(article(n), "&", "&amp;"), "<", "&lt;");
        entries +=
            fmt::format("<entry><id>urn:sample:{0}</id><title>第{0}篇</title><link "
                        "href=\"https://example.org/{0}.html\"/><updated>2026-11-18T09:{0:02}:00Z</updated>"
                        "<author><name>编辑甲</name></author><content type=\"html\">{1}</content></entry>",
                        n, escaped);
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\">"
        "<title>样本</title>{}</feed>",
        entries);
}

std::string json() {
    std::string items;
    for (int n = 1; n <= articles_per_feed; ++n)
        items += fmt::format(
            R"({}{{"id":"{}","url":"https://example.org/{}.html","title":"第{}篇","content_html":"{}",)"
            R"("date_published":"2026-11-18T09:{:02}:00Z"}})",
            n == 1 ? "" : ",", n, n, n, replaced(replaced(article(n), "\"", "\\\""), "\n", "\\n"), n);
    return fmt::format(R"({{"version":"https://jsonfeed.org/version/1.1","title":"样本","items":[{}]}})",
                       items);
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double ours(const std::string& document) {
    const double start = cpu_seconds();
    for (int i = 0; i < feeds_per_round; ++i) {
        const auto feed =
            cdtd::feed::parse(document, "https://example.org/feed/", "application/xml; charset=UTF-8");
        if (!feed || feed->entries.size() != articles_per_feed || !feed->repairs.empty())
            std::abort();
    }
    return cpu_seconds() - start;
}

/// The copies that it parses in place are made before: they are no part of its time.
double pugixml(const std::string& document) {
    std::vector<std::string> copies(feeds_per_round, document);
    const double start = cpu_seconds();
    for (auto& copy : copies) {
        pugi::xml_document tree;
        if (!tree.load_buffer_inplace(copy.data(), copy.size(), pugi::parse_default, pugi::encoding_utf8))
            std::abort();
    }
    return cpu_seconds() - start;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void measure(const char* name, const std::string& document, int rounds, bool xml) {
    const double megabytes = static_cast<double>(document.size()) * feeds_per_round / 1e6;
    std::vector<double> mine, floor, ratio;
    for (int i = 0; i < rounds; ++i) {
        mine.push_back(megabytes / ours(document));
        floor.push_back(xml ? megabytes / pugixml(document) : 0);
        ratio.push_back(mine.back() / floor.back());
    }
    fmt::print("parsing {} of {} KB: {:.0f} MB a CPU second", name, document.size() / 1000, median(mine));
    if (xml)
        fmt::print("; pugixml alone {:.0f}; ratio {:.2f}", median(floor), median(ratio));
    fmt::print("\n");
}

} // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
    measure("RSS", rss(), rounds, true);
    measure("Atom", atom(), rounds, true);
    measure("JSON Feed", json(), rounds, false);
}
