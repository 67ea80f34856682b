#include "warc/line_sorter.hpp"
#include "warc/zip.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/warc/spool.hpp>
#include <cdtd/warc/wacz.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace cdtd::warc {

using base::Result;
namespace json = boost::json;

namespace {

constexpr const char* data_name = "data.warc.gz";
constexpr std::size_t block_bytes = std::size_t{256} << 10U;

} // namespace

struct Wacz::Impl {
    Impl(int fd, const std::string& path, const std::string& folder, WaczSettings about, Spool spool)
        : settings(std::move(about)), zip(fd, path, settings.created), lines(folder), pages(std::move(spool)),
          collector([this](std::string_view bytes) { return zip.write(bytes); }, data_name,
                    [this](std::string line) { return lines.add(std::move(line)); }) {}

    Result<void> close_entry();
    Result<void> put_index();
    Result<void> put_pages();
    std::string package() const;
    Result<Done> put_package();

    WaczSettings settings;
    Zip zip;
    LineSorter lines;
    Spool pages;
    Collector collector;
    std::vector<Zip::Entry> entries;
};

Wacz::Wacz(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Wacz::Wacz(Wacz&&) noexcept = default;
Wacz& Wacz::operator=(Wacz&&) noexcept = default;
Wacz::~Wacz() = default;

Result<Wacz> Wacz::begin(int fd, std::string path, const std::string& folder, WaczSettings settings) {
    auto pages = Spool::open(folder);
    if (!pages)
        return std::unexpected(pages.error());
    Wacz wacz(std::make_unique<Impl>(fd, path, folder, std::move(settings), std::move(*pages)));
    const json::object head{
        {"format", "json-pages-1.0"}, {"id", "pages"}, {"title", "All Pages"}, {"hasText", true}};
    if (auto put = wacz.impl_->pages.append(json::serialize(head) + "\n"); !put)
        return std::unexpected(put.error());
    if (auto begun = wacz.impl_->zip.begin(std::string("archive/") + data_name, true); !begun)
        return std::unexpected(begun.error());
    return wacz;
}

Collector& Wacz::records() {
    return impl_->collector;
}

const Collector& Wacz::records() const {
    return impl_->collector;
}

Result<void> Wacz::add_page(const PageLine& page) {
    json::object line{{"id", page.id}, {"url", page.url}, {"ts", base::format_rfc3339(page.at)}};
    if (!page.title.empty())
        line["title"] = base::to_valid_utf8(page.title);
    if (!page.text.empty())
        line["text"] = base::to_valid_utf8(page.text);
    return impl_->pages.append(json::serialize(line) + "\n");
}

Result<void> Wacz::Impl::close_entry() {
    auto entry = zip.end();
    if (!entry)
        return std::unexpected(entry.error());
    entries.push_back(std::move(*entry));
    return {};
}

Result<void> Wacz::Impl::put_index() {
    if (auto begun = zip.begin("indexes/index.cdx", true); !begun)
        return begun;
    std::string gathered;
    auto sorted = lines.each([&](std::string_view line) {
        gathered += line;
        if (gathered.size() < block_bytes)
            return Result<void>();
        auto written = zip.write(gathered);
        gathered.clear();
        return written;
    });
    if (sorted)
        sorted = zip.write(gathered);
    return sorted ? close_entry() : sorted;
}

Result<void> Wacz::Impl::put_pages() {
    if (auto flushed = pages.flush(); !flushed)
        return flushed;
    if (auto begun = zip.begin("pages/pages.jsonl", true); !begun)
        return begun;
    for (std::int64_t at = 0; at < pages.size();) {
        const auto bytes = pages.read(at, block_bytes);
        if (!bytes)
            return std::unexpected(bytes.error());
        if (bytes->empty())
            return base::fail(base::Errc::io, pages.path() + " is shorter than what was written to it");
        if (auto written = zip.write(*bytes); !written)
            return written;
        at += std::ssize(*bytes);
    }
    return close_entry();
}

std::string Wacz::Impl::package() const {
    json::object package{{"profile", "data-package"}, {"wacz_version", "1.1.1"}};
    if (!settings.title.empty())
        package["title"] = base::to_valid_utf8(settings.title);
    if (!settings.description.empty())
        package["description"] = base::to_valid_utf8(settings.description);
    package["created"] = base::format_rfc3339(settings.created);
    package["software"] = settings.software;
    if (!settings.main_url.empty()) {
        package["mainPageUrl"] = settings.main_url;
        package["mainPageDate"] = base::format_rfc3339(settings.main_at);
    }
    json::array resources;
    for (const auto& entry : entries)
        resources.push_back(json::object{{"name", entry.name.substr(entry.name.rfind('/') + 1)},
                                         {"path", entry.name},
                                         {"hash", "sha256:" + entry.sha256},
                                         {"bytes", entry.size}});
    package["resources"] = std::move(resources);
    return json::serialize(package) + "\n";
}

Result<Wacz::Done> Wacz::Impl::put_package() {
    const std::string text = package();
    const auto entry = zip.add("datapackage.json", text);
    if (!entry)
        return std::unexpected(entry.error());
    const json::object digest{{"path", "datapackage.json"}, {"hash", "sha256:" + entry->sha256}};
    if (auto put = zip.add("datapackage-digest.json", json::serialize(digest) + "\n"); !put)
        return std::unexpected(put.error());
    const auto size = zip.finish();
    if (!size)
        return std::unexpected(size.error());
    return Done{*size, entry->sha256};
}

Result<Wacz::Done> Wacz::finish() {
    auto done = impl_->close_entry();
    if (done)
        done = impl_->put_index();
    if (done)
        done = impl_->put_pages();
    if (!done)
        return std::unexpected(done.error());
    return impl_->put_package();
}

} // namespace cdtd::warc
