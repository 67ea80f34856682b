// bench_page [ROUNDS]: microseconds of CPU of article::read_page for a page of 100 KB as WordPress writes it,
// beside what gumbo alone needs to parse (and free) the same bytes in the same run; and of article::read for
// an entry of 10 KB. Medians.
#include <cdtd/article/read.hpp>

#include <fmt/format.h>
#include <gumbo.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

constexpr std::size_t page_bytes = 100'000;
constexpr std::size_t entry_bytes = 10'000;
constexpr int pages_per_round = 40;
constexpr const char* url = "https://example.org/chinese/900001.html";

const char* const sentences[] = {
    "河水在夜里退了下去，码头上的人还没有散。", "他说这件事没有人通知过他们，通知贴出来的时候已经晚了。",
    "学校的操场改成了停车场，孩子们在楼道里跳绳。", "邮局的窗口只开一个，排队的人从屋里站到街上。"};

/// Paragraphs with links, stress and line breaks; every sixth has an image, loaded late as plugins do it.
std::string prose(std::size_t bytes) {
    std::string html;
    for (int i = 0; html.size() < bytes; ++i) {
        html +=
            fmt::format("<p>{}<strong>{}</strong>{}<br />\n{}<a href=\"https://example.org/chinese/{}.html\" "
                        "target=\"_blank\" rel=\"noopener\">街角&#8220;{}&#8221;</a>&nbsp;{}</p>\n",
                        sentences[i % 4], sentences[(i + 1) % 4], sentences[(i + 2) % 4],
                        sentences[(i * 3) % 4], i, i, sentences[(i + 3) % 4]);
        if (i % 6 == 5)
            html += fmt::format(
                "<p><img decoding=\"async\" class=\"aligncenter size-full wp-image-{0} lazyload\" "
                "src=\"data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%3E%3C/svg%3E\" "
                "alt=\"\" width=\"800\" height=\"600\" data-lazy-srcset=\"https://example.org/files/{0}.png "
                "800w, https://example.org/files/{0}-300x225.png 300w\" "
                "data-lazy-src=\"https://example.org/files/{0}.png\" /><noscript><img decoding=\"async\" "
                "src=\"https://example.org/files/{0}.png\" alt=\"\" /></noscript></p>\n",
                i);
    }
    return html;
}

const char* const card =
    "<div style=\"width:42%;float:right;padding-left:20px;\"><div class=\"su-spoiler su-spoiler-style-fancy "
    "su-spoiler-icon-chevron-circle\" data-scroll-offset=\"0\"><div class=\"su-spoiler-title\" "
    "tabindex=\"0\" "
    "role=\"button\"><span class=\"su-spoiler-icon\"></span>CDT 档案卡</div><div class=\"su-spoiler-content "
    "su-u-clearfix su-u-trim\"><strong>标题：</strong>河边的树<br /><strong>作者：</strong>作者甲<br />"
    "<strong>发表日期：</strong>2026.2.3<br /><strong>来源：</strong><a href=\"https://web.archive.org/web/*/"
    "https://example.org/a\">微信公众号“河流”</a><br /><strong>主题归类：</strong><a "
    "href=\"https://example.org/chinese/tag/x\">河流</a><br /></div></div></div>";

std::string share() {
    std::string html = "<div class=\"addtoany_share_save_container addtoany_content\"><div class=\"a2a_kit "
                       "a2a_kit_size_32 addtoany_list\">";
    for (const auto* name : {"email", "facebook", "twitter", "telegram", "whatsapp", "line", "copy_link"})
        html += fmt::format(
            "<a class=\"a2a_button_{0}\" href=\"https://www.addtoany.com/add_to/{0}?linkurl=https%3A%2F%2F"
            "example.org%2Fchinese%2F900001.html&amp;linkname=x\" title=\"{0}\" rel=\"nofollow noopener\" "
            "target=\"_blank\"></a>",
            name);
    return html + "</div></div>";
}

