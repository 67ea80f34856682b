#include "pipeline/made_page.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

using base::Errc;
using base::Result;

namespace {

std::optional<model::Capture> capture_of(store::Connection& db, std::optional<std::int64_t> id) {
    return id ? store::get_capture(db, *id) : std::nullopt;
}

/// A revision that changed the title only carries on the content of the one before: the first that has it
/// tells where it was read.
std::optional<std::int64_t> first_with(const model::Article& article, const std::string& sha256) {
    std::optional<std::int64_t> capture;
    for (const auto& revision : article.revisions) { // newest first
        if (revision.content.sha256 != sha256)
            break;
        capture = revision.capture;
    }
    return capture;
}

std::optional<model::Capture> newest_page(const std::vector<model::Capture>& captures) {
    const model::Capture* newest = nullptr;
    for (const auto& capture : captures)
        if (capture.kind == "page" && capture.status == 200 &&
            (newest == nullptr || newest->at <= capture.at))
            newest = &capture;
    return newest == nullptr ? std::nullopt : std::optional(*newest);
}

std::unexpected<base::Error> named(const base::Error& error, const model::Capture& capture) {
    if (!error.message.contains(capture.warc)) // of what is being written
        return std::unexpected(error);
    if (error.code == Errc::bad_data) // names file and offset itself
        return base::fail(error.code, fmt::format("capture {}: {}", capture.id, error.message));
    return base::fail(error.code, fmt::format("capture {}, at offset {} of {}: {}", capture.id,
                                              capture.offset, capture.warc, error.message));
}

base::Time newest_time(const Holdings& holdings) {
    base::Time newest = holdings.article.changed_at;
    for (const auto& capture : holdings.captures)
        newest = std::max(newest, capture.at);
    return newest;
}

} // namespace

std::optional<Holdings> holdings_of(store::Connection& db, std::int64_t id) {
    auto article = store::get_article(db, id, true);
    if (!article)
        return std::nullopt;
    Holdings holdings;
    holdings.article = std::move(*article);
    holdings.page = newest_page(holdings.article.captures);
    holdings.captures = store::with_companions(db, holdings.article.captures);
    if (holdings.article.revision > 0)
        holdings.content = store::get_revision(db, id, 0);
    if (holdings.content && holdings.content->content.sha256.empty())
        holdings.content.reset();
    if (holdings.content) {
        holdings.content->original_html.clear();
        const auto first = first_with(holdings.article, holdings.content->content.sha256);
        holdings.titled_by = capture_of(db, holdings.content->capture);
        holdings.read_from = first ? capture_of(db, first) : holdings.titled_by;
    }
    return holdings;
}

Packer::Packer(warc::Collector& out, std::string folder, std::function<bool()> stop)
    : out_(out), folder_(std::move(folder)), stop_(std::move(stop)) {}

Result<void> Packer::begin(const std::string& filename, base::Time at, const std::string& name) {
    auto record = warc::make_warcinfo(filename, "cdtd/" CDTD_VERSION, "", at);
    warcinfo_ = warc::name_record(
        record, fmt::format("cdtd {} warcinfo {} {}", CDTD_VERSION, name, base::format_warc_date(at)));
    return out_.add(std::move(record));
}

/// The captures' own warcinfo says what program made them, and they refer to it.
Result<void> Packer::put_origin(const std::string& warc) {
    if (!origins_.insert(warc).second)
        return {};
    const auto path = folder_ + "/" + warc;
    const auto first = warc::read_at(path, 0);
    if (!first)
        return std::unexpected(first.error());
    return first->record.type == "warcinfo" ? out_.copy(path, 0, 0, "") : Result<void>();
}

Result<void> Packer::put_capture(const model::Capture& capture) {
    const auto place = static_cast<std::size_t>(capture.id);
    if (seen_.size() <= place)
        seen_.resize(place + 1);
    if (seen_[place])
        return {};
    seen_[place] = true;
    auto put = put_origin(capture.warc);
    if (put)
        put = out_.copy(folder_ + "/" + capture.warc, capture.group_offset.value_or(capture.offset),
                        capture.offset, capture.record_id);
    if (!put)
        return named(put.error(), capture);
    ++captures_;
    return {};
}

Result<void> Packer::put_captures(const Holdings& holdings) {
    for (const auto& capture : holdings.captures) {
        if (stop_ && stop_())
            return base::fail(Errc::cancelled, "interrupted");
        if (auto put = put_capture(capture); !put)
            return put;
    }
    return {};
}

Result<std::optional<warc::PageLine>> Packer::put_page(const Holdings& holdings) {
    warc::PageLine line;
    line.id = fmt::format("article-{}", holdings.article.id);
    line.title = holdings.article.title.text;
    line.text = holdings.content ? holdings.content->content.text : "";
    if (holdings.page) {
        line.url = holdings.page->url;
        line.at = holdings.page->at;
        return line;
    }
    if (!holdings.content)
        return std::nullopt;
    const auto url = page_url(holdings.article);
    line.at = page_time(holdings);
    std::string html = made_page(holdings);
    const std::string name =
        fmt::format("cdtd made page {} {} {}", url, base::format_warc_date(line.at), base::sha256_hex(html));
    auto resource = warc::make_resource(url, "text/html; charset=utf-8", std::move(html), warcinfo_, line.at);
    line.url = resource.header("WARC-Target-URI");
    const auto id = warc::name_record(resource, name);
    auto about = warc::make_metadata(url, id, made_page_fields(holdings), warcinfo_, line.at);
    warc::name_record(about, name + " metadata");
    auto put = out_.add(std::move(about));
    if (put)
        put = out_.add(std::move(resource));
    if (!put)
        return std::unexpected(put.error());
    ++made_;
    return line;
}

Result<warc::Wacz::Done> write_wacz(int fd, const std::string& path, const std::string& spool_folder,
                                    const std::string& warc_folder, const Holdings& holdings,
                                    std::function<bool()> stop) {
    warc::WaczSettings settings;
    settings.title = holdings.article.title.text;
    settings.created = newest_time(holdings);
    if (holdings.page || holdings.content)
        settings.main_url = holdings.page ? holdings.page->url : page_url(holdings.article);
    settings.main_at = holdings.page ? holdings.page->at : page_time(holdings);
    settings.description = fmt::format(
        "What cdtd holds of {}, article {}, revision {}, as of the date of creation.{}",
        page_url(holdings.article), holdings.article.id, holdings.article.revision,
        holdings.page ? ""
                      : " The publisher's page is not held: the page shown was made by cdtd of what the "
                        "feed gave, and says so.");
    auto wacz = warc::Wacz::begin(fd, path, spool_folder, settings);
    if (!wacz)
        return std::unexpected(wacz.error());
    Packer packer(wacz->records(), warc_folder, std::move(stop));
    auto put =
        packer.begin("data.warc.gz", settings.created, fmt::format("article {}", page_url(holdings.article)));
    if (put)
        put = packer.put_captures(holdings);
    if (!put)
        return std::unexpected(put.error());
    const auto line = packer.put_page(holdings);
    if (!line)
        return std::unexpected(line.error());
    if (*line)
        if (auto added = wacz->add_page(**line); !added)
            return std::unexpected(added.error());
    return wacz->finish();
}

} // namespace cdtd::pipeline
