#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/queue_captures.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/jobs.hpp>

#include <optional>
#include <utility>

namespace cdtd::pipeline {
namespace {

void queue(store::Connection& db, std::int64_t article, const char* role, std::string url, base::Time now) {
    store::Job job;
    job.kind = "capture";
    job.role = role;
    job.article = article;
    job.url = std::move(url);
    job.due_at = now;
    store::add_job(db, job);
}

} // namespace

void queue_page(store::Connection& db, std::int64_t article, const std::string& link, base::Time now) {
    queue(db, article, "page", base::without_fragment(link), now);
}

void queue_images(store::Connection& db, const ArchiveSettings& archive, std::int64_t article,
                  const model::Content& content, const std::set<std::string>& known, base::Time now) {
    if (!archive.images)
        return;
    int count = 0;
    for (const std::string& url : content.images) {
        ++count;
        if (store::holds_image(db, article, url))
            continue;
        if (count > archive.max_images)
            store::set_image(db, article, url, std::nullopt, "over max_images: not fetched");
        else if (!known.contains(url))
            queue(db, article, "image", url, now);
    }
}

} // namespace cdtd::pipeline
