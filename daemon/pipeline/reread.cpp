#include <cdtd/article/read.hpp>
#include <cdtd/pipeline/reread.hpp>
#include <cdtd/store/articles.hpp>

namespace cdtd::pipeline {

bool reads_the_same(store::Connection& db, std::int64_t id, const std::string& content_sha256) {
    const auto held = store::held_reading(db, id);
    if (!held || held->reader == article::kReader || content_sha256.empty())
        return false;
    const std::string url = store::known_of(db, id).url;
    const bool of_page = store::find_summary(db, id).has_value();
    const auto content = of_page ? article::read_page(held->original_html, url)
                                 : std::optional(article::read(held->original_html, url));
    if (!content || content->sha256 != content_sha256)
        return false;
    store::set_fingerprint(db, id, content_sha256);
    return true;
}

} // namespace cdtd::pipeline