/// What stands around an article: a third scripts and styles, a third menus and lists of other posts.
std::string frame_before(std::size_t bytes) {
    std::string html =
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"UTF-8\"><title>街角</title>\n";
    for (int i = 0; html.size() < bytes / 2; ++i)
        html += fmt::format(
            "<link rel='stylesheet' id='plugin-{0}-css' href='https://example.org/p/{0}.css?ver=1' "
            "media='all' />\n<style id='inline-{0}'>.wp-block-{0} > p:first-child{{margin:0 auto;"
            "padding:{0}px;color:#333}}.x{0}::before{{content:\"<\"}}</style>\n<script id='s-{0}'>"
            "var settings{0}={{\"ajax\":\"\\/wp-admin\\/admin-ajax.php\",\"nonce\":\"{0}abc\"}};"
            "if(settings{0}.a<3&&b>1){{document.write('<b>'+1+'<\\/b>')}}</script>\n",
            i);
    html += "</head>\n<body class=\"post-template-default single\"><header id=\"masthead\"><nav><ul "
            "class=\"menu\">";
    for (int i = 0; html.size() < bytes; ++i)
        html += fmt::format(
            "<li id=\"menu-item-{0}\" class=\"menu-item menu-item-type-taxonomy menu-item-{0}\"><a "
            "href=\"https://example.org/chinese/category/{0}/\"><span>栏目{0}</span></a></li>\n",
            i);
    return html +
           "</ul></nav></header><div id=\"page\" class=\"site\"><div id=\"content\"><main "
           "id=\"main\"><article "
           "class=\"post hentry\"><h1 class=\"entry-title\">河边的树</h1><div class=\"entry-content\">\n";
}

std::string frame_after(std::size_t bytes) {
    std::string html = "</div></article></main><aside class=\"widget-area\">";
    for (int i = 0; html.size() < bytes; ++i)
        html += fmt::format(
            "<div class=\"post-item\"><h3 class=\"title\"><a href=\"https://example.org/chinese/{0}.html\" "
            "title=\"街角记事{0}\">街角记事｜第{0}篇</a></h3><time datetime=\"2026-01-01\">1 月</time>"
            "<p class=\"excerpt\">{1}</p></div>\n",
            i, sentences[i % 4]);
    return html + "</aside></div><footer><p>页脚</p></footer></div></body></html>\n";
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <typename Work>
double microseconds(Work work) {
    const double start = cpu_seconds();
    for (int i = 0; i < pages_per_round; ++i)
        work();
    return (cpu_seconds() - start) * 1e6 / pages_per_round;
}

void ours(const std::string& page) {
    const auto content = cdtd::article::read_page(page, url);
    if (!content || content->text.empty() || !content->card || content->images.empty())
        std::abort();
}

void entry(const std::string& html) {
    if (cdtd::article::read(html, url).text.empty())
        std::abort();
}

void gumbo(const std::string& page) {
    auto* output = gumbo_parse(page.c_str());
    if (output == nullptr || output->root == nullptr)
        std::abort();
    gumbo_destroy_output(&kGumboDefaultOptions, output);
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
    for (const std::size_t text : {std::size_t{10'000}, std::size_t{30'000}}) {
        const auto around = (page_bytes - text - 2000) / 3;
        const auto page = frame_before(around * 2) + card + prose(text) + share() + frame_after(around);
        std::vector<double> mine, floor, ratio;
        for (int i = 0; i < rounds; ++i) {
            mine.push_back(microseconds([&] { ours(page); }));
            floor.push_back(microseconds([&] { gumbo(page); }));
            ratio.push_back(mine.back() / floor.back());
        }
        fmt::print(
            "reading a page of {} KB with {} KB of article: {:.0f} us of CPU; gumbo's parse of it {:.0f} us; "
            "ratio {:.2f}\n",
            page.size() / 1000, text / 1000, median(mine), median(floor), median(ratio));
    }
    const auto html = card + prose(entry_bytes - 2000) + share();
    std::vector<double> mine;
    for (int i = 0; i < rounds; ++i)
        mine.push_back(microseconds([&] { entry(html); }));
    fmt::print("reading an entry of {} KB: {:.0f} us of CPU\n", html.size() / 1000, median(mine));
}
