// An article as a WACZ file. Made where the answers of the database are not: its images may be many
// megabytes.
#include "api/archive.hpp"
#include "api/router.hpp"

#include <cdtd/pipeline/package.hpp>
#include <cdtd/warc/spool.hpp>

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace cdtd::api {
namespace {

/// What the file is made of; it changes with every look at the article that brought something.
std::string key_of(const pipeline::Holdings& holdings) {
    const auto& article = holdings.article;
    std::string key = fmt::format("wacz {} {} {} {} {}", article.id, article.change, article.revision,
                                  static_cast<int>(article.page.state), article.page.reason.value_or(""));
    for (const auto& capture : holdings.captures)
        key += fmt::format(" {}", capture.id);
    return key;
}

Answer failure(const base::Error& error) {
    const bool damaged = error.code == base::Errc::bad_data;
    return problem(damaged ? 500 : 503, error.message);
}

Answer make_wacz(const pipeline::Holdings& holdings, const std::string& state_dir,
                 const std::function<bool()>& stop) {
    auto spool = warc::Spool::open(state_dir);
    if (!spool)
        return failure(spool.error());
    const auto done =
        pipeline::write_wacz(spool->get(), spool->path(), state_dir, state_dir + "/warc", holdings, stop);
    if (!done)
        return failure(done.error());
    Answer answer;
    answer.type = "application/wacz";
    answer.headers.emplace_back(
        "Content-Disposition",
        fmt::format("attachment; filename=\"cdtd-article-{}.wacz\"", holdings.article.id));
    answer.file = std::make_shared<const FileBody>(
        FileBody{spool->take(), 0, done->size, "\"" + done->sha256.substr(0, 32) + "\""});
    return answer;
}

} // namespace

Answer get_wacz(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    const auto id = read_id(ask.name);
    if (!id)
        return not_found("article with this id; an id is a number, /api/v1/lookup?url= takes URLs");
    auto found = pipeline::holdings_of(ask.db, *id);
    if (!found)
        return not_found(fmt::format("article {}", *id));
    if (found->nothing())
        return problem(404,
                       fmt::format("nothing of article {} is held yet, so there is nothing to replay", *id));
    Answer answer;
    answer.key = key_of(*found);
    answer.make = [holdings = std::make_shared<const pipeline::Holdings>(std::move(*found)),
                   folder = ask.context.state_dir](const std::function<bool()>& stop) {
        return make_wacz(*holdings, folder, stop);
    };
    return answer;
}

} // namespace cdtd::api
