// A WACZ 1.1.1 file: WARC records with their index and the list of pages, in one ZIP file that a browser
// replays (webrecorder/specs wacz/1.1.1). Written front to back in bounded memory. One thread at a time.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/warc/collector.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace cdtd::warc {

/// A line of pages.jsonl.
struct PageLine {
    std::string id, url;
    base::Time at; ///< of the record that is to be shown
    std::string title, text;
};

struct WaczSettings {
    std::string title, description;
    std::string software = "cdtd/" CDTD_VERSION;
    base::Time created;
    std::string main_url; ///< the page to begin with; "" = the list of pages
    base::Time main_at;
};

class Wacz {
  public:
    /// Into the empty file `fd` (that can seek), which stays the caller's; `path` is for errors. What does
    /// not fit into memory lies in nameless files in `folder`.
    static base::Result<Wacz> begin(int fd, std::string path, const std::string& folder,
                                    WaczSettings settings);
    Wacz(Wacz&&) noexcept;
    Wacz& operator=(Wacz&&) noexcept;
    ~Wacz();

    Collector& records(); ///< of archive/data.warc.gz; a warcinfo comes first
    const Collector& records() const;
    base::Result<void> add_page(const PageLine& page);

    struct Done {
        std::int64_t size = 0;
        std::string sha256; ///< of datapackage.json, which names the digests of all else
    };
    /// After it the object is of no more use.
    base::Result<Done> finish();

  private:
    struct Impl;
    explicit Wacz(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace cdtd::warc
