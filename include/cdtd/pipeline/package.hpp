// An article with all that shows it, put into a WARC or WACZ file that stands by itself.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/model/article.hpp>
#include <cdtd/store/connection.hpp>
#include <cdtd/warc/collector.hpp>
#include <cdtd/warc/wacz.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// What the database knows of it; the rest is work on files.
struct Holdings {
    model::Article article;                 ///< full
    std::optional<model::Revision> content; ///< the newest
    /// Page, images and feed documents, the redirects that led to them, the originals of revisits; in the
    /// order in which they were stored.
    std::vector<model::Capture> captures;
    std::optional<model::Capture> page;      ///< the newest that shows the article's page
    std::optional<model::Capture> read_from; ///< in which `content` was read first
    std::optional<model::Capture> titled_by; ///< in which its title was read

    bool nothing() const { return !content && captures.empty(); }
};
std::optional<Holdings> holdings_of(store::Connection& db, std::int64_t article);

/// Puts articles into one file, every record once. One thread at a time.
class Packer {
  public:
    /// `folder`: of the WARC files. `stop` is asked between records: Errc::cancelled.
    Packer(warc::Collector& out, std::string folder, std::function<bool()> stop = {});

    /// The first record. The same `name` and `at` make the same record.
    base::Result<void> begin(const std::string& filename, base::Time at, const std::string& name);
    /// Every record of its captures. Errors name the capture, its file and offset.
    base::Result<void> put_captures(const Holdings& holdings);
    /// The line of the list of pages. Where the page is not held, a page made of the content goes in under
    /// the article's URL, and a metadata record that says so. nullopt: there is no content either.
    base::Result<std::optional<warc::PageLine>> put_page(const Holdings& holdings);

    std::int64_t captures() const { return captures_; }
    std::int64_t made() const { return made_; } ///< pages that are ours

  private:
    base::Result<void> put_capture(const model::Capture& capture);
    base::Result<void> put_origin(const std::string& warc);

    warc::Collector& out_;
    std::string folder_;
    std::function<bool()> stop_;
    std::string warcinfo_;
    std::vector<bool> seen_;        ///< by capture
    std::set<std::string> origins_; ///< files whose warcinfo is in
    std::int64_t captures_ = 0, made_ = 0;
};

/// A WACZ of this article alone; the same holdings make the same bytes. `fd`, `path`, `spool_folder`: see
/// Wacz.
base::Result<warc::Wacz::Done> write_wacz(int fd, const std::string& path, const std::string& spool_folder,
                                          const std::string& warc_folder, const Holdings& holdings,
                                          std::function<bool()> stop = {});

} // namespace cdtd::pipeline
