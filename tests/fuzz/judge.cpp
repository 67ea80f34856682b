// Any bytes as the answer to a request for an original: a verdict, the same one every time, in words that are
// safe to show; and never alive where the interstitial is all there is.
#include <cdtd/article/judge.hpp>
#include <cdtd/base/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const std::string_view url : {"https://mp.weixin.qq.com/s/a", "https://m.weibo.cn/status/1",
                                       "https://www.zhihu.com/question/1", "https://example.org/a"})
        for (const int status : {200, 403, 404, 503}) {
            const auto found = cdtd::article::judge({url, status, body.substr(0, 100), "text/html", body});
            const bool gone = found.state == "deleted" || found.state == "censored";
            if (found != cdtd::article::judge({url, status, body.substr(0, 100), "text/html", body}) ||
                cdtd::base::terminal_safe(found.words) != found.words || found.words.size() > 300 ||
                found.state.empty() || (gone && found.reason.empty()) ||
                (gone && (status == 403 || status == 503) && found.words.starts_with("the server")))
                std::abort();
        }
    return 0;
}
